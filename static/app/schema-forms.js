/* Small parts of the schema editor: inputs bound to a place of the document. `path` is the JSON Pointer of what an input sets. */

import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { icon } from "@mh/ui/icon";

const SLOTS = 20;
let serial = 0;

/** An input with its label; problems at `path` are shown under it. */
export function labelled(words, input, path) {
  serial += 1;
  input.id = `schema-${serial}`;
  const box = make("div", "field", "", path ? { "data-path": path } : {});
  box.append(make("label", "field__label", words, { for: input.id }), input);
  return box;
}

/** A text input that calls `set(value)` while somebody types. */
export function text(value, set, attributes = {}) {
  const input = make("input", "", "", { autocomplete: "off", dir: "auto", ...attributes });
  input.value = value ?? "";
  input.addEventListener("input", () => set(input.value));
  return input;
}

/** A number, or nothing; a whole one unless `attributes` say that any will do. */
export function number(value, set, attributes = {}) {
  const input = make("input", "", "", { type: "number", inputmode: "numeric", ...attributes });
  input.value = value ?? "";
  const read = attributes.step === "any" ? Number : (typed) => Math.round(Number(typed));
  input.addEventListener("input", () => set(input.value === "" ? undefined : read(input.value)));
  return input;
}

/** A choice of [value, words] pairs. */
export function select(value, pairs, set) {
  const input = make("select");
  for (const [key, words] of pairs) input.append(new Option(words, key, false, key === value));
  input.addEventListener("change", () => set(input.value));
  return input;
}

/** A tick. */
export function tick(words, value, set) {
  const label = make("label", "check");
  const input = make("input", "", "", { type: "checkbox" });
  input.checked = Boolean(value);
  input.addEventListener("change", () => set(input.checked));
  label.append(input, make("span", "", words));
  return label;
}

/** A small button with an icon; `words` are read out. */
export function iconButton(name, words, run) {
  const button = make("button", "button button--quiet button--icon button--small", "", { type: "button", "aria-label": words, title: words });
  button.append(icon(name));
  button.addEventListener("click", run);
  return button;
}

/** A colour slot of the label palette, chosen from a list; empty takes the next free one, `free`. */
export function colour(value, free, set) {
  const box = make("span", "colour-choice");
  const swatch = make("span", "swatch", "", { "aria-hidden": "true" });
  const draw = (slot) => (swatch.dataset.labelSlot = slot || free);
  const pairs = [["", t("auto")], ...Array.from({ length: SLOTS }, (_, slot) => [String(slot + 1), String(slot + 1)])];
  const input = select(String(value ?? ""), pairs, (slot) => {
    draw(slot);
    set(slot === "" ? undefined : Number(slot));
  });
  input.setAttribute("aria-label", t("Colour"));
  draw(value);
  box.append(swatch, input);
  return box;
}

/** Set a member, or take it away where the value says nothing. */
export function put(object, name, value) {
  if (value === undefined || value === "" || value === false) delete object[name];
  else object[name] = value;
}

/** The words of a language; a plain string is English. */
export function wordsOf(value, language) {
  if (typeof value === "string") return language === "en" ? value : "";
  return value?.[language] ?? "";
}

/** Set the words of a language, keeping the others. */
export function putWords(object, name, language, value) {
  const words = typeof object[name] === "string" ? { en: object[name] } : { ...object[name] };
  put(words, language, value);
  if (Object.keys(words).length) object[name] = words;
  else delete object[name];
}

/** A machine name from words: "Which one?" is `which_one`. */
export function nameFrom(words) {
  const plain = words.normalize("NFKD").toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^[^a-z]+|_+$/g, "");
  return plain.slice(0, 40);
}

/** A name that none of `taken` has: `name`, `name_2`, … */
export function freeName(name, taken) {
  let found = name;
  for (let n = 2; taken.includes(found); n += 1) found = `${name}_${n}`;
  return found;
}

/** Move an element of a list by one; false at an end. */
export function move(list, from, by) {
  const to = from + by;
  if (to < 0 || to >= list.length) return false;
  list.splice(to, 0, ...list.splice(from, 1));
  return true;
}
