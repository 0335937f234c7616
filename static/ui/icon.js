/* Icons of the sprite, for eyes only: the button around one has its own name. */

const SVG = "http://www.w3.org/2000/svg";

/** The icon `name` as an element. */
export function icon(name, className = "") {
  const sprite = document.querySelector('meta[name="mh-sprite"]')?.content ?? "";
  const element = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  element.setAttribute("class", `icon ${className}`.trim());
  element.setAttribute("aria-hidden", "true");
  element.setAttribute("width", "16");
  element.setAttribute("height", "16");
  use.setAttribute("href", `${sprite}#${name}`);
  element.append(use);
  return element;
}
