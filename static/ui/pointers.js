/* What an agent pointed at on a screenshot: places and boxes, drawn over the picture. */

const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 0.018; // of the width

/** The figure of a screenshot with its marks; as it is if nothing was pointed at or its size is not known. */
export function pointers(figure, { width, height }, { pointer = [], boxes = [] }) {
  if (!width || !height || !(pointer.length + boxes.length)) return figure;
  const svg = draw("svg", { class: "pointers", viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  svg.append(...boxes.map(([x, y, w, h]) => draw("rect", { x, y, width: w, height: h })));
  svg.append(...pointer.map(({ x, y }) => draw("circle", { cx: x, cy: y, r: width * RADIUS })));
  figure.classList.add("has-pointers");
  figure.append(svg);
  return figure;
}

function draw(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}
