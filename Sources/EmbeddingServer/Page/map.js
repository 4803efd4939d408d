// The map of the index: items that are alike lie near each other. One looks at points, opens and selects them.

import { request } from "./api.js";
import { announce, button, count, element, find, foreign } from "./elements.js";
import { Painter } from "./painter.js";
import { tilePicture } from "./photos.js";
import { Projection, spread } from "./projection.js";
import { blank, showHits } from "./results.js";

const place = find("map");
const reach = 22; // pixels from which a point catches the pointer
const selectable = 60;

let actions;
let points = null; // { id, x, y }
let stale = false;
let kind = "photo";
let found = new Set();
let looked = null; // the point under the pointer or the keyboard's
let selected = [];
let rectangle = null;
let parts = null;
const projection = new Projection();
const painter = new Painter(projection, () => draw());
const items = new Map(); // id → promise of its item

/** `actions`: `open(id)`. */
export function start(given) {
  actions = given;
}

/** What is selected, for the arrows of the viewer: `[{ item }]`. */
export const selection = () => selected.map(({ id }) => ({ item: itemOf(id) }));

const itemOf = (id) => ({ id, kind, name: "" });

/** Loads the map anew when it is shown next, since the index has changed. */
export function forget() {
  stale = true;
}

/** Shows the map; `hits` of the search are marked. `again` loads it anew. */
export async function show(hits, again = false) {
  found = new Set(hits.map(({ item }) => item.id));
  if (points && !again && !stale) return draw();
  stale = false;
  points ??= [];
  if (!parts) place.replaceChildren(element("div", { class: "waiting" }));
  try {
    const answer = await request("/api/map");
    points = spread(answer.points);
    kind = answer.kind;
    looked = null;
    items.clear();
    painter.forget();
    select([]);
    if (points.length === 0) {
      parts = null;
      const help = "The index is empty. Add photos: vse index add …";
      return place.replaceChildren(blank("Nothing on the map yet", help));
    }
    build(answer);
  } catch (error) {
    points = null;
    parts = null;
    place.replaceChildren(blank("There is no map", foreign(error.message)));
  }
}

function build({ explained }) {
  const canvas = element("canvas", {
    tabindex: "0", role: "application", "aria-roledescription": "map",
    "aria-label": `Map of ${count(points.length, kind)}. `
      + "Arrow keys go from one to the next, return opens it, plus and minus zoom.",
  });
  const sight = element("figure", { class: "sight", "aria-hidden": "true", hidden: true });
  const share = explained.length === 2 ? `, ${Math.round(100 * (explained[0] + explained[1]))} % of the differences` : "";
  const frame = element(
    "div", { class: "plane" }, canvas, sight,
    element(
      "div", { class: "zoom" },
      button({ icon: "in", label: "Zoom in", onclick: () => zoom(1.6) }),
      button({ icon: "out", label: "Zoom out", onclick: () => zoom(1 / 1.6) }),
      button({ icon: "whole", label: "Show the whole map", onclick: whole })));
  place.replaceChildren(
    frame,
    element(
      "p", { class: "legend" },
      `What is alike lies together: the two directions in which the index varies most${share}. `
      + "Drag over an area to select it; pinch, or scroll with Ctrl, to zoom."),
    element("div", { class: "selected" }));
  parts = { canvas, sight, frame, selected: place.querySelector(".selected") };
  listen(canvas);
  new ResizeObserver(draw).observe(frame);
  draw();
}

// Looking, opening, selecting

function listen(canvas) {
  let start = null;
  canvas.addEventListener("pointermove", (event) => {
    const at = [event.offsetX, event.offsetY];
    if (start && Math.hypot(at[0] - start[0], at[1] - start[1]) > 5) rectangle = [start, at];
    look(rectangle ? null : pointAt(at));
  });
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    start = [event.offsetX, event.offsetY];
    if (event.pointerType === "mouse") canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointerup", (event) => {
    const point = pointAt([event.offsetX, event.offsetY]);
    if (rectangle) select(projection.inside(points, rectangle));
    else if (start && point) actions.open(point.id);
    start = rectangle = null;
    draw();
  });
  canvas.addEventListener("pointercancel", () => {
    start = rectangle = null;
    draw();
  });
  canvas.addEventListener("pointerleave", () => look(null));
  canvas.addEventListener("blur", () => look(null));
  canvas.addEventListener("focus", () => {
    if (canvas.matches(":focus-visible")) look(looked ?? central());
  });
  canvas.addEventListener("keydown", keyOnMap);
  canvas.addEventListener("wheel", (event) => {
    // As on other maps within pages; pinching is told as this too. Without the key the page scrolls.
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 300), [event.offsetX, event.offsetY]);
  }, { passive: false });
}

