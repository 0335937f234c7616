/* What is said of one element of a walk: the verdict, why, what would be better, what proves it. One panel, moved from element to element. */

import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { showBy } from "@mh/app/options";
import { spoken } from "@mh/app/keys";
import { judgedIn } from "@mh/app/walk";
import { title } from "@mh/app/words";

const WRITTEN = 2; // rows of a field for words
const CALL = 4; // and of one for arguments

export class VerdictPanel {
  element = make("div", "editor judge", "", { role: "group" });
  #drafts = new Map(); // element -> arguments of a better call that are no JSON yet
  #drawn = "";

  /** `editor`: see `static/editors/verdicts.js`. */
  constructor(editor) {
    this.editor = editor;
    if (editor.readonly) this.element.classList.add("is-readonly");
  }

  // --- drawing -------------------------------------------------------------------------------------------------------------

  show(key) {
    const { editor } = this;
    const judged = editor.judged(key);
    const { reason, fix, ...rest } = judged ?? {};
    const state = JSON.stringify([key, rest, editor.value?.first, this.#asks(judged)]);
    if (state !== this.#drawn) this.#draw(key, judged, state);
    this.#fill(judged);
  }

  /** Which fields for words an element has. */
  #asks(judged) {
    const { config, walk, readonly } = this.editor;
    const fault = walk.faults.has(judged?.verdict);
    const reason = judged && ({ optional: true, always: true, on_error: fault }[config.reason] || judged.reason);
    const fix = judged && (config.fix ?? "none") !== "none" && (fault || judged.fix !== undefined);
    return { reason: Boolean(reason) && !(readonly && !judged.reason), fix: Boolean(fix) && !(readonly && judged.fix === undefined) };
  }

  #draw(key, judged, state) {
    const held = this.held;
    this.#drawn = state;
    this.key = key;
    this.fields = {};
    const { config, walk, readonly } = this.editor;
    const asks = this.#asks(judged);
    this.element.setAttribute("aria-label", t("Verdict on {item}", { item: this.editor.label(key) }));
    const parts = [this.#verdicts(judged), this.#marks(judged)];
    if (judged && config.reason_codes?.length) parts.push(this.#codes(judged));
    if (asks.reason) parts.push(this.#reason(walk.wantsReason(judged)));
    if (asks.fix) parts.push(config.fix === "call" ? this.#call() : this.#better());
    if (judged && config.evidence && !(readonly && !judged.evidence)) parts.push(this.#evidence(judged));
    this.element.replaceChildren(...parts.filter(Boolean));
    if (held !== null) this.focus(held);
  }

  #button(name, label, { pressed, chord, run, by = [] }) {
    const button = make("button", "button button--small judge__option", "", { type: "button", "data-do": name, "aria-pressed": String(pressed) });
    button.append(make("bdi", "", label), make("span", "option__by"));
    showBy(button, by);
    if (chord && !this.editor.readonly) button.append(make("kbd", "", spoken(chord), { "aria-hidden": "true" }));
    button.disabled = Boolean(this.editor.readonly);
    button.addEventListener("click", run);
    return button;
  }

  #verdicts(judged) {
    const { editor } = this;
    const row = make("div", "cluster gap-2");
    row.append(
      ...editor.options.map(({ key, words: label, chord }) =>
        this.#button(`verdict-${key}`, label, {
          pressed: judged?.verdict === key,
          chord,
          run: () => editor.judge(key),
          by: editor.comparedBy((value) => judgedIn(value, this.key)?.verdict === key),
        }),
      ),
    );
    return row;
  }

  /** Not sure; the first fault. */
  #marks(judged) {
    const { editor } = this;
    const { config, walk, readonly } = editor;
    const row = make("div", "cluster gap-2");
    if (config.unsure && judged && !(readonly && !judged.unsure)) {
      row.append(this.#button("unsure", t("Not sure"), { pressed: Boolean(judged.unsure), chord: "u", run: () => editor.tell(this.key, { unsure: judged.unsure ? undefined : true }) }));
    }
    if (config.first === "chosen" && walk.faults.has(judged?.verdict)) {
      const by = editor.comparedBy((value) => value.first === this.key);
      row.append(this.#button("first", t("First fault that matters"), { pressed: editor.value.first === this.key, chord: "c", run: () => editor.chooseFirst(), by }));
    }
    return row.childElementCount ? row : null;
  }

  #codes(judged) {
    const { editor } = this;
    const given = judged.codes ?? [];
    const offered = editor.config.reason_codes.filter(({ key }) => !editor.readonly || given.includes(key));
    if (!offered.length) return null;
    const row = make("div", "cluster gap-1", "", { role: "group", "aria-label": t("Why") });
    const pick = (key) => {
      const next = editor.config.reason_codes.map((each) => each.key).filter((each) => given.includes(each) !== (each === key));
      editor.tell(this.key, { codes: next.length ? next : undefined });
    };
    row.append(...offered.map((code) => this.#button(`code-${code.key}`, title(code, editor.lang), { pressed: given.includes(code.key), run: () => pick(code.key) })));
    return row;
  }

  // --- words -----------------------------------------------------------------------------------------------------------------

  #field(name, label, control, chord) {
    const box = make("label", "judge__field");
    const head = make("span", "judge__label", label);
    if (chord && !this.editor.readonly) head.append(" ", make("kbd", "", spoken(chord), { "aria-hidden": "true" }));
    control.dataset.do = name;
    control.readOnly = Boolean(this.editor.readonly);
    if (control.tagName === "SELECT") control.disabled = Boolean(this.editor.readonly);
    box.append(head, control);
    this.fields[name] = control;
    return box;
  }

  #area(rows, typed, attributes = {}) {
    const area = make("textarea", "text-field", "", { rows, dir: "auto", ...attributes });
    area.style.setProperty("--lines", rows);
    area.addEventListener("input", () => typed(area.value));
    return area;
  }

  #reason(needed) {
    const label = needed ? t("Why? (needed)") : t("Why?");
    return this.#field("reason", label, this.#area(WRITTEN, (text) => this.editor.type(this.key, { reason: text.trim() ? plain(text) : undefined })), "r");
  }

  #better() {
    const label = this.editor.config.fix_required ? t("What would be right? (needed)") : t("What would be right?");
    return this.#field("fix", label, this.#area(WRITTEN, (text) => this.editor.type(this.key, { fix: text.trim() ? plain(text) : undefined })), "f");
  }

