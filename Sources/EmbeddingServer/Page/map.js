// The map of the index: items that are alike lie near each other. Points, photos where there is room, and one to look at.

import { request } from "./api.js";
import { announce, button, count, element, find } from "./elements.js";
import { square, tilePicture } from "./photos.js";
import { blank, showHits } from "./results.js";
import { Projection } from "./projection.js";

const place = find("map");
const reach = 22;  // pixels from which a point catches the pointer
const selectable = 60;
const pictureSide = 128;  // pixels of a photo that is kept
const mostPictures = 1000;

let actions;
let points = null;  // { id, x, y }
let stale = false;
let kind = "photo";
let found = new Set();
let looked = null;  // the point under the pointer or the keyboard's
let selected = [];
let rectangle = null;
let parts = null;
const projection = new Projection();
const pictures = new Map();  // id → bitmap, null while it loads or when there is none; the oldest first
const items = new Map();  // id → promise of its item

/** `actions`: `open(id)`; `add` tells whether photos can be added. */
export function start(given) {
  actions = given;
}

/** What the arrows of the viewer go through. */
export const hits = () => selected.map(({ id }) => ({ item: itemOf(id) }));

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
    items.clear();
    pictures.clear();
    select([]);
    if (points.length === 0) {
      parts = null;
      return place.replaceChildren(blank("Nothing on the map yet", "The index is empty. Add photos: vse index add …"));
    }
    build(answer);
  } catch (error) {
    points = null;
    parts = null;
    place.replaceChildren(blank("There is no map", error.message));
  }
}

/** Points that fill the map, −1 to 1, whatever a single one far away does to its middle. */
function spread(rows) {
  const scale = [1, 2].map((axis) => {
    const values = rows.map((row) => row[axis]);
    const [least, most] = [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), -Infinity)];
    return (value) => (most > least ? 2 * (value - least) / (most - least) - 1 : 0);
  });
  return rows.map(([id, x, y]) => ({ id, x: scale[0](x), y: scale[1](y) }));
}

function build({ explained }) {
  const canvas = element("canvas", {
    tabindex: "0", role: "application", "aria-roledescription": "map",
    "aria-label": `Map of ${count(points.length, kind)}. Arrow keys go from one to the next, return opens it, plus and minus zoom.`,
  });
  const sight = element("figure", { class: "sight", "aria-hidden": "true", hidden: true });
  const share = explained?.length === 2 ? `, ${Math.round(100 * (explained[0] + explained[1]))} % of the differences` : "";
  const frame = element(
    "div", { class: "plane" }, canvas, sight,
    element(
      "div", { class: "zoom" },
      button({ icon: "in", label: "Zoom in", onclick: () => zoom(1.6) }),
      button({ icon: "out", label: "Zoom out", onclick: () => zoom(1 / 1.6) }),
      button({ icon: "whole", label: "Show the whole map", onclick: whole })));
  place.replaceChildren(
    frame,
    element("p", { class: "legend" }, `What is alike lies together: the two directions in which the index varies most${share}. Drag over an area to select it; scroll to zoom.`),
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
    if (rectangle) select(pointsIn(rectangle));
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
    if (canvas.matches(":focus-visible")) look(looked ?? nearest([0.5 * canvas.clientWidth, 0.5 * canvas.clientHeight], Infinity));
  });
  canvas.addEventListener("keydown", keyOnMap);
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 300), [event.offsetX, event.offsetY]);
  }, { passive: false });
}

function keyOnMap(event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (direction) look(towards(direction) ?? looked, true);
  else if (event.key === "Enter" && looked) actions.open(looked.id);
  else if (event.key === "+" || event.key === "=") zoom(1.6, looked && projection.place(looked));
  else if (event.key === "-") zoom(1 / 1.6, looked && projection.place(looked));
  else if (event.key === "0") whole();
  else if (event.key === "Escape") select([]);
  else return;
  event.preventDefault();
}

/** The nearest point in a direction; a way aside counts double. */
function towards([right, down]) {
  if (!looked) return nearest([parts.canvas.clientWidth / 2, parts.canvas.clientHeight / 2], Infinity);
  const [x, y] = projection.place(looked);
  let best = null;
  let least = Infinity;
  for (const point of points) {
    const [px, py] = projection.place(point);
    const along = (px - x) * right + (py - y) * down;
    const aside = Math.abs((px - x) * down + (py - y) * right);
    const cost = along + 2 * aside;
    if (along > 1 && aside <= along && cost < least) [best, least] = [point, cost];
  }
  return best;
}

