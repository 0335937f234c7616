/* One stretch of a recording as a row: when, who or what, tags, and what is said. */

import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { clock, secondsOf } from "@mh/app/segment-words";
import { title } from "@mh/app/words";
import { icon } from "@mh/ui/icon";

export class SegmentRow {
  element = make("li", "segment");
  text = null; // the field for the transcript
  #box = make("div", "segment__box", "", { role: "group" });
  #tags = new Map(); // key -> button

  /** `offered`: an Offer; `on`: change(changes, {typed}), play(), remove(), select(), next(), leave(). */
  constructor({ offered, readonly, on }) {
    Object.assign(this, { offered, readonly, on });
    this.element.append(this.#box);
    this.#box.append(this.#head());
    if (offered.transcript) this.#box.append((this.text = this.#text()));
    this.problems = make("p", "segment__problems small");
    this.#box.append(this.problems);
    this.element.addEventListener("focusin", () => on.select());
    this.element.addEventListener("pointerdown", () => on.select());
  }

  #head() {
    const head = make("div", "segment__head");
    this.play = iconButton("play", () => this.on.play());
    this.times = ["start", "end"].map((edge) => this.#time(edge));
    head.append(this.play, this.times[0], make("span", "muted", "–", { "aria-hidden": "true" }), this.times[1]);
    const { labels, speakers } = this.offered;
    if (speakers.length) head.append((this.speaker = this.#choice("speaker", t("Speaker"), speakers.map((each) => [each, each]))));
    if (labels.length) head.append((this.label = this.#choice("label", t("Label"), labels.map(({ key, title: words }) => [key, words || key]))));
    head.append(...this.offered.tags.map((tag) => this.#tag(tag)));
    if (!this.readonly) {
      this.off = iconButton("trash", () => this.on.remove());
      this.off.classList.add("segment__off");
      head.append(this.off);
    }
    return head;
  }

  #time(edge) {
    const input = make("input", "segment__time num", "", { type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false" });
    input.readOnly = Boolean(this.readonly);
    input.addEventListener("change", () => {
      const seconds = secondsOf(input.value);
      if (Number.isNaN(seconds)) input.value = clock(this.segment[edge], true);
      else this.on.change({ [edge]: seconds });
    });
    return input;
  }

  #choice(member, words, pairs) {
    const select = make("select", "segment__choice", "", { "aria-label": words });
    select.append(make("option", "", "–", { value: "" }), ...pairs.map(([key, name]) => make("option", "", name, { value: key })));
    select.disabled = Boolean(this.readonly);
    select.addEventListener("change", () => this.on.change({ [member]: select.value || undefined }));
    return select;
  }

  #tag(tag) {
    const button = make("button", "button button--small segment__tag", title(tag, this.offered.lang), { type: "button" });
    button.disabled = Boolean(this.readonly);
    button.addEventListener("click", () => this.toggleTag(tag.key));
    this.#tags.set(tag.key, button);
    return button;
  }

  toggleTag(key) {
    const { tags = [] } = this.segment;
    this.on.change({ tags: tags.includes(key) ? tags.filter((each) => each !== key) : [...tags, key] });
  }

  #text() {
    const { wordsLang } = this.offered;
    const field = make("textarea", "text-field segment__text", "", { rows: 1, dir: "auto", ...(wordsLang && { lang: wordsLang }), spellcheck: "true" });
    field.style.setProperty("--lines", 1);
    field.readOnly = Boolean(this.readonly);
    field.addEventListener("input", () => this.on.change({ text: field.value }, { typed: true }));
    field.addEventListener("keydown", (event) => this.#key(event));
    return field;
  }

  /** Enter goes on, with Shift it plays the stretch; never while an input method has the keyboard. */
  #key(event) {
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey) this.on.play();
    else this.on.next();
  }

  /** Show a stretch. `state`: {number, selected, playing, slot, problems: words}. */
  show(segment, { number, selected, playing, slot, problems }) {
    this.segment = segment;
    this.element.classList.toggle("is-selected", selected);
    this.element.classList.toggle("is-playing", playing);
    this.#box.dataset.labelSlot = slot;
    this.#name(number);
    const [start, end] = this.times;
    for (const [input, seconds] of [[start, segment.start], [end, segment.end]]) {
      if (secondsOf(input.value) !== seconds) input.value = clock(seconds, true);
    }
    if (this.speaker) this.#choose(this.speaker, segment.speaker);
    if (this.label) this.#choose(this.label, segment.label);
    for (const [key, button] of this.#tags) {
      const on = segment.tags?.includes(key) ?? false;
      button.setAttribute("aria-pressed", String(on));
      button.hidden = Boolean(this.readonly) && !on;
    }
    if (this.text && this.text.value.trim() !== (segment.text ?? "")) this.text.value = segment.text ?? "";
    this.problems.textContent = problems.join(" ");
    this.problems.hidden = !problems.length;
  }

  /** What is not offered, in an answer to an older schema, is shown all the same. */
  #choose(select, value = "") {
    if (value && ![...select.options].some((option) => option.value === value)) select.append(make("option", "", value, { value }));
    select.value = value;
  }

  #name(number) {
    this.#box.setAttribute("aria-label", t("Segment {n}", { n: number }));
    this.play.setAttribute("aria-label", t("Play segment {n}", { n: number }));
    this.off?.setAttribute("aria-label", t("Delete segment {n}", { n: number }));
    this.times[0].setAttribute("aria-label", t("Start of segment {n}", { n: number }));
    this.times[1].setAttribute("aria-label", t("End of segment {n}", { n: number }));
    this.text?.setAttribute("aria-label", t("Words of segment {n}", { n: number }));
  }
}

function iconButton(name, run) {
  const button = make("button", "button button--quiet button--icon button--small", "", { type: "button" });
  button.append(icon(name));
  button.addEventListener("click", run);
  return button;
}
