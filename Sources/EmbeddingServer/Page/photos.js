// Pictures of items: plain addresses, or fetched with the token where the server wants one.

import { request, token } from "./api.js";
import { element, plain } from "./elements.js";

/** The sizes that the server makes, in pixels of the longer side. */
const sizes = { tile: 320, sharp: 640, large: 1600 };

/** Where the picture of an item is. */
export const address = (id, size) => `/api/items/${id}/image?size=${size}`;

/** A picture for a grid, loaded when it comes near. `sizes` as in HTML. */
export function tilePicture(item, label) {
  const picture = element("img", {
    alt: plain(label), decoding: "async", loading: "lazy", width: 320, height: 320,
    sizes: "(max-width: 34rem) 46vw, (max-width: 60rem) 30vw, 15rem",
  });
  showTile(picture, item);
  return picture;
}

/** Shows the item in a picture, again after a failure too. */
export function showTile(picture, item) {
  delete picture.dataset.state;
  picture.onload = () => { picture.dataset.state = "shown"; };
  picture.onerror = () => { picture.dataset.state = "missing"; };
  if (token()) {
    fetchWhenNear(picture, item.id);
  } else {
    picture.srcset = `${address(item.id, sizes.tile)} ${sizes.tile}w, ${address(item.id, sizes.sharp)} ${sizes.sharp}w`;
    picture.src = address(item.id, sizes.tile);
  }
}

/** The whole picture, as large as the server gives it. */
export async function showLarge(picture, id) {
  picture.src = await source(id, sizes.large);
}

/** The middle of a picture as a square of so many pixels, for the map. Throws when there is none. */
export async function square(id, side) {
  const picture = new Image();
  picture.src = await source(id, sizes.tile);
  await picture.decode();
  release(picture);
  const { naturalWidth: width, naturalHeight: height } = picture;
  const cut = Math.min(width, height);
  return await createImageBitmap(picture, (width - cut) / 2, (height - cut) / 2, cut, cut, {
    resizeWidth: side, resizeHeight: side, resizeQuality: "high",
  });
}

async function source(id, size) {
  if (!token()) return address(id, size);
  return URL.createObjectURL(await request(address(id, size), { as: "blob" }));
}

/** Frees the bytes of a fetched picture once it is decoded. */
export function release(picture) {
  if (picture.src.startsWith("blob:")) URL.revokeObjectURL(picture.src);
}

const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    source(target.dataset.item, sizes.tile).then(
      (address) => {
        target.addEventListener("load", () => release(target), { once: true });
        target.src = address;
      },
      () => { target.dataset.state = "missing"; });
  }
}, { rootMargin: "300px" });

function fetchWhenNear(picture, id) {
  picture.dataset.item = id;
  near.observe(picture);
}
