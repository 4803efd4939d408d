// Where points of the map are on the canvas, and which of them are shown as photos.

const margin = 44; // pixels around the whole map
const largestZoom = 60;

/** `{ id, x, y }` of rows `[id, x, y]`, x and y stretched to fill −1 to 1. */
export function spread(rows) {
  const scales = [1, 2].map((axis) => {
    const values = rows.map((row) => row[axis]);
    const least = values.reduce((one, other) => Math.min(one, other), Infinity);
    const most = values.reduce((one, other) => Math.max(one, other), -Infinity);
    return (value) => (most > least ? (2 * (value - least)) / (most - least) - 1 : 0);
  });
  return rows.map(([id, x, y]) => ({ id, x: scales[0](x), y: scales[1](y) }));
}

export class Projection {
  #width = 1;
  #height = 1;
  #zoom = 1;
  #middle = [0, 0];
  #chosenFor = "";

  /** The points that are shown as photos. */
  landmarks = [];

  /** Pixels of a photo's side. */
  get pictureSide() {
    return this.#width < 560 ? 46 : 60;
  }

  resize(width, height) {
    this.#width = width;
    this.#height = height;
  }

  #scale(axis) {
    return Math.max(1, ((axis === 0 ? this.#width : this.#height) - 2 * margin) / 2) * this.#zoom;
  }

  /** Pixels from the left and the top; y of the map goes up. */
  place({ x, y }) {
    return [
      this.#width / 2 + (x - this.#middle[0]) * this.#scale(0),
      this.#height / 2 - (y - this.#middle[1]) * this.#scale(1),
    ];
  }

  #at([left, top]) {
    return [
      this.#middle[0] + (left - this.#width / 2) / this.#scale(0),
      this.#middle[1] - (top - this.#height / 2) / this.#scale(1),
    ];
  }

  /** Zooms by a factor; what is at `place` (the middle, if null) stays there. */
  zoom(factor, place) {
    const fixed = place ?? [this.#width / 2, this.#height / 2];
    const before = this.#at(fixed);
    this.#zoom = Math.min(largestZoom, Math.max(1, this.#zoom * factor));
    const after = this.#at(fixed);
    this.#middle = [0, 1].map((axis) => this.#clamp(this.#middle[axis] + before[axis] - after[axis]));
  }

  #clamp(value) {
    const most = 1 - 1 / this.#zoom;
    return Math.min(most, Math.max(-most, value));
  }

  whole() {
    this.#zoom = 1;
    this.#middle = [0, 0];
  }

  /** Shows just these points. */
  frame(points) {
    const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
    const spread = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys), 1e-3);
    this.#zoom = Math.min(largestZoom, Math.max(1, 1.7 / spread));
    this.#middle = [xs, ys].map((values) => this.#clamp((Math.max(...values) + Math.min(...values)) / 2));
  }

  /** Moves the map when a point is at its edge or beyond; tells whether it did. */
  bringIntoSight(point) {
    const [left, top] = this.place(point);
    if (left > 20 && top > 20 && left < this.#width - 20 && top < this.#height - 20) return false;
    this.#middle = [this.#clamp(point.x), this.#clamp(point.y)];
    return true;
  }

  /** The point nearest to a place, at most `reach` pixels away; null if there is none. */
  nearest(points, [left, top], reach = Infinity) {
    let best = null;
    let least = reach;
    for (const point of points) {
      const [x, y] = this.place(point);
      const distance = Math.hypot(x - left, y - top);
      if (distance < least) [best, least] = [point, distance];
    }
    return best;
  }

  /** The nearest point to the right or left of, above or below another; a way aside counts double. */
  towards(points, from, [right, down]) {
    const [left, top] = this.place(from);
    let best = null;
    let least = Infinity;
    for (const point of points) {
      const [x, y] = this.place(point);
      const along = (x - left) * right + (y - top) * down;
      const aside = Math.abs((x - left) * down + (y - top) * right);
      const cost = along + 2 * aside;
      if (along > 1 && aside <= along && cost < least) [best, least] = [point, cost];
    }
    return best;
  }

  /** The points in a rectangle of two corners. */
  inside(points, [[x1, y1], [x2, y2]]) {
    const isBetween = (value, one, other) => value >= Math.min(one, other) && value <= Math.max(one, other);
    return points.filter((point) => {
      const [x, y] = this.place(point);
      return isBetween(x, x1, x2) && isBetween(y, y1, y2);
    });
  }

  /** Chooses points whose photos do not overlap: those of `preferred` first, then evenly over the canvas. */
  chooseLandmarks(points, preferred) {
    const key = [this.#width, this.#height, this.#zoom, this.#middle, points.length, [...preferred]].join();
    if (key === this.#chosenFor) return;
    this.#chosenFor = key;
    const gap = this.pictureSide + 6;
    const cell = gap * 1.35;
    const cost = (point, [left, top]) =>
      Math.abs((left % cell) - cell / 2) + Math.abs((top % cell) - cell / 2) - (preferred.has(point.id) ? 1e6 : 0);
    const candidates = points
      .map((point) => ({ point, place: this.place(point) }))
      .filter(({ place: [left, top] }) => left > 0 && top > 0 && left < this.#width && top < this.#height)
      .map(({ point, place }) => ({ point, place, cost: cost(point, place) }))
      .sort((one, other) => one.cost - other.cost);
    const chosen = [];
    for (const { point, place: [left, top] } of candidates) {
      const free = chosen.every(({ place }) => Math.abs(place[0] - left) >= gap || Math.abs(place[1] - top) >= gap);
      if (free) chosen.push({ point, place: [left, top] });
    }
    this.landmarks = chosen.map(({ point }) => point);
  }
}
