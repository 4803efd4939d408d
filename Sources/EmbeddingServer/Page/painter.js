// Draws the map: points, photos where there is room, what is looked at, and the rectangle that selects.

import { square } from "./photos.js";

const pictureSide = 128; // pixels of a photo that is kept
const mostPictures = 1000;

export class Painter {
  #projection;
  #redraw;
  #pictures = new Map(); // id → bitmap, null while it loads or when there is none; the oldest first

  /** `redraw()` is called when a picture has come. */
  constructor(projection, redraw) {
    this.#projection = projection;
    this.#redraw = redraw;
  }

  /** Loads all pictures again when they are needed. */
  forget() {
    this.#pictures.clear();
  }

  /** Whether a point is shown as its photo. */
  shows(point) {
    return this.#projection.landmarks.includes(point) && Boolean(this.#pictures.get(point.id));
  }

  /**
   * Draws all of it, on a canvas as large as its place. `found` are identifiers, the others points or null; `pictured`
   * tells whether the points have photos.
   */
  paint(canvas, { points, pictured, found, selected, looked, rectangle }) {
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    const context = contextOf(canvas, width, height);
    const style = getComputedStyle(canvas);
    const colour = (name) => style.getPropertyValue(name);
    this.#projection.resize(width, height);
    this.#projection.chooseLandmarks(pictured ? points : [], found);
    const marked = new Set([...found, ...selected.map(({ id }) => id)]);
    for (const point of points) {
      if (marked.has(point.id)) this.#dot(context, point, 5, colour("--accent"));
      else this.#dot(context, point, 2.5, colour("--dot"));
    }
    for (const point of this.#projection.landmarks) {
      this.#photo(context, point, found.size === 0 || found.has(point.id), colour("--raised"));
    }
    if (looked) this.#ring(context, looked, colour("--accent"));
    if (rectangle) paintRectangle(context, rectangle, colour("--accent"));
  }

  #dot(context, point, radius, colour) {
    const [x, y] = this.#projection.place(point);
    context.fillStyle = colour;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  }

  /** A photo; a weak one lets the ground shine through, but not the points below it. */
  #photo(context, point, isStrong, ground) {
    const picture = this.#picture(point.id);
    if (!picture) return;
    const [x, y] = this.#projection.place(point);
    const side = this.#projection.pictureSide;
    context.save();
    context.beginPath();
    context.roundRect(x - side / 2, y - side / 2, side, side, 6);
    context.clip();
    context.fillStyle = ground;
    context.fill();
    context.globalAlpha = isStrong ? 1 : 0.3;
    context.drawImage(picture, x - side / 2, y - side / 2, side, side);
    context.restore();
  }

  #picture(id) {
    if (!this.#pictures.has(id)) {
      this.#pictures.set(id, null);
      if (this.#pictures.size > mostPictures) this.#pictures.delete(this.#pictures.keys().next().value);
      square(id, pictureSide).then((picture) => {
        this.#pictures.set(id, picture);
        this.#redraw();
      }, () => {}); // Then it stays a point.
    }
    return this.#pictures.get(id);
  }

  #ring(context, point, colour) {
    const [x, y] = this.#projection.place(point);
    const half = this.shows(point) ? this.#projection.pictureSide / 2 + 2 : 8;
    context.strokeStyle = colour;
    context.lineWidth = 3;
    context.beginPath();
    context.roundRect(x - half, y - half, 2 * half, 2 * half, 8);
    context.stroke();
  }
}

function contextOf(canvas, width, height) {
  const density = devicePixelRatio;
  const [columns, rows] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== columns || canvas.height !== rows) Object.assign(canvas, { width: columns, height: rows });
  const context = canvas.getContext("2d");
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

function paintRectangle(context, [[x1, y1], [x2, y2]], colour) {
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = 1.5;
  context.globalAlpha = 0.12;
  context.fillRect(x1, y1, x2 - x1, y2 - y1);
  context.globalAlpha = 1;
  context.strokeRect(x1, y1, x2 - x1, y2 - y1);
}
