/* The wave of a recording as one outline: pairs of lowest and highest sample, from left to right and back; as high as the loudest of them,
   so that a quiet recording can be seen as well. */

const SVG = "http://www.w3.org/2000/svg";
const QUIET = 12; // of 127: noise is not drawn as if it were speech
const LINE = 0.01; // half its height where there is silence

/** An element for Int8 pairs; a plain line for null. */
export function waveOf(peaks) {
  const pairs = peaks?.length ? peaks : new Int8Array(4);
  const count = pairs.length / 2;
  const loudest = pairs.reduce((most, each) => Math.max(most, Math.abs(each)), QUIET);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "sound__wave");
  svg.setAttribute("viewBox", `0 -1.1 ${Math.max(1, count - 1)} 2.2`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  const side = (which, sign) => Array.from({ length: count }, (_, at) => `${at} ${(-pairs[2 * at + which] / loudest - sign * LINE).toFixed(3)}`);
  path.setAttribute("d", `M${[...side(1, 1), ...side(0, -1).reverse()].join("L")}Z`);
  svg.append(path);
  return svg;
}
