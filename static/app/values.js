/* The value of a question in words, for tables and comparisons. Nothing here touches the page. */

import { callsWords } from "@mh/app/call-words";
import { t } from "@mh/app/i18n";
import { elementsOf } from "@mh/app/items";
import { recordsWords } from "@mh/app/record-words";
import { segmentsWords } from "@mh/app/segment-words";
import { walkWords } from "@mh/app/verdict-words";
import { words } from "@mh/app/words";

/** Key of an item of a payload field: its id, else its index. */
function keyed(items, key) {
  return elementsOf(items).find((item, index) => (item && typeof item === "object" && item.id !== undefined ? String(item.id) : String(index)) === key);
}

/** What an element of a field is called: its title, else its number. */
export function itemName(payload, field, key) {
  const item = keyed(payload[field], key);
  if (item && typeof item === "object") return item.title ?? String(key);
  return /^\d+$/.test(key) ? t("Item {n}", { n: Number(key) + 1 }) : key;
}

function optionName(question, payload, key, lang) {
  if (key && typeof key === "object") return `“${key.other}”`;
  const own = (question.config?.options ?? []).find((option) => option.key === key);
  if (own) return words(own.title, lang) || key;
  return question.config?.options_from ? itemName(payload, question.config.options_from, key) : String(key);
}

function labelName(question, key, lang) {
  const own = (question.config?.labels ?? []).find((label) => label.key === key);
  return own ? words(own.title, lang) || key : String(key);
}

function counted(question, marks, lang) {
  const counts = new Map();
  for (const mark of marks) counts.set(mark.label, (counts.get(mark.label) ?? 0) + 1);
  return [...counts].map(([key, n]) => `${labelName(question, key, lang)} × ${n}`).join(", ");
}

const first = (on) => (Array.isArray(on) ? on[0] : on);

const OF = {
  choice: (question, value, payload, lang) => optionName(question, payload, value, lang),
  choices: (question, value, payload, lang) => value.map((key) => optionName(question, payload, key, lang)).join(", ") || t("none of them"),
  rating: (_question, value) => (value === "na" ? t("not applicable") : String(value)),
  number: (question, value, _payload, lang) => [String(value), words(question.config?.unit, lang)].filter(Boolean).join(" "),
  text: (_question, value) => value,
  preference: (question, value, payload, lang) => {
    if (value.both_bad) return t("both are bad");
    if (value.score === 0) return t("a tie");
    const items = payload[first(question.on)] ?? [];
    const at = value.score < 0 ? 0 : 1;
    const name = items[at]?.title ?? (at ? t("second") : t("first"));
    return t("{item} by {n}", { item: words(name, lang), n: Math.abs(value.score) });
  },
  ranking: (question, value, payload) => {
    if (value.all_bad) return t("all are bad");
    return value.order.map((group) => group.map((key) => itemName(payload, first(question.on), key)).join(" = ")).join(" > ");
  },
  spans: (question, value, _payload, lang) =>
    value.spans.map((span) => `${labelName(question, span.label, lang)}: ${span.text ?? `${span.start}–${span.end}`}`).join("\n") || t("nothing to mark"),
  verdicts: (question, value, payload) => walkWords(question.config, value, (key) => itemName(payload, first(question.on), key)),
  records: (question, value, _payload, lang) => recordsWords(question.config ?? {}, value, lang),
  tool_calls: (question, value, _payload, lang) => callsWords(question.config ?? {}, value, lang),
  segments: (question, value, _payload, lang) => segmentsWords(question.config ?? {}, value, lang),
  regions: (question, value, _payload, lang) => counted(question, value.regions, lang) || t("nothing to mark"),
};

function one(question, value, payload, lang) {
  const say = OF[question.type];
  try {
    return say ? say(question, value, payload, lang) : JSON.stringify(value);
  } catch {
    return JSON.stringify(value); // an answer of an older schema may have another shape
  }
}

/** What one answer says to one question; empty if it says nothing. */
export function inWords(question, value, payload, lang) {
  if (value === undefined || value === null) return "";
  if (!question.per) return one(question, value, payload, lang);
  const field = typeof question.per === "string" ? question.per : question.per.field;
  return Object.entries(value)
    .map(([key, part]) => `${itemName(payload, field, key)}: ${one(question, part, payload, lang)}`)
    .join("\n");
}

/** Deep equality of JSON values, whatever the order of keys. */
export function same(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => same(a[key], b[key]));
}

/** A share as a whole percentage in the reader's way of writing. */
export function percent(share, lang) {
  return new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 0 }).format(share);
}
