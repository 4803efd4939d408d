// The page of vse serve: keeps the address, the state and what is shown in step.

import * as adding from "./adding.js";
import { asks, format, nothing, parse, searchKey } from "./address.js";
import { connection, onTokenNeeded, request, ServerError, ServerGone } from "./api.js";
import * as caption from "./caption.js";
import { announce, button, count, element, find, prefersStillness } from "./elements.js";
import * as map from "./map.js";
import * as query from "./query.js";
import { blank, moreButton, showHits } from "./results.js";
import * as search from "./search.js";
import { photosOf } from "./uploads.js";
import * as viewer from "./viewer.js";

const typingPause = 140;  // milliseconds without a key before a search
const pageSize = 40;

let state = parse(location.hash);
let info = null;
let hits = [];
let status = "";
let typing = false;
let shownView = null;

// The address

/** Changes the state. Typing is one step of the history, however many keys it has. */
function change(patch, options = {}) {
  const next = { ...state, ...patch };
  if (format(next) === format(state)) {
    if (!options.typing) typing = false;
    return;
  }
  const replaces = options.replace || (options.typing && typing);
  history[replaces ? "replaceState" : "pushState"]({ inside: options.inside ?? false }, "", format(next));
  typing = options.typing ?? false;
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

// What is shown

/** Brings the page in step with the state. */
function render({ delay = 0, again = false } = {}) {
  if (!info) return;
  const searches = state.view === "search" || state.view === "map";
  find("query").hidden = !searches;
  find("results").hidden = state.view !== "search";
  find("notes").hidden = !searches;
  for (const view of ["map", "caption", "add"]) find(view).hidden = state.view !== view;
  showNavigation();
  query.show(state, info);
  if (searches) runSearch(delay, again);
  find("suggestions").hidden = state.view !== "search" || asks(state);
  if (state.view === "caption") caption.show(state.upload, info, again);
  if (state.view === "add") {
    if (shownView !== "add") announce("");
    adding.show(info);
  }
  shownView = state.view;
  viewer.show(state.photo, info);
  document.title = [state.view === "search" && asks(state) ? describe(state) : views[state.view], info.name].filter(Boolean).join(" · ");
}

const views = { search: "", map: "Map", caption: "Caption a photo", add: "Add photos" };

const describe = ({ text, plus, minus }) =>
  [text.trim(), ...plus.map((word) => `+${word}`), ...minus.map((word) => `−${word}`)].filter(Boolean).join(" ") || "like a photo";

function showNavigation() {
  for (const link of document.querySelectorAll("nav a")) {
    const view = link.dataset.view;
    link.href = format({ ...state, view, photo: null, kind: view === "map" ? null : state.kind });
    if (view === state.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    if (view === "caption") link.hidden = !info.features.includes("image") || info.captions === 0;
    if (view === "add") link.hidden = !info.features.includes("add");
  }
  const parts = [count(info.photos, "photo"), info.captions > 0 ? count(info.captions, "caption") : null];
  find("about").replaceChildren(element("b", {}, info.name), element("span", {}, parts.filter(Boolean).join(", ")));
}

let shownKey = null;
let searching = new AbortController();

/** Searches, or shows the index where nothing is asked. Older answers that come late are dropped. */
async function runSearch(delay, again) {
  if (state.view === "map" && !asks(state)) return showWholeMap(again);
  const key = searchKey(state);
  if (key === shownKey && !again) {
    announceFound();
    if (state.view === "map") showMap();
    return;
  }
  const moreOfSame = searchKey({ ...parse(shownKey ?? ""), k: null }) === searchKey({ ...state, k: null });
  shownKey = key;
  searching.abort();
  searching = new AbortController();
  const { signal } = searching;
  const results = find("results");
  results.setAttribute("aria-busy", "true");
  try {
    if (delay > 0) await pause(delay, signal);
    if (state.view === "map") showMap(again);
    const found = asks(state) ? await search.find(state, info, pageSize, signal) : await search.browse(state, info, pageSize, signal);
    signal.throwIfAborted();
    if (!moreOfSame && hits.length > 0 && window.scrollY > results.offsetTop) window.scrollTo({ top: 0, behavior: prefersStillness() ? "auto" : "smooth" });
    showFound(found);
  } catch (error) {
    if (error.name === "AbortError" || signal.aborted) return;
    shownKey = null;
    showFailure(error);
  }
  results.removeAttribute("aria-busy");
  if (state.view === "map") showMap();
}

function showWholeMap(again) {
  searching.abort();
  shownKey = null;
  hits = [];
  announce("");
  find("notes").replaceChildren();
  showMap(again);
}

const showMap = (again = false) => map.show(hits, again);

const pause = (milliseconds, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, milliseconds);
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    reject(signal.reason);
  });
});

