/* Options to choose from: fixed in the schema, or supplied by an items field of the task. */

import { allocate } from "@mh/app/hotkeys";
import { keyOf } from "@mh/app/items";
import { make } from "@mh/app/layout";
import { spoken } from "@mh/app/keys";
import { title, words } from "@mh/app/words";

/** The options of a question in a task: [{key, title, help, hotkey, colour, exclusive, words}], each with the key it answers to. */
export function optionsOf(config, payload, lang, taken = []) {
  const listed = config.options ?? (payload[config.options_from] ?? []).map(fromItem);
  const keys = allocate(listed.map(({ hotkey }) => hotkey), taken);
  return listed.map((option, index) => ({
    ...option,
    words: title(option, lang),
    about: words(option.help, lang),
    chord: keys[index],
  }));
}

function fromItem(item, index) {
  const text = typeof item === "object" ? (item.title ?? item.content) : item;
  return { key: keyOf(item, index), title: typeof text === "string" ? text : "" };
}

/** A radio button or box with its words, key and help, as one big target. `control` attributes go to the input. */
export function optionRow(option, { type, name, readonly }) {
  const row = make("label", "option");
  const input = make("input", "option__input", "", { type, name, value: option.key });
  input.disabled = Boolean(readonly);
  const label = make("span", "option__words");
  label.append(make("bdi", "option__title", option.words, { dir: "auto" }));
  if (option.about) label.append(make("span", "option__help", option.about));
  row.append(input);
  if (option.colour) row.append(make("span", "swatch option__swatch", [...option.words][0] ?? "", { "aria-hidden": "true", "data-label-slot": option.colour }));
  row.append(label, make("span", "option__by"));
  if (option.chord && !readonly) row.append(make("kbd", "option__key", spoken(option.chord), { "aria-hidden": "true" }));
  return { row, input };
}

/** Show on a row which of the compared answers chose it. */
export function showBy(row, names) {
  const place = row.querySelector(".option__by");
  place.replaceChildren(...names.map((name) => make("span", "by", name)));
  row.classList.toggle("is-compared", names.length > 0);
}

/** Own words, trimmed and composed; the key of the option they name, else {other}; null if there are none. */
export function ownWords(text, options) {
  const said = text.trim().normalize("NFC");
  if (!said) return null;
  const found = options.find((option) => titlesOf(option).includes(said));
  return found ? found.key : { other: said };
}

function titlesOf({ key, title: given }) {
  const titles = (typeof given === "object" && given !== null ? Object.values(given) : [given]).filter(Boolean);
  return titles.length ? titles : [key];
}
