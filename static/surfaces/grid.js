/* Which shapes lie at a place: a grid of cells over the picture, so that 2,000 shapes cost no more than those nearby. */

import { contains, corners } from "@mh/app/geometry";

const CELLS = 32;

export class Grid {
  #cells = new Map();
  #size;

  /** `shapes`: [{box: [x, y, width, height] around it, …}]; `size`: width and height of the picture. */
  constructor(shapes, [width, height]) {
    this.#size = Math.max(1, width, height) / CELLS;
    for (const shape of shapes) {
      for (const key of this.#keys(shape.box)) {
        if (!this.#cells.has(key)) this.#cells.set(key, []);
        this.#cells.get(key).push(shape);
      }
    }
  }

  /** Shapes under a point or within `reach` pixels of their outline, the smallest first. */
  at(point, reach) {
    const near = new Set();
    for (const key of this.#keys([point[0] - reach, point[1] - reach, 2 * reach, 2 * reach])) {
      for (const shape of this.#cells.get(key) ?? []) if (isAt(shape, point, reach)) near.add(shape);
    }
    return [...near].sort((a, b) => a.box[2] * a.box[3] - b.box[2] * b.box[3]);
  }

  *#keys([x, y, width, height]) {
    const cell = (value) => Math.floor(value / this.#size);
    for (let column = cell(x); column <= cell(x + width); column += 1) {
      for (let row = cell(y); row <= cell(y + height); row += 1) yield column * 65_536 + row;
    }
  }
}

/** The outline of a shape as a ring of points. */
export function outline(shape) {
  return shape.shape === "box" ? corners(shape.bbox, shape.angle) : shape.points;
}

function isAt(shape, point, reach) {
  const [x, y, width, height] = shape.box;
  if (point[0] < x - reach || point[0] > x + width + reach || point[1] < y - reach || point[1] > y + height + reach) return false;
  const ring = outline(shape);
  return contains(ring, point) || ring.some((from, at) => distance(point, from, ring[(at + 1) % ring.length]) <= reach);
}

/** How far a point is from the line between two others. */
export function distance([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}
