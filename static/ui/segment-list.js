/* The stretches of an answer as rows in the order of time. */

import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";

export class SegmentList {
  element = make("ol", "segments", "", { "aria-label": t("Segments") });
  #rows = new Map(); // id -> SegmentRow
  #make;

  /** `makeRow(id)` makes the row of a stretch. */
  constructor(makeRow) {
    this.#make = makeRow;
  }

  /** The row of a stretch; undefined if there is none. */
  get(id) {
    return this.#rows.get(id);
  }

  /** Rows for these stretches and no others. One that has the keyboard is not moved, for it would lose it: the others go around it. */
  place(segments) {
    const ids = new Set(segments.map(({ id }) => id));
    for (const [id, row] of this.#rows) {
      if (ids.has(id)) continue;
      row.element.remove();
      this.#rows.delete(id);
    }
    const rows = segments.map(({ id }) => this.#row(id).element);
    const held = rows.findIndex((row) => row.contains(document.activeElement));
    if (held < 0) return rows.forEach((row, at) => this.#at(row, this.element.children[at] ?? null));
    rows.slice(0, held).forEach((row) => this.#at(row, rows[held]));
    return rows.slice(held + 1).forEach((row) => this.#at(row, null));
  }

  /** Put a row before another; in its place already, it stays. */
  #at(row, before) {
    const there = row.parentElement === this.element && (row === before || row.nextElementSibling === before);
    if (!there) this.element.insertBefore(row, before);
  }

  #row(id) {
    if (!this.#rows.has(id)) this.#rows.set(id, this.#make(id));
    return this.#rows.get(id);
  }
}
