// Grids of photos and lists of captions.

import { button, element, foreign, plain, scoreText } from "./elements.js";
import { showTile, tilePicture } from "./photos.js";

/**
 * Shows hits `[{ item, score }]` (a score is optional) in `place`; `open(item)` is called for the chosen one. Tiles of
 * photos that stay are kept, so that results change calmly as one types. Bars are as long as the score
 * beside the best.
 */
export function showHits(place, hits, open) {
  const photos = hits.filter(({ item }) => item.kind === "photo");
  const captions = hits.filter(({ item }) => item.kind !== "photo");
  const best = Math.max(...hits.map(({ score }) => score ?? 0), 1e-6);
  const lists = [];
  if (photos.length > 0) lists.push(grid(place, photos, best, open));
  if (captions.length > 0) lists.push(captionList(captions, open));
  if (lists.length !== place.children.length || lists.some((list, at) => place.children[at] !== list)) {
    place.replaceChildren(...lists);
  }
}

function grid(place, hits, best, open) {
  const list = place.querySelector(":scope > .grid")
    ?? element("ul", { class: "grid", role: "list", onkeydown: moveInGrid });
  const old = new Map([...list.children].map((tile) => [tile.dataset.key, tile]));
  const tiles = hits.map(({ item, score }) => {
    const tile = old.get(keyOf(item)) ?? makeTile(item);
    tile.querySelector("button").onclick = () => open(item);
    tile.querySelector("img").dataset.state === "missing" && showTile(tile.querySelector("img"), item);
    const figures = tile.querySelector(".score");
    figures.textContent = score === undefined ? "" : scoreText(score);
    tile.querySelector(".bar").hidden = score === undefined;
    tile.querySelector(".bar").style.setProperty("--share", Math.max(0, (score ?? 0) / best));
    return tile;
  });
  if (tiles.length !== list.children.length || tiles.some((tile, at) => list.children[at] !== tile)) {
    const focused = document.activeElement;
    list.replaceChildren(...tiles);
    if (list.contains(focused)) focused.focus({ preventScroll: true });
  }
  return list;
}

const keyOf = (item) => `${item.id} ${item.name}`;

function makeTile(item) {
  const tile = element(
    "li", {},
    element(
      "button", { type: "button", title: plain(item.name) },
      element("span", { class: "frame" }, tilePicture(item, item.name)),
      element("span", { class: "bar", "aria-hidden": "true" }),
      element("span", { class: "score" })));
  tile.dataset.key = keyOf(item);
  return tile;
}

/** A list of captions with their scores. */
export function captionList(hits, open) {
  return element(
    "ol", { class: "captions", onkeydown: moveInGrid },
    ...hits.map(({ item, score, text }) =>
      element(
        "li", {},
        element(
          "button", { type: "button", onclick: () => open(item) },
          element("q", {}, foreign(text ?? item.name)),
          score === undefined ? null : element("span", { class: "score" }, scoreText(score))))));
}

/** Arrow keys go from tile to tile, as the eye does. */
function moveInGrid(event) {
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  const columns = buttons.filter(({ offsetTop }) => offsetTop === buttons[0].offsetTop).length;
  const end = buttons.length - 1;
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -at, End: end - at };
  if (at < 0 || !(event.key in steps) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  buttons[at + steps[event.key]]?.focus();
}

/** A quiet page: what there is not, and what to do, as a text or an element. */
export function blank(title, text, ...actions) {
  return element(
    "div", { class: "blank" }, element("h2", {}, title), text ? element("p", {}, text) : null, ...actions);
}

/** "Show more", below a grid. */
export const moreButton = (onclick) => button({ text: "Show more", class: "more", onclick });
