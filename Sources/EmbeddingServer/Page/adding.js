// The tab that adds photos to the index, where the server allows it.

import { request } from "./api.js";
import { announce, button, count, element, find, foreign } from "./elements.js";
import { blank } from "./results.js";
import { photoInput, photosOf } from "./uploads.js";

const place = find("add");
let changed = () => {};
let limits = {};
const totals = { added: 0, known: 0, failed: 0 };

/** `onChange()` is called when the index has changed. */
export function start(onChange) {
  changed = onChange;
}

/** Shows the tab. */
export function show(info) {
  limits = info.limits;
  if (!info.features.includes("add")) {
    const help = "Start vse serve with --allow-changes, and with the network of the index's photos.";
    place.replaceChildren(blank("Nothing can be added here", help));
  } else if (!place.querySelector(".dropzone")) {
    place.replaceChildren(chooser(), element("ul", { class: "files" }));
  }
}

function chooser() {
  const input = photoInput({ multiple: true });
  input.addEventListener("change", () => {
    addPhotos(photosOf(input.files));
    input.value = "";
  });
  return element(
    "div", { class: "dropzone" },
    element("p", {}, "Drop photos here, or paste them"),
    button({ text: "Choose photos", icon: "photo", class: "main", onclick: () => input.click() }),
    input,
    element("label", {}, "Group, if you like ", element("input", { id: "group", maxlength: 200 })));
}

/** Adds photos one after another, so that each tells how it went. */
export async function addPhotos(files) {
  const list = place.querySelector(".files");
  if (!list) return;
  const waiting = files.map((file) => {
    const state = element("span", { class: "state" }, "waiting");
    list.prepend(element("li", {}, element("span", {}, foreign(file.name)), state));
    return { file, state };
  });
  Object.assign(totals, { added: 0, known: 0, failed: 0 });
  for (const { file, state } of waiting) {
    state.textContent = "adding…";
    const [outcome, text] = await add(file);
    totals[outcome] += 1;
    state.replaceChildren(foreign(text));
    state.dataset.outcome = outcome;
  }
  const known = totals.known > 0 ? `, ${totals.known} known already` : "";
  const failed = totals.failed > 0 ? `, ${totals.failed} failed` : "";
  announce(`${count(totals.added, "photo")} added${known}${failed}`);
  if (totals.added > 0) changed();
}

async function add(file) {
  if (file.size > limits.bodyBytes) return ["failed", `larger than ${Math.floor(limits.bodyBytes / 1e6)} MB`];
  const form = new FormData();
  const group = find("group").value.trim();
  form.append("request", JSON.stringify(group ? { group } : {}));
  form.append("image", file, file.name);
  try {
    const { added, replaced, failures } = await request("/api/items", { form });
    if (failures.length > 0) return ["failed", failures[0].reason];
    return added + replaced > 0 ? ["added", "added"] : ["known", "known already"];
  } catch (error) {
    return ["failed", error.message];
  }
}
