/* A task on screen: viewers for its fields, editors for its questions, one undo stack, one value. No network.

   Used by the workspace, the project builder's preview and the review desk:

     const stage = await mountStage(root, { schema, payload, value, readonly, compare, prefs, seed, panel, exits });
     stage.value · stage.validate() · stage.showProblems(list) · stage.commands() · stage.labels() · stage.marks()
     stage.undo() · stage.redo() · stage.activate(id) · stage.step(±1) · stage.dispose()

   Events: change {id, question, item, op} · done {id} · select {id} · active {id} · exit {type, reason} · busy.

   An editor says what it did by `mh:change` with {op, inverse}; `apply(op)` carries out an operation and returns its inverse. */

import { Composer, present } from "@mh/app/composer";
import { brokenRules, holds, visible } from "@mh/app/conditions";
import { History } from "@mh/app/history";
import { askedKeys, parts, pointer, shownOrder } from "@mh/app/items";
import { make } from "@mh/app/layout";
import { message } from "@mh/app/problems";
import * as registry from "@mh/app/registry";
import { language } from "@mh/app/words";

/** Show a task inside `root`; resolves when it can be used. See the head of this file. */
export async function mountStage(root, options) {
  const stage = new Stage(root, options);
  await stage.mount();
  return stage;
}

/** Load the modules a schema needs and decode what a payload shows, without showing it. Failures are left to the real thing. */
export async function prefetchStage({ schema, payload, signal }) {
  await registry.preload(schema);
  const fields = schema.fields.filter((field) => present(payload[field.name]));
  await Promise.allSettled(
    fields.map(async (field) => (await registry.viewer(field.type)).prefetch?.(field, payload[field.name], signal)),
  );
}

export class Stage extends EventTarget {
  #abort = new AbortController();
  #composer;
  #editors;
  #history = new History((id, op) => this.#editors.get(id).element.apply(op));
  #active = null;
  #size = 0;
  #asked = new Set();

