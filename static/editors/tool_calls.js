/* tool_calls: the calls that should be made. The number of a tool adds a call of it, with a form for its arguments; `n` goes to the reasons
   for calling nothing. Where only one call may be made, another tool takes its place. */

import { argumentProblems, neededOf, propertiesOf } from "@mh/app/arguments";
import { announce } from "@mh/app/a11y";
import { callText, plain } from "@mh/app/call-words";
import { Editor } from "@mh/app/editor";
import { t } from "@mh/app/i18n";
import { onFields, pointer } from "@mh/app/items";
import { spoken } from "@mh/app/keys";
import { make } from "@mh/app/layout";
import { showBy } from "@mh/app/options";
import { title } from "@mh/app/words";
import { ArgumentForm } from "@mh/ui/argument-form";

const STEP_MS = 1000; // typing without a longer pause is one step of undo
const DIGITS = 9;

export default class extends Editor {
  static type = "tool_calls";
  #forms = []; // one for each call
  #typed = -Infinity;

  build() {
    const [field] = onFields(this.question);
    this.tools = (this.payload[field] ?? []).filter(({ name } = {}) => name);
    this.reasons = this.config.no_call ?? [];
    this.list = make("ol", "call-list", "", { "aria-label": t("Calls") });
    this.hint = make("p", "muted small");
    this.append(...[this.readonly ? null : this.#buildTools(), this.hint, this.list, this.reasons.length ? this.#buildReasons() : null].filter(Boolean));
  }

  #buildTools() {
    const row = make("div", "cluster gap-2", "", { role: "group", "aria-label": t("Add a call") });
    this.adders = this.tools.map(({ name }, at) => {
      const button = make("button", "button button--small", "", { type: "button" });
      button.append(make("span", "mono", name, { dir: "ltr" }));
      if (at < DIGITS) button.append(" ", make("kbd", "", String(at + 1), { "aria-hidden": "true" }));
      button.addEventListener("click", () => this.add(name));
      return button;
    });
    row.append(...this.adders);
    return row;
  }

  #buildReasons() {
    const box = make("div", "stack gap-2");
    const row = make("div", "cluster gap-2", "", { role: "group", "aria-label": t("Call nothing, because") });
    row.append(make("span", "small muted", t("Call nothing:"), { "aria-hidden": "true" }));
    this.reasonButtons = this.reasons.map((reason) => {
      const button = make("button", "button button--small judge__option", "", { type: "button" });
      button.append(make("bdi", "", title(reason, this.lang)), make("span", "option__by"));
      if (reason.hotkey && !this.readonly) button.append(make("kbd", "", spoken(reason.hotkey), { "aria-hidden": "true" }));
      button.disabled = Boolean(this.readonly);
      button.addEventListener("click", () => this.callNothing(reason.key));
      return button;
    });
    row.append(...this.reasonButtons);
    box.append(row);
    if (this.config.clarify) box.append(this.#buildClarify());
    return box;
  }

  #buildClarify() {
    this.clarifyBox = make("label", "judge__field");
    this.clarify = make("textarea", "text-field", "", { rows: 2, dir: "auto" });
    this.clarify.style.setProperty("--lines", 2);
    this.clarify.readOnly = Boolean(this.readonly);
    this.clarify.addEventListener("input", () => {
      const words = plain(this.clarify.value);
      this.#type({ calls: [], no_call: this.value.no_call, ...(words && { clarify: words }) });
    });
    this.clarifyBox.append(make("span", "judge__label", t("What should be asked instead?")), this.clarify);
    return this.clarifyBox;
  }

  get calls() {
    return this.value?.calls ?? [];
  }

  /** Of each call, what else is accepted. */
  get accepted() {
    return this.calls.map((_call, at) => this.value.accept?.[at] ?? {});
  }

