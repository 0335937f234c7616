/* Text that can be selected and marked, by mouse, touch and keyboard. It has parts (one text each); a part is drawn line by line, and only
   lines that a change touches are drawn again.

     const surface = new TextSurface(signal);
     surface.add(key, text, host, { lang, dir });            a part, drawn inside `host`
     surface.enable(label);                                  a caret, moved by the arrow keys; Shift selects
     surface.paint(layer, marks)                             marks: [{id, key, start, end, slot, dash, tag, title, state}]

   Offsets outside are code points. Events: `surface:select` {settled, exact?} (`exact` is
   there if a pointer selected: whether Alt was held), `surface:hit` {ids, key, at}, `surface:focus`.
   `state` of a mark: "" · selected · muted · lit. */

import { announce } from "@mh/app/a11y";
import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { Offsets } from "@mh/app/offsets";
import { Caret } from "@mh/surfaces/caret";
import { drawLine, levels } from "@mh/surfaces/text-marks";
import { lineAt, pointAt, rangeOf, unitAt } from "@mh/surfaces/text-places";

const LONG = 5_000; // UTF-16 units from where lines out of sight are not laid out
const SPOKEN = 80; // characters of a selection that are read out

export class TextSurface extends EventTarget {
  #parts = new Map();
  #layers = new Map();
  #selection = null; // {part, anchor, focus} in UTF-16 units
  #pressed = false;
  #touch = false;

