/* The labels of a question in one task, each with its key, colour, dash and letter. Keys and colours are given out as on the server
   (`annotation/questions/legend.py`). */

import { allocate, chord } from "@mh/app/hotkeys";
import { keyOf } from "@mh/app/items";
import { title } from "@mh/app/words";

const SLOTS = 20;
const DASHES = 4;

/** [{…label, title, hotkey, colour, dash, tag}]; `title` is in the reader's language. */
export function labelsOf(question, payload, lang) {
  const { config } = question;
  const offered = config.labels ?? listed(payload, config.labels_from);
  const keys = allocate(offered.map(({ hotkey }) => hotkey), hotkeysBeside(config));
  const slots = colours(offered);
  const entries = offered.map((label, at) => ({
    ...label,
    title: title(label, lang),
    hotkey: keys[at],
    colour: slots[at],
    dash: at % DASHES,
  }));
  return withTags(entries);
}

/** The labels that an items field supplies: key of the item, its title or content. */
export function listed(payload, field) {
  return (payload[field] ?? []).map((item, index) => {
    const words = typeof item === "object" ? item.title || item.content : item;
    return { key: keyOf(item, index), title: typeof words === "string" ? words : "" };
  });
}

function hotkeysBeside({ relations = [], attributes = [] }) {
  const options = attributes.flatMap((attribute) => attribute.options ?? []);
  return [...relations, ...options].map(({ hotkey }) => chord(hotkey)).filter(Boolean);
}

/** Own slots kept; the others take the free ones in order, and start again when all are used. */
function colours(labels) {
  const own = new Set(labels.map(({ colour }) => colour));
  const all = Array.from({ length: SLOTS }, (_, index) => index + 1);
  const free = all.filter((slot) => !own.has(slot));
  const pool = free.length ? free : all;
  let place = 0;
  return labels.map(({ colour }) => colour ?? pool[place++ % pool.length]);
}

/** A letter for each entry, so that nobody depends on colour: of its title if one is free, else its key. */
function withTags(entries) {
  const used = new Set();
  for (const entry of entries) {
    const letters = [...entry.title.toLocaleUpperCase()].filter((char) => /[\p{L}\p{Nd}]/u.test(char));
    const spare = entry.hotkey.replace(/^.*\+/, "").toUpperCase();
    entry.tag = [...letters, spare].find((char) => char && !used.has(char)) ?? letters[0] ?? "•";
    used.add(entry.tag);
  }
  return entries;
}
