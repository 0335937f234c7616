/* Several orders of the same things as a picture: a column per order, a line per thing. Where lines cross, the orders differ. */

const SVG = "http://www.w3.org/2000/svg";
const [COLUMN, ROW, TOP, SIDE, DOT] = [132, 30, 34, 128, 11];
const SHORT = 18;

function draw(tag, attributes, text = "") {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.textContent = text;
  return element;
}

/** `columns`: [{name, order: [[key, …] best first, …]}]; `things`: [{key, name}]; `label` says what is shown. */
export function rankSlopes(columns, things, label) {
  const width = 2 * SIDE + (columns.length - 1) * COLUMN;
  const svg = draw("svg", { class: "slopes", viewBox: `0 0 ${width} ${TOP + things.length * ROW}`, role: "img", "aria-label": label });
  const ranks = columns.map(({ order }) => ranksOf(order));
  columns.forEach(({ name }, at) => svg.append(draw("text", { class: "slopes__head", x: SIDE + at * COLUMN, y: 14, "text-anchor": "middle" }, name)));
  const lines = things.map(({ key, name }, index) => ({ name, index, points: pointsOf(ranks, key), moved: new Set(ranks.map((rank) => rank.get(key))).size > 1 }));
  for (const line of lines.sort((a, b) => a.moved - b.moved)) svg.append(lineOf(line)); // what moved lies on top
  return svg;
}

/** The mean place of each thing, 1 = best: tied things share theirs. */
function ranksOf(order) {
  const ranks = new Map();
  let before = 0;
  for (const group of order) {
    for (const key of group) ranks.set(key, before + (group.length + 1) / 2);
    before += group.length;
  }
  return ranks;
}

/** Of tied things, those further down the list stand a little lower, so that none hides another. */
function pointsOf(ranks, key) {
  return ranks.flatMap((rank, at) => {
    if (!rank.has(key)) return [];
    const tied = [...rank].filter(([, place]) => place === rank.get(key)).map(([each]) => each);
    const shift = tied.indexOf(key) - (tied.length - 1) / 2;
    return [{ x: SIDE + at * COLUMN, y: TOP + (rank.get(key) - 0.5 + shift) * ROW }];
  });
}

function lineOf({ name, index, points, moved }) {
  const group = draw("g", { class: `slopes__thing${moved ? " is-moved" : ""}`, "data-label-slot": (index % 12) + 1 });
  if (!points.length) return group;
  group.append(draw("path", { class: "slopes__line", d: `M${points.map(({ x, y }) => `${x} ${y}`).join("L")}` }));
  for (const { x, y } of points) {
    group.append(draw("circle", { class: "slopes__dot", cx: x, cy: y, r: DOT }), draw("text", { class: "slopes__number", x, y: y + 4, "text-anchor": "middle" }, index + 1));
  }
  const words = name.length > SHORT ? `${name.slice(0, SHORT - 1)}…` : name;
  group.append(draw("text", { class: "slopes__name", x: points[0].x - DOT - 6, y: points[0].y + 4, "text-anchor": "end" }, words));
  group.append(draw("text", { class: "slopes__name", x: points.at(-1).x + DOT + 6, y: points.at(-1).y + 4 }, words));
  return group;
}
