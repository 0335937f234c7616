/* number: a quantity, typed. Up and down go to the next one that may be said. */

import { Editor } from "@mh/app/editor";
import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { numberProblem } from "@mh/app/numbers";
import { words } from "@mh/app/words";

const STEP_MS = 1000; // typing without a longer pause is one step of undo

export default class extends Editor {
  static type = "number";
  #typed = -Infinity;

  build() {
    const { min, max, step, decimals, unit } = this.config;
    this.field = make("input", "number-field num", "", {
      type: "number",
      step: step ?? (decimals === undefined ? "any" : 10 ** -decimals),
      autocomplete: "off",
      "aria-labelledby": this.closest("[aria-labelledby]")?.getAttribute("aria-labelledby") ?? "",
    });
    if (min !== undefined) this.field.min = min;
    if (max !== undefined) this.field.max = max;
    this.field.readOnly = Boolean(this.readonly);
    this.field.addEventListener("input", () => this.#type());
    const line = make("div", "cluster gap-2");
    line.append(this.field);
    if (unit) line.append(make("bdi", "muted", words(unit, this.lang)));
    this.others = make("p", "cluster gap-2 small");
    this.append(line, this.others);
  }

  #type() {
    const now = performance.now();
    this.change(this.field.value === "" ? null : Number(this.field.value), { undoable: now - this.#typed > STEP_MS });
    this.#typed = now;
  }

  show() {
    const typed = this.field.value === "" ? null : Number(this.field.value);
    if (!this.field.validity.badInput && typed !== this.value) this.field.value = this.value ?? "";
    const given = Object.entries(this.compare ?? {}).filter(([, value]) => value !== null);
    this.others.hidden = !given.length;
    this.others.replaceChildren(...given.flatMap(([name, value]) => [make("span", "by", name), make("span", value === this.value ? "num" : "num strong", String(value))]));
  }

  validate() {
    if (this.field.validity.badInput) return [{ path: "", code: "type", severity: "error", params: { wanted: t("a number") } }];
    const found = this.value === null ? null : numberProblem(this.value, this.config);
    return found ? [{ path: "", severity: "error", ...found }] : [];
  }

  commands() {
    return [];
  }
}
