/* segments: stretches of a recording. `s` splits at the playhead, or begins a stretch where there is none; `i` and `o` set the start and the
   end of the stretch in hand; Enter goes to its words, and from there to the next. */

import { announce } from "@mh/app/a11y";
import { Editor } from "@mh/app/editor";
import { t } from "@mh/app/i18n";
import { onFields, parts } from "@mh/app/items";
import { make } from "@mh/app/layout";
import { message } from "@mh/app/problems";
import { commandsOf } from "@mh/app/segment-commands";
import { begun, pulled, segmentAt, split } from "@mh/app/segment-cuts";
import { Offer } from "@mh/app/segment-offer";
import { heardWords, segmentWords } from "@mh/app/segment-words";
import { lengthOf, normalise, rounded, validate } from "@mh/app/segments";
import { SegmentList } from "@mh/ui/segment-list";
import { SegmentRow } from "@mh/ui/segment-row";

const STEP_MS = 1000; // typing without a longer pause is one step of undo
const LEAST_S = 0.01; // of a stretch that is made by a key

export default class SegmentsEditor extends Editor {
  static type = "segments";
  selected = null; // id of the stretch in hand
  #typed = -Infinity;
  #lit = ""; // ids of the stretches that sound

  async load({ value, ...given }) {
    const [field] = onFields(given.question);
    this.recording = given.payload[field];
    this.length = lengthOf(this.recording);
    this.given = given;
    await super.load({ value: this.#tidy(value ?? null), ...given });
  }

  get value() {
    return super.value;
  }

  set value(value) {
    super.value = this.#tidy(value ?? null);
  }

  #tidy(value) {
    return normalise(value, this.given.question.config ?? {}, this.length);
  }

  build() {
    const [surface] = Object.values(this.surfaces);
    this.surface = surface ?? null;
    this.offered = new Offer(this);
    this.hint = make("p", "muted small");
    this.rules = make("p", "small", this.offered.rules);
    this.rules.hidden = !this.rules.textContent;
    this.rows = new SegmentList((id) => this.#row(id));
    this.append(this.rules, this.hint, this.rows.element, this.#noneBox());
    const on = (type, run) => surface?.addEventListener(type, ({ detail }) => run(detail), { signal: this.signal });
    on("surface:time", () => this.#follow());
    on("surface:pick", ({ id }) => this.select(id ?? null));
    on("surface:range", (detail) => this.#pulled(detail));
  }

  #noneBox() {
    this.none = make("label", "check");
    this.noneInput = make("input", "", "", { type: "checkbox" });
    this.noneInput.disabled = Boolean(this.readonly);
    this.noneInput.addEventListener("change", () => this.setNone(this.noneInput.checked));
    this.none.append(this.noneInput, make("span", "", t("Nothing to mark")));
    if (!this.readonly) this.none.append(make("kbd", "", "Alt+0", { "aria-hidden": "true" }));
    return this.none;
  }

  // --- the answer --------------------------------------------------------------------------------------------------------

  get segments() {
    const { segments } = this.value ?? {};
    return Array.isArray(segments) ? segments.filter((each) => each && Number.isFinite(each.start) && Number.isFinite(each.end) && each.id) : [];
  }

  get chosen() {
    return this.segments.find(({ id }) => id === this.selected) ?? null;
  }

  #put(segments, options) {
    this.change(segments.length ? this.#tidy({ segments }) : null, options);
  }

  edit(id, changes, { typed = false } = {}) {
    const now = performance.now();
    const goesOn = typed && now - this.#typed < STEP_MS;
    this.#typed = typed ? now : -Infinity;
    this.#put(this.segments.map((each) => (each.id === id ? { ...each, ...changes } : each)), { undoable: !goesOn });
  }

  #freeId() {
    const ids = new Set(this.segments.map(({ id }) => id));
    let number = this.segments.length + 1;
    while (ids.has(`r${number}`)) number += 1;
    return `r${number}`;
  }

  get #least() {
    return Math.max(LEAST_S, this.config.min_seconds ?? 0);
  }

  get #at() {
    return rounded(this.surface?.position ?? 0);
  }

  #under() {
    return segmentAt(this.segments, this.#at, this.selected);
  }

  /** Cut the stretch under the playhead in two, or begin one there. */
  split() {
    const segment = this.#under();
    if (!segment) return this.begin();
    const id = this.#freeId();
    const made = split(this.segments, segment, this.#at, { least: this.#least, id });
    if (!made) return announce(t("Too near to an end: play on, then split."));
    return this.#made(id, made, t("Split"));
  }

  /** A stretch from here to the next one, or to the end. */
  begin(more = {}) {
    const id = this.#freeId();
    const all = this.length ?? rounded(this.surface?.duration ?? 0);
    const made = begun(this.segments, this.#at, { least: this.#least, all, id, label: this.offered.labels[0]?.key, speaker: this.offered.speakers[0] });
    if (!made) return announce(t("There is no room for a segment here."));
    return this.#made(id, [...this.segments, { ...made, ...more }], t("Segment begun"));
  }

  #made(id, segments, said) {
    this.selected = id;
    this.#put(segments);
    announce(said);
  }

  /** Set an end of the stretch in hand to the playhead. */
  setEdge(edge) {
    const { chosen } = this;
    if (!chosen) return this.begin();
    const at = this.#at;
    if (pulled(chosen, edge, at, this.#least) !== at) return announce(t("A segment starts before it ends."));
    return this.edit(chosen.id, { [edge]: at });
  }

  #pulled({ id, edge, at, done }) {
    const segment = this.segments.find((each) => each.id === id);
    if (!segment || this.readonly) return;
    this.selected = id;
    this.edit(id, { [edge]: rounded(pulled(segment, edge, at, this.#least)) }, { typed: true });
    if (done) this.#typed = -Infinity;
  }

  /** Say who or what the stretch in hand is; without one, begin one. */
  name(member, key) {
    if (this.chosen) this.edit(this.selected, { [member]: key });
    else this.begin({ [member]: key });
  }

  toggleTag(key) {
    this.rows.get(this.selected).toggleTag(key);
  }

  remove(id) {
    const at = this.segments.findIndex((each) => each.id === id);
    const left = this.segments.filter((each) => each.id !== id);
    this.selected = left[Math.min(at, left.length - 1)]?.id ?? null;
    this.#put(left);
    announce(t("Deleted"));
    (this.rows.get(this.selected)?.play ?? this.noneInput).focus();
  }

  /** Say that there is nothing, or take that back. */
  setNone(none) {
    this.change(!none ? null : this.config.confirm_empty ? { segments: [], none: true } : { segments: [] });
  }

  get isNone() {
    return this.value !== null && !this.segments.length && (this.value.none === true || !this.config.confirm_empty);
  }

  // --- what is in hand ---------------------------------------------------------------------------------------------------

  select(id) {
    if (id === this.selected) return;
    this.selected = id;
    this.show();
    this.say("mh:select", { id });
  }

  /** Take a stretch in hand and bring it to the ear. */
  goTo(id) {
    this.select(id);
    if (!this.chosen) return;
    this.rows.get(id).element.scrollIntoView({ block: "nearest" });
    if (!this.surface?.playing) this.surface?.reveal({ start: this.chosen.start });
  }

  step(by) {
    const at = this.segments.findIndex(({ id }) => id === this.selected);
    const count = this.segments.length;
    this.goTo(this.segments[at < 0 ? (by > 0 ? 0 : count - 1) : (at + by + count) % count].id);
  }

  play(id) {
    const { start, end } = this.segments.find((each) => each.id === id);
    if (this.surface?.playing && this.selected === id) this.surface.pause();
    else this.surface?.play(start, end);
  }

  /** To the words of a stretch, which is played. */
  write(id) {
    this.goTo(id);
    this.rows.get(id).text.focus();
    if (!this.surface?.playing) this.play(id);
  }

  writeNext() {
    const at = this.segments.findIndex(({ id }) => id === this.selected);
    const next = this.segments[at + 1];
    this.surface?.pause();
    if (next) this.write(next.id);
    else this.closest("[data-question]")?.focus({ preventScroll: true });
  }

  /** The stretch that waits for its words: the one in hand, else the first. */
  get unwritten() {
    const open = this.offered.transcript ? this.segments.filter(({ text }) => text === undefined) : [];
    return open.find(({ id }) => id === this.selected) ?? open[0] ?? null;
  }

  /** What sounds is lit, and in hand unless somebody writes. Called once per frame: only changes are drawn. */
  #follow() {
    const { playing } = this.surface;
    const writing = document.activeElement?.closest?.(".segment");
    const under = this.#under();
    const lit = this.segments.filter((segment) => this.#isHeard(segment)).map(({ id }) => id);
    const changed = String(lit) !== this.#lit;
    this.#lit = String(lit);
    if (!writing && playing && under?.id !== this.selected) this.select(under?.id ?? null);
    else if (changed) this.show();
  }

  #isHeard({ start, end }) {
    const { playing, position } = this.surface ?? {};
    return Boolean(playing) && start <= position && position < end;
  }

  commands() {
    return commandsOf(this);
  }

  marks() {
    return this.segments.map((segment) => ({
      id: segment.id,
      label: segment.label ?? segment.speaker ?? "",
      title: heardWords(this.config, segment, this.lang) || t("Segment"),
      colour: this.offered.slotOf(segment),
      tag: this.offered.tagOf(segment),
      text: segmentWords({}, { ...segment, speaker: undefined, label: undefined, tags: [] }),
      focus: () => this.goTo(segment.id),
      ...(!this.readonly && { remove: () => this.remove(segment.id) }),
    }));
  }

  // --- how it looks ------------------------------------------------------------------------------------------------------

  show() {
    const { segments } = this;
    if (this.selected && !this.chosen) this.selected = null;
    const wrong = this.#wrong();
    this.rows.place(segments);
    segments.forEach((segment, place) => {
      const state = { number: place + 1, selected: segment.id === this.selected, playing: this.#isHeard(segment), slot: this.offered.slotOf(segment) };
      this.rows.get(segment.id).show(segment, { ...state, problems: wrong.get(place) ?? [] });
    });
    this.surface?.paint(
      segments.map((segment) => {
        const state = segment.id === this.selected ? "selected" : this.#isHeard(segment) ? "playing" : "";
        return { ...segment, slot: this.offered.slotOf(segment), title: heardWords(this.config, segment, this.lang), state, fixed: Boolean(this.readonly) };
      }),
    );
    this.none.hidden = segments.length > 0 || Boolean(this.config.min) || (this.readonly && !this.isNone);
    this.noneInput.checked = this.isNone;
    this.hint.textContent = this.readonly ? "" : this.offered.hint(segments.length > 0);
    this.hint.hidden = !this.hint.textContent;
  }

  #row(id) {
    const on = {
      change: (changes, options) => this.edit(id, changes, options),
      play: () => this.play(id),
      remove: () => this.remove(id),
      select: () => this.select(id),
      next: () => this.writeNext(),
    };
    return new SegmentRow({ offered: this.offered, readonly: this.readonly, on });
  }

  /** What is wrong with the times, in words, by place; what is missing is said when the answer is sent. */
  #wrong() {
    const found = new Map();
    for (const problem of this.readonly ? [] : this.#problems()) {
      const [member, place] = parts(problem.path);
      if (member !== "segments" || place === undefined || problem.code === "required") continue;
      found.set(Number(place), [...(found.get(Number(place)) ?? []), message(problem)]);
    }
    return found;
  }

  #problems() {
    if (this.value === null) return [];
    return validate(this.value, this.config, this.length, this.offered.labelKeys);
  }

  validate() {
    return this.#problems().map((problem) => {
      const [member, place, part] = parts(problem.path);
      const segment = member === "segments" ? this.segments[place] : null;
      if (!segment) return problem;
      const focus = () => (part === "text" ? this.write(segment.id) : this.goTo(segment.id));
      return { ...problem, focus };
    });
  }
}
