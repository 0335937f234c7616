/* What the editors of marks have in common: the answer and its operations, labels and their keys, the selected mark with its attributes and
   connections, saying that there is nothing to mark. An editor adds where marks lie and how they are made.

   An operation is `{put: answer}`; its inverse puts the former answer back. Answers are never changed in place, so this costs no copies. */

import { announce } from "@mh/app/a11y";
import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { labelsOf, listed } from "@mh/app/legend";
import { normaliseMarks, refTargets } from "@mh/app/marks";
import { parts } from "@mh/app/items";
import { title, words } from "@mh/app/words";
import { AttributesForm, toggled } from "@mh/ui/attributes";
import { icon } from "@mh/ui/icon";
import { LabelPalette } from "@mh/ui/label-palette";
import { RelationsForm } from "@mh/ui/relations";

const MERGE_MS = 1500; // operations of one kind within this time are undone together

/** Base of `spans` and `regions`. An editor has `member`, `bind()`, `paint()`, `normalise(value)`, `problems(value)`, `describe(mark)`,
    `label(key)`, `mayLabel(label)`, `reveal(mark)`, `extra(mark)`, `own()` (its further commands) and `hint()`. */
export class MarkingEditor extends HTMLElement {
  selected = null; // id of a mark
  linking = null; // kind of connection whose other end is being chosen
  #answer = null;
  #canonical = null;
  #list = null;
  #last = { merge: "", at: 0 };

  async load(given) {
    this.given = { values: () => null, surfaces: {}, ...given };
    this.question = given.question;
    this.config = given.question.config;
    this.labels = labelsOf(given.question, given.payload, given.lang);
    this.byKey = new Map(this.labels.map((label) => [label.key, label]));
    this.#answer = given.value ?? null;
    this.classList.add("marking");
    this.#build();
    this.bind();
    this.show();
  }

  dispose() {
    this.replaceChildren();
  }

  // --- the answer --------------------------------------------------------------------------------------------------------

  get value() {
    if (this.#answer === null) return null;
    this.#canonical ??= this.normalise(this.#answer);
    return this.#canonical;
  }

  set value(value) {
    this.#put(value ?? null);
    this.#last = { merge: "", at: 0 };
    this.show();
  }

  /** The marks as they are now. */
  get list() {
    this.#list ??= normaliseMarks(this.#answer, this.member, {})?.[this.member] ?? [];
    return this.#list;
  }

  get relations() {
    const { relations } = this.#answer ?? {};
    return Array.isArray(relations) ? relations : [];
  }

  get chosen() {
    return this.list.find(({ id }) => id === this.selected) ?? null;
  }

  #put(answer) {
    this.#answer = answer;
    this.#canonical = null;
    this.#list = null;
  }

