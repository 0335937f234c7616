/* text: writing, rewriting, code. The field grows with the text; limits and writing rules are shown as they are met. */

import { holds } from "@mh/app/constraints";
import { Editor } from "@mh/app/editor";
import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { fits } from "@mh/app/patterns";
import { length, normalise, words as countWords } from "@mh/app/prose";
import { words } from "@mh/app/words";
import { wordDiff } from "@mh/ui/word-diff";

const STEP_MS = 1000; // typing without a longer pause is one step of undo

export default class extends Editor {
  static type = "text";
  #last = -Infinity;

  build() {
    const { lines, format, lang, placeholder } = this.config;
    this.code = format === "code";
    this.rules = this.#rules();
    this.start = this.#prefill();
    this.field = make("textarea", this.code ? "text-field text-field--code" : "text-field", "", {
      rows: lines ?? (this.code ? 8 : 3),
      dir: "auto",
      "aria-labelledby": this.closest("[aria-labelledby]")?.getAttribute("aria-labelledby") ?? "",
      placeholder: words(placeholder, this.lang),
      spellcheck: String(!this.code),
    });
    this.field.style.setProperty("--lines", this.field.rows); // a field that grows with its text forgets its rows
    if (lang) this.field.lang = lang;
    this.field.readOnly = Boolean(this.readonly);
    this.field.addEventListener("input", () => this.#typed());
    this.append(this.field, (this.foot = make("div", "text-foot")));
    if (this.rules.length) this.append((this.list = this.#ruleList()));
    if (this.compare) this.append((this.others = make("div", "text-others")));
    if (this.value === null && this.start && !this.readonly) super.value = this.start;
  }

  /** Fixed rules of the schema, then those of the task. */
  #rules() {
    const { constraints = [], constraints_from: from } = this.config;
    const own = (this.payload[from] ?? []).filter((item) => typeof item === "object");
    return [
      ...constraints.map(({ rule, args, message }) => ({ rule, args, words: words(message, this.lang) || rule })),
      ...own.map(({ rule, args, content }) => ({ rule, args, words: words(content, this.lang) || rule })),
    ];
  }

  #prefill() {
    const text = this.payload[this.config.prefill];
    return typeof text === "string" ? normalise(text, this) : "";
  }

  #ruleList() {
    const list = make("ul", "text-rules", "", { "aria-label": t("Rules for this text") });
    list.append(...this.rules.map(({ words: said }) => make("li", "text-rule", said, { dir: "auto" })));
    return list;
  }

  #typed() {
    const now = performance.now();
    const text = normalise(this.field.value, this);
    this.change(text.trim() ? text : null, { undoable: now - this.#last > STEP_MS });
    this.#last = now;
  }

  show() {
    const text = this.value ?? "";
    if (normalise(this.field.value, this) !== text) this.field.value = text;
    this.#showFoot(text);
    this.rules.forEach(({ rule, args }, index) => {
      const kept = text ? holds(rule, args, text) : null;
      this.list.children[index].dataset.kept = kept === null ? "" : kept ? "yes" : "no";
    });
    this.others?.replaceChildren(...Object.entries(this.compare).map(([name, value]) => compared(name, text, value)));
  }

  /** How long the text is, and how long it may be. */
  #showFoot(text) {
    const { min_chars: minChars, max_chars: maxChars, min_words: minWords, max_words: maxWords } = this.config;
    const parts = [];
    if (minWords !== undefined || maxWords !== undefined) parts.push(limit(countWords(text), minWords, maxWords, (n) => t(["{n} word", "{n} words"], { n })));
    if (minChars !== undefined || maxChars !== undefined) parts.push(limit(length(text), minChars, maxChars, (n) => t(["{n} character", "{n} characters"], { n })));
    this.foot.replaceChildren(...parts);
    this.foot.hidden = !parts.length || this.readonly;
  }

  validate() {
    const text = this.value;
    if (text === null) return [];
    const { pattern, must_differ: mustDiffer, checks = [], syntax } = this.config;
    const problems = [...this.#limits(text)];
    const say = (code, params, said) => problems.push({ path: "", code, severity: "error", params, ...(said ? { words: said } : {}) });
    if (pattern !== undefined && !fits(pattern, text)) say("pattern");
    if (mustDiffer && text === this.start) say("unchanged");
    for (const { rule, args, words: said } of this.rules) if (holds(rule, args, text) === false) say(`constraint:${rule}`, { rule }, said === rule ? "" : said);
    if (checks.includes("syntax") && syntax === "json" && !isJson(text)) say("bad_syntax", { syntax: "JSON" });
    return problems;
  }

  *#limits(text) {
    const { min_chars: minChars, max_chars: maxChars, min_words: minWords, max_words: maxWords } = this.config;
    const error = (code, params) => ({ path: "", code, severity: "error", params });
    if (minChars !== undefined && length(text) < minChars) yield error("too_short", { min: minChars });
    if (maxChars !== undefined && length(text) > maxChars) yield error("too_long", { max: maxChars });
    if (minWords !== undefined && countWords(text) < minWords) yield error("too_few_words", { min: minWords });
    if (maxWords !== undefined && countWords(text) > maxWords) yield error("too_many_words", { max: maxWords });
  }

  commands() {
    if (this.readonly || this.config.format !== "markdown") return [];
    return [
      { id: "bold", title: t("Bold"), keys: "Mod+B", run: () => this.#wrap("**") },
      { id: "italic", title: t("Emphasis"), keys: "Mod+I", run: () => this.#wrap("*") },
    ];
  }

  /** Put marks around what is selected. */
  #wrap(mark) {
    const { selectionStart: start, selectionEnd: end, value } = this.field;
    this.field.setRangeText(mark + value.slice(start, end) + mark, start, end, "end");
    this.field.selectionStart = start + mark.length;
    this.field.selectionEnd = end + mark.length;
    this.field.focus();
    this.#last = -Infinity;
    this.#typed();
  }
}

function limit(count, least, most, said) {
  const off = (least !== undefined && count < least) || (most !== undefined && count > most);
  const range = least !== undefined && most !== undefined ? `${least}–${most}` : least !== undefined ? `≥ ${least}` : `≤ ${most}`;
  const part = make("span", off && count ? "text-count is-off" : "text-count", said(count));
  part.append(" ", make("span", "text-range", `(${range})`));
  return part;
}

/** Another answer, as the words that differ. */
function compared(name, text, value) {
  const box = make("div", "text-other");
  const body = make("div", "prewrap", "", { dir: "auto" });
  body.append(...wordDiff(text, value ?? ""));
  box.append(make("span", "by", name), body);
  return box;
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