  #said(calls, accepted) {
    if (!calls.length) return null;
    return { calls, ...(accepted.some((each) => Object.keys(each).length) && { accept: accepted }) };
  }

  /** A call of a tool, behind the others; in place of the only one that may be made. */
  add(name) {
    const { parallel, max = Infinity } = this.config;
    if (parallel && this.calls.length >= max) return announce(t("At most {max} allowed.", { max }));
    if (parallel || this.calls[0]?.name !== name) {
      const blank = this.#form(name, () => {}).value; // what is needed and may be empty is there from the start
      const [calls, accepted] = parallel ? [this.calls, this.accepted] : [[], []];
      this.change(this.#said([...calls, { name, arguments: blank }], [...accepted, {}]));
    }
    return this.#forms.at(-1).form.focus();
  }

  remove(at) {
    if (at < 0) return;
    this.#forms.splice(at, 1)[0]?.node.remove();
    const [calls, accepted] = [this.calls, this.accepted].map((each) => each.toSpliced(at, 1));
    this.change(this.#said(calls, accepted));
    (this.#forms[Math.min(at, this.#forms.length - 1)]?.off ?? this.adders[0])?.focus();
  }

  callNothing(reason) {
    this.change(this.value?.no_call === reason ? null : { calls: [], no_call: reason });
  }

  #type(next) {
    const now = performance.now();
    this.change(next, { undoable: now - this.#typed > STEP_MS });
    this.#typed = now;
  }

  // --- how it looks ------------------------------------------------------------------------------------------------------

  show() {
    this.#showCalls();
    const full = this.config.parallel && this.calls.length >= (this.config.max ?? Infinity);
    for (const button of this.adders ?? []) button.disabled = full;
    this.hint.textContent = this.#words();
    this.hint.hidden = !this.hint.textContent;
    this.reasonButtons?.forEach((button, at) => {
      const { key } = this.reasons[at];
      button.setAttribute("aria-pressed", String(this.value?.no_call === key));
      showBy(button, this.comparedBy((given) => given.no_call === key));
    });
    if (!this.clarify) return;
    this.clarifyBox.hidden = this.value?.no_call === undefined || (this.readonly && !this.value.clarify);
    if (plain(this.clarify.value) !== (this.value?.clarify ?? "")) this.clarify.value = this.value?.clarify ?? "";
  }

  #words() {
    if (this.readonly) return this.value === null ? t("No answer") : "";
    if (this.value?.no_call !== undefined) return "";
    if (this.calls.length) return this.config.parallel ? t("The order of the calls does not matter.") : "";
    return t("Press a tool, or its number, to call it.");
  }

  /** A form stays as long as its call is of the same tool, so that nobody's words are lost. */
  #showCalls() {
    const same = this.calls.findIndex(({ name }, at) => this.#forms[at]?.name !== name);
    const kept = same < 0 ? this.calls.length : same;
    for (const { node } of this.#forms.splice(kept)) node.remove();
    for (const call of this.calls.slice(kept)) this.#forms.push(this.#row(call.name));
    this.calls.forEach((call, at) => this.#showCall(call, at));
  }

  #showCall(call, at) {
    const { form, head, off, box } = this.#forms[at];
    form.show(call.arguments, this.accepted[at]);
    const label = t("Call {n}: {tool}", { n: at + 1, tool: call.name });
    box.setAttribute("aria-label", label);
    head.textContent = label;
    off?.setAttribute("aria-label", t("Take off call {n}: {tool}", { n: at + 1, tool: call.name }));
    const text = callText(call);
    showBy(box, this.comparedBy((given) => given.calls.some((each) => callText(each) === text)));
  }

  #row(name) {
    const node = make("li", "call-list__call");
    const box = make("div", "call-list__box", "", { role: "group" });
    const top = make("div", "cluster gap-2");
    const head = make("strong", "calls__name", "", { dir: "ltr" });
    const row = { name, node, box, head, form: this.#form(name, (given, accepted) => this.#give(row, given, accepted)) };
    top.append(head, make("span", "option__by"));
    if (!this.readonly) top.append((row.off = this.#removeButton(row)));
    box.append(top, row.form.element);
    node.append(box);
    this.list.append(node);
    return row;
  }

  #form(name, changed) {
    const { parameters } = this.tools.find((tool) => tool.name === name) ?? {};
    return new ArgumentForm({ parameters, readonly: this.readonly, changed, alternatives: this.config.alternatives });
  }

  #removeButton(row) {
    const off = make("button", "button button--quiet button--small", "×", { type: "button" });
    off.addEventListener("click", () => this.remove(this.#forms.indexOf(row)));
    return off;
  }

  #give(row, given, accepted) {
    const at = this.#forms.indexOf(row);
    this.#type(this.#said(this.calls.with(at, { name: row.name, arguments: given }), this.accepted.with(at, accepted)));
  }

  // --- what is wrong -----------------------------------------------------------------------------------------------------

  validate() {
    if (!this.value || this.value.no_call !== undefined) return [];
    const { min } = this.config;
    const found = this.calls.flatMap((call, at) => this.#callProblems(call, at));
    if (min !== undefined && this.calls.length < min) found.push({ path: "/calls", code: "too_few", severity: "error", params: { min } });
    return found;
  }

  #callProblems(call, at) {
    const tool = this.tools.find(({ name }) => name === call.name);
    if (!tool) return [{ path: `/calls/${at}/name`, code: "unknown_tool", severity: "error" }];
    const { form } = this.#forms[at];
    const open = form.unfinished;
    const wrong = argumentProblems(call.arguments, tool.parameters).filter(({ path }) => !open.includes(path));
    const given = [...open.map((path) => ({ path, code: "bad_arguments" })), ...wrong].map(({ path, code }) => ({
      path: `/calls/${at}/arguments${path}`,
      code,
      severity: "error",
      focus: () => form.focus(path),
    }));
    return [...given, ...this.#acceptedProblems(tool, at)];
  }

  /** Each accepted value as if it had been given. */
  #acceptedProblems({ parameters }, at) {
    const known = propertiesOf(parameters);
    const values = Object.entries(this.accepted[at]).flatMap(([name, list]) => list.map((value, number) => ({ name, value, number })));
    const wrong = values.filter(({ name, value }) => argumentProblems(value, known[name]).length && (value !== "" || neededOf(parameters).includes(name)));
    return wrong.map(({ name, number }) => ({
      path: `/accept/${at}${pointer(name, number)}`,
      code: "bad_arguments",
      severity: "error",
      focus: () => this.#forms[at].form.focusAccepted(name),
    }));
  }

  commands() {
    if (this.readonly) return [];
    return [
      ...this.tools.slice(0, DIGITS).map(({ name }, at) => ({ id: `call-${at + 1}`, title: t("Call {tool}", { tool: name }), keys: String(at + 1), run: () => this.add(name) })),
      { id: "remove-call", title: t("Take off the last call"), keys: "Backspace", when: () => this.calls.length > 0, run: () => this.remove(this.calls.length - 1) },
      ...(this.reasons.length ? [{ id: "no-call", title: t("Call nothing"), keys: "n", run: () => this.reasonButtons[0].focus() }] : []),
      ...this.reasons.filter(({ hotkey }) => hotkey).map((reason) => ({ id: `no-call-${reason.key}`, title: title(reason, this.lang), keys: reason.hotkey, run: () => this.callNothing(reason.key) })),
    ];
  }
}
