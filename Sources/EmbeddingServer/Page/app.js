// The page of vse serve: keeps the address, the state and what is shown in step.

import * as adding from "./adding.js";
import { asks, format, nothing, parse } from "./address.js";
import { request, ServerGone } from "./api.js";
import * as caption from "./caption.js";
import { announce, count, element, find, foreign, plain } from "./elements.js";
import * as finding from "./finding.js";
import * as gestures from "./gestures.js";
import * as map from "./map.js";
import * as query from "./query.js";
import { blank } from "./results.js";
import * as search from "./search.js";
import * as server from "./server.js";
import * as viewer from "./viewer.js";

const typingPause = 140; // milliseconds without a key before a search

let state = parse(location.hash);
let info = null;
let typing = false;
let shownView = null;

// The address

/**
 * Changes the state, and the address with it. Options: `typing`, of which a history has one step however many keys;
 * `replace` to make no step; `inside` for what closing goes back from.
 */
function change(patch, options = {}) {
  const next = { ...state, ...patch };
  const replaces = options.replace || (options.typing && typing);
  typing = options.typing ?? false;
  if (format(next) === format(state)) return;
  history[replaces ? "replaceState" : "pushState"]({ inside: options.inside ?? false }, "", format(next));
  state = next;
  render({ delay: options.typing ? typingPause : 0 });
}

function followAddress() {
  const next = parse(location.hash);
  if (format(next) === format(state)) return;
  typing = false;
  state = next;
  render();
}

const openItem = (id) => change({ photo: id }, { inside: true });

/** Back to where the item was opened, if that was here. */
function closeItem() {
  if (history.state?.inside) history.back();
  else change({ photo: null }, { replace: true });
}

function startAgain() {
  change({ ...nothing });
  find("text").focus();
}

// What is shown

/** Brings the page in step with the state; `again` asks the server anew. */
function render({ delay = 0, again = false } = {}) {
  if (!info) return;
  const { view } = state;
  const searches = view === "search" || view === "map";
  find("query").hidden = !searches;
  find("notes").hidden = !searches;
  find("results").hidden = view !== "search";
  for (const other of ["map", "caption", "add"]) find(other).hidden = view !== other;
  find("suggestions").hidden = view !== "search" || asks(state);
  showNavigation();
  query.show(state, info);
  if (searches) finding.show(state, info, { delay, again });
  if (view === "caption") caption.show(state.upload, info, again);
  if (view === "add") {
    if (shownView !== "add") announce("");
    adding.show(info);
  }
  shownView = view;
  viewer.show(state.photo, info);
  document.title = plain([title(), info.name].filter(Boolean).join(" · "));
}

function title() {
  const { view, text, plus, minus } = state;
  if (view !== "search") return { map: "Map", caption: "Caption a photo", add: "Add photos" }[view];
  if (!asks(state)) return "";
  const words = [text.trim(), ...plus.map((word) => `+${word}`), ...minus.map((word) => `−${word}`)];
  return words.filter(Boolean).join(" ") || "like a photo";
}

function showNavigation() {
  for (const link of document.querySelectorAll("nav a")) {
    const { view } = link.dataset;
    link.href = format({ ...state, view, photo: null, kind: view === "map" ? null : state.kind });
    if (view === state.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    if (view === "caption") link.hidden = !info.features.includes("image") || info.captions === 0;
    if (view === "add") link.hidden = !info.features.includes("add");
  }
  const captions = info.captions > 0 ? `, ${count(info.captions, "caption")}` : "";
  find("about").replaceChildren(
    element("b", {}, foreign(info.name)), element("span", {}, count(info.photos, "photo") + captions));
}

async function suggest() {
  const texts = await search.suggestions(info).catch(() => []);
  if (texts.length === 0) return;
  const buttons = texts.map((text) =>
    element("button", { type: "button", onclick: () => change({ text }) }, element("q", {}, foreign(text))));
  find("suggestions").replaceChildren(element("span", {}, "Try"), ...buttons);
}

// The server

/** Learns what the server has, then shows the page. */
async function load({ again = false } = {}) {
  try {
    info = await request("/api/info");
  } catch (error) {
    if (error instanceof ServerGone) return;
    find("results").replaceChildren(blank("That did not work", foreign(error.message)));
    return;
  }
  if (again) map.forget();
  render({ again });
  if (find("suggestions").childElementCount === 0) suggest();
}

async function removeItem(item) {
  await request(`/api/items/${item.id}`, { method: "DELETE" });
  closeItem();
  await load({ again: true });
  announce(foreign(item.name), " was removed");
}

function takePhotos(photos) {
  if (!info) return;
  if (photos.length === 0) announce("That is no photo.");
  else if (state.view === "add") adding.addPhotos(photos);
  else if (state.view === "caption") caption.captionPhoto(photos[0]);
  else if (info.features.includes("image")) query.searchWith(photos[0]);
  else announce("This server reads no photos.");
}

const searchText = (text) => change({ ...nothing, text });

server.start(() => load({ again: true }));
gestures.start({ take: takePhotos, view: () => state.view });
query.start(change);
finding.start({ change, open: openItem, again: () => render({ again: true }), startAgain });
map.start({ open: openItem });
adding.start(() => load({ again: true }));
caption.start({
  use: (upload) => change({ view: "caption", upload, like: null }),
  searchWith: (upload) => change({ ...nothing, upload }),
  searchText,
});
viewer.start({
  hits: () => (state.view === "map" && map.selection().length > 0 ? map.selection() : finding.hits()),
  move: (photo) => change({ photo }, { replace: true, inside: history.state?.inside }),
  close: closeItem,
  likeThis: (item) => change({ ...nothing, kind: item.kind === "photo" ? null : item.kind, like: item.id }),
  inGroup: (group) => change({ ...nothing, group }),
  searchText,
  remove: removeItem,
});
find("brand").addEventListener("click", (event) => {
  event.preventDefault();
  startAgain();
});
addEventListener("popstate", followAddress);
addEventListener("hashchange", followAddress);
load();
