/* Places of an answer that a comment can be pinned to: a question, one of its items, verdicts, rows, calls or marks; each a JSON Pointer into the value. */

import { callText } from "@mh/app/call-words";
import { t } from "@mh/app/i18n";
import { onFields, parts, perField, pointer } from "@mh/app/items";
import { recordWords } from "@mh/app/record-words";
import { segmentWords } from "@mh/app/segment-words";
import { inWords, itemName } from "@mh/app/values";
import { said } from "@mh/app/verdict-words";
import { language, title, words } from "@mh/app/words";

const MEMBERS = ["spans", "regions"];

/** Every place: [{path, words}], questions with what lies in them below. */
export function pins({ schema, payload }, value) {
  return schema.questions.flatMap((question) => [
    { path: pointer(question.name), words: title(question) },
    ...inside(question, value?.[question.name], payload).map(({ path, words: said }) => ({ path: pointer(question.name, ...path), words: `${title(question)} › ${said}` })),
  ]);
}

/** What a path names inside its question; empty for the question as a whole. */
export function pinned({ schema, payload }, value, path) {
  const [name, ...rest] = parts(path);
  const question = schema.questions.find((each) => each.name === name);
  const found = question && rest.length ? inside(question, value?.[name], payload) : [];
  return found.find((place) => place.path.join("/") === rest.join("/"))?.words ?? "";
}

function inside(question, value, payload) {
  if (!value) return [];
  if (perField(question)) return Object.entries(value).map(([item, given]) => ({ path: [item], words: `${item}: ${inWords({ ...question, per: null }, given, payload, language())}` }));
  if (question.type === "verdicts") return value.items.map((judged, at) => ({ path: ["items", String(at)], words: verdictWords(question, judged, payload) }));
  if (question.type === "records") return value.records.map((record, at) => ({ path: ["records", String(at)], words: recordWords(question.config, record, language()) }));
  if (question.type === "tool_calls") return value.calls.map((call, at) => ({ path: ["calls", String(at)], words: callText(call) }));
  if (question.type === "segments") return value.segments.map((segment, at) => ({ path: ["segments", String(at)], words: segmentWords(question.config ?? {}, segment) }));
  const member = MEMBERS.find((each) => Array.isArray(value[each]));
  return member ? value[member].map((mark, at) => ({ path: [member, String(at)], words: markWords(question, mark, at) })) : [];
}

const verdictWords = (question, judged, payload) => `${itemName(payload, onFields(question)[0], judged.item)}: ${said(question, judged)}`;

/** The label of a mark with its quote, or with its number where there is none. */
function markWords(question, mark, at) {
  const own = (question.config?.labels ?? []).find(({ key }) => key === mark.label);
  const label = own ? words(own.title) || own.key : String(mark.label);
  return mark.text ? t("{label} “{text}”", { label, text: mark.text }) : t("{label}, mark {n}", { label, n: at + 1 });
}