  /** Carry out an operation; returns its inverse. */
  apply({ put }) {
    const inverse = { put: this.#answer };
    this.#put(put);
    this.#last = { merge: "", at: 0 };
    this.show();
    return inverse;
  }

  /** Replace the answer as the person's doing. Operations with the same `merge` that follow closely become one step of undo. */
  commit(answer, { merge = "" } = {}) {
    const now = performance.now();
    const goesOn = merge !== "" && this.#last.merge === merge && now - this.#last.at < MERGE_MS;
    const inverse = { put: this.#answer };
    this.#last = { merge, at: now };
    this.#put(answer);
    this.show();
    this.say("mh:change", { op: { put: answer }, ...(!goesOn && { inverse }) });
  }

  /** Replace the list of marks. */
  commitMarks(marks, options = {}, relations = this.relations) {
    const { none: _, ...rest } = this.#isWhole() ? this.#answer : {};
    const answer = { ...rest, [this.member]: marks };
    if (relations.length) answer.relations = relations;
    else delete answer.relations;
    this.commit(answer, options);
  }

  #isWhole() {
    return normaliseMarks(this.#answer, this.member, {}) !== null;
  }

  /** Add a mark without an id, and select it. */
  add(mark) {
    const ids = new Set(this.list.map(({ id }) => id));
    let number = this.list.length + 1;
    while (ids.has(`r${number}`)) number += 1;
    this.selected = `r${number}`;
    this.commitMarks([...this.list, { id: this.selected, ...mark }]);
    this.say("mh:select", { id: this.selected });
    announce(t("{label} set: {text}", { label: this.byKey.get(mark.label)?.title ?? mark.label, text: this.describe(this.chosen) }));
  }

  /** Change members of a mark; a member that is undefined goes away. */
  edit(id, changes, options) {
    const changed = (mark) => Object.fromEntries(Object.entries({ ...mark, ...changes }).filter(([, value]) => value !== undefined));
    this.commitMarks(this.list.map((mark) => (mark.id === id ? changed(mark) : mark)), options);
  }

  removeMark(id) {
    const at = this.list.findIndex((mark) => mark.id === id);
    if (at === -1) return;
    const left = this.list.filter((mark) => mark.id !== id);
    if (this.selected === id) this.selected = null;
    this.commitMarks(left, {}, this.relations.filter(({ from, to }) => from !== id && to !== id));
    announce(t("Deleted"));
  }

  /** Say that there is nothing to mark, or take that back. */
  setNone(none) {
    if (!none) this.commit(null);
    else this.commit(this.config.confirm_empty ? { [this.member]: [], none: true } : { [this.member]: [] });
    announce(none ? t("Nothing to mark: confirmed") : t("Not confirmed any more"));
  }

  get isNone() {
    return this.#answer !== null && this.#isWhole() && !this.list.length && (this.#answer.none === true || !this.config.confirm_empty);
  }

  validate() {
    if (this.#answer === null) return [];
    const { value } = this;
    return this.problems(value).map((problem) => {
      const [member, place] = parts(problem.path);
      const mark = member === this.member ? value[member]?.[place] : null;
      return mark?.id ? { ...problem, focus: () => this.goTo(mark.id) } : problem;
    });
  }

  // --- what is selected --------------------------------------------------------------------------------------------------

  /** Select a mark, or nothing with null; while a connection is drawn, its other end. */
  select(id) {
    if (this.linking && id && this.selected && id !== this.selected) {
      const kind = this.linking;
      this.linking = null;
      this.connect(kind, id);
      return;
    }
    if (id === this.selected && !this.linking) return;
    this.selected = id;
    this.linking = null;
    this.show();
    this.say("mh:select", { id });
    if (id) announce(this.#named(this.chosen));
  }

  /** Select a mark and bring it into view. */
  goTo(id) {
    this.select(id);
    if (this.chosen) this.reveal(this.chosen);
  }

  /** Select the next (1) or previous (-1) mark in the order of the answer. */
  step(by) {
    const marks = this.value?.[this.member] ?? [];
    if (!marks.length) return;
    const at = marks.findIndex(({ id }) => id === this.selected);
    const next = at === -1 ? (by > 0 ? 0 : marks.length - 1) : (at + by + marks.length) % marks.length;
    this.goTo(marks[next].id);
  }

  connect(type, to) {
    const line = { type, from: this.selected, to };
    if (this.relations.some((each) => each.type === type && each.from === line.from && each.to === to)) return;
    const ids = new Set(this.relations.map(({ id }) => id));
    let number = this.relations.length + 1;
    while (ids.has(`e${number}`)) number += 1;
    this.commitMarks(this.list, {}, [...this.relations, { id: `e${number}`, ...line }]);
  }

  #setAttribute(key, value, options) {
    const { [key]: _, ...rest } = this.chosen.attributes ?? {};
    const attributes = value === undefined ? rest : { ...rest, [key]: value };
    this.edit(this.selected, { attributes: Object.keys(attributes).length ? attributes : undefined }, options);
  }

  #named(mark) {
    return `${this.byKey.get(mark.label)?.title ?? mark.label}: ${this.describe(mark)}`;
  }

  /** What a reference attribute may name, in words. */
  #targets({ to }) {
    const keys = refTargets(to, this.given, this.list.map(({ id }) => id).filter((id) => id !== this.selected));
    const offered = Array.isArray(this.given.payload[to]) ? listed(this.given.payload, to) : this.list.map((mark) => ({ key: mark.id, title: this.#named(mark) }));
    return [...keys].map((key) => ({ key, title: offered.find((each) => each.key === key)?.title || key }));
  }

  // --- commands ----------------------------------------------------------------------------------------------------------

  commands() {
    const walk = [
      { id: "next-mark", title: t("Next mark"), keys: ".", when: () => this.list.length > 0, run: () => this.step(1) },
      { id: "previous-mark", title: t("Previous mark"), keys: ",", when: () => this.list.length > 0, run: () => this.step(-1) },
    ];
    if (this.given.readonly) return walk;
    return [...this.#labelCommands(), ...this.own(), ...this.#attributeCommands(), ...this.#relationCommands(), ...walk, ...this.#others()];
  }

  #labelCommands() {
    return this.counted.map((label) => ({
      id: `label-${label.key}`,
      kind: "label",
      title: label.title,
      help: words(label.help, this.given.lang),
      keys: label.hotkey || [],
      colour: label.colour,
      tag: label.tag,
      count: label.count,
      pressed: this.isPressed(label),
      when: () => this.mayLabel(label),
      run: () => this.label(label.key),
    }));
  }

  /** The labels, each with how often it is used. */
  get counted() {
    const counts = new Map();
    for (const { label } of this.list) counts.set(label, (counts.get(label) ?? 0) + 1);
    return this.labels.map((label) => ({ ...label, count: counts.get(label.key) ?? 0 }));
  }

  isPressed(label) {
    return this.chosen?.label === label.key;
  }

  #attributeCommands() {
    return (this.config.attributes ?? []).flatMap((attribute) =>
      (attribute.options ?? [])
        .filter(({ hotkey }) => hotkey)
        .map((option) => ({
          id: `attribute-${attribute.key}-${option.key}`,
          title: `${title(attribute, this.given.lang)}: ${title(option, this.given.lang)}`,
          keys: option.hotkey,
          when: () => this.chosen !== null,
          run: () => this.#setAttribute(attribute.key, toggled(attribute, this.chosen.attributes?.[attribute.key], option.key)),
        })),
    );
  }

  #relationCommands() {
    return (this.config.relations ?? []).map((kind) => ({
      id: `relation-${kind.key}`,
      title: t("Connect: {kind}", { kind: title(kind, this.given.lang) }),
      keys: kind.hotkey ?? [],
      when: () => this.chosen !== null && this.list.length > 1,
      run: () => {
        this.linking = kind.key;
        this.show();
        announce(this.hintWords());
      },
    }));
  }

  #others() {
    return [
      { id: "delete-mark", title: t("Delete the mark"), keys: ["Delete", "Backspace"], when: () => this.chosen !== null, run: () => this.removeMark(this.selected) },
      { id: "unselect", title: t("Select nothing"), keys: "Escape", when: () => this.selected !== null, run: () => this.select(null) },
      { id: "none", title: t("Nothing to mark"), keys: "Alt+0", when: () => !this.list.length && !this.config.min, run: () => this.setNone(!this.isNone) },
    ];
  }

  /** Every mark for the list of marks. */
  marks() {
    const marks = this.value?.[this.member];
    if (!Array.isArray(marks)) return [];
    return marks.filter(({ id }) => id).map((mark) => {
      const label = this.byKey.get(mark.label);
      return {
        id: mark.id,
        label: mark.label,
        title: label?.title ?? String(mark.label),
        colour: label?.colour,
        tag: label?.tag ?? "?",
        text: this.describe(mark),
        item: mark.item,
        focus: () => this.goTo(mark.id),
        ...(!this.given.readonly && { remove: () => this.removeMark(mark.id) }),
      };
    });
  }

  summary() {
    if (this.#answer === null) return "";
    const used = this.counted.filter(({ count }) => count);
    const name = title(this.question, this.given.lang);
    if (!used.length) return t("{question}: nothing marked.", { question: name });
    return `${name}: ${used.map((label) => `${label.title} ${label.count}`).join(", ")}.`;
  }

  // --- what is shown -----------------------------------------------------------------------------------------------------

  #build() {
    const { lang, readonly, palette } = this.given;
    this.tools = make("div", "marking__tools", "", { role: "group", "aria-label": t("Tools") });
    this.tools.hidden = true;
    this.hints = make("p", "marking__hint", "", { "aria-live": "off" });
    this.details = make("section", "marking__details", "", { "aria-label": t("Selected mark") });
    this.head = make("div", "marking__head");
    this.extraPlace = make("div", "marking__extra");
    this.attributesForm = new AttributesForm({
      attributes: this.config.attributes ?? [],
      lang,
      readonly,
      change: (key, value, options) => this.#setAttribute(key, value, options),
      targets: (attribute) => this.#targets(attribute),
    });
    this.relationsForm = new RelationsForm({
      kinds: this.config.relations ?? [],
      lang,
      readonly,
      name: (mark) => this.#named(mark),
      add: (kind, id) => this.connect(kind, id),
      remove: (at) => this.commitMarks(this.list, {}, this.relations.filter((_, index) => index !== at)),
      select: (id) => this.goTo(id),
    });
    this.details.append(this.head, this.extraPlace, this.attributesForm.element, this.relationsForm.element);
    this.append(this.tools, this.hints);
    if (!palette && !readonly) this.#ownPalette();
    this.append(this.details, this.#noneBox());
  }

  /** Where the page has no palette of its own, the labels stand here. */
  #ownPalette() {
    const place = this.appendChild(make("section", "marking__labels"));
    this.ownPalette = new LabelPalette(place);
  }

  #noneBox() {
    this.noneRow = make("label", "check marking__none");
    const box = make("input", "", "", { type: "checkbox" });
    box.disabled = this.given.readonly;
    box.addEventListener("change", () => this.setNone(box.checked));
    this.noneRow.append(box, make("span", "", t("Nothing to mark")));
    if (!this.given.readonly) this.noneRow.append(make("kbd", "", "Alt+0"));
    return this.noneRow;
  }

