/* Where the answers on the desk differ: which questions, and which of their items. */

import { callText } from "@mh/app/call-words";
import { perField } from "@mh/app/items";
import { rowsOf } from "@mh/app/record-rows";
import { same } from "@mh/app/values";

/** An answer without what may differ where the same is said: the ids of its marks and their order, the reasons of its verdicts,
   the order of its calls and rows. */
function plain(value) {
  if (Array.isArray(value?.items)) return { items: value.items.map(({ item, verdict }) => [item, verdict]), first: value.first ?? null };
  if (Array.isArray(value?.calls)) return { calls: value.calls.map(callText).sort(), reason: value.no_call ?? null };
  if (Array.isArray(value?.records)) return { rows: rowsOf(value).map(({ depth, cells }) => JSON.stringify([depth, cells])).sort() };
  const member = ["spans", "regions", "segments"].find((name) => Array.isArray(value?.[name]));
  if (!member) return value;
  const texts = new Map(value[member].map(({ id, ...mark }) => [id, JSON.stringify(Object.entries(mark).sort())]));
  const lines = (value.relations ?? []).map(({ from, to, ...line }) => JSON.stringify([texts.get(from), texts.get(to), Object.entries(line).sort()]));
  return { marks: [...texts.values()].sort(), lines: lines.sort(), none: Boolean(value.none) };
}

const allSame = (values) => values.every((value) => same(plain(value), plain(values[0])));

/** Do two values of a question say the same? */
export function saysTheSame(question, a, b) {
  if (!perField(question)) return allSame([a, b]);
  return Object.keys({ ...a, ...b }).every((item) => allSame([a?.[item], b?.[item]]));
}

/** Ids of what is asked (`question`, or `question/item`) to which the answers differ; an answer that says nothing differs from one that does. */
export function differences({ schema, answers }) {
  const given = answers.filter(({ value }) => value).map(({ value }) => value);
  return new Set(schema.questions.flatMap((question) => differing(question, given.map((value) => value[question.name]))));
}

function differing(question, values) {
  if (!perField(question)) return allSame(values) ? [] : [question.name];
  const items = [...new Set(values.flatMap((value) => Object.keys(value ?? {})))];
  return items.filter((item) => !allSame(values.map((value) => value?.[item]))).map((item) => `${question.name}/${item}`);
}
