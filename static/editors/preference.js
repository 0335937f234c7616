/* preference: two items on a signed scale. The scale lies as the items are shown; the score counts as they stand in the task. */

import { Editor } from "@mh/app/editor";
import { t } from "@mh/app/i18n";
import { keyOf, onFields } from "@mh/app/items";
import { make } from "@mh/app/layout";
import { buildScale, showScale } from "@mh/app/scale";
import { words } from "@mh/app/words";

const STRENGTH = {
  1: [() => t("better")],
  2: [() => t("slightly better"), () => t("much better")],
  3: [() => t("slightly better"), () => t("better"), () => t("much better")],
};

export default class extends Editor {
  static type = "preference";

  build() {
    const { steps, ties, both_bad: bothBad } = this.config;
    const [field] = onFields(this.question);
    const keys = (this.payload[field] ?? []).map(keyOf);
    const shown = this.order?.[field] ?? keys;
    this.sign = shown[0] === keys[0] ? 1 : -1; // -1: the second item of the task stands on the left
    this.names = shown.map((key, index) => this.items?.find((item) => item.key === key)?.label || t("Answer {name}", { name: "AB"[index] ?? index + 1 }));
    const places = Array.from({ length: 2 * steps + 1 }, (_, index) => index - steps).filter((place) => place || ties);
    this.steps = places.map((place, index) => this.#step(place, index));
    const className = steps === 1 ? "scale--preference scale--words" : "scale--preference";
    const { box, rows } = buildScale({ name: this.serial, steps: this.steps, readonly: this.readonly, className, pick: (score) => this.change({ score }) });
    this.rows = rows;
    const line = make("div", "preference");
    const [left, right] = this.names.map((name) => make("span", "preference__end", name ?? "", { dir: "auto" }));
    line.append(...(steps === 1 ? [box] : [left, box, right]));
    this.append(line, (this.said = make("p", "preference__said")));
    if (bothBad) this.#buildBothBad();
  }

  /** A place on the scale: negative is left. Its words are the project's anchor for what stands there ("First" is the one on the left,
      whichever it is in the task), else who is better by how much. With one step a side the buttons carry names, with more they are signs. */
  #step(place, index) {
    const { steps, anchors } = this.config;
    const score = place * this.sign || 0;
    const own = words(anchors?.[place], this.lang);
    const side = this.names[place < 0 ? 0 : 1] ?? "";
    const much = place ? STRENGTH[steps][Math.abs(place) - 1]() : "";
    const said = own || (place ? t("{item} is {much}", { item: side, much }) : t("Both are equal"));
    const sign = place ? (place < 0 ? "‹" : "›").repeat(Math.abs(place)) : "=";
    const text = steps > 1 ? sign : place ? side : own || t("Equal");
    return { value: score, text, words: said, name: said, chord: String(index + 1) };
  }

  #buildBothBad() {
    this.bad = make("button", "button button--small preference__bad", t("Both are bad"), { type: "button" });
    this.bad.disabled = Boolean(this.readonly);
    this.bad.addEventListener("click", () => this.#bothBad());
    this.bad.append(make("span", "option__by"));
    if (!this.readonly) this.bad.append(" ", make("kbd", "", "X", { "aria-hidden": "true" }));
    this.append(this.bad);
  }

  #bothBad() {
    this.change({ both_bad: true, score: 0 });
  }

  show() {
    const { value } = this;
    const score = value && !value.both_bad ? value.score : null;
    showScale(this.rows, score, (each) => this.comparedBy((given) => !given.both_bad && given.score === each));
    this.said.textContent = value?.both_bad ? t("Both are bad") : (this.steps.find((step) => step.value === score)?.words ?? "");
    this.bad?.setAttribute("aria-pressed", String(Boolean(value?.both_bad)));
    this.bad?.querySelector(".option__by").replaceChildren(...this.comparedBy((given) => given.both_bad).map((name) => make("span", "by", name)));
  }

  summary() {
    return this.said?.textContent ?? "";
  }

  commands() {
    if (this.readonly) return [];
    const scores = this.steps.map(({ value, words: said, chord }) => ({
      id: `prefer-${value}`,
      title: said,
      keys: value === 0 ? [chord, "t"] : chord,
      pressed: this.value !== null && !this.value.both_bad && this.value.score === value,
      run: () => this.change({ score: value }),
    }));
    const bad = { id: "both-bad", title: t("Both are bad"), keys: "x", pressed: Boolean(this.value?.both_bad), run: () => this.#bothBad() };
    return this.config.both_bad ? [...scores, bad] : scores;
  }
}
