/* How marks look on text: a tint, a letter where they begin, and underlines in their colour and dash, stacked where marks overlap. */

import { make } from "@mh/app/layout";

const STEP = 3; // px from one underline to the next
const DASHES = [
  (colour) => `linear-gradient(${colour}, ${colour})`,
  (colour) => `repeating-linear-gradient(90deg, ${colour} 0 6px, transparent 6px 9px)`,
  (colour) => `repeating-linear-gradient(90deg, ${colour} 0 2px, transparent 2px 4px)`,
  (colour) => `repeating-linear-gradient(90deg, ${colour} 0 7px, transparent 7px 9px, ${colour} 9px 11px, transparent 11px 13px)`,
];

/** Marks in order, each with the `level` of its underline (0 nearest to the text) and how far it or any before it reaches. */
export function levels(marks) {
  const sorted = [...marks].sort((a, b) => a.from - b.from || b.to - a.to);
  const ends = [];
  let reach = 0;
  return sorted.map((mark) => {
    let level = ends.findIndex((end) => end <= mark.from);
    if (level === -1) level = ends.length;
    ends[level] = mark.to;
    reach = Math.max(reach, mark.to);
    return { ...mark, level, reach };
  });
}

/** The stretches of a line, each under the same marks: [{from, to, marks, key}]; equal keys look alike. */
export function stretches(line, marks) {
  const borders = new Set([line.start, line.end]);
  for (const { from, to } of marks) {
    borders.add(Math.max(from, line.start));
    borders.add(Math.min(to, line.end));
  }
  const sorted = [...borders].sort((a, b) => a - b);
  return sorted.slice(0, -1).map((from, at) => {
    const to = sorted[at + 1];
    const covering = marks.filter((mark) => mark.from <= from && mark.to >= to);
    return { from, to, marks: covering, key: [from, to, ...covering.map(looks)].join("\u0002") };
  });
}

function looks({ id, from, slot, dash, tag, state, level, title }) {
  return [id, from, slot, dash, tag, state, level, title].join("\u0001");
}

/** Draw a line: of its nodes only those are made anew whose stretches changed. Returns whether there were any. */
export function drawLine(text, line, marks) {
  const [before, after] = [line.drawn ?? [], stretches(line, marks)];
  let start = 0;
  while (start < after.length && start < before.length && before[start].key === after[start].key) start += 1;
  let end = 0;
  while (end < Math.min(after.length, before.length) - start && before.at(-1 - end).key === after.at(-1 - end).key) end += 1;
  line.drawn = after;
  if (start === after.length && start === before.length) return false;
  const nodes = after.slice(start, after.length - end).map((part) => nodeOf(text.slice(part.from, part.to), part));
  for (const old of [...line.element.childNodes].slice(start, before.length - end)) old.remove();
  const next = line.element.childNodes[start] ?? null;
  for (const node of nodes) line.element.insertBefore(node, next);
  return true;
}

function nodeOf(words, { from, marks }) {
  return marks.length ? stretch(words, marks, from) : document.createTextNode(words);
}

function stretch(words, covering, from) {
  const element = make("mark", "mk", words);
  const top = covering.find(({ state }) => state === "selected") ?? covering.reduce((a, b) => (b.to - b.from <= a.to - a.from ? b : a));
  const depth = Math.max(...covering.map(({ level }) => level));
  element.dataset.ids = covering.map(({ id }) => id).join(" ");
  element.dataset.labelSlot = top.slot;
  element.title = covering.map(({ title }) => title).join(" · ");
  const tag = covering.filter((mark) => mark.from === from).map((mark) => mark.tag).join(" ");
  if (tag) element.dataset.tag = tag;
  if (top.state) element.classList.add(`is-${top.state}`);
  const { style } = element;
  style.setProperty("--lines", covering.map(({ slot, dash }) => DASHES[dash](`var(--label-${slot})`)).join(", "));
  style.setProperty("--places", covering.map(({ level }) => `0 calc(100% - ${(depth - level) * STEP}px)`).join(", "));
  style.paddingBlockEnd = `${(depth + 1) * STEP}px`;
  return element;
}