function showFound(found) {
  hits = found.hits;
  viewer.showPlace();
  status = found.status;
  announceFound();
  find("notes").replaceChildren(...found.notes.map((note) => noteElement(note)));
  const results = find("results");
  if (hits.length === 0) return results.replaceChildren(emptiness());
  let list = results.querySelector(":scope > .hits");
  const wantedMore = document.activeElement?.matches("#results > .more") ? list.querySelectorAll("button").length : null;
  if (!list) results.replaceChildren(list = element("div", { class: "hits" }));
  showHits(list, hits, (item) => openItem(item.id));
  list.nextElementSibling?.remove();
  if (found.more) results.append(moreButton(() => change({ k: found.more }, { replace: true })));
  if (wantedMore !== null) list.querySelectorAll("button")[wantedMore]?.focus();
}

const announceFound = () => announce(state.view === "map" && status ? `${status}, marked on the map` : status);

function emptiness() {
  if (info.photos + info.captions > 0) {
    return blank("Nothing found", "Try other words, or take a part of the search away.", button({ text: "Start again", class: "main", onclick: startAgain }));
  }
  const canAdd = info.features.includes("add");
  return blank(
    "This index is empty", canAdd ? "Add some photos, and search them." : "Add photos with vse index add, then load this page again.",
    canAdd ? button({ text: "Add photos", class: "main", onclick: () => change({ ...nothing, view: "add" }) }) : null);
}

function noteElement({ text, words, action, mild }) {
  const act = { lowercase: () => change(search.lowercased(state)) }[action?.does];
  return element(
    "p", { class: mild ? "note mild" : "note" }, element("span", {}, text, ...(words ?? []).flatMap((word, at) => [at > 0 ? ", " : " ", element("q", {}, word)])),
    act ? button({ text: action.text, class: "link", onclick: act }) : null);
}

function showFailure(error) {
  if (error instanceof ServerGone) return announce("");  // The banner tells.
  hits = [];
  find("notes").replaceChildren();
  announce(error.message);
  const unknown = error instanceof ServerError && error.code === "unknown_words";
  find("results").replaceChildren(
    unknown
      ? blank("The model knows none of these words", error.unknownWords.join(", "), ...unknownActions())
      : blank("That did not work", error.message, button({ text: "Try again", class: "main", onclick: () => render({ again: true }) })));
}

function unknownActions() {
  const small = search.lowercased(state);
  return format({ ...state, ...small }) === format(state) ? [] : [button({ text: "Search in lower case", class: "main", onclick: () => change(small) })];
}

// What the person does

function openItem(id) {
  change({ photo: id }, { inside: true });
}

/** Back to where the item was opened, if that was here. */
function closeItem() {
  if (history.state?.inside) history.back();
  else change({ photo: null }, { replace: true });
}

function startAgain() {
  change({ ...nothing });
  find("text").focus();
}

function takePhotos(photos) {
  if (photos.length === 0) announce("That is no photo.");
  else if (state.view === "add") adding.addPhotos(photos);
  find("suggestions").hidden = state.view !== "search" || asks(state);
  if (state.view === "caption") caption.captionPhoto(photos[0]);
  else if (!info.features.includes("image")) announce("This server reads no photos.");
  else query.searchWith(photos[0]);
}

