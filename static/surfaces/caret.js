/* A caret in a text that cannot be written in: arrow keys move it by characters, with Ctrl or Alt by words, up and down by lines; Shift
   selects. In text from right to left the arrows follow the eye. */

import { make } from "@mh/app/layout";
import { lineAt, rangeOf, unitAt } from "@mh/surfaces/text-places";

export class Caret {
  #element = make("span", "text-caret", "", { "aria-hidden": "true" });
  #column = null; // px from the left of the window, kept while going up and down

  constructor(part, surface) {
    this.part = part;
    this.surface = surface;
    const options = { signal: surface.signal };
    part.host.append(this.#element);
    part.host.addEventListener("keydown", (event) => this.#key(event), options);
    part.host.addEventListener("focus", () => this.#entered(), options);
    part.host.addEventListener("blur", () => (this.#element.hidden = true), options);
    this.#element.hidden = true;
  }

  /** Draw the caret where the selection's moving end is; a selection has none. */
  show() {
    const range = this.surface.rangeOf(this.part);
    this.#element.hidden = !range || range.anchor !== range.focus || document.activeElement !== this.part.host;
    if (this.#element.hidden) return;
    const [box, host] = [this.#rect(range.focus), this.part.host.getBoundingClientRect()];
    this.#element.style.insetInlineStart = "auto";
    this.#element.style.left = `${box.left - host.left}px`;
    this.#element.style.top = `${box.top - host.top}px`;
    this.#element.style.height = `${box.height}px`;
  }

  #entered() {
    if (this.surface.isPressed) return; // the browser is about to say where
    const range = this.surface.rangeOf(this.part);
    const { anchor, focus } = range ?? { anchor: 0, focus: 0 };
    this.surface.place(this.part, anchor, focus);
  }

  #rect(unit) {
    const rects = rangeOf(this.part, unit, unit).getClientRects();
    if (rects.length) return rects[rects.length - 1];
    const box = lineAt(this.part, unit).element.getBoundingClientRect(); // an empty line has no text to measure
    return getComputedStyle(this.part.host).direction === "rtl" ? new DOMRect(box.right, box.top, 0, box.height) : box;
  }

  #key(event) {
    if (event.isComposing || event.metaKey) return;
    const range = this.surface.rangeOf(this.part) ?? { anchor: 0, focus: 0 };
    const to = this.#target(event, range);
    if (to === null) return;
    event.preventDefault();
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") this.#column = null;
    const anchor = event.shiftKey ? range.anchor : to;
    this.surface.place(this.part, event.code === "KeyA" ? 0 : anchor, to, { spoken: true });
    lineAt(this.part, to).element.scrollIntoView({ block: "nearest" });
  }

  /** Where a key leads, or null if it is none of ours. */
  #target(event, { anchor, focus }) {
    const { offsets } = this.part;
    const far = event.ctrlKey || event.altKey;
    const line = lineAt(this.part, focus);
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const forward = (event.key === "ArrowRight") !== (getComputedStyle(line.element).direction === "rtl");
      if (!event.shiftKey && anchor !== focus) return forward ? Math.max(anchor, focus) : Math.min(anchor, focus);
      if (forward) return far ? offsets.nextWord(focus) : offsets.next(focus);
      return far ? offsets.previousWord(focus) : offsets.previous(focus);
    }
    if (event.key === "Home") return event.ctrlKey ? 0 : line.start;
    if (event.key === "End") return event.ctrlKey ? offsets.text.length : line.end;
    if (event.key === "a" && event.ctrlKey) return offsets.text.length;
    if (far) return null;
    return { ArrowUp: () => this.#vertical(focus, -1), ArrowDown: () => this.#vertical(focus, 1) }[event.key]?.() ?? null;
  }

  /** The place one line of the screen above or below. */
  #vertical(unit, by) {
    const box = this.#rect(unit);
    this.#column ??= box.left;
    const host = this.part.host.getBoundingClientRect();
    const height = parseFloat(getComputedStyle(this.part.host).lineHeight) || box.height * 1.5;
    const y = box.top + box.height / 2 + by * height;
    if (y < host.top) return 0;
    if (y > host.bottom) return this.part.offsets.text.length;
    const found = caretAt(Math.min(Math.max(this.#column, host.left + 1), host.right - 1), y);
    return found && this.part.host.contains(found.node) ? this.part.offsets.floor(unitAt(this.part, found.node, found.offset)) : unit;
  }
}

/** The text position at a place of the window; the two spellings of one browser function. */
function caretAt(x, y) {
  if (document.caretPositionFromPoint) {
    const found = document.caretPositionFromPoint(x, y);
    return found && { node: found.offsetNode, offset: found.offset };
  }
  const range = document.caretRangeFromPoint?.(x, y);
  return range && { node: range.startContainer, offset: range.startOffset };
}
