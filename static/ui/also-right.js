/* What else would be as right for one argument of a call: other values, one to a line, and whether it may be left out. */

import { kindOf } from "@mh/app/arguments";
import { plain } from "@mh/app/call-words";
import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";

const LEFT_OUT = ""; // how it is stored that an argument may be left out
const LINES = 2;

export class AlsoRight {
  constructor({ name, parameter, needed, changed, readonly }) {
    this.element = make("div", "call-form__also", "", { role: "group", "aria-label": t("{name}: what else would be right", { name }) });
    this.words = kindOf(parameter) === "string";
    const label = make("label", "call-form__also");
    this.lines = make("textarea", "text-field", "", { rows: LINES, dir: "auto", spellcheck: "false" });
    this.lines.style.setProperty("--lines", LINES);
    this.lines.readOnly = readonly;
    this.lines.addEventListener("input", changed);
    label.append(make("span", "call-form__about", t("Also right, one to a line")), this.lines);
    this.element.append(label, ...(needed ? [] : [this.#leftOut(changed, readonly)]));
    this.element.hidden = true;
  }

  #leftOut(changed, readonly) {
    const label = make("label", "check");
    this.without = make("input", "", "", { type: "checkbox" });
    this.without.disabled = readonly;
    this.without.addEventListener("change", changed);
    label.append(this.without, make("span", "", t("It may be left out")));
    return label;
  }

  get value() {
    const lines = this.lines.value.split("\n").map(plain).filter(Boolean);
    return [...lines.map((line) => this.#read(line)), ...(this.without?.checked ? [LEFT_OUT] : [])];
  }

  /** Words as they are; anything else as JSON, and what is none is left for the check to find. */
  #read(line) {
    if (this.words) return line;
    try {
      return JSON.parse(line);
    } catch {
      return line;
    }
  }

  show(values) {
    if (JSON.stringify(values) === JSON.stringify(this.value)) return;
    const written = values.filter((each) => each !== LEFT_OUT || !this.without);
    this.lines.value = written.map((each) => (typeof each === "string" ? each : JSON.stringify(each))).join("\n");
    if (this.without) this.without.checked = values.includes(LEFT_OUT);
    if (values.length) this.open();
  }

  open() {
    this.element.hidden = false;
  }

  focus() {
    this.open();
    this.lines.focus();
  }
}
