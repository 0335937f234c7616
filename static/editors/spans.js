/* spans: marks on text. A label's key marks what is selected, and gives the selected mark another label. */

import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { MarkingEditor } from "@mh/app/marking";
import { Texts, fits, normalise, validate } from "@mh/app/spans";
import { TextSurface } from "@mh/surfaces/text";
import { icon } from "@mh/ui/icon";
import { LabelPopover } from "@mh/ui/label-popover";

const QUOTE = 80; // characters of a mark that are shown

export default class SpansEditor extends MarkingEditor {
  static type = "spans";
  static version = 1;
  member = "spans";
  #popover = new LabelPopover();
  #exact = false; // whether the selection is to be taken as it is

  bind() {
    const { question, payload, values, item } = this.given;
    this.item = item;
    this.texts = new Texts({ question, payload, values, item: this.item });
    if (this.texts.own) this.#ownText();
    for (const [name, surface] of Object.entries(this.given.surfaces)) this.#listen(name, surface);
  }

  dispose() {
    this.#popover.element.remove();
    super.dispose();
  }

  // --- where marks lie ---------------------------------------------------------------------------------------------------

  /** The contributor's own text, shown here to be marked. */
  #ownText() {
    this.ownHost = make("div", "marking__own");
    this.insertBefore(this.ownHost, this.hints);
    this.given.surfaces = { [this.texts.on[0]]: new TextSurface(this.given.signal) };
    this.refresh();
  }

  /** Other answers changed: show the own text as it is now. */
  refresh() {
    if (!this.texts.own) return;
    const [name] = this.texts.on;
    const text = this.given.values(name.slice(1)) ?? "";
    if (text === this.ownText) return;
    this.ownText = text;
    const host = make("div");
    this.ownHost.replaceChildren(host);
    this.given.surfaces[name].add("", text, host);
    if (!this.given.readonly) this.given.surfaces[name].enable(t("Your text, to be marked"));
    if (this.noneRow?.isConnected) this.show();
  }

  #listen(name, surface) {
    const { readonly, signal } = this.given;
    const on = (type, run) => surface.addEventListener(type, ({ detail }) => run(detail), { signal });
    on("surface:hit", ({ ids, key, at }) => this.#hit(name, ids, key, at));
    if (readonly) return;
    surface.enable(t("Text to be marked. Arrow keys move, with Shift they select; then press the key of a label."));
    on("surface:focus", () => this.say("mh:select", { id: this.selected }));
    on("surface:select", (detail) => this.#selecting(name, detail));
  }

  #keyOf(span) {
    return span.item ?? this.item ?? "";
  }

  #fieldOf(span) {
    return span.field ?? this.texts.on[0];
  }

  /** The text surface and range of a mark. */
  #place(span) {
    return { surface: this.given.surfaces[this.#fieldOf(span)], range: { key: this.#keyOf(span), start: span.start, end: span.end } };
  }

  get focusPoint() {
    const surface = Object.values(this.given.surfaces)[0];
    return this.given.readonly || !surface ? null : surface.host(this.item ?? surface.parts()[0]?.key);
  }

  // --- selecting ---------------------------------------------------------------------------------------------------------

  /** {name, key, start, end, text} of what is selected in any of the texts. */
  #selection() {
    const words = this.config.snap !== "character" && !this.#exact;
    for (const [name, surface] of Object.entries(this.given.surfaces)) {
      const found = surface.selection({ words });
      if (found && (this.item === undefined || found.key === this.item)) return { name, ...found };
    }
    return null;
  }

  #selecting(name, { settled, exact }) {
    for (const [other, surface] of Object.entries(this.given.surfaces)) if (other !== name) surface.clearSelection();
    // what the keyboard selects is meant to the letter
    this.#exact = exact ?? this.given.surfaces[name].hasFocus;
    this.told(this.hintWords());
    if (!settled) return this.#popover.hide();
    const found = this.#selection();
    if (!found || exact === undefined) return undefined;
    const rect = this.given.surfaces[name].rect(found);
    this.#popover.show({ labels: this.counted, rect, host: this.#popoverHost(name, found.key), pick: (key) => this.label(key) });
    return undefined;
  }

  #popoverHost(name, key) {
    return this.given.surfaces[name].host(key).parentElement;
  }

  #hit(name, ids, key, at) {
    const own = this.list.filter((span) => ids.includes(span.id) && this.#keyOf(span) === key && this.#fieldOf(span) === name);
    if (!own.length) return;
    const before = own.findIndex(({ id }) => id === this.selected);
    const next = own[(before + 1) % own.length];
    this.select(next.id);
    if (this.given.readonly) return;
    this.#popover.show({
      labels: this.counted,
      pressed: next.label,
      rect: at.getBoundingClientRect(),
      host: this.#popoverHost(name, key),
      pick: (label) => this.label(label),
      remove: () => this.removeMark(next.id),
    });
  }

  select(id) {
    this.#popover.hide();
    super.select(id);
  }

  reveal(span) {
    const { surface, range } = this.#place(span);
    surface?.reveal(range);
  }

  // --- marking -----------------------------------------------------------------------------------------------------------

  mayLabel() {
    return this.#selection() !== null || this.chosen !== null;
  }

  label(key) {
    this.#popover.hide();
    const found = this.#selection();
    if (!found) {
      if (this.chosen && this.chosen.label !== key) this.edit(this.selected, { label: key });
      return;
    }
    const { name, key: part, start, end, text } = found;
    const span = { label: key, start, end, text };
    if (this.texts.on.length > 1) span.field = name;
    if (part !== "" && this.item === undefined) span.item = part;
    this.given.surfaces[name].clearSelection();
    if (!text.trim() || !fits(this.list, span, this.config, this.texts)) this.told(t("This would overlap another mark, which is not allowed here."));
    else this.add(span);
  }

  /** Move a border of the selected mark by a character. */
  #move(edge, by) {
    const { chosen } = this;
    const { offsets } = this.texts.of(chosen);
    const unit = offsets.toUnit(chosen[edge]);
    const changed = { ...chosen, [edge]: offsets.toPoint(by > 0 ? offsets.next(unit) : offsets.previous(unit)) };
    if (changed.start >= changed.end) return;
    const others = this.list.filter(({ id }) => id !== chosen.id);
    if (!fits(others, changed, this.config, this.texts)) return;
    this.edit(chosen.id, { [edge]: changed[edge], text: offsets.slice(changed.start, changed.end) }, { merge: `${edge} ${chosen.id}` });
  }

  own() {
    const idle = () => !document.activeElement?.matches("input, select, textarea, [role=textbox]");
    const has = () => this.chosen !== null;
    return [
      { id: "to-text", title: t("To the text: arrows move, Shift selects"), keys: ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"], when: idle, run: () => this.focusPoint?.focus() },
      { id: "grow-end", title: t("Move the end of the mark forward"), keys: "Alt+ArrowRight", when: () => has() && idle(), repeats: true, run: () => this.#move("end", 1) },
      { id: "shrink-end", title: t("Move the end of the mark back"), keys: "Alt+ArrowLeft", when: () => has() && idle(), repeats: true, run: () => this.#move("end", -1) },
    ];
  }

  /** Borders of the selected mark, a character at a time. */
  extra(mark) {
    if (!mark || this.given.readonly) return this.extraPlace.replaceChildren();
    if (this.extraPlace.childElementCount) return undefined;
    const group = (name, edge) => {
      const box = make("div", "marking__edge", "", { role: "group", "aria-label": name });
      box.append(make("span", "marking__edge-name", name), this.#edgeButton("chevron-left", t("{edge}: back", { edge: name }), edge, -1), this.#edgeButton("chevron-right", t("{edge}: forward", { edge: name }), edge, 1));
      return box;
    };
    return this.extraPlace.replaceChildren(group(t("Start"), "start"), group(t("End"), "end"));
  }

  #edgeButton(name, words, edge, by) {
    const button = make("button", "button button--icon button--small", "", { type: "button", "aria-label": words, title: words });
    button.append(icon(name));
    button.addEventListener("click", () => this.#move(edge, by));
    return button;
  }

  hint() {
    if (this.texts.own && !this.ownText) return t("Write first; then mark passages of it here.");
    const found = this.#selection();
    if (found) return t("“{text}” – now press the key of a label.", { text: shortened(found.text) });
    if (this.chosen) return "";
    return t("Select words, then press the key of a label.");
  }

  describe(span) {
    const { offsets } = this.texts.of(span);
    return shortened(span.text ?? offsets?.slice(span.start, span.end) ?? "");
  }

  normalise(value) {
    return normalise(value, this.config, this.texts);
  }

  problems(value) {
    return validate(value, this.config, this.texts, new Set(this.byKey.keys()));
  }

  // --- showing -----------------------------------------------------------------------------------------------------------

  paint() {
    const marks = this.given.compare ? this.#compared() : this.list.map((span) => this.#drawn(span));
    for (const [name, surface] of Object.entries(this.given.surfaces)) {
      surface.paint(this.#layer(), marks.filter(({ field }) => field === name));
    }
  }

  #layer() {
    return this.item === undefined ? this.question.name : `${this.question.name}/${this.item}`;
  }

  #drawn(span, state = span.id === this.selected ? "selected" : "", suffix = "") {
    const label = this.byKey.get(span.label) ?? { title: span.label, tag: "?", colour: 1, dash: 0 };
    return {
      id: span.id,
      field: this.#fieldOf(span),
      key: this.#keyOf(span),
      start: span.start,
      end: span.end,
      slot: label.colour,
      dash: label.dash,
      tag: label.tag + suffix,
      title: label.title,
      state,
    };
  }

  /** This answer and the others: where all agree muted, else lit, with the names of those who set the mark. */
  #compared() {
    const answers = { ...(this.value && { "": this.value }), ...this.given.compare };
    const groups = new Map();
    for (const [name, answer] of Object.entries(answers)) {
      for (const span of answer?.spans ?? []) {
        const place = JSON.stringify([span.field, span.item, span.start, span.end, span.label]);
        if (!groups.has(place)) groups.set(place, { span, names: [] });
        groups.get(place).names.push(name || t("this"));
      }
    }
    const all = Object.values(answers).length;
    return [...groups.values()].map(({ span, names }) => {
      const agreed = names.length === all;
      return this.#drawn(span, agreed ? "muted" : "lit", agreed ? "" : `·${names.join("+")}`);
    });
  }
}

function shortened(text) {
  return text.length > QUOTE ? `${text.slice(0, QUOTE - 1)}…` : text;
}
