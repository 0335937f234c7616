/* An answer in words, where there is no room for an editor: notices, lists, history. */

import { callsWords } from "@mh/app/call-words";
import { t } from "@mh/app/i18n";
import { recordsWords } from "@mh/app/record-words";
import { segmentsWords } from "@mh/app/segment-words";
import { walkWords } from "@mh/app/verdict-words";
import { language, title, words } from "@mh/app/words";

const list = (items) => new Intl.ListFormat(language(), { style: "narrow", type: "unit" }).format(items);

/** A short text for the value of a question (or of a `per` question, per item); what is a list has a line for each of its parts. */
export function answerWords(question, value) {
  if (value === undefined || value === null) return t("No answer");
  if (question.per) {
    return list(Object.entries(value).map(([item, given]) => `${item}: ${answerWords({ ...question, per: null }, given)}`));
  }
  const tell = WORDS[question.type];
  return tell ? tell(value, question.config ?? {}) : typeof value === "string" ? value : JSON.stringify(value);
}

function optionWords(key, config) {
  if (typeof key === "object") return key.other;
  const option = (config.options ?? config.labels ?? []).find((candidate) => candidate.key === key);
  return option ? title(option) : key;
}

function marksWords(marks, config, quote) {
  if (!marks.length) return t("Nothing to mark");
  const counts = new Map();
  for (const mark of marks) {
    const label = optionWords(mark.label, config);
    counts.set(label, [...(counts.get(label) ?? []), quote ? `“${mark.text}”` : ""]);
  }
  return list([...counts].map(([label, quotes]) => (quote ? `${label} ${quotes.join(" ")}` : `${label} × ${quotes.length}`)));
}

const WORDS = {
  choice: optionWords,
  choices: (value, config) => list(value.map((key) => optionWords(key, config))) || t("None"),
  rating: (value, config) => {
    const anchor = words(config.anchors?.[value]);
    return value === "na" ? t("Does not apply") : anchor ? `${value} (${anchor})` : String(value);
  },
  number: (value, config) => [String(value), words(config.unit)].filter(Boolean).join(" "),
  text: (value) => value,
  preference: (value, config) => {
    if (value.both_bad) return t("Both bad");
    return words(config.anchors?.[value.score]) || (value.score === 0 ? t("Tie") : value.score < 0 ? t("The first") : t("The second"));
  },
  ranking: (value) => (value.all_bad ? t("All bad") : value.order.map((group) => group.join(" = ")).join(" > ")),
  spans: (value, config) => marksWords(value.spans, config, true),
  regions: (value, config) => marksWords(value.regions, config, false),
  segments: (value, config) => segmentsWords(config, value),
  verdicts: (value, config) => walkWords(config, value, (key) => key),
  records: (value, config) => recordsWords(config, value),
  tool_calls: (value, config) => callsWords(config, value),
};