  constructor(root, options) {
    super();
    const { value = {}, prefs = {}, suggestions = {}, seed = "", readonly = false, compare = null } = options;
    this.root = root;
    this.schema = options.schema;
    this.payload = options.payload;
    /** Order in which the items of shuffled fields are shown: part of the answer. */
    this.shown = options.shown ?? shownOrder(this.schema, this.payload, seed);
    this.#composer = new Composer({
      root,
      options: { ...options, value, prefs, suggestions, readonly, compare, lang: options.lang ?? language() },
      shown: this.shown,
      signal: this.#abort.signal,
      listen: (...places) => this.#listen(...places),
      say: (type, detail) => this.#say(type, detail),
    });
    this.#editors = this.#composer.editors;
  }

  async mount() {
    this.root.classList.add("stage");
    await this.#composer.build();
    this.#refresh();
    const first = this.firstOpen() ?? this.#first();
    if (first) this.activate(first, { focus: false });
  }

  // --- value ---------------------------------------------------------------------------------------------------------

  /** The answer so far, `{question: value}`: only what is asked and answered. */
  get value() {
    return visible(this.schema, this.payload, this.#given(), (question) => askedKeys(question, this.payload));
  }

  /** Show another answer; the undo stack starts anew. */
  set value(value) {
    for (const { question, item, element } of this.#editors.values()) {
      const given = value[question.name];
      element.value = (item === undefined ? given : given?.[item]) ?? null;
    }
    this.#history.clear();
    this.#refresh();
    this.#say("change", {});
  }

  #given() {
    const given = {};
    for (const { question, item, element } of this.#editors.values()) {
      const value = element.value;
      if (!isAnswered(question, value)) continue;
      if (item === undefined) given[question.name] = value;
      else (given[question.name] ??= {})[item] = value;
    }
    return given;
  }

  /** Problems of the present value: [{id, path, code, severity, message, focus()}]; path is a JSON Pointer into the value. */
  validate() {
    const found = [];
    for (const id of this.#asked) {
      const { question, item, element } = this.#editors.get(id);
      const base = pointer(question.name, ...(item === undefined ? [] : [item]));
      const problems = element.validate().map((problem) => ({ ...problem, path: base + problem.path }));
      if (!problems.length && question.required !== false && !isAnswered(question, element.value)) {
        problems.push({ path: base, code: "required", severity: "error" });
      }
      found.push(...problems.map((problem) => this.#located(problem)));
    }
    return [...found, ...brokenRules(this.schema, this.payload, this.value).map((problem) => this.#located(problem))];
  }

  /** Problems as the server reports them ({path, code, message}), ready to be shown. */
  located(problems) {
    return problems.map((problem) => this.#located(problem));
  }

  #located(problem) {
    const [name, item] = parts(problem.path);
    const id = this.#editors.has(`${name}/${item}`) ? `${name}/${item}` : this.#editors.has(name) ? name : this.#first();
    const focus = problem.focus ?? (() => this.#goTo(id, problem.path));
    const severity = problem.severity ?? (problem.code.startsWith("warning:") ? "warning" : "error");
    return { ...problem, id, severity, message: message(problem), focus };
  }

  /** Take a question in hand, at the place inside it that a path names if its editor knows such places. */
  #goTo(id, path) {
    this.activate(id, { focus: true });
    this.#editors.get(id)?.element.focusAt?.(path);
  }

  /** Show problems beside their questions, or where an editor has a place for them; an empty list clears them. */
  showProblems(problems) {
    for (const { id, element, frame } of this.#editors.values()) {
      const own = problems.filter((problem) => problem.id === id);
      const rest = element.showProblems?.(own) ?? own;
      frame.problems.replaceChildren(...rest.map(({ message: words, severity }) => make("li", `is-${severity}`, words)));
      frame.problems.hidden = !rest.length;
      frame.element.classList.toggle("has-problem", own.some(({ severity }) => severity === "error"));
    }
  }

  // --- what the page shows beside the stage ----------------------------------------------------------------------------

  /** Commands of the question in hand: [{id, title, keys, when(), run()}]. */
  commands() {
    return this.#editors.get(this.#active)?.element.commands() ?? [];
  }

  /** Every label that can be set, with its command: commands of kind `label` of all marking questions that are asked. */
  labels() {
    return this.#each((entry) =>
      entry.element
        .commands()
        .filter(({ kind }) => kind === "label")
        .map((command) => ({ ...command, question: entry.id, run: () => this.#runOf(entry.id, command) })),
    );
  }

  /** Every mark: [{id, label, text, item, focus(), remove()}]. */
  marks() {
    return this.#each((entry) => entry.element.marks().map((mark) => ({ ...mark, question: entry.id })));
  }

  /** One sentence per answered question, for screen readers and history. */
  summary() {
    return this.#each(({ element }) => [element.summary()].filter(Boolean)).join(" ");
  }

  #each(read) {
    return [...this.#asked].flatMap((id) => read(this.#editors.get(id)));
  }

  #runOf(id, command) {
    this.activate(id, { focus: false });
    command.run();
  }

  // --- which question is in hand ---------------------------------------------------------------------------------------

  get active() {
    return this.#active;
  }

  /** The question in hand, as {id, question, item, element}. */
  get current() {
    return this.#editors.get(this.#active) ?? null;
  }

  /** Ids of the questions that are asked now, in order. */
  get asked() {
    return [...this.#asked];
  }

  /** Take a question in hand; with `focus` it also gets the keyboard focus. */
  activate(id, { focus = true } = {}) {
    const entry = this.#editors.get(id);
    if (!entry) return;
    if (this.#active !== id) {
      this.#editors.get(this.#active)?.frame.element.classList.remove("is-active");
      entry.frame.element.classList.add("is-active");
      this.#active = id;
      this.#say("active", { id });
    }
    if (focus) focusInto(entry);
  }

  /** Go to the next (1) or previous (-1) question. */
  step(by) {
    const ids = this.asked;
    const index = ids.indexOf(this.#active);
    const next = ids[Math.min(ids.length - 1, Math.max(0, index + by))];
    if (next) this.activate(next);
  }

  /** Id of the first asked question that still needs an answer, or null. */
  firstOpen() {
    return this.asked.find((id) => this.isOpen(id)) ?? null;
  }

  /** Does this question still need an answer? */
  isOpen(id) {
    const { question, element } = this.#editors.get(id);
    return question.required !== false && !isAnswered(question, element.value);
  }

  #first() {
    return this.asked[0] ?? [...this.#editors.keys()][0];
  }

  /** Larger (1) or smaller (-1): pictures zoom, text grows. */
  zoom(direction) {
    for (const { element } of this.#composer.viewers.values()) element?.surface?.()?.zoomBy?.(direction);
    this.#size = Math.min(4, Math.max(-2, this.#size + direction));
    this.root.dataset.size = this.#size;
  }

  // --- undo ------------------------------------------------------------------------------------------------------------

  get canUndo() {
    return this.#history.canUndo;
  }

  get canRedo() {
    return this.#history.canRedo;
  }

  /** Operations in force: goes with the draft. */
  get ops() {
    return this.#history.length;
  }

  undo() {
    return this.#moved(this.#history.undo());
  }

  redo() {
    return this.#moved(this.#history.redo());
  }

  #moved(id) {
    if (id === null) return false;
    this.activate(id, { focus: false });
    this.#refresh();
    this.#say("change", { id, question: this.#editors.get(id).question.name });
    return true;
  }

  // --- the end ---------------------------------------------------------------------------------------------------------

  /** Stop sounds, films and timers; the stage stays on screen. */
  suspend() {
    for (const { element } of this.#composer.viewers.values()) element?.suspend?.();
  }

  dispose() {
    this.#abort.abort();
    this.#asked.clear(); // whoever still holds it finds nothing
    this.#composer.dispose();
  }

  // --- what editors tell -------------------------------------------------------------------------------------

  #listen(id, element, frame) {
    const signal = this.#abort.signal;
    const on = (type, run) => element.addEventListener(type, (event) => run(event.detail ?? {}), { signal });
    on("mh:change", (detail) => this.#changed(id, detail));
    on("mh:select", (detail) => {
      this.activate(id, { focus: false });
      this.#say("select", { id, mark: detail.id });
    });
    on("mh:done", () => this.#say("done", { id }));
    on("mh:busy", (detail) => this.#say("busy", { id, ...detail }));
    on("mh:error", (detail) => this.#say("error", { id, ...detail }));
    frame.addEventListener("focusin", () => this.activate(id, { focus: false }), { signal });
    frame.addEventListener("pointerdown", () => this.activate(id, { focus: false }), { signal });
  }

  #changed(id, { op, inverse }) {
    const { question, item } = this.#editors.get(id);
    if (inverse !== undefined) this.#history.push(id, inverse);
    this.activate(id, { focus: false });
    this.#refresh();
    this.#say("change", { id, question: question.name, item, op });
  }

  /** Show what is asked now, hide the rest. */
  #refresh() {
    const value = this.value;
    const context = { schema: this.schema, payload: this.payload, value };
    this.#asked.clear();
    for (const { id, question, item, element, frame } of this.#editors.values()) {
      const asked = !question.show_if || holds(question.show_if, { ...context, item });
      frame.element.hidden = !asked;
      if (asked) this.#asked.add(id);
      if (asked) element.refresh?.();
    }
    if (this.#active && !this.#asked.has(this.#active)) {
      const next = this.firstOpen() ?? this.#first();
      if (next) this.activate(next, { focus: false });
    }
  }

  #say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** Is this an answer at all? Blank text and empty lists are none. */
function isAnswered(question, value) {
  if (!present(value) || value === "") return false;
  if (typeof value === "string") return question.type !== "text" || value.trim() !== "";
  if (Array.isArray(value)) return value.length > 0 || question.config?.min === 0;
  return !(Array.isArray(value.order) && !value.order.length && !value.all_bad);
}

const WRITING = new Set(["text", "number", "date"]);
const FOCUSABLE = "textarea, input:not([type=hidden]), select, button, [tabindex='0']";

/** Give a question the keyboard: marks are made on their text or picture, fields to write in take it themselves, others leave plain keys
    to their commands. */
function focusInto({ question, element, frame }) {
  const target = WRITING.has(question.type) ? element.querySelector(FOCUSABLE) : (element.focusPoint ?? frame.element);
  (target ?? frame.element).focus({ preventScroll: true });
  frame.element.scrollIntoView({ block: "nearest" });
}
