/* Between the page and the text of a part: which line, node or offset stands for which place. Units are UTF-16. */

/** The line in which a unit lies. */
export function lineAt(part, unit) {
  let [low, high] = [0, part.lines.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (part.lines[middle].start <= unit) low = middle;
    else high = middle - 1;
  }
  return part.lines[low];
}

/** The node and offset at a unit. */
export function pointAt(part, unit) {
  const line = lineAt(part, unit);
  const walker = document.createTreeWalker(line.element, NodeFilter.SHOW_TEXT);
  let left = Math.min(unit, line.end) - line.start;
  let node = walker.nextNode();
  if (!node) return { node: line.element, offset: 0 };
  while (left > node.length) {
    left -= node.length;
    const next = walker.nextNode();
    if (!next) return { node, offset: node.length };
    node = next;
  }
  return { node, offset: left };
}

/** The unit at a node and offset inside a part. */
export function unitAt(part, node, offset) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  const line = part.lines.find((each) => each.element === element.closest(".text-line"));
  if (!line) {
    const child = part.host.childNodes[offset];
    const at = part.lines.find((each) => each.element === child);
    return at ? at.start : part.offsets.text.length;
  }
  const range = document.createRange();
  range.setStart(line.element, 0);
  range.setEnd(node, offset);
  return line.start + range.toString().length;
}

/** A range of the page from one unit to another. */
export function rangeOf(part, from, to) {
  const range = document.createRange();
  const [start, end] = [pointAt(part, from), pointAt(part, to)];
  range.setStart(start.node, start.offset);
  range.setEnd(end.node, end.offset);
  return range;
}
