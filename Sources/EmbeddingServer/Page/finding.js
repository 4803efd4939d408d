// Searches for what the state asks, and shows what is found, or why nothing is.

import { asks, format, nothing, searchKey } from "./address.js";
import { ServerError, ServerGone } from "./api.js";
import { announce, button, element, find, foreign, plain, prefersStillness } from "./elements.js";
import * as map from "./map.js";
import { blank, moreButton, showHits } from "./results.js";
import * as search from "./search.js";
import * as viewer from "./viewer.js";

const pageSize = 40;
const results = find("results");

let actions;
let state;
let info;
let found = [];
let status = "";
let shown = null; // the state whose answer is there or on its way
let searching = new AbortController();

/** `actions`: `change(patch, options)`, `open(id)`, `again()`, `startAgain()`. */
export function start(given) {
  actions = given;
}

/** What is found: `[{ item, score }]`. */
export const hits = () => found;

/**
 * Searches, or shows the index where nothing is asked; `delay` in milliseconds. Answers that come after a newer
 * question are dropped.
 */
export async function show(newState, newInfo, { delay, again }) {
  [state, info] = [newState, newInfo];
  if (state.view === "map" && !asks(state)) return showWholeMap(again);
  if (shown && searchKey(state) === searchKey(shown) && !again) {
    announceFound();
    if (state.view === "map") map.show(found);
    return;
  }
  const isMore = shown !== null && searchKey({ ...state, k: null }) === searchKey({ ...shown, k: null });
  shown = state;
  searching.abort();
  searching = new AbortController();
  const { signal } = searching;
  results.setAttribute("aria-busy", "true");
  if (state.view === "map") map.show(found, again);
  try {
    await pause(delay, signal);
    const answer = await (asks(state) ? search.find : search.browse)(state, info, pageSize, signal);
    signal.throwIfAborted();
    if (!isMore) scrollToTop();
    showFound(answer);
  } catch (error) {
    if (signal.aborted) return;
    shown = null;
    showFailure(error);
  }
  results.removeAttribute("aria-busy");
  if (state.view === "map") map.show(found);
}

function showWholeMap(again) {
  searching.abort();
  shown = null;
  [found, status] = [[], ""];
  results.removeAttribute("aria-busy");
  announce("");
  find("notes").replaceChildren();
  map.show([], again);
}

async function pause(milliseconds, signal) {
  if (milliseconds === 0) return;
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  signal.throwIfAborted();
}

function scrollToTop() {
  if (scrollY > results.offsetTop) scrollTo({ top: 0, behavior: prefersStillness() ? "auto" : "smooth" });
}

function showFound(answer) {
  found = answer.hits;
  status = answer.status;
  announceFound();
  viewer.showPlace();
  find("notes").replaceChildren(...answer.notes.map(note));
  if (found.length === 0) return results.replaceChildren(emptiness());
  let list = results.querySelector(":scope > .hits");
  // Where "Show more" was pressed the focus goes to the first that is new.
  const first = document.activeElement?.matches("#results > .more") ? list.querySelectorAll("button").length : null;
  if (!list) results.replaceChildren((list = element("div", { class: "hits" })));
  showHits(list, found, (item) => actions.open(item.id));
  list.nextElementSibling?.remove();
  if (answer.more) results.append(moreButton(() => actions.change({ k: answer.more }, { replace: true })));
  if (first !== null) list.querySelectorAll("button")[first]?.focus();
}

function announceFound() {
  announce(state.view === "map" && status ? `${status}, marked on the map` : status);
}

function emptiness() {
  if (info.photos + info.captions > 0) {
    return blank("Nothing found", "Try other words, or take a part of the search away.", startAgain());
  }
  if (!info.features.includes("add")) {
    return blank("This index is empty", "Add photos with vse index add, then load this page again.");
  }
  const add = () => actions.change({ ...nothing, view: "add" });
  return blank(
    "This index is empty", "Add some photos, and search them.",
    button({ text: "Add photos", class: "main", onclick: add }));
}

const startAgain = () => button({ text: "Start again", class: "main", onclick: actions.startAgain });

function note({ text, words = [], mild }) {
  const quoted = words.flatMap((word, at) => [at > 0 ? ", " : " ", element("q", {}, foreign(word))]);
  const lower = words.length > 0 ? lowerCaseButton("link") : null;
  return element("p", { class: mild ? "note mild" : "note" }, element("span", {}, text, ...quoted), lower);
}

/** Searches for the same in lower case, as most models were trained; null where it is that already. */
function lowerCaseButton(className) {
  const lower = search.lowercased(state);
  if (format({ ...state, ...lower }) === format(state)) return null;
  return button({ text: "Search in lower case", class: className, onclick: () => actions.change(lower) });
}

function showFailure(error) {
  if (error instanceof ServerGone) return announce(""); // The banner tells.
  [found, status] = [[], plain(error.message)];
  announce(status);
  find("notes").replaceChildren();
  const isUnknown = error instanceof ServerError && error.code === "unknown_words";
  const tryAgain = () => button({ text: "Try again", class: "main", onclick: actions.again });
  const words = (error.unknownWords ?? []).flatMap((word, at) => [at > 0 ? ", " : "", foreign(word)]);
  const help = element("span", {}, "It was not trained on ", ...words, ". Try other words.");
  results.replaceChildren(
    isUnknown
      ? blank("The model knows none of these words", help, lowerCaseButton("main"))
      : blank("That did not work", foreign(error.message), tryAgain()));
}
