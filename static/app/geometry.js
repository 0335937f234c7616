/* Plane geometry of regions, in pixels of the picture: origin top left, y down. The twin of `annotation/questions/geometry.py`. */

const LIMIT = 1e7;
const CROSSING_LIMIT = 500;
const NOISE = 1e-6;
const SLACK = 1;

/** A finite number within reason. */
export const isCoordinate = (value) => typeof value === "number" && Math.abs(value) <= LIMIT;
export const isBox = (value) => Array.isArray(value) && value.length === 4 && value.every(isCoordinate);
export const isPoint = (value) => Array.isArray(value) && value.length === 2 && value.every(isCoordinate);
export const isRing = (value) => Array.isArray(value) && value.every(isPoint);

/** Two decimals or none, half up. */
export function rounded(value, integer) {
  const result = integer ? Math.floor(value + 0.5) : Math.floor(value * 100 + 0.5) / 100;
  return result === 0 ? 0 : result; // no negative zero
}

/** Moved onto the edge if it lies at most one pixel outside; `high` null: the size is not known. */
export function clipped(value, high) {
  if (value >= -SLACK && value < 0) return 0;
  return high !== null && value > high + NOISE && value <= high + SLACK ? high : value;
}

/** Positive width and height. */
export function upright([x, y, width, height]) {
  return [Math.min(x, x + width), Math.min(y, y + height), Math.abs(width), Math.abs(height)];
}

/** Edges at most one pixel outside moved onto the edge of the picture. */
export function clippedBox([x, y, width, height], [wide, high]) {
  const [left, across] = clippedSide(x, width, wide);
  const [top, down] = clippedSide(y, height, high);
  return [left, top, across, down];
}

function clippedSide(start, length, high) {
  const [first, last] = [clipped(start, high), clipped(start + length, high)];
  return [first, first === start && last === start + length ? length : last - first];
}

/** The same direction in (-180, 180]. */
export function turned(angle) {
  const rest = angle % 360;
  if (rest <= -180) return rest + 360;
  return rest > 180 ? rest - 360 : rest;
}

/** Signed area; positive if the points go clockwise as seen. */
export function area(ring) {
  return ring.reduce((sum, [x, y], at) => {
    const [nextX, nextY] = ring[(at + 1) % ring.length];
    return sum + x * nextY - nextX * y;
  }, 0) / 2;
}

/** Without a closing point, with a positive area. */
export function closed(ring) {
  let end = ring.length;
  while (end > 1 && ring[0][0] === ring[end - 1][0] && ring[0][1] === ring[end - 1][1]) end -= 1;
  const open = ring.slice(0, end);
  return area(open) < 0 ? open.reverse() : open;
}

/** The upright box around points: [x, y, width, height]. */
export function around(points) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return [left, top, right - left, bottom - top];
}

/** Does it lie in the picture, edges included? */
export function inside([x, y], [wide, high]) {
  const within = (value, most) => value >= 0 && (most === null || value <= most + NOISE);
  return within(x, wide) && within(y, high);
}

/** Do two edges that are no neighbours meet? */
export function crossesItself(ring) {
  if (ring.length <= 3 || ring.length > CROSSING_LIMIT) return false;
  const edge = (at) => [ring[at], ring[(at + 1) % ring.length]];
  for (let one = 0; one < ring.length; one += 1) {
    for (let two = one + 2; two < ring.length; two += 1) {
      if (one === 0 && two === ring.length - 1) continue;
      if (meet(...edge(one), ...edge(two))) return true;
    }
  }
  return false;
}

function meet(a, b, c, d) {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

function side(a, b, point) {
  return Math.sign((b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]));
}

/** A point turned about a centre by degrees, clockwise as seen. */
export function turnedAbout([x, y], [cx, cy], degrees) {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  return [cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos];
}

/** The four corners of a box, clockwise from the top left one. */
export function corners([x, y, width, height], angle = 0) {
  const upright = [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];
  return angle ? upright.map((point) => turnedAbout(point, [x + width / 2, y + height / 2], angle)) : upright;
}

/** Does a point lie inside a ring? */
export function contains(ring, [x, y]) {
  let within = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at, at += 1) {
    const [[ax, ay], [bx, by]] = [ring[at], ring[before]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) within = !within;
  }
  return within;
}

/** Intersection over union of two upright boxes. */
export function overlap(a, b) {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  const both = Math.max(0, width) * Math.max(0, height);
  return both / (a[2] * a[3] + b[2] * b[3] - both || 1);
}