  /** A better call: which tool, and its arguments as JSON. It starts as the call that was made. */
  #call() {
    const { tools } = this.editor.config;
    const names = (this.editor.payload[tools] ?? []).map(({ name }) => name).filter(Boolean);
    const name = tools ? make("select") : make("input", "", "", { type: "text", autocomplete: "off", spellcheck: "false" });
    if (tools) name.append(...["", ...names].map((each) => new Option(each, each)));
    name.addEventListener(tools ? "change" : "input", () => this.#called());
    const box = make("div", "judge__call");
    const label = this.editor.config.fix_required ? t("Better call (needed)") : t("Better call");
    box.append(this.#field("fix", label, name, "f"), this.#field("arguments", t("Arguments, as JSON"), this.#area(CALL, () => this.#called(), { class: "text-field text-field--code", spellcheck: "false", dir: "ltr" })));
    return box;
  }

  #called() {
    const [name, text] = [this.fields.fix.value.trim(), this.fields.arguments.value];
    const given = parsed(text);
    if (given && name) this.#drafts.delete(this.key);
    else if (name || text.trim()) this.#drafts.set(this.key, { name, text });
    else this.#drafts.delete(this.key);
    this.editor.type(this.key, { fix: given && name ? { name, arguments: given } : undefined });
  }

  /** Show the words as they are now, but never under somebody's fingers. */
  #fill(judged) {
    const { reason, fix } = this.fields;
    set(reason, judged?.reason ?? "");
    if (!this.fields.arguments) return set(fix, judged?.fix ?? "");
    const draft = this.#drafts.get(this.key);
    const [made] = this.editor.walk.elements.get(this.key)?.calls ?? [];
    const call = judged?.fix ?? (this.editor.readonly ? undefined : made);
    set(fix, draft?.name ?? call?.name ?? "");
    return set(this.fields.arguments, draft?.text ?? (call ? JSON.stringify(call.arguments, null, 2) : ""));
  }

  #evidence(judged) {
    const { editor } = this;
    const box = make("div", "judge__evidence");
    if (!editor.readonly) {
      const quote = make("button", "button button--small", t("Quote what is selected"), { type: "button", "data-do": "evidence" });
      quote.append(" ", make("kbd", "", "E", { "aria-hidden": "true" }));
      quote.addEventListener("click", () => editor.quote());
      box.append(quote);
    }
    const list = make("ul", "judge__quotes");
    for (const [at, { text }] of (judged.evidence ?? []).entries()) list.append(this.#quoted(judged, at, text ?? ""));
    if (list.childElementCount) box.append(list);
    return box;
  }

  #quoted(judged, at, text) {
    const row = make("li", "judge__quote");
    row.append(make("q", "", text, { dir: "auto" }));
    if (this.editor.readonly) return row;
    const rest = judged.evidence.filter((_each, place) => place !== at);
    const off = make("button", "button button--quiet button--small", "×", { type: "button", "data-do": `quote-${at}`, "aria-label": t("Take the quote off: {text}", { text }) });
    off.addEventListener("click", () => this.editor.tell(this.key, { evidence: rest.length ? rest : undefined }));
    row.append(off);
    return row;
  }

  // --- for the editor ------------------------------------------------------------------------------------------------------

  /** What of the panel has the keyboard: the name of a control, or null. */
  get held() {
    return this.element.contains(document.activeElement) ? (document.activeElement.dataset.do ?? "") : null;
  }

  has(name) {
    return this.element.querySelector(`[data-do="${CSS.escape(name)}"]`) !== null;
  }

  /** Give the keyboard to a control, else to the first one. */
  focus(name) {
    const control = this.element.querySelector(`[data-do="${CSS.escape(name)}"]`) ?? this.element.querySelector("[data-do]");
    control?.focus({ preventScroll: true });
  }

  /** Better calls that are not calls yet. */
  problems(value) {
    const unfinished = value.items.map(({ item }, index) => ({ key: item, index })).filter(({ key }) => this.#drafts.has(key));
    return unfinished.map(({ key, index }) => ({ key, path: `/items/${index}/fix`, code: "fix_type", params: { wanted: t("a call with a name and arguments") } }));
  }
}

/** As it is stored: line ends, composed, without blanks at the ends. */
function plain(text) {
  return text.replaceAll(/\r\n?/g, "\n").normalize("NFC").trim();
}

/** The arguments of a call, or null if this is no JSON object. */
function parsed(text) {
  try {
    const found = JSON.parse(text.trim() || "{}");
    return typeof found === "object" && found !== null && !Array.isArray(found) ? found : null;
  } catch {
    return null;
  }
}

function set(control, value) {
  if (control && document.activeElement !== control && control.value !== value) control.value = value;
}
