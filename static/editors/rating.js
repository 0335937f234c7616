/* rating: a step on a scale, as buttons, stars or a slider. Digits choose; `n` says that it does not apply. */

import { Editor } from "@mh/app/editor";
import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { buildScale, scaleWords, showScale } from "@mh/app/scale";
import { words } from "@mh/app/words";

const NA = "na";
const MOST_BUTTONS = 21;

export default class extends Editor {
  static type = "rating";

  build() {
    const { min, max, style, allow_na: allowNa } = this.config;
    const numbers = Array.from({ length: max - min + 1 }, (_, index) => min + index);
    const digits = min >= 0 && max <= 9;
    this.steps = numbers.map((value, index) => ({
      value,
      text: String(value),
      words: words(this.config.anchors?.[value], this.lang),
      chord: digits ? String(value) : index < 10 ? String((index + 1) % 10) : "",
    }));
    this.classList.toggle("is-stars", style === "stars");
    if (style === "slider" || numbers.length > MOST_BUTTONS) this.#buildSlider(min, max);
    else this.#buildButtons();
    if (allowNa) this.#buildNa();
  }

  #buildButtons() {
    const { box, rows } = buildScale({ name: this.serial, steps: this.steps, readonly: this.readonly, pick: (value) => this.change(value) });
    this.rows = rows;
    const frame = make("div", "scale-frame");
    frame.append(box, scaleWords(this.steps));
    this.append(frame);
  }

  #buildSlider(min, max) {
    this.rows = [];
    const row = make("div", "slider");
    this.slider = make("input", "", "", { type: "range", min, max, step: 1, "aria-labelledby": this.closest("[aria-labelledby]")?.getAttribute("aria-labelledby") ?? "" });
    this.slider.disabled = Boolean(this.readonly);
    this.output = make("output", "slider__value num");
    this.slider.addEventListener("input", () => this.change(Number(this.slider.value)));
    row.append(this.slider, this.output);
    this.append(row, scaleWords(this.steps));
  }

  #buildNa() {
    this.na = make("button", "button button--small scale__na", t("Does not apply"), { type: "button" });
    this.na.disabled = Boolean(this.readonly);
    this.na.addEventListener("click", () => this.change(NA));
    if (!this.readonly) this.na.append(" ", make("kbd", "", "N", { "aria-hidden": "true" }));
    this.append(this.na);
  }

  show() {
    const chosen = typeof this.value === "number" ? this.value : null;
    showScale(this.rows, chosen, (value) => this.comparedBy((given) => given === value));
    if (this.classList.contains("is-stars")) {
      for (const { step, label } of this.rows) label.classList.toggle("is-lit", chosen !== null && step.value <= chosen);
    }
    if (this.slider) {
      this.slider.value = chosen ?? Math.round((this.config.min + this.config.max) / 2);
      this.slider.classList.toggle("is-empty", chosen === null);
      this.output.textContent = chosen === null ? "–" : String(chosen);
    }
    this.na?.setAttribute("aria-pressed", String(this.value === NA));
  }

  commands() {
    if (this.readonly) return [];
    const steps = this.steps
      .filter(({ chord }) => chord)
      .map(({ value, text, words: said, chord }) => ({
        id: `rate-${value}`,
        title: said ? `${text} · ${said}` : text,
        keys: chord,
        pressed: this.value === value,
        run: () => this.change(value),
      }));
    const na = { id: "rate-na", title: t("Does not apply"), keys: "n", pressed: this.value === NA, run: () => this.change(NA) };
    return this.config.allow_na ? [...steps, na] : steps;
  }
}
