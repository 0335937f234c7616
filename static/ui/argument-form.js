/* The arguments of one call as a form, made from the JSON Schema of the tool's parameters: a control for each of them, those that are
   needed first. What has no control of its own is written as JSON. A control left empty says nothing; a list that is needed is then an
   empty one. Where it is wanted, each argument also takes the other values that would be as right. */

import { kindOf, neededOf, propertiesOf } from "@mh/app/arguments";
import { plain } from "@mh/app/call-words";
import { t } from "@mh/app/i18n";
import { pointer } from "@mh/app/items";
import { make } from "@mh/app/layout";
import { AlsoRight } from "@mh/ui/also-right";

const SIMPLE = new Set(["string", "number", "integer"]);
const LINES = 3; // of a field for a list or JSON
const DEEP = 4; // objects inside objects; below that as JSON
let serial = 0;

export class ArgumentForm {
  element = make("div", "call-form");
  #controls = new Map(); // path inside the arguments -> {node, unfinished()}
  #also = new Map(); // argument -> what else is accepted

  /** `changed(arguments, accepted)` is called after each change. `alternatives`: whether other values may be accepted. */
  constructor({ parameters, readonly, changed, alternatives }) {
    this.readonly = Boolean(readonly);
    this.alternatives = Boolean(alternatives);
    const said = () => changed(this.value, this.accepted);
    this.root = this.#part({ ...parameters, type: "object" }, { path: "", needed: true, label: t("Arguments, as JSON"), deep: 0, changed: said });
    this.element.append(this.root.node);
    if (this.#also.size && !this.readonly) this.element.append(this.#alsoButton());
  }

  /** One button for all arguments: nobody who has nothing to say there has to step over it in each. */
  #alsoButton() {
    const button = make("button", "button button--quiet button--small call-form__more", t("Other values would be as right …"), { type: "button" });
    button.addEventListener("click", () => {
      for (const also of this.#also.values()) also.open();
      [...this.#also.values()][0].focus();
    });
    return button;
  }

  get value() {
    return this.root.read() ?? {};
  }

  /** The other values by argument, of those that have any. */
  get accepted() {
    return Object.fromEntries([...this.#also].map(([name, also]) => [name, also.value]).filter(([, values]) => values.length));
  }

  show(given, accepted = {}) {
    this.root.fill(given);
    for (const [name, also] of this.#also) also.show(accepted[name] ?? []);
  }

  /** Give the keyboard to the accepted values of an argument. */
  focusAccepted(name) {
    this.#also.get(name)?.focus();
  }

  /** Paths of what is written but is no value yet. */
  get unfinished() {
    return [...this.#controls].filter(([, { unfinished }]) => unfinished()).map(([path]) => path);
  }

  /** Give the keyboard to the control at a path, or to the one that holds it; else to the first. */
  focus(path = "") {
    const paths = [...this.#controls.keys()];
    const at = paths.includes(path) ? path : (paths.find((each) => path.startsWith(`${each}/`)) ?? paths[0]);
    this.#controls.get(at)?.node.focus();
  }

  #part(parameter, about) {
    const grouped = Object.keys(propertiesOf(parameter)).length && about.deep < DEEP;
    return grouped ? this.#group(parameter, about) : this.#control(parameter, about);
  }

  /** Members of an object, one below the other. An object of which nothing is said is left out unless it is needed. */
  #group(parameter, { path, needed, label, deep, changed }) {
    const node = deep ? make("fieldset", "call-form__group") : make("div", "call-form__rows");
    if (deep) node.append(make("legend", "call-form__name", label));
    const known = propertiesOf(parameter);
    const names = Object.keys(known); // in the order in which they are written down
    const first = neededOf(parameter).filter((name) => Object.hasOwn(known, name));
    let extra = {}; // what the schema does not list is kept as it is
    const parts = new Map();
    for (const name of new Set([...first, ...names])) {
      const inner = { path: path + pointer(name), needed: first.includes(name), label: name, deep: deep + 1, changed };
      parts.set(name, this.#part(known[name] ?? {}, inner));
    }
    for (const [name, part] of parts) {
      node.append(part.node);
      if (this.alternatives && !deep) part.node.append(this.#alsoRight(name, known[name], first.includes(name), changed));
    }
    const read = () => {
      const said = names.map((name) => [name, parts.get(name).read()]).filter(([, value]) => value !== undefined);
      const found = { ...Object.fromEntries(said), ...extra };
      return needed || Object.keys(found).length ? found : undefined;
    };
    const fill = (value) => {
      extra = Object.fromEntries(Object.entries(value ?? {}).filter(([name]) => !names.includes(name)));
      for (const [name, part] of parts) part.fill(value?.[name]);
    };
    return { node, read, fill };
  }

  #alsoRight(name, parameter, needed, changed) {
    const also = new AlsoRight({ name, parameter, needed, changed, readonly: this.readonly });
    this.#also.set(name, also);
    return also.element;
  }

  /** A labelled control with what the tool says of it. */
  #control(parameter, { path, needed, label, changed }) {
    serial += 1;
    const id = `argument-${serial}`;
    const { node, read, write, broken = () => false } = controlFor(parameter, needed);
    node.id = id;
    if (node.tagName === "SELECT") node.disabled = this.readonly;
    else node.readOnly = this.readonly;
    node.addEventListener(node.tagName === "SELECT" ? "change" : "input", changed);
    const row = make("div", "call-form__row");
    const name = make("label", "call-form__name", label, { for: id });
    if (needed && path) name.append(" ", make("span", "call-form__needed", t("needed")));
    row.append(name, node);
    const about = aboutOf(parameter);
    if (about) {
      row.append(make("p", "call-form__about", about, { id: `${id}-about`, dir: "auto" }));
      node.setAttribute("aria-describedby", `${id}-about`);
    }
    this.#controls.set(path, { node, unfinished: broken });
    const fill = (value) => {
      if (!broken() && JSON.stringify(read()) !== JSON.stringify(value)) write(value);
    };
    return { node: row, read, fill };
  }
}

/** What it is for, and what holds where it is left out. */
function aboutOf({ description, default: usual }) {
  const without = usual === undefined || usual === null || usual === "" ? "" : t("Without it: {value}", { value: typeof usual === "string" ? usual : JSON.stringify(usual) });
  return [typeof description === "string" ? description : "", without].filter(Boolean).join(" · ");
}

function controlFor(parameter, needed) {
  const kind = kindOf(parameter);
  if (Array.isArray(parameter.enum)) return chosen(parameter.enum);
  if (kind === "boolean") return chosen([true, false]);
  if (kind === "number" || kind === "integer") return numeric(parameter, kind);
  if (kind === "string") return written();
  if (kind === "array" && SIMPLE.has(kindOf(parameter.items ?? {}))) return listed(kindOf(parameter.items), needed);
  return asJson(kind, needed);
}

function chosen(values) {
  const node = make("select");
  const words = (value) => (value === true ? t("yes") : value === false ? t("no") : String(value));
  node.append(new Option("–", ""), ...values.map((value, at) => new Option(words(value), String(at))));
  const write = (value) => (node.value = values.includes(value) ? String(values.indexOf(value)) : "");
  return { node, write, read: () => values[node.value] };
}

function numeric({ minimum, maximum }, kind) {
  const node = make("input", "", "", { type: "number", step: kind === "integer" ? "1" : "any" });
  if (typeof minimum === "number") node.min = minimum;
  if (typeof maximum === "number") node.max = maximum;
  return { node, write: (value) => (node.value = value ?? ""), read: () => (node.value === "" ? undefined : Number(node.value)), broken: () => node.validity.badInput };
}

function written() {
  const node = make("input", "", "", { type: "text", dir: "auto", autocomplete: "off", spellcheck: "false" });
  return { node, write: (value) => (node.value = value ?? ""), read: () => plain(node.value) || undefined };
}

/** Words or numbers, one to a line. */
function listed(kind, needed) {
  const node = area(t("One to a line"));
  const lines = () => node.value.split("\n").map(plain).filter(Boolean);
  const read = () => {
    const found = lines().map((line) => (kind === "string" || !isNumber(line) ? line : Number(line)));
    return found.length || needed ? found : undefined;
  };
  const write = (value) => (node.value = Array.isArray(value) ? value.join("\n") : "");
  return { node, read, write };
}

/** Anything else. Where the kind is not said, what is no JSON is taken for words. */
function asJson(kind, needed) {
  const node = area(t("JSON"));
  const parsed = () => {
    try {
      return JSON.parse(node.value);
    } catch {
      return undefined;
    }
  };
  const free = !["array", "object"].includes(kind);
  const empty = { array: [], object: {} }[kind];
  const read = () => (node.value.trim() ? (parsed() ?? (free ? plain(node.value) : undefined)) : needed ? empty : undefined);
  const write = (value) => (node.value = value === undefined || (needed && JSON.stringify(value) === JSON.stringify(empty)) ? "" : JSON.stringify(value, null, 1));
  return { node, read, write, broken: () => !free && node.value.trim() !== "" && parsed() === undefined };
}

function area(placeholder) {
  const node = make("textarea", "text-field text-field--code", "", { rows: LINES, dir: "auto", spellcheck: "false", placeholder });
  node.style.setProperty("--lines", LINES);
  return node;
}

const isNumber = (text) => Number.isFinite(Number(text));
