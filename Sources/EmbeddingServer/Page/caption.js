// The tab that finds captions for a photo of the person's.

import { request } from "./api.js";
import { announce, button, count, element, find, foreign, plain } from "./elements.js";
import { blank, captionList } from "./results.js";
import { keep, photoInput, photosOf, sent, upload } from "./uploads.js";

const place = find("caption");
let shown = null;
let loading = new AbortController();
let actions;

/** `actions`: `use(key)` shows another photo, `searchWith(key)` and `searchText(text)` go to the search. */
export function start(given) {
  actions = given;
}

/** Captions a photo that was chosen, dropped or pasted. */
export function captionPhoto(file) {
  if (file) actions.use(keep(file));
}

/** Shows the tab with the upload of this key, if any; `again` asks the server once more. */
export async function show(key, info, again = false) {
  const state = `${key} ${info.captions} ${info.features}`;
  if (state === shown && !again) return;
  shown = state;
  loading.abort();
  loading = new AbortController();
  announce("");
  if (!info.features.includes("image")) {
    const help = "Start vse serve with --network and --weights to caption photos.";
    return place.replaceChildren(blank("This server reads no photos", help));
  }
  if (info.captions === 0) {
    const help = "They are found among those of the index. Add some: vse index add … --captions captions.txt";
    return place.replaceChildren(blank("No captions to choose from", help));
  }
  const photo = key === null ? undefined : upload(key);
  if (!photo) return place.replaceChildren(chooser("Drop a photo here, or paste one", true));
  await captions(key, photo);
}

async function captions(key, photo) {
  const answer = element("div", { class: "answer", "aria-busy": "true" }, element("div", { class: "waiting" }));
  place.replaceChildren(
    element(
      "figure", { class: "given" }, element("img", { src: photo.url, alt: plain(photo.name) }),
      element("figcaption", {}, foreign(photo.name))),
    answer);
  const form = new FormData();
  form.append("request", JSON.stringify({ k: 8 }));
  try {
    form.append("image", await sent(key), photo.name);
    const found = await request("/api/caption", { form, signal: loading.signal });
    announce(`${count(found.captions.length, "caption")} found`);
    answer.replaceChildren(
      element("h2", {}, "Nearest captions"),
      captionList(found.captions, (item) => actions.searchText(item.name)));
  } catch (error) {
    if (error.name === "AbortError") return;
    shown = null; // To be asked again when the tab is shown again.
    announce(foreign(error.message));
    answer.replaceChildren(blank("That did not work", foreign(error.message)));
  }
  answer.removeAttribute("aria-busy");
  answer.append(
    element(
      "div", { class: "actions" },
      button({ text: "Search with this photo", class: "main", onclick: () => actions.searchWith(key) }),
      chooser("", false)));
}

function chooser(text, large) {
  const input = photoInput();
  input.addEventListener("change", () => captionPhoto(photosOf(input.files)[0]));
  return element(
    "div", { class: large ? "dropzone" : "again" }, text ? element("p", {}, text) : null,
    large
      ? button({ text: "Choose a photo", class: "main", icon: "photo", onclick: () => input.click() })
      : button({ text: "Another photo", class: "quiet", onclick: () => input.click() }),
    input);
}