  /** Bring everything on screen up to date with the answer and the selection. */
  show() {
    if (this.selected && !this.chosen) this.selected = null;
    this.paint();
    const { chosen, given } = this;
    this.details.hidden = !chosen;
    if (chosen) this.#showHead(chosen);
    this.extra(chosen);
    this.attributesForm.update(chosen);
    this.relationsForm.update(chosen, this.list, this.relations);
    this.noneRow.hidden = this.list.length > 0 || Boolean(this.config.min) || (given.readonly && !this.isNone);
    this.noneRow.firstChild.checked = this.isNone;
    this.ownPalette?.update(this.#labelCommands());
    this.told(this.hintWords());
  }

  #showHead(mark) {
    const label = this.byKey.get(mark.label);
    const swatch = make("span", "swatch", label?.tag ?? "?", { "aria-hidden": "true", "data-label-slot": label?.colour ?? "" });
    const quote = make("bdi", "marking__quote", this.describe(mark));
    const remove = make("button", "button button--quiet button--icon button--small", "", { type: "button", "aria-label": t("Delete the mark"), title: t("Delete the mark") });
    remove.append(icon("trash"));
    remove.addEventListener("click", () => this.removeMark(mark.id));
    this.head.replaceChildren(swatch, make("strong", "", label?.title ?? mark.label), quote, ...(this.given.readonly ? [] : [remove]));
  }

  /** The line that says what to do next. */
  told(text) {
    this.hints.textContent = text;
    this.hints.hidden = !text || this.given.readonly;
  }

  hintWords() {
    if (this.linking) return t("Choose the mark to connect with: click it, or go to it with . and ,");
    return this.hint();
  }

  say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }
}
