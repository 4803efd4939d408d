// Photos that the person gives: kept while the page is open, made smaller before they are sent.

import { element } from "./elements.js";

const kept = new Map();
const largestSide = 1024; // networks see fewer pixels
const smallEnough = 500_000; // bytes

/** Keeps a photo; its key goes into the address. */
export function keep(file) {
  // Not the key of a photo that an address of before a reload means.
  const key = `${Date.now().toString(36)}-${kept.size}`;
  kept.set(key, { file, url: URL.createObjectURL(file), name: file.name || "pasted photo" });
  return key;
}

/** `{ file, url, name }`, or undefined when it was given to another page. */
export const upload = (key) => kept.get(key);

/** The photo as it is sent, shrunk once; one that the browser cannot read goes as it is. */
export async function sent(key) {
  const photo = kept.get(key);
  photo.sent ??= shrunk(photo.file);
  return await photo.sent;
}

async function shrunk(file) {
  if (file.size <= smallEnough) return file;
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, largestSide / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92));
    return blob ? new File([blob], file.name, { type: blob.type }) : file;
  } catch {
    return file;
  }
}

/** A field to choose photos with, which a button opens. */
export function photoInput(attributes = {}) {
  const accept = "image/*,.heic,.heif";
  return element("input", { type: "file", accept, hidden: true, tabindex: "-1", ...attributes });
}

/** The photos among what is dropped, pasted or chosen. Systems tell no type of some formats. */
export function photosOf(files) {
  return [...files].filter((file) => file.type.startsWith("image/") || /\.(hei[cf]|avif|webp|tiff?)$/i.test(file.name));
}
