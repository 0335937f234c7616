/* choice: one of several. Radio buttons in a column, a row or a grid, or a list to open; a key per option. */

import { Editor } from "@mh/app/editor";
import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { optionRow, optionsOf, ownWords, showBy } from "@mh/app/options";

export default class extends Editor {
  static type = "choice";

  build() {
    this.options = optionsOf(this.config, this.payload, this.lang);
    if (this.config.layout === "select") this.#buildSelect();
    else this.#buildRows();
    if (this.config.other) this.#buildOther();
  }

  #buildRows() {
    const box = make("div", `options options--${this.config.layout ?? defaultLayout(this.options)}`, "", { role: "radiogroup" });
    this.rows = this.options.map((option) => {
      const made = optionRow(option, { type: "radio", name: this.serial, readonly: this.readonly });
      made.input.addEventListener("change", () => this.pick(option.key));
      return { option, ...made };
    });
    box.append(...this.rows.map(({ row }) => row));
    this.append(box);
  }

  #buildSelect() {
    this.rows = [];
    this.select = make("select", "option-select", "", { "aria-labelledby": this.closest("[aria-labelledby]")?.getAttribute("aria-labelledby") ?? "" });
    this.select.append(make("option", "", t("Choose …"), { value: "" }), ...this.options.map(({ key, words }) => make("option", "", words, { value: key })));
    this.select.disabled = Boolean(this.readonly);
    this.select.addEventListener("change", () => this.pick(this.select.value || null));
    this.append(this.select);
  }

  #buildOther() {
    this.other = make("input", "option-other", "", { type: "text", dir: "auto", placeholder: t("Something else, in your own words"), "aria-label": t("Something else, in your own words") });
    this.other.readOnly = Boolean(this.readonly);
    this.other.addEventListener("change", () => {
      const said = ownWords(this.other.value, this.options);
      if (said !== null || typeof this.value === "object") this.change(said);
    });
    this.append(this.other);
  }

  show() {
    const { value } = this;
    for (const { option, row, input } of this.rows) {
      input.checked = value === option.key;
      showBy(row, this.comparedBy((given) => given === option.key));
    }
    if (this.select) this.select.value = typeof value === "string" ? value : "";
    if (this.other && document.activeElement !== this.other) this.other.value = value?.other ?? "";
  }

  /** Choose an option; where one choice is the whole answer, that may also send it. */
  pick(key) {
    this.change(key);
    if (this.config.submit_on_pick && key !== null) this.say("mh:done");
  }

  commands() {
    if (this.readonly) return [];
    return this.options.map(({ key, words, chord }) => ({
      id: `choose-${key}`,
      title: words,
      keys: chord || [],
      pressed: this.value === key,
      run: () => this.pick(key),
    }));
  }

}

/** Short options stand side by side, long ones below each other. */
function defaultLayout(options) {
  const longest = Math.max(...options.map(({ words, about }) => words.length + about.length));
  return options.length <= 6 && longest <= 24 ? "buttons" : options.length > 12 && longest <= 40 ? "grid" : "list";
}
