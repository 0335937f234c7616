/* How shapes look on a picture: 2 px of colour in a casing of 1 px, dark around light colours and light around dark ones, so that a stroke
   shows on any picture; a dash beside the colour; a letter. Everything at rest is drawn in a few strokes, whatever the number of shapes. */

import { outline } from "@mh/surfaces/grid";

const DARK = "rgb(0 0 0 / 0.72)";
const LIGHT = "rgb(255 255 255 / 0.85)";
const DASHES = [[], [8, 4], [2, 3], [9, 3, 2, 3]];
const TAG = 15; // px, height of a letter's box
const SMALL = 14; // px on screen below which a shape carries no letter
const FONT = "650 11px system-ui, sans-serif";

/** Colours of the label slots as the page has them now: {slot: {line, casing, ink}}; `ink` is readable on `line`. */
export function palette(element) {
  const probe = element.appendChild(document.createElement("span"));
  const colours = {};
  for (let slot = 1; slot <= 20; slot += 1) {
    probe.style.color = `var(--label-${slot})`;
    const line = getComputedStyle(probe).color;
    colours[slot] = isLight(line) ? { line, casing: DARK, ink: "#10131a" } : { line, casing: LIGHT, ink: "#ffffff" };
  }
  probe.remove();
  return colours;
}

function isLight(colour) {
  const [red, green, blue] = colour.match(/[\d.]+/g).map(Number);
  return (red * 299 + green * 587 + blue * 114) / 1000 > 140;
}

/** Draw shapes. `view`: {scale, x, y}; `ratio`: device pixels per CSS pixel; `colours`: see `palette`. */
export function drawShapes(context, shapes, { view, ratio, colours }) {
  const shown = shapes.filter((shape) => isInView(shape, view, context.canvas, ratio));
  for (const muted of [true, false]) {
    const some = shown.filter((shape) => (shape.state === "muted") === muted);
    context.globalAlpha = muted ? 0.45 : 1;
    strokeAll(context, some, { view, ratio, colours });
    drawTags(context, some, { view, ratio, colours });
  }
  context.globalAlpha = 1;
}

function isInView({ box: [x, y, width, height] }, view, canvas, ratio) {
  const [left, top] = [x * view.scale + view.x, y * view.scale + view.y];
  const margin = TAG;
  return (
    left < canvas.width / ratio + margin &&
    top < canvas.height / ratio + margin &&
    left + width * view.scale > -margin &&
    top + height * view.scale > -margin
  );
}

function strokeAll(context, shapes, { view, ratio, colours }) {
  const groups = new Map();
  for (const shape of shapes) {
    const key = `${shape.slot} ${shape.dash}`;
    if (!groups.has(key)) groups.set(key, { slot: shape.slot, dash: shape.dash, shapes: [] });
    groups.get(key).shapes.push(shape);
  }
  const { scale } = view;
  context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * view.x, ratio * view.y);
  context.lineJoin = "round";
  for (const casing of [DARK, LIGHT]) {
    stroke(context, pathOf(shapes.filter(({ slot }) => colours[slot].casing === casing)), casing, 4 / scale, []);
  }
  for (const { slot, dash, shapes: own } of groups.values()) {
    const path = pathOf(own);
    fillSome(context, own, colours[slot].line);
    stroke(context, path, colours[slot].line, 2 / scale, DASHES[dash].map((length) => length / scale));
  }
}

/** A tint over polygons and over what is selected; each by itself, for holes are cut out of their own shape only. */
function fillSome(context, shapes, colour) {
  const alpha = context.globalAlpha;
  context.globalAlpha = alpha * 0.16;
  context.fillStyle = colour;
  for (const shape of shapes) if (shape.shape === "polygon" || shape.state === "selected") context.fill(pathOf([shape]), "evenodd");
  context.globalAlpha = alpha;
}

function stroke(context, path, style, width, dash) {
  context.strokeStyle = style;
  context.lineWidth = width;
  context.setLineDash(dash);
  context.stroke(path);
}

function pathOf(shapes) {
  const path = new Path2D();
  for (const shape of shapes) {
    addRing(path, outline(shape));
    for (const hole of shape.holes ?? []) addRing(path, hole);
  }
  return path;
}

function addRing(path, ring) {
  for (const [at, [x, y]] of ring.entries()) {
    if (at) path.lineTo(x, y);
    else path.moveTo(x, y);
  }
  path.closePath();
}

function drawTags(context, shapes, { view, ratio, colours }) {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.font = FONT;
  context.textBaseline = "middle";
  for (const shape of shapes) {
    const [x, y, width, height] = shape.box;
    if (Math.max(width, height) * view.scale < SMALL) continue;
    const words = shape.state === "selected" || shape.state === "hovered" ? `${shape.tag} ${shape.title}` : shape.tag;
    drawTag(context, words, x * view.scale + view.x, y * view.scale + view.y, colours[shape.slot]);
  }
}

/** A letter or words in a box whose lower left corner is at a place of the canvas; below it where there is no room above. */
function drawTag(context, words, left, top, { line, casing, ink }) {
  const width = words.length === 1 ? TAG : context.measureText(words).width + 8;
  const x = Math.max(1, Math.round(left) - 1);
  const y = Math.max(1, Math.round(top) - TAG);
  context.fillStyle = casing;
  context.fillRect(x - 1, y - 1, width + 2, TAG + 2);
  context.fillStyle = line;
  context.fillRect(x, y, width, TAG);
  context.fillStyle = ink;
  context.textAlign = "center";
  context.fillText(words, x + width / 2, y + TAG / 2 + 0.5);
}

/** Draw handles: [{at: [x, y], kind}] in pixels of the picture; round ones are points, hollow ones make a new point. */
export function drawHandles(context, handles, { view, ratio, colours }, slot) {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.setLineDash([]);
  for (const { at, kind } of handles) {
    const [x, y] = [at[0] * view.scale + view.x, at[1] * view.scale + view.y];
    const size = kind === "between" ? 3 : 4;
    context.beginPath();
    if (kind === "corner") context.rect(x - size, y - size, 2 * size, 2 * size);
    else context.arc(x, y, size, 0, 2 * Math.PI);
    context.lineWidth = 4;
    context.strokeStyle = colours[slot].casing;
    context.stroke();
    context.lineWidth = 2;
    context.strokeStyle = colours[slot].line;
    context.fillStyle = kind === "between" ? colours[slot].line : "#ffffff";
    context.stroke();
    context.fill();
  }
}

/** Draw a crosshair over the whole canvas at a place of it. */
export function drawCross(context, [x, y], ratio) {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const [width, height] = [context.canvas.width / ratio, context.canvas.height / ratio];
  const path = new Path2D();
  path.moveTo(x, 0);
  path.lineTo(x, height);
  path.moveTo(0, y);
  path.lineTo(width, y);
  stroke(context, path, "rgb(0 0 0 / 0.55)", 3, []);
  stroke(context, path, "rgb(255 255 255 / 0.9)", 1, []);
}
