/* A control for each kind of cell: {node, read(), write(cell), broken()}. An empty control says nothing; a box without a tick says no. */

import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { title } from "@mh/app/words";
import { plain } from "@mh/app/call-words";

const LONG = new Set(["long_text", "markdown", "code"]);

/** `changed({typed})` is called after each change; `targets()`: what a reference may name, [{key, title}]. */
export function cellControl(column, { lang, changed, targets }) {
  const build = LONG.has(column.type) ? long : (CONTROLS[column.type] ?? oneLine);
  const control = { broken: () => false, ...build(column, { lang, changed, targets }) };
  const typed = control.node.matches("textarea, input:not([type=checkbox])");
  if (control.node.matches("textarea, input, select")) control.node.addEventListener(typed ? "input" : "change", () => changed({ typed }));
  return control;
}

function oneLine({ type }) {
  const node = make("input", "", "", { type: "text", dir: "auto", autocomplete: "off", ...(type === "url" && { inputmode: "url", spellcheck: "false" }) });
  return { node, write: (cell) => (node.value = cell ?? ""), read: () => plain(node.value) || undefined };
}

/** Grows with its words. Code keeps its blanks, unless it has nothing else. */
function long({ type }) {
  const code = type === "code";
  const node = make("textarea", code ? "text-field text-field--code" : "text-field", "", { rows: 1, dir: "auto", spellcheck: String(!code) });
  const kept = (text) => (code && plain(text) ? text.replaceAll(/\r\n?/g, "\n").normalize("NFC") : plain(text));
  return { node, write: (cell) => (node.value = cell ?? ""), read: () => kept(node.value) || undefined };
}

function numeric({ type, min, max }) {
  const node = make("input", "records__number", "", { type: "number", step: type === "integer" ? "1" : "any" });
  if (min !== undefined) node.min = min;
  if (max !== undefined) node.max = max;
  return { node, write: (cell) => (node.value = cell ?? ""), read: () => (node.value === "" ? undefined : Number(node.value)), broken: () => node.validity.badInput };
}

function tick() {
  const node = make("input", "", "", { type: "checkbox" });
  return { node, write: (cell) => (node.checked = cell === true), read: () => node.checked };
}

function day() {
  const node = make("input", "", "", { type: "date" });
  return { node, write: (cell) => (node.value = cell ?? ""), read: () => node.value || undefined, broken: () => node.validity.badInput };
}

function chosen({ options }, { lang }) {
  return selectOf(() => options.map((option) => ({ key: option.key, title: title(option, lang) })));
}

function referring(_column, { targets }) {
  return selectOf(targets);
}

/** What is offered is looked up anew each time; a key that is offered no longer stays as it is. */
function selectOf(offers) {
  const node = make("select");
  const write = (cell) => {
    const offered = offers();
    if (cell !== undefined && !offered.some(({ key }) => key === cell)) offered.push({ key: cell, title: cell });
    node.replaceChildren(new Option("–", ""), ...offered.map(({ key, title: name }) => new Option(name, key)));
    node.value = cell ?? "";
  };
  write();
  return { node, write, read: () => node.value || undefined };
}

/** Several of the options, in their order. */
function several({ options }, { lang, changed }) {
  const node = make("div", "chips", "", { role: "group" });
  const press = (button, on) => button.setAttribute("aria-pressed", String(on));
  const buttons = options.map((option) => {
    const button = make("button", "chip", title(option, lang), { type: "button", "aria-pressed": "false" });
    button.addEventListener("click", () => {
      press(button, button.getAttribute("aria-pressed") === "false");
      changed({ typed: false });
    });
    return button;
  });
  node.append(...buttons);
  const read = () => {
    const keys = options.filter((_option, at) => buttons[at].getAttribute("aria-pressed") === "true").map(({ key }) => key);
    return keys.length ? keys : undefined;
  };
  return { node, read, write: (cell = []) => buttons.forEach((button, at) => press(button, cell.includes(options[at].key))) };
}

const CONTROLS = { integer: numeric, number: numeric, boolean: tick, date: day, choice: chosen, choices: several, ref: referring };
