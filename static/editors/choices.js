/* choices: any of several. Boxes to tick; a key per option; options that stand alone drop the others. */

import { Editor } from "@mh/app/editor";
import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { optionRow, optionsOf, ownWords, showBy } from "@mh/app/options";

export default class extends Editor {
  static type = "choices";

  build() {
    this.options = optionsOf(this.config, this.payload, this.lang);
    this.none = this.config.min === 0 && !this.readonly ? this.#buildNone() : null;
    const box = make("div", `options options--${this.config.layout ?? (this.options.length > 8 ? "grid" : "list")}`);
    this.rows = this.options.map((option) => {
      const made = optionRow(option, { type: "checkbox", name: this.serial, readonly: this.readonly });
      made.input.addEventListener("change", () => this.toggle(option));
      return { option, ...made };
    });
    box.append(...this.rows.map(({ row }) => row));
    this.append(box);
    if (this.config.other) this.#buildOther();
    if (this.none) this.append(this.none);
  }

  /** Where choosing nothing is an answer, it must be said. */
  #buildNone() {
    const button = make("button", "button button--small", t("None of them"), { type: "button" });
    button.addEventListener("click", () => this.change([]));
    return button;
  }

  #buildOther() {
    this.other = make("input", "option-other", "", { type: "text", dir: "auto", placeholder: t("Something else, in your own words"), "aria-label": t("Something else, in your own words") });
    this.other.readOnly = Boolean(this.readonly);
    this.other.addEventListener("change", () => {
      const said = ownWords(this.other.value, this.options);
      const keys = this.#keys();
      this.#set(typeof said === "string" && !keys.includes(said) ? [...keys, said] : keys, typeof said === "string" ? null : said);
    });
    this.append(this.other);
  }

  show() {
    const chosen = this.#keys();
    for (const { option, row, input } of this.rows) {
      input.checked = chosen.includes(option.key);
      showBy(row, this.comparedBy((given) => given.includes(option.key)));
    }
    if (this.other && document.activeElement !== this.other) this.other.value = this.#other()?.other ?? "";
    this.none?.setAttribute("aria-pressed", String(this.value?.length === 0));
  }

  toggle({ key, exclusive }) {
    const chosen = this.#keys();
    if (chosen.includes(key)) this.#set(chosen.filter((each) => each !== key), this.#other());
    else if (exclusive) this.#set([key], null);
    else this.#set([...chosen.filter((each) => !this.options.find((option) => option.key === each)?.exclusive), key], this.#other());
  }

  #keys() {
    return (this.value ?? []).filter((each) => typeof each === "string");
  }

  #other() {
    return (this.value ?? []).find((each) => typeof each === "object") ?? null;
  }

  /** In the order of the schema, unknown keys behind, own words last; nothing chosen is no answer unless it was said. */
  #set(keys, other) {
    const place = new Map(this.options.map(({ key }, index) => [key, index]));
    const ordered = [...keys].sort((a, b) => (place.get(a) ?? place.size) - (place.get(b) ?? place.size));
    const next = other ? [...ordered, other] : ordered;
    this.change(next.length ? next : null);
  }

  validate() {
    const { value } = this;
    if (!value) return [];
    const { min, max } = this.config;
    const problems = [];
    if (min !== undefined && value.length < min) problems.push({ path: "", code: "too_few", severity: "error", params: { min } });
    if (max !== undefined && value.length > max) problems.push({ path: "", code: "too_many", severity: "error", params: { max } });
    const alone = this.options.find(({ key, exclusive }) => exclusive && value.includes(key));
    if (alone && value.length > 1) problems.push({ path: "", code: "exclusive", severity: "error", params: { key: alone.words } });
    return problems;
  }

  commands() {
    if (this.readonly) return [];
    const chosen = this.#keys();
    return this.options.map((option) => ({
      id: `toggle-${option.key}`,
      title: option.words,
      keys: option.chord || [],
      pressed: chosen.includes(option.key),
      run: () => this.toggle(option),
    }));
  }
}
