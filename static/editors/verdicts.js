/* verdicts: the elements of a field judged one by one. What is said of the one in hand stands at the element itself; a rail shows all of them.
   An option's key judges it and goes on to the next, but for faults of which there is more to say; arrows go back and forth. */

import { announce } from "@mh/app/a11y";
import { Editor } from "@mh/app/editor";
import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { optionsOf } from "@mh/app/options";
import { Walk, judgedIn } from "@mh/app/walk";
import { glyphOf, said } from "@mh/app/verdict-words";
import { VerdictPanel } from "@mh/ui/verdict-panel";

const STEP_MS = 1000; // typing without a longer pause is one step of undo
const QUOTES = 5; // colour slot of the label palette for what is quoted

export default class extends Editor {
  static type = "verdicts";
  current = null;
  #typed = -Infinity;

  build() {
    this.walk = new Walk(this.question, this.payload);
    this.options = optionsOf(this.config, this.payload, this.lang, ownKeys(this.config));
    this.shown = new Map((this.item === undefined ? (this.items ?? []) : []).map((item) => [item.key, item]));
    this.rail = make("ol", "rail", "", { "aria-label": t("All to be judged") });
    this.places = new Map(this.walk.keys.map((key) => [key, this.#place(key)]));
    this.foot = make("p", "muted small", "", { role: "status" });
    this.panel = new VerdictPanel(this);
    this.append(this.foot, this.rail);
    this.#listen();
    this.select(this.#start(), { quiet: true });
    if (this.readonly && this.disputed(this.current)) requestAnimationFrame(() => this.shown.get(this.current)?.element.scrollIntoView({ block: "center" }));
  }

  /** A button of the rail, and the words at the element itself. */
  #place(key) {
    const button = make("button", "rail__step num", "", { type: "button", tabindex: "-1" });
    button.addEventListener("click", () => this.select(key));
    const line = make("li");
    line.append(button);
    this.rail.append(line);
    const badge = make("div", "verdict-badge", "", { dir: "auto" });
    this.shown.get(key)?.slot.append(badge);
    return { button, badge, drawn: "" };
  }

  #listen() {
    for (const [key, { element }] of this.shown) {
      if (!this.places.has(key)) continue;
      element.addEventListener("click", ({ target }) => this.#clicked(key, target), { signal: this.signal });
    }
    this.rail.addEventListener("keydown", (event) => this.#walkRail(event), { signal: this.signal });
    this.panel.element.addEventListener("focusin", () => this.say("mh:select"), { signal: this.signal });
    if (this.quoted && !this.readonly) this.quoted.enable(t("Text to be quoted. Arrow keys move, with Shift they select; then press E."));
  }

  /** Along the rail by the arrow keys, also where nothing can be changed. */
  #walkRail(event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.step(by);
    this.places.get(this.current).button.focus();
  }

  /** A click on an element takes it in hand, unless it was meant for something inside. */
  #clicked(key, target) {
    if (key === this.current || target.closest("button, a, input, textarea, select, summary, label") || !getSelection().isCollapsed) return;
    this.say("mh:select");
    this.select(key);
  }

  /** On the desk the first that answers differ on, else the first that is open. */
  #start() {
    const open = this.walk.asked(this.value).find((key) => !judgedIn(this.value, key));
    return this.walk.keys.find((key) => this.disputed(key)) ?? open ?? this.walk.keys[0];
  }

  label(key) {
    return this.shown.get(key)?.label ?? t("Item {n}", { n: this.walk.place.get(key) + 1 });
  }

  judged(key) {
    return judgedIn(this.value, key);
  }

  /** Do the compared answers say something else of an element? */
  disputed(key) {
    const others = Object.values(this.compare ?? {}).filter(Boolean);
    return others.some((other) => judgedIn(other, key)?.verdict !== this.judged(key)?.verdict);
  }

  // --- what is said ------------------------------------------------------------------------------------------------------

  /** Judge the element in hand; go on unless there is more to say of it, as of a fault: why, what would be right, whether it is the first. */
  judge(verdict) {
    const key = this.current;
    this.tell(key, { verdict });
    const told = this.judged(key);
    if (!told || this.walk.hasMore(told) || this.walk.missing(told).length) return;
    const asked = this.walk.asked(this.value);
    const next = asked[asked.indexOf(key) + 1];
    if (next !== undefined) this.select(next);
  }

  /** Change what is said of an element; undefined takes a member away. */
  tell(key, changes, options) {
    const before = this.judged(key) ?? { item: key };
    const next = Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, each]) => each !== undefined));
    if (!next.verdict) return;
    const rest = (this.value?.items ?? []).filter(({ item }) => item !== key);
    this.change(this.walk.value([...rest, next], this.value?.first), options);
  }

  /** As `tell`, while somebody types. */
  type(key, changes) {
    const now = performance.now();
    this.tell(key, changes, { undoable: now - this.#typed > STEP_MS });
    this.#typed = now;
  }

  /** The element in hand is the first fault, or it is not. */
  chooseFirst() {
    const first = this.value?.first === this.current ? null : this.current;
    this.change(this.walk.value(this.value?.items ?? [], first));
  }

  get quoted() {
    return this.surfaces?.[this.config.evidence];
  }

  /** Quote what is selected as evidence. */
  quote() {
    const chosen = this.quoted?.selection({ words: true });
    if (!chosen) return announce(t("Select a passage first."));
    const { key, start, end, text } = chosen;
    const anchor = { field: this.config.evidence, ...(key && { item: key }), start, end, text };
    const before = this.judged(this.current)?.evidence ?? [];
    const kept = before.filter((each) => each.start !== start || each.end !== end || each.item !== anchor.item);
    const sorted = [...kept, anchor].sort((a, b) => (a.item ?? "").localeCompare(b.item ?? "") || a.start - b.start || a.end - b.end);
    return this.tell(this.current, { evidence: sorted });
  }

  // --- which element is in hand --------------------------------------------------------------------------------------------

  select(key, { quiet = false } = {}) {
    const held = this.panel.held;
    this.shown.get(this.current)?.element.classList.remove("is-judging");
    this.current = key;
    const { element, slot } = this.shown.get(key) ?? {};
    (slot ?? this).append(this.panel.element);
    this.show();
    if (held !== null) this.panel.focus(held);
    element?.classList.add("is-judging");
    if (quiet) return;
    (element ?? this.panel.element).scrollIntoView({ block: "nearest" });
    announce(`${this.label(key)}: ${said(this, this.judged(key))}`);
  }

  /** The next (1) or previous (-1) one of those that are asked about. */
  step(by) {
    const keys = this.walk.asked(this.value);
    const next = keys[Math.min(keys.length - 1, Math.max(0, keys.indexOf(this.current) + by))];
    this.select(next);
  }

  // --- how it looks ------------------------------------------------------------------------------------------------------

  show() {
    const asked = new Set(this.walk.asked(this.value));
    const judged = new Map((this.value?.items ?? []).map((each) => [each.item, each]));
    for (const key of this.walk.keys) this.#showPlace(key, judged.get(key), asked.has(key));
    this.panel.show(this.current);
    this.foot.textContent = this.#progress(asked, judged);
    this.#paint();
  }

  /** Only what has changed is drawn anew: a run may have hundreds of steps. */
  #showPlace(key, judged, asked) {
    const place = this.places.get(key);
    const first = this.value?.first === key;
    const state = JSON.stringify([judged, first, asked, key === this.current, this.disputed(key)]);
    if (state === place.drawn) return;
    place.drawn = state;
    const { button, badge } = place;
    const number = this.walk.place.get(key) + 1;
    const glyph = glyphOf(this.options, judged?.verdict);
    button.replaceChildren(String(number), make("span", "rail__glyph", glyph.sign, { "aria-hidden": "true" }));
    button.dataset.tone = glyph.tone;
    button.classList.toggle("is-first", first);
    button.classList.toggle("is-disputed", this.disputed(key));
    button.disabled = !asked;
    button.tabIndex = key === this.current ? 0 : -1;
    if (key === this.current) button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
    const words = [said(this, judged), first && t("first fault"), this.disputed(key) && t("answers differ")].filter(Boolean);
    button.setAttribute("aria-label", `${this.label(key)}: ${words.join(", ")}`);
    badge.hidden = key === this.current || !judged;
    badge.dataset.tone = glyph.tone;
    badge.replaceChildren(make("span", "verdict-badge__sign", glyph.sign, { "aria-hidden": "true" }), said(this, judged, { whole: true }));
  }

  #progress(asked, judged) {
    const done = this.walk.keys.filter((key) => judged.has(key)).length;
    if (asked.size < this.walk.keys.length) return t("Judged up to the first fault; what comes behind it is not asked.");
    return t("{n} of {total} judged", { n: done, total: asked.size });
  }

  #paint() {
    const quotes = this.judged(this.current)?.evidence ?? [];
    this.quoted?.paint(
      this.serial,
      quotes.map(({ item = "", start, end }, at) => ({ id: `${this.serial}-${at}`, key: item, start, end, slot: QUOTES, dash: 0, tag: "”", title: t("Quoted"), state: "" })),
    );
  }

  validate() {
    if (!this.value) return [];
    const found = [...this.walk.problems(this.value, (key) => this.label(key)), ...this.panel.problems(this.value)];
    found.sort((a, b) => this.walk.place.get(a.key) - this.walk.place.get(b.key)); // the first of the walk is the first to be seen to
    return found.map(({ key, ...problem }) => ({ severity: "error", ...problem, focus: () => this.#attend(key, problem.path) }));
  }

  #attend(key, path) {
    this.say("mh:select");
    this.select(key);
    this.panel.focus(path.split("/").at(-1));
  }

  commands() {
    if (this.readonly) return [];
    const { reason = "none", fix = "none", first, unsure } = this.config;
    const told = () => Boolean(this.judged(this.current));
    const has = (name) => () => this.panel.has(name);
    const judged = this.judged(this.current);
    return [
      ...this.options.map(({ key, words, chord }) => ({ id: `judge-${key}`, title: words, keys: chord || [], pressed: judged?.verdict === key, run: () => this.judge(key) })),
      { id: "next-element", title: t("Next one"), keys: "ArrowDown", run: () => this.step(1) },
      { id: "previous-element", title: t("Previous one"), keys: "ArrowUp", run: () => this.step(-1) },
      ...(reason === "none" ? [] : [{ id: "reason", title: t("Write the reason"), keys: "r", when: has("reason"), run: () => this.panel.focus("reason") }]),
      ...(fix === "none" ? [] : [{ id: "fix", title: t("Write a better version"), keys: "f", when: has("fix"), run: () => this.panel.focus("fix") }]),
      ...(first === "chosen" ? [{ id: "first-fault", title: t("This is the first fault"), keys: "c", when: has("first"), run: () => this.chooseFirst() }] : []),
      ...(unsure ? [{ id: "unsure", title: t("I am not sure"), keys: "u", when: told, run: () => this.tell(this.current, { unsure: judged?.unsure ? undefined : true }) }] : []),
      ...(this.config.evidence ? [{ id: "quote", title: t("Quote what is selected"), keys: "e", when: told, run: () => this.quote() }] : []),
      { id: "open", title: t("Open or fold what is folded"), keys: "o", when: () => this.#folds().length > 0, run: () => this.#fold() },
    ];
  }

  #folds() {
    return [...(this.shown.get(this.current)?.element.querySelectorAll("details") ?? [])];
  }

  #fold() {
    const folds = this.#folds();
    const open = folds.some((each) => !each.open);
    for (const each of folds) each.open = open;
  }

  dispose() {
    for (const { element } of this.shown.values()) element.classList.remove("is-judging");
    for (const { badge } of this.places.values()) badge.remove();
    this.panel.element.remove();
    this.quoted?.paint(this.serial, []);
    super.dispose();
  }
}

/** Keys that options cannot have; the same as the server's. */
function ownKeys({ fix = "none", reason = "none", first, evidence, unsure }) {
  return [fix !== "none" && "f", reason !== "none" && "r", first === "chosen" && "c", evidence && "e", unsure && "u", "o"].filter(Boolean);
}