function acceptPhotos() {
  const drop = find("drop");
  const files = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0;  // Elements that the pointer has entered and not left.
  const show = (visible) => {
    drop.hidden = !visible;
    drop.firstElementChild.textContent = { caption: "Drop the photo to caption it", add: "Drop the photos to add them" }[state.view] ?? "Drop the photo to search with it";
  };
  addEventListener("dragenter", (event) => files(event) && show(++depth > 0));
  addEventListener("dragleave", (event) => files(event) && show(--depth > 0));
  addEventListener("dragover", (event) => files(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!files(event)) return;
    event.preventDefault();
    show((depth = 0) > 0);
    if (info && !find("viewer").open) takePhotos(photosOf(event.dataTransfer.files));
  });
  addEventListener("paste", (event) => {
    const photos = photosOf(event.clipboardData?.files ?? []);
    if (photos.length === 0 || !info) return;
    event.preventDefault();
    takePhotos(photos);
  });
}

function acceptKeys() {
  addEventListener("keydown", (event) => {
    const writes = event.target.closest?.("input, textarea, dialog");
    if (event.key !== "/" || writes || event.ctrlKey || event.metaKey || find("query").hidden) return;
    event.preventDefault();
    find("text").select();
  });
  find("skip").addEventListener("click", () => {
    const target = find("results").hidden ? find(state.view) : find("results");
    (target.querySelector("button, canvas, a, input") ?? find("text")).focus();
  });
}

// The server

function followServer() {
  const banner = find("banner");
  connection.addEventListener("lost", () => {
    banner.hidden = false;
    banner.textContent = "The server does not answer. Trying again…";
  });
  connection.addEventListener("back", async () => {
    banner.hidden = true;
    await load({ again: true });
  });
  connection.addEventListener("busy", ({ detail: seconds }) => announce(`The server is busy. Trying again in ${count(seconds, "second")}…`));
}

/** Asks for the token in a dialog that stays until one is given. */
function askForToken(refused) {
  const dialog = find("token");
  const form = dialog.querySelector("form");
  if (refused) find("token-note").textContent = "The server does not take this token.";
  dialog.oncancel = (event) => event.preventDefault();
  dialog.showModal();
  return new Promise((resolve) => {
    form.onsubmit = () => {
      resolve(form.elements.token.value.trim());
      form.reset();
    };
  });
}

/** Learns what the server has, then shows the page. */
async function load({ again = false } = {}) {
  try {
    info = await request("/api/info");
  } catch (error) {
    if (!(error instanceof ServerGone)) find("results").replaceChildren(blank("That did not work", error.message));
    return;
  }
  if (again) map.forget();
  render({ again });
  if (find("suggestions").childElementCount === 0) suggest();
}

async function suggest() {
  const texts = await search.suggestions(info).catch(() => []);
  if (texts.length === 0) return;
  find("suggestions").replaceChildren(
    element("span", {}, "Try"), ...texts.map((text) => element("button", { type: "button", onclick: () => change({ text }) }, element("q", {}, text))));
}

async function removeItem(item) {
  await request(`/api/items/${item.id}`, { method: "DELETE" });
  closeItem();
  await load({ again: true });
  announce(`${item.name} was removed`);
}

onTokenNeeded(askForToken);
followServer();
acceptPhotos();
acceptKeys();
query.start(change);
caption.start({
  use: (upload) => change({ view: "caption", upload, like: null }),
  searchWith: (upload) => change({ ...nothing, upload }),
  searchText: (text) => change({ ...nothing, text }),
});
adding.start(() => load({ again: true }));
map.start({ open: openItem });
viewer.start({
  hits: () => (state.view === "map" && map.hits().length > 0 ? map.hits() : hits),
  move: (photo) => change({ photo }, { replace: true, inside: history.state?.inside }),
  close: closeItem,
  likeThis: (item) => change({ ...nothing, kind: item.kind === "photo" ? null : item.kind, like: item.id }),
  inGroup: (group) => change({ ...nothing, group }),
  searchText: (text) => change({ ...nothing, text }),
  remove: removeItem,
});
find("brand").addEventListener("click", (event) => {
  event.preventDefault();
  startAgain();
});
addEventListener("popstate", followAddress);
addEventListener("hashchange", followAddress);
load();
