/* Changing the selected shape: by its handles, or as a whole. Handles are drawn 8 px large and taken hold of within 24 px.

   Tools work on a `Desk` (see desk.js). `geometry` is {bbox, angle} or {points, holes}. */

import { around, turnedAbout } from "@mh/app/geometry";
import { outline } from "@mh/surfaces/grid";
import { drawHandles } from "@mh/surfaces/paint";

const HOLD = 12; // px on screen
const ROOM = 30; // px on screen that an edge needs for a handle in its middle
const STALK = 24; // px on screen from the top edge to the handle that turns a box

export class Handling {
  #grip = null;

  constructor(desk) {
    this.desk = desk;
  }

  get active() {
    return this.#grip !== null;
  }

  /** Take hold of a handle near a place; false if there is none. */
  grab(point) {
    const shape = this.desk.selected();
    const hold = HOLD / this.desk.picture.view.scale;
    const near = this.#handles()
      .map((handle) => ({ handle, away: Math.hypot(handle.at[0] - point[0], handle.at[1] - point[1]) }))
      .filter(({ away }) => away <= hold)
      .sort((a, b) => a.away - b.away);
    if (!near.length) return false;
    const { handle } = near[0];
    this.#grip = { shape, handle, from: point, result: null };
    if (handle.index !== undefined && handle.kind === "point") this.desk.point = handle.index;
    return true;
  }

  /** Take hold of the shape itself. */
  hold(point) {
    const shape = this.desk.selected();
    this.#grip = shape && { shape, handle: { kind: "body" }, from: point, result: null };
  }

  drag(point) {
    if (!this.#grip) return;
    const { shape, handle, from } = this.#grip;
    const to = this.desk.picture.clamped(point);
    this.#grip.result = CHANGES[handle.kind](shape, handle, to, [point[0] - from[0], point[1] - from[1]], this.desk.picture.size);
    this.desk.preview(this.#grip.result);
  }

  drop() {
    const grip = this.#grip;
    this.#grip = null;
    if (grip?.result) this.desk.change(grip.shape.id, grip.result);
  }

  cancel() {
    if (this.#grip) this.desk.preview(null);
    this.#grip = null;
  }

  #handles() {
    const shape = this.desk.selected();
    if (!shape) return [];
    const { scale } = this.desk.picture.view;
    return shape.shape === "box" ? boxHandles(shape, scale, this.desk.config.rotate) : polygonHandles(shape, scale);
  }

  draw(context, scene) {
    const shape = this.desk.selected();
    if (shape) drawHandles(context, this.#handles(), scene, shape.slot);
  }
}

// --- where handles are -----------------------------------------------------------------------------------------------------

function boxHandles({ bbox, angle = 0 }, scale, turns) {
  const [x, y, width, height] = bbox;
  const centre = [x + width / 2, y + height / 2];
  const handles = [];
  for (const across of [-1, 0, 1]) {
    for (const down of [-1, 0, 1]) {
      const middle = across === 0 || down === 0;
      const room = (across === 0 ? width : height) * scale >= ROOM;
      if ((across === 0 && down === 0) || (middle && !room)) continue;
      const at = [centre[0] + (across * width) / 2, centre[1] + (down * height) / 2];
      handles.push({ kind: "corner", across, down, at: turnedAbout(at, centre, angle) });
    }
  }
  if (turns) handles.push({ kind: "turn", at: turnedAbout([centre[0], y - STALK / scale], centre, angle) });
  return handles;
}

function polygonHandles({ points }, scale) {
  const between = points.flatMap(([x, y], index) => {
    const [nextX, nextY] = points[(index + 1) % points.length];
    if (Math.hypot(nextX - x, nextY - y) * scale < ROOM) return [];
    return [{ kind: "between", index, at: [(x + nextX) / 2, (y + nextY) / 2] }];
  });
  return [...between, ...points.map((at, index) => ({ kind: "point", index, at }))];
}

// --- what they do ----------------------------------------------------------------------------------------------------------

const CHANGES = {
  corner: resized,
  turn: ({ bbox: [x, y, width, height], bbox }, _handle, [toX, toY]) => {
    const angle = (Math.atan2(toY - y - height / 2, toX - x - width / 2) * 180) / Math.PI + 90;
    return { bbox, angle: Math.round(angle) };
  },
  point: ({ points, holes }, { index }, to) => ({ points: points.map((point, at) => (at === index ? to : point)), ...(holes && { holes }) }),
  between: ({ points, holes }, { index }, to) => ({ points: points.toSpliced(index + 1, 0, to), ...(holes && { holes }) }),
  body: (shape, _handle, _to, by, size) => moved(shape, by, size),
};

/** A box with one corner or edge moved, the opposite one fixed; in the box's own directions if it is turned. */
function resized({ bbox: [x, y, width, height], angle = 0 }, { across, down }, to) {
  const centre = [x + width / 2, y + height / 2];
  const [localX, localY] = turnedAbout(to, centre, -angle);
  const left = across === -1 ? localX : x;
  const right = across === 1 ? localX : x + width;
  const top = down === -1 ? localY : y;
  const bottom = down === 1 ? localY : y + height;
  const [wide, high] = [Math.abs(right - left), Math.abs(bottom - top)];
  const [middleX, middleY] = turnedAbout([(left + right) / 2, (top + bottom) / 2], centre, angle);
  return { bbox: [middleX - wide / 2, middleY - high / 2, wide, high], ...(angle && { angle }) };
}

/** A shape moved by pixels, but not out of the picture. */
export function moved(shape, [dx, dy], [wide, high]) {
  const [x, y, width, height] = around(outline(shape));
  const right = Math.min(Math.max(dx, -x), Math.max(0, wide - width - x));
  const down = Math.min(Math.max(dy, -y), Math.max(0, high - height - y));
  if (shape.shape === "box") {
    const [left, top, ...rest] = shape.bbox;
    return { bbox: [left + right, top + down, ...rest], ...(shape.angle && { angle: shape.angle }) };
  }
  const move = (ring) => ring.map(([pointX, pointY]) => [pointX + right, pointY + down]);
  return { points: move(shape.points), ...(shape.holes && { holes: shape.holes.map(move) }) };
}