  constructor(signal) {
    super();
    this.signal = signal;
    const options = { signal };
    document.addEventListener("selectionchange", () => this.#follow(), options);
    addEventListener("pointerup", (event) => this.#released(event), options);
    addEventListener("pointercancel", () => (this.#pressed = false), options);
    signal.addEventListener("abort", () => this.#highlight(null));
  }

  /** Draw a text inside `host`. */
  add(key, text, host, { lang = "", dir = "auto" } = {}) {
    host.classList.add("text-part");
    host.classList.toggle("is-long", text.length > LONG);
    const part = { key, host, offsets: new Offsets(text, lang || undefined), lines: [], marks: [], caret: null };
    let start = 0;
    for (const words of text.split("\n")) {
      const element = make("div", "text-line", "", { dir });
      if (lang) element.lang = lang;
      part.lines.push({ element, start, end: start + words.length, drawn: null });
      start += words.length + 1;
    }
    this.#parts.set(key, part);
    host.replaceChildren(...part.lines.map(({ element }) => element));
    this.#draw(part);
    host.addEventListener("pointerdown", (event) => this.#down(event), { signal: this.signal });
    host.addEventListener("click", (event) => this.#clicked(part, event), { signal: this.signal });
  }

  /** [{key, text}] */
  parts() {
    return [...this.#parts.values()].map(({ key, offsets }) => ({ key, text: offsets.text }));
  }

  /** The element in which a part is drawn. */
  host(key) {
    return this.#parts.get(key)?.host;
  }

  /** Make the parts focusable, with a caret. `label`: what the text is for. */
  enable(label) {
    for (const part of this.#parts.values()) {
      if (part.caret) continue;
      part.caret = new Caret(part, this);
      for (const [name, value] of Object.entries({ tabindex: 0, role: "textbox", "aria-readonly": true, "aria-multiline": true, "aria-label": label })) {
        part.host.setAttribute(name, value);
      }
      part.host.addEventListener("focus", () => this.#say("surface:focus", {}), { signal: this.signal });
    }
  }

  /** Give the keyboard to the part with the selection, else to the first one. */
  focus(key = this.#selection?.part.key) {
    (this.#parts.get(key) ?? this.#parts.values().next().value)?.host.focus({ preventScroll: true });
  }

  /** Does a part have the keyboard? */
  get hasFocus() {
    return [...this.#parts.values()].some(({ host }) => host === document.activeElement);
  }

  // --- selection -----------------------------------------------------------------------------------------------------------

  /** {key, start, end, text} of what is selected, or null. With `words` widened to whole words; always to whole characters. */
  selection({ words = false } = {}) {
    if (!this.#selection) return null;
    const { part, anchor, focus } = this.#selection;
    const [from, to] = part.offsets.widened(Math.min(anchor, focus), Math.max(anchor, focus), words);
    if (from === to) return null;
    const [start, end] = [part.offsets.toPoint(from), part.offsets.toPoint(to)];
    return { key: part.key, start, end, text: part.offsets.text.slice(from, to) };
  }

  /** Select a range of a part, or put the caret somewhere: units; `anchor` is the end that stays. For the caret. */
  place(part, anchor, focus, { spoken = false } = {}) {
    this.#selection = { part, anchor, focus };
    this.#show();
    if (spoken) this.#speak();
    this.#say("surface:select", { settled: anchor !== focus });
  }

  /** Is a finger or a mouse button down on the text? */
  get isPressed() {
    return this.#pressed;
  }

  /** The selection of a part in units, for the caret. */
  rangeOf(part) {
    return this.#selection?.part === part ? this.#selection : null;
  }

  /** Nothing is selected any more; the caret stays at the end. */
  clearSelection() {
    if (!this.#selection) return;
    const { part, anchor, focus } = this.#selection;
    const end = Math.max(anchor, focus);
    this.#selection = { part, anchor: end, focus: end };
    if (this.#isShown()) getSelection().removeAllRanges();
    this.#show();
  }

  /** Take over what the browser selected. */
  #follow() {
    const native = getSelection();
    const part = native.rangeCount ? this.#partOf(native.anchorNode) : null;
    if (!part || part !== this.#partOf(native.focusNode)) return;
    const [anchor, focus] = [unitAt(part, native.anchorNode, native.anchorOffset), unitAt(part, native.focusNode, native.focusOffset)];
    const same = this.#selection?.part === part && this.#selection.anchor === anchor && this.#selection.focus === focus;
    if (same) return;
    this.#selection = { part, anchor, focus };
    this.#highlight(null);
    part.caret?.show();
    this.#say("surface:select", { settled: !this.#pressed && anchor !== focus, ...(this.#touch && { exact: false }) });
  }

  #down(event) {
    this.#touch = event.pointerType === "touch";
    this.#pressed = !this.#touch; // fingers select by handles of the browser's own
  }

  #released(event) {
    if (!this.#pressed) return;
    this.#pressed = false;
    if (this.selection()) this.#say("surface:select", { settled: true, exact: event.altKey });
  }

  #isShown() {
    const { anchorNode } = getSelection();
    return anchorNode !== null && this.#partOf(anchorNode) !== null;
  }

  #partOf(node) {
    const element = node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement;
    const host = element?.closest(".text-part");
    return host ? ([...this.#parts.values()].find((part) => part.host === host) ?? null) : null;
  }

  /** Show the selection: as the browser's own where the text has the keyboard, else as a highlight. */
  #show() {
    const { part, anchor, focus } = this.#selection;
    part.caret?.show();
    const [from, to] = [pointAt(part, anchor), pointAt(part, focus)];
    if (part.host === document.activeElement || this.#isShown()) {
      getSelection().setBaseAndExtent(from.node, from.offset, to.node, to.offset);
      this.#highlight(null);
    } else {
      this.#highlight(anchor === focus ? null : rangeOf(part, Math.min(anchor, focus), Math.max(anchor, focus)));
    }
  }

  #highlight(range) {
    if (!globalThis.CSS?.highlights) return;
    if (range) CSS.highlights.set("mh-selection", new Highlight(range));
    else CSS.highlights.delete("mh-selection");
  }

  #speak() {
    const { part, focus } = this.#selection;
    const chosen = this.selection();
    const words = chosen ? chosen.text : part.offsets.text.slice(focus, part.offsets.next(focus));
    const said = words.length > SPOKEN ? `${words.slice(0, SPOKEN / 2)} … ${words.slice(-SPOKEN / 2)}` : words;
    announce(chosen ? t("Selected: {text}", { text: said }) : said.trim() || t("blank"));
  }

  // --- marks ---------------------------------------------------------------------------------------------------------------

  /** Show these marks on a layer in place of its former ones. */
  paint(layer, marks) {
    this.#layers.set(layer, marks);
    const all = [...this.#layers.values()].flat();
    for (const part of this.#parts.values()) {
      part.marks = levels(
        all
          .filter(({ key }) => key === part.key)
          .map((mark) => ({ ...mark, from: part.offsets.toUnit(mark.start), to: part.offsets.toUnit(mark.end) })),
      );
      this.#draw(part);
    }
  }

  #draw(part) {
    let redrawn = false;
    let first = 0;
    const { marks } = part;
    for (const line of part.lines) {
      while (first < marks.length && marks[first].reach <= line.start) first += 1;
      const own = [];
      for (let at = first; at < marks.length && marks[at].from < Math.max(line.end, line.start + 1); at += 1) {
        if (marks[at].to > line.start) own.push(marks[at]);
      }
      redrawn = drawLine(part.offsets.text, line, own) || redrawn;
    }
    if (redrawn && this.#selection?.part === part && (part.host === document.activeElement || this.#isShown())) this.#show();
  }

  #clicked(part, event) {
    const mark = event.target.closest(".mk");
    if (!mark || this.selection()) return;
    this.#say("surface:hit", { ids: mark.dataset.ids.split(" "), key: part.key, at: mark });
  }

  /** Ids of the marks at a place of the window. */
  hit(x, y) {
    return document.elementFromPoint(x, y)?.closest(".mk")?.dataset.ids.split(" ") ?? [];
  }

  /** Where a range of code points is on screen: a rectangle of the window, or null. */
  rect({ key, start, end }) {
    const part = this.#parts.get(key);
    return part ? rangeOf(part, part.offsets.toUnit(start), part.offsets.toUnit(end)).getBoundingClientRect() : null;
  }

  /** Bring a range into view and put the caret at its end. */
  reveal({ key, start, end }) {
    const part = this.#parts.get(key);
    if (!part) return;
    const line = lineAt(part, part.offsets.toUnit(start));
    const to = part.offsets.toUnit(end ?? start);
    if (part.caret) this.#selection = { part, anchor: to, focus: to };
    line.element.scrollIntoView({ block: "nearest" });
    part.caret?.show();
  }

  #say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