function keyOnMap(event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (direction) look(next(direction) ?? looked, true);
  else if (event.key === "Enter" && looked) actions.open(looked.id);
  else if (event.key === "+" || event.key === "=") zoom(1.6, looked && projection.place(looked));
  else if (event.key === "-") zoom(1 / 1.6, looked && projection.place(looked));
  else if (event.key === "0") whole();
  else if (event.key === "Escape") select([]);
  else return;
  event.preventDefault();
}

/** The point to go to from the one that is looked at, or the one in the middle. */
function next(direction) {
  return looked ? projection.towards(points, looked, direction) : central();
}

const central = () => projection.nearest(points, [parts.canvas.clientWidth / 2, parts.canvas.clientHeight / 2]);

/** The photo or the point at a place of the canvas. */
function pointAt(at) {
  const half = projection.pictureSide / 2;
  const photo = projection.landmarks.find((point) => {
    const [x, y] = projection.place(point);
    return painter.shows(point) && Math.abs(x - at[0]) <= half && Math.abs(y - at[1]) <= half;
  });
  return photo ?? projection.nearest(points, at, reach);
}

/** Shows a point's photo beside it; by keyboard it is spoken too, and brought into sight. */
async function look(point, spoken = false) {
  if (spoken && point && projection.bringIntoSight(point)) draw();
  if (point === looked && !spoken) return rectangle ? draw() : undefined;
  looked = point;
  draw();
  parts.canvas.style.cursor = point ? "pointer" : "crosshair";
  parts.sight.hidden = point === null;
  if (!point) return;
  const name = element("figcaption");
  parts.sight.replaceChildren(...(kind === "photo" ? [tilePicture(itemOf(point.id), "")] : []), name);
  placeSight(point);
  const item = await itemFor(point.id);
  if (looked !== point || !item) return;
  const said = kind === "photo" ? item.captions?.[0]?.text : null;
  name.replaceChildren(foreign(said ?? item.name));
  placeSight(point);
  if (spoken) announce(foreign(item.name), ...(said ? [": ", foreign(said)] : []));
}

function placeSight(point) {
  const [x, y] = projection.place(point);
  const { offsetWidth: width, offsetHeight: height } = parts.sight;
  const left = Math.min(Math.max(8, x - width / 2), parts.frame.clientWidth - width - 8);
  const top = Math.min(y > height + 40 ? y - height - 40 : y + 40, parts.frame.clientHeight - height - 8);
  parts.sight.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}

function itemFor(id) {
  if (!items.has(id)) {
    items.set(id, request(`/api/items/${id}`).catch(() => {
      items.delete(id);
      return null;
    }));
  }
  return items.get(id);
}

async function select(chosen) {
  selected = chosen.slice(0, selectable);
  if (!parts) return;
  if (chosen.length === 0) return parts.selected.replaceChildren();
  announce(`${count(chosen.length, kind)} selected`);
  const list = element("div");
  const part = chosen.length > selectable ? `, the first ${selectable} shown` : "";
  parts.selected.replaceChildren(
    element(
      "div", { class: "heading" },
      element("h2", {}, `${count(chosen.length, kind)} selected${part}`),
      button({ text: "Zoom to them", class: "quiet", onclick: () => {
        projection.frame(chosen);
        draw();
      } }),
      button({ text: "Select none", class: "quiet", onclick: () => {
        select([]);
        draw();
      } })),
    list);
  const shown = selected;
  const ids = shown.map(({ id }) => id);
  const known = kind === "photo" ? ids.map(itemOf) : await Promise.all(ids.map(itemFor));
  if (selected !== shown) return;
  showHits(list, known.filter(Boolean).map((item) => ({ item })), (item) => actions.open(item.id));
}

function zoom(factor, at = null) {
  projection.zoom(factor, at);
  draw();
}

function whole() {
  projection.whole();
  draw();
}

let drawing = false;

/** Draws before the next frame, once however often it is asked for. */
function draw() {
  if (drawing || !parts) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    if (!parts || place.hidden) return;
    const pictured = kind === "photo";
    painter.paint(parts.canvas, { points, pictured, found, selected, looked, rectangle });
  });
}
