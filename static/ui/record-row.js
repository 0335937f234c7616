/* One row of a list that is written: a number, a control or the words of each cell, and the tools of the row. */

import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { showBy } from "@mh/app/options";
import { cellWords } from "@mh/app/record-words";
import { title } from "@mh/app/words";
import { cellControl } from "@mh/ui/record-cells";

let serial = 0;

export class RecordRow {
  node = make("tr", "records__row");
  #cells = new Map(); // column key -> {column, box, said, control}
  #head = make("th", "records__number-cell num", "", { scope: "row" });

  /** `changed({typed})` after each change; `targets(column)`: what a reference may name; `tools`: buttons of the row, [{node, name(n)}]. */
  constructor({ columns, lang, readonly, changed, targets, tools }) {
    Object.assign(this, { columns, lang, readonly, tools });
    this.number = make("span");
    this.#head.append(this.number, make("span", "option__by"));
    this.node.append(this.#head);
    for (const column of columns) this.#addCell(column, changed, () => targets(column));
    if (readonly) return;
    const last = make("td", "records__tools");
    last.append(...tools.map(({ node }) => node));
    this.node.append(last);
  }

  #addCell(column, changed, targets) {
    const box = make("td", `records__cell records__cell--${column.type}`, "", { "data-label": title(column, this.lang) });
    const control = this.readonly ? null : cellControl(column, { lang: this.lang, changed, targets });
    const said = make("p", "records__problem", "", { id: `record-problem-${(serial += 1)}` });
    said.hidden = true;
    box.append(control?.node ?? make("div", "prewrap", "", { dir: "auto" }), said);
    this.#cells.set(column.key, { column, box, said, control });
    this.node.append(box);
  }

  /** What is written: cells in the order of the columns. */
  read() {
    const cells = [...this.#cells].map(([key, { control }]) => [key, control.read()]);
    return Object.fromEntries(cells.filter(([, cell]) => cell !== undefined));
  }

  /** `number`: what the row is called; `by`: names of the compared answers that have the same row. */
  show({ cells, depth }, number, by) {
    this.node.style.setProperty("--depth", depth);
    this.number.textContent = number;
    showBy(this.#head, by);
    for (const [key, cell] of this.#cells) this.#showCell(cell, cells[key], number);
    for (const { node, name } of this.tools ?? []) {
      node.setAttribute("aria-label", name(number));
      node.title = name(number);
    }
  }

  #showCell({ column, box, control }, cell, number) {
    if (!control) {
      box.firstChild.textContent = cell === undefined ? "–" : cellWords(column, cell, this.lang);
      return;
    }
    control.node.setAttribute("aria-label", t("{column}, row {n}", { column: title(column, this.lang), n: number }));
    if (column.type === "ref" || (!control.broken() && JSON.stringify(control.read()) !== JSON.stringify(cell))) control.write(cell);
  }

  /** Keys of cells in which something is written that is no value yet. */
  get unfinished() {
    return [...this.#cells].filter(([, { control }]) => control?.broken()).map(([key]) => key);
  }

  /** The column whose cell has the keyboard. */
  get held() {
    return [...this.#cells].find(([, { box }]) => box.contains(document.activeElement))?.[0];
  }

  /** Give the keyboard to a cell, or to the first one. */
  focus(key) {
    const { control } = this.#cells.get(key) ?? [...this.#cells.values()][0];
    (control?.node.matches(".chips") ? control.node.firstChild : control?.node)?.focus();
  }

  /** Say what is wrong in the cells: {key: message}; returns the keys that have found their place. */
  showProblems(messages) {
    for (const [key, { said, control }] of this.#cells) {
      const words = messages[key] ?? "";
      said.textContent = words;
      said.hidden = !words;
      if (!control) continue;
      control.node.toggleAttribute("aria-invalid", false);
      control.node.removeAttribute("aria-describedby");
      if (words && !control.node.matches(".chips")) control.node.setAttribute("aria-invalid", "true");
      if (words) control.node.setAttribute("aria-describedby", said.id);
    }
    return Object.keys(messages).filter((key) => this.#cells.has(key));
  }
}