/** The photo or the point at a place of the canvas. */
function pointAt(at) {
  const half = projection.pictureSide / 2;
  const photo = projection.landmarks.find((point) => {
    const [x, y] = projection.place(point);
    return pictures.get(point.id) && Math.abs(x - at[0]) <= half && Math.abs(y - at[1]) <= half;
  });
  return photo ?? nearest(at, reach);
}

function nearest([x, y], within) {
  let best = null;
  let least = within;
  for (const point of points) {
    const [px, py] = projection.place(point);
    const distance = Math.hypot(px - x, py - y);
    if (distance < least) [best, least] = [point, distance];
  }
  return best;
}

function pointsIn([[x1, y1], [x2, y2]]) {
  return points.filter((point) => {
    const [x, y] = projection.place(point);
    return x >= Math.min(x1, x2) && x <= Math.max(x1, x2) && y >= Math.min(y1, y2) && y <= Math.max(y1, y2);
  });
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
  name.textContent = said ?? item.name;
  placeSight(point);
  if (spoken) announce(said ? `${item.name}: ${said}` : item.name);
}

function placeSight(point) {
  const [x, y] = projection.place(point);
  const { offsetWidth: width, offsetHeight: height } = parts.sight;
  const left = Math.min(Math.max(8, x - width / 2), parts.frame.clientWidth - width - 8);
  const top = y > height + 40 ? y - height - 40 : y + 40;
  parts.sight.style.transform = `translate(${Math.round(left)}px, ${Math.round(Math.min(top, parts.frame.clientHeight - height - 8))}px)`;
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
  parts.selected.replaceChildren(
    element(
      "div", { class: "heading" },
      element("h2", {}, `${count(chosen.length, kind)} selected${chosen.length > selectable ? `, the first ${selectable} shown` : ""}`),
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
  const known = kind === "photo" ? shown.map(({ id }) => itemOf(id)) : await Promise.all(shown.map(({ id }) => itemFor(id)));
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

// Drawing

let drawing = false;

/** Draws before the next frame, once however often it is asked for. */
function draw() {
  if (drawing || !parts) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    if (parts && !place.hidden) paint();
  });
}

function paint() {
  const { canvas, frame } = parts;
  const [width, height] = [frame.clientWidth, frame.clientHeight];
  const density = window.devicePixelRatio;
  if (canvas.width !== Math.round(width * density) || canvas.height !== Math.round(height * density)) {
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
  }
  projection.resize(width, height);
  projection.chooseLandmarks(kind === "photo" ? points : [], found);
  const context = canvas.getContext("2d");
  const style = getComputedStyle(canvas);
  const colour = (name) => style.getPropertyValue(name);
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  const chosen = new Set(selected.map(({ id }) => id));
  for (const point of points) {
    const marked = found.has(point.id) || chosen.has(point.id);
    paintDot(context, point, marked ? 5 : 2.5, marked ? colour("--accent") : colour("--dot"));
  }
  for (const point of projection.landmarks) paintPicture(context, point, found.size === 0 || found.has(point.id), colour);
  if (looked) paintRing(context, looked, colour("--accent"));
  if (rectangle) paintRectangle(context, colour("--accent"));
}

function paintDot(context, point, radius, colour) {
  const [x, y] = projection.place(point);
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function paintPicture(context, point, strong, colour) {
  const picture = pictureOf(point.id);
  if (!picture) return;
  const [x, y] = projection.place(point);
  const side = projection.pictureSide;
  context.save();
  context.beginPath();
  context.roundRect(x - side / 2, y - side / 2, side, side, 6);
  context.clip();
  context.fillStyle = colour("--ground");
  context.fill();
  context.globalAlpha = strong ? 1 : 0.3;
  context.drawImage(picture, x - side / 2, y - side / 2, side, side);
  context.restore();
}

function pictureOf(id) {
  if (!pictures.has(id)) {
    pictures.set(id, null);
    if (pictures.size > mostPictures) pictures.delete(pictures.keys().next().value);
    square(id, pictureSide).then(
      (picture) => {
        pictures.set(id, picture);
        draw();
      },
      () => {});
  }
  return pictures.get(id);
}

function paintRing(context, point, colour) {
  const [x, y] = projection.place(point);
  const half = projection.landmarks.includes(point) && pictures.get(point.id) ? projection.pictureSide / 2 + 2 : 8;
  context.strokeStyle = colour;
  context.lineWidth = 3;
  context.beginPath();
  context.roundRect(x - half, y - half, 2 * half, 2 * half, 8);
  context.stroke();
}

function paintRectangle(context, colour) {
  const [[x1, y1], [x2, y2]] = rectangle;
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = 1.5;
  context.globalAlpha = 0.12;
  context.fillRect(x1, y1, x2 - x1, y2 - y1);
  context.globalAlpha = 1;
  context.strokeRect(x1, y1, x2 - x1, y2 - y1);
}
