/* What editors with one plain value share. A subclass draws once (`build`), shows the present value (`show`) and calls `change(next)` when the
   person has chosen; the value is always canonical. An operation is {set: value}; its inverse sets the value before. */

import { answerWords } from "@mh/app/answer-words";
import { title } from "@mh/app/words";

let serial = 0;

export class Editor extends HTMLElement {
  static version = 1;
  #value = null;

  /** See the editor contract: question, payload, value, suggestion, readonly, compare, surfaces, items, order, lang, prefs, signal. */
  async load({ value, ...given }) {
    Object.assign(this, given);
    this.config = given.question.config ?? {};
    this.serial = `answer-${(serial += 1)}`;
    this.#value = value ?? null;
    this.classList.add("editor", `editor--${given.question.type}`);
    if (given.readonly) this.classList.add("is-readonly");
    this.build();
    this.show();
  }

  get value() {
    return this.#value;
  }

  set value(value) {
    this.#value = value ?? null;
    this.show();
  }

  /** The person has changed the value. Without `undoable` the step joins the one before it. */
  change(next, { undoable = true } = {}) {
    if (this.readonly || equal(next, this.#value)) return;
    const inverse = undoable ? { set: this.#value } : undefined;
    this.#value = next;
    this.show();
    this.say("mh:change", { op: { set: next }, inverse });
  }

  apply(op) {
    const inverse = { set: this.#value };
    this.#value = op.set;
    this.show();
    return inverse;
  }

  build() {}

  show() {}

  validate() {
    return [];
  }

  commands() {
    return [];
  }

  marks() {
    return [];
  }

  summary() {
    return this.#value === null ? "" : `${title(this.question, this.lang)}: ${answerWords(this.question, this.#value).replaceAll("\n", " · ")}`;
  }

  dispose() {
    this.replaceChildren();
  }

  say(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }

  /** Names of the compared answers for which `test(value)` holds; empty where nothing is compared. */
  comparedBy(test) {
    return Object.entries(this.compare ?? {})
      .filter(([, value]) => value !== null && test(value))
      .map(([name]) => name);
  }
}

/** Equal as JSON. */
export function equal(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}
