/* records: a list that is written, row by row. Enter goes to the next row and adds one at the end; Alt with an arrow moves the row, and in
   a tree puts it below another. A row in which nothing is written yet is no part of the answer. */

import { announce } from "@mh/app/a11y";
import { Editor, equal } from "@mh/app/editor";
import { t } from "@mh/app/i18n";
import { parts } from "@mh/app/items";
import { make } from "@mh/app/layout";
import { listed } from "@mh/app/legend";
import { refTargets } from "@mh/app/marks";
import { MOST, recordProblems } from "@mh/app/record-checks";
import { broughtBy, endOf, freeId, lowered, moved, numbersOf, raised, recordsOf, rowsOf, saysNothing, without } from "@mh/app/record-rows";
import { recordWords } from "@mh/app/record-words";
import { iconButton } from "@mh/app/schema-forms";
import { title, words } from "@mh/app/words";
import { RecordRow } from "@mh/ui/record-row";

const STEP_MS = 1000; // typing without a longer pause is one step of undo

export default class extends Editor {
  static type = "records";
  #rows = []; // also those in which nothing is written yet
  #views = new Map(); // id -> RecordRow
  #typed = -Infinity;

  build() {
    const { tree, ordered, render, prefill } = this.config;
    this.columns = this.config.columns;
    this.moves = Boolean(ordered || tree);
    this.body = make("tbody");
    this.box = make("div", render === "cards" ? "records records--cards" : "records");
    const table = make("table", "records__table", "", { "aria-label": title(this.question, this.lang) });
    table.append(this.#buildHead(), this.body);
    this.box.append(table);
    this.empty = make("p", "muted small");
    this.append(this.box, this.empty, ...(this.readonly ? [] : [this.#buildFoot()]));
    this.addEventListener("keydown", (event) => this.#enter(event));
    if (this.value === null && prefill && !this.readonly) {
      const records = broughtBy(this.payload, this.config);
      if (records.length) super.value = { records };
    }
  }

  #buildHead() {
    const [head, row] = [make("thead"), make("tr")];
    const number = make("th", "", "", { scope: "col" });
    number.append(make("span", "visually-hidden", t("Row")));
    row.append(number, ...this.columns.map((column) => this.#columnHead(column)));
    if (!this.readonly) row.append(make("td"));
    head.append(row);
    return head;
  }

  #columnHead(column) {
    const head = make("th", "", title(column, this.lang), { scope: "col" });
    if (column.required && column.type !== "boolean" && !this.readonly) head.append(" ", make("span", "call-form__needed", t("needed")));
    if (column.help) head.append(make("div", "records__help", words(column.help, this.lang)));
    return head;
  }

  #buildFoot() {
    const foot = make("div", "cluster gap-3");
    const add = make("button", "button button--small", t("Add a row"), { type: "button" });
    add.addEventListener("click", () => this.add());
    foot.append(add);
    const { confirm_empty: confirm, min } = this.config;
    if (confirm || (min === 0 && this.question.required !== false)) {
      this.none = make("button", "button button--small judge__option", t("There are none"), { type: "button" });
      this.none.addEventListener("click", () => this.toggleNone());
      foot.append(this.none);
    }
    this.count = make("span", "muted small");
    foot.append(this.count);
    return foot;
  }

  get focusPoint() {
    return this.body.querySelector("input, textarea, select, button");
  }

  // --- what the person does ----------------------------------------------------------------------------------------------

  /** The place of the row that has the keyboard; -1 if none has. */
  get #held() {
    return this.#rows.findIndex(({ id }) => this.#views.get(id)?.node.contains(document.activeElement));
  }

  /** A row behind the one in hand and all that stands below it, else at the end; one in which nothing is written yet is as good. */
  add() {
    const { max = MOST } = this.config;
    if (recordsOf(this.#rows).length >= max) return announce(t("At most {max} allowed.", { max }));
    const at = this.#held;
    const end = at < 0 ? this.#rows.length : endOf(this.#rows, at);
    const open = this.#rows[end - 1];
    if (open && saysNothing(open.cells)) return this.#views.get(open.id).focus();
    const row = { id: freeId(this.#rows), depth: at < 0 ? 0 : this.#rows[at].depth, cells: {} };
    this.#put(this.#rows.toSpliced(end, 0, row));
    return this.#views.get(row.id).focus();
  }

  /** Enter goes on to the same cell of the next row; behind the last one it adds a row, unless nothing is written in that yet. */
  #enter(event) {
    if (event.key !== "Enter" || event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    const at = this.#held;
    const next = this.#rows[at + 1];
    if (next) this.#views.get(next.id).focus(this.#views.get(this.#rows[at].id).held);
    else if (!saysNothing(this.#rows[at].cells)) this.add();
  }

  remove(at) {
    if (at < 0) return;
    this.#put(without(this.#rows, at));
    this.#views.get(this.#rows[Math.min(at, this.#rows.length - 1)]?.id)?.focus();
  }

  /** Move the row at a place by one of the ways of an outline; the keyboard stays where it is. */
  #move(at, way, ...by) {
    const row = this.#rows[at];
    const next = at < 0 ? null : way(this.#rows, at, ...by);
    if (!next) return;
    this.#put(next);
    announce(t("Row {n}", { n: numbersOf(this.#rows)[this.#rows.findIndex(({ id }) => id === row.id)] }));
  }

  toggleNone() {
    this.change(this.value?.none ? null : { records: [], none: true });
  }

  #write(id, { typed }) {
    const now = performance.now();
    const cells = this.#views.get(id).read();
    this.#put(this.#rows.map((row) => (row.id === id ? { ...row, cells } : row)), { undoable: !typed || now - this.#typed > STEP_MS });
    this.#typed = typed ? now : -Infinity;
  }

  /** These are the rows now. */
  #put(rows, { undoable = true } = {}) {
    this.#rows = rows;
    const records = recordsOf(rows);
    const none = this.config.min === 0 && this.value ? { records: [] } : null;
    const next = records.length ? { records } : none;
    if (equal(next, this.value)) this.show();
    else this.change(next, { undoable });
  }

  // --- how it looks ------------------------------------------------------------------------------------------------------

  show() {
    this.#rows = this.#withOpen(rowsOf(this.value));
    const numbers = numbersOf(this.#rows);
    const shown = this.#rows.map((row, at) => this.#showRow(row, numbers[at]));
    for (const id of this.#views.keys()) if (!this.#rows.some((row) => row.id === id)) this.#views.delete(id);
    if (shown.length !== this.body.childElementCount || shown.some((node, at) => this.body.children[at] !== node)) {
      const held = document.activeElement;
      this.body.replaceChildren(...shown);
      if (this.body.contains(held)) held.focus();
    }
    this.box.hidden = !shown.length;
    this.empty.textContent = shown.length ? "" : this.value === null ? t("No answer") : t("There are none");
    this.empty.hidden = !this.empty.textContent || Boolean(this.none);
    this.none?.setAttribute("aria-pressed", String(this.value?.none === true));
    if (this.count) this.count.textContent = this.#countWords();
  }

  /** The rows of the answer, and those in which nothing is written, where they stood; one of these if there is nothing else. */
  #withOpen(said) {
    const rows = [...said];
    this.#rows.forEach((row, at) => {
      if (this.value?.none || rows.some(({ id }) => id === row.id) || !saysNothing(row.cells)) return;
      const before = this.#rows.slice(0, at).findLast(({ id }) => rows.some((each) => each.id === id));
      rows.splice(before ? rows.findIndex(({ id }) => id === before.id) + 1 : 0, 0, row);
    });
    if (!rows.length && !this.readonly && !this.value?.none) rows.push({ id: freeId([]), depth: 0, cells: {} });
    return rows;
  }

  #showRow(row, number) {
    if (!this.#views.has(row.id)) this.#views.set(row.id, this.#view(row.id));
    const view = this.#views.get(row.id);
    view.show(row, number, this.comparedBy((given) => given.records?.some(({ cells }) => equal(cells, row.cells))));
    return view.node;
  }

  #view(id) {
    return new RecordRow({
      columns: this.columns,
      lang: this.lang,
      readonly: this.readonly,
      changed: (how) => this.#write(id, how),
      targets: (column) => this.#targets(column),
      tools: this.readonly ? [] : this.#tools(() => this.#rows.findIndex((row) => row.id === id)),
    });
  }

  /** Buttons of a row; `at()` is its place. */
  #tools(at) {
    const tool = (icon, name, run) => ({ node: iconButton(icon, "", run), name });
    const up = [
      tool("arrow-up", (n) => t("Move row {n} up", { n }), () => this.#move(at(), moved, -1)),
      tool("arrow-down", (n) => t("Move row {n} down", { n }), () => this.#move(at(), moved, 1)),
    ];
    const out = [
      tool("arrow-left", (n) => t("Take row {n} out", { n }), () => this.#move(at(), raised)),
      tool("arrow-right", (n) => t("Put row {n} below the one before it", { n }), () => this.#move(at(), lowered)),
    ];
    return [...(this.moves ? up : []), ...(this.config.tree ? out : []), tool("trash", (n) => t("Remove row {n}", { n }), () => this.remove(at()))];
  }

  /** What a reference may name, in words: items of the task, rows or marks of an earlier question. */
  #targets({ to }) {
    const keys = refTargets(to, this, []);
    const records = this.values(to)?.records ?? [];
    const rows = records.map((record) => ({ key: record.id, title: Object.values(record.cells).find((cell) => typeof cell === "string") }));
    const offered = Array.isArray(this.payload[to]) ? listed(this.payload, to) : rows;
    return [...keys].map((key) => ({ key, title: offered.find((each) => each.key === key)?.title || key }));
  }

  #countWords() {
    const { min, max } = this.config;
    const n = this.value?.records.length ?? 0;
    const range = min && max !== undefined ? ` (${min}–${max})` : min ? ` (≥ ${min})` : max !== undefined ? ` (≤ ${max})` : "";
    return t(["{n} row", "{n} rows"], { n }) + range;
  }

  // --- what is wrong -----------------------------------------------------------------------------------------------------

  validate() {
    if (!this.value) return [];
    const { records, none } = this.value;
    const open = records.flatMap(({ id }, at) => this.#views.get(id)?.unfinished.map((key) => `/records/${at}/cells/${key}`) ?? []);
    if (this.config.confirm_empty && !records.length) return none ? [] : [{ path: "", code: "empty_unconfirmed", severity: "error" }];
    const found = recordProblems(records, this.config).filter(({ path }) => !open.includes(path));
    const unread = open.map((path) => ({ path, code: "type", severity: "error", params: { wanted: t("something else") } }));
    return [...unread, ...found].map((problem) => ({ ...problem, focus: () => this.focusAt(problem.path) }));
  }

  /** Give the keyboard to the cell that a path names; `path` may begin further out. */
  focusAt(path) {
    const { row, key } = this.#cellAt(path);
    if (row) row.focus(key);
    else this.focusPoint?.focus();
  }

  #cellAt(path) {
    const names = parts(path);
    const at = names.findIndex((name, place) => name === "records" && names[place + 2] === "cells");
    const id = this.value?.records[names[at + 1]]?.id;
    return { row: at < 0 ? undefined : this.#views.get(id), key: names[at + 3] };
  }

  /** Say what is wrong in the cells it is about; returns the problems that are about no cell. */
  showProblems(problems) {
    const placed = problems.map((problem) => ({ problem, ...this.#cellAt(problem.path) }));
    const found = new Set();
    for (const view of this.#views.values()) {
      const own = placed.filter(({ row, key }) => row === view && key !== undefined);
      const keys = view.showProblems(Object.fromEntries(own.map(({ key, problem }) => [key, problem.message])));
      for (const { key, problem } of own) if (keys.includes(key)) found.add(problem);
    }
    return problems.filter((problem) => !found.has(problem));
  }

  summary() {
    const { records } = this.value ?? {};
    return records ? `${title(this.question, this.lang)}: ${records.map((record) => recordWords(this.config, record, this.lang)).join("; ")}` : "";
  }

  commands() {
    if (this.readonly) return [];
    const held = () => this.#held >= 0;
    const move = (id, name, keys, ...way) => ({ id, title: name, keys, when: held, repeats: true, run: () => this.#move(this.#held, ...way) });
    return [
      { id: "add-row", title: t("Add a row"), keys: ["a", "Alt+Enter"], run: () => this.add() },
      { id: "remove-row", title: t("Remove the row"), keys: "Alt+Delete", when: held, run: () => this.remove(this.#held) },
      ...(this.moves ? [move("row-up", t("Move the row up"), "Alt+ArrowUp", moved, -1), move("row-down", t("Move the row down"), "Alt+ArrowDown", moved, 1)] : []),
      ...(this.config.tree ? [move("row-out", t("Take the row out"), "Alt+ArrowLeft", raised), move("row-below", t("Put the row below the one before it"), "Alt+ArrowRight", lowered)] : []),
      ...(this.none ? [{ id: "no-rows", title: t("There are none"), keys: "Alt+0", run: () => this.toggleNone() }] : []),
    ];
  }
}
