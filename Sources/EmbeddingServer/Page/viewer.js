// The dialog of one item: its large picture, score, captions and metadata, and what one can do with it.

import { request } from "./api.js";
import { button, element, find, foreign, plain, scoreText } from "./elements.js";
import { release, showLarge } from "./photos.js";

const dialog = find("viewer");
let current = null;
let loading = new AbortController();
let actions;

/**
 * `actions`: `move(id)`, `close()`, `likeThis(item)`, `inGroup(group)`, `searchText(text)`, `remove(item)` (a promise);
 * `hits()` gives the items and scores that the arrows go through.
 */
export function start(given) {
  actions = given;
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    actions.close();
  });
  // A browser closes a dialog on a second escape, whatever is said to the first.
  dialog.addEventListener("close", () => {
    if (current !== null) actions.close();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) actions.close();
  });
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && !event.altKey && !event.ctrlKey && !event.metaKey) neighbour(step)?.click();
  });
}

/** Opens the item with this number, or closes the dialog. */
export function show(id, info) {
  if (id === current) return;
  loading.abort();
  current = id;
  if (id === null) return close();
  loading = new AbortController();
  // The direction that the person goes in keeps the focus.
  const focused = document.activeElement?.dataset?.step;
  fill(actions.hits().find(({ item }) => item.id === id)?.item ?? { id, kind: "photo", name: "" });
  showPlace();
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector(`[data-step="${focused}"]:not([disabled])`) ?? dialog.querySelector(".close")).focus();
  loadDetails(id, info);
}

function close() {
  if (dialog.open) dialog.close();
  dialog.replaceChildren();
}

async function loadDetails(id, info) {
  try {
    const item = await request(`/api/items/${id}`, { signal: loading.signal });
    addDetails(item, info);
  } catch (error) {
    if (error.name === "AbortError" || current !== id) return;
    dialog.querySelector(".more-details").replaceChildren(element("p", { class: "failure" }, foreign(error.message)));
  }
}

function fill(item) {
  dialog.replaceChildren(
    element(
      "div", { class: "stage" },
      item.kind === "photo" ? largePicture(item) : element("blockquote", {}, foreign(item.name)),
      element("div", { class: "steps" })),
    element(
      "div", { class: "details" },
      button({ icon: "close", label: "Close", class: "close", onclick: () => actions.close() }),
      element("h2", { id: "viewer-name" }, foreign(title(item))),
      element("p", { class: "measure" }),
      element(
        "div", { class: "actions" },
        button({ text: "More like this", class: "main", onclick: () => actions.likeThis(item) })),
      element("div", { class: "more-details" }, element("div", { class: "waiting" }))));
}

/** Shows the item's place among what is found, which may come after the item. */
export function showPlace() {
  if (current === null) return;
  const hits = actions.hits();
  const at = hits.findIndex(({ item }) => item.id === current);
  const step = (by, drawing, label) => {
    const other = at < 0 ? undefined : hits[at + by];
    const made = button({ icon: drawing, label, class: "step", onclick: () => actions.move(other.item.id) });
    made.dataset.step = by;
    made.disabled = !other;
    return made;
  };
  dialog.querySelector(".steps").replaceChildren(
    step(-1, "left", "Previous"), step(1, "right", "Next"),
    ...(at < 0 ? [] : [element("p", { class: "place" }, `${at + 1} of ${hits.length}`)]));
  const score = hits[at]?.score;
  const measure = score === undefined ? [] : ["Score ", element("b", {}, scoreText(score))];
  dialog.querySelector(".measure").replaceChildren(...measure);
}

const title = (item) => (item.kind === "photo" ? item.name || "Photo" : "Caption");

function largePicture(item) {
  const picture = element("img", { class: "large", alt: plain(item.name) || "Photo" });
  picture.onload = () => {
    picture.dataset.state = "shown";
    release(picture);
  };
  picture.onerror = () => { picture.dataset.state = "missing"; };
  showLarge(picture, item.id).catch(() => { picture.dataset.state = "missing"; });
  return picture;
}

function addDetails(item, info) {
  dialog.querySelector("#viewer-name").replaceChildren(foreign(title(item)));
  const large = dialog.querySelector(".large");
  if (large) large.alt = plain(item.name);
  if (item.kind !== "photo" && large) large.replaceWith(element("blockquote", {}, foreign(item.name)));
  dialog.querySelector(".more-details").replaceChildren(
    ...nearestCaptions(item.captions ?? []),
    facts(item),
    ...(info.features.includes("add") ? [removal(item)] : []));
}

/** What lies nearest; one can search with it. */
function nearestCaptions(captions) {
  if (captions.length === 0) return [];
  const lines = captions.map(({ text, score }) =>
    element(
      "li", {},
      element(
        "button", { type: "button", title: "Search with this caption", onclick: () => actions.searchText(text) },
        element("q", {}, foreign(text)), element("span", { class: "score" }, scoreText(score)))));
  return [element("h3", {}, "Nearest captions"), element("ul", { class: "said" }, ...lines)];
}

/** The group and the metadata. */
function facts(item) {
  const rows = [];
  if (item.group) {
    const open = () => actions.inGroup(item.group);
    rows.push(["Group", button({ text: foreign(item.group), class: "link", onclick: open })]);
  }
  for (const [key, value] of Object.entries(item.metadata ?? {})) {
    rows.push([foreign(key), foreign(typeof value === "string" ? value : JSON.stringify(value))]);
  }
  return element("dl", {}, ...rows.flatMap(([key, value]) => [element("dt", {}, key), element("dd", {}, value)]));
}

/** Removing asks once more, in place. */
function removal(item) {
  const place = element("div", { class: "removal" });
  const ask = () => {
    place.replaceChildren(
      element("p", {}, "Remove it from the index?"),
      button({ text: "Remove", class: "danger", onclick: remove }),
      button({ text: "Keep", class: "quiet", onclick: offer }));
    place.querySelector(".quiet").focus();
  };
  const remove = async () => {
    try {
      await actions.remove(item);
    } catch (error) {
      place.replaceChildren(element("p", { class: "failure", role: "alert" }, foreign(error.message)));
    }
  };
  const offer = (focus) => {
    place.replaceChildren(button({ text: "Remove from the index…", class: "quiet", onclick: ask }));
    if (focus) place.firstElementChild.focus();
  };
  offer(false);
  return place;
}

function neighbour(step) {
  return dialog.querySelector(`[data-step="${step}"]:not([disabled])`);
}
