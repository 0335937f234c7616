/* spans in their normal form, and what can be wrong with them: the twin of `annotation/questions/spans.py`. */

import { keyOf, onFields, perField } from "@mh/app/items";
import { markProblems, normaliseMarks, outlineProblems } from "@mh/app/marks";
import { Offsets, compareByPoints } from "@mh/app/offsets";
import { problem, under } from "@mh/app/problem";

const MEMBERS = ["id", "label", "start", "end", "text", "field", "item", "attributes"];

/** The texts that the spans of one question may lie on. `values(name)`: the answer to an earlier question; `item`: where asked per item. */
export class Texts {
  #known = new Map();

  constructor({ question, payload, values, item }) {
    Object.assign(this, { question, payload, values, item });
    this.on = onFields(question);
    this.own = this.on[0].startsWith("@");
  }

  /** The text of a span with its place in the order, or the problem with the place that it names: {offsets, place, fault}. */
  of(span) {
    const name = span.field ?? (this.on.length === 1 ? this.on[0] : undefined);
    const field = this.on.indexOf(name);
    if (field === -1) return { offsets: null, place: [this.on.length, 0], fault: problem("/field", "unknown_field") };
    const value = this.own ? this.values(name.slice(1)) : this.payload[name];
    if (!Array.isArray(value)) {
      const fault = "item" in span ? problem("/item", "unknown_item") : null;
      return { offsets: this.#offsets(name, value), place: [field, 0], fault };
    }
    const item = span.item ?? (perField(this.question) === name ? this.item : undefined);
    const index = value.findIndex((each, at) => keyOf(each, at) === item);
    if (index === -1) return { offsets: null, place: [field, -1], fault: problem("/item", "unknown_item") };
    const content = typeof value[index] === "object" ? value[index].content : value[index];
    return { offsets: this.#offsets(`${name}/${item}`, content), place: [field, index], fault: null };
  }

  #offsets(key, text) {
    if (typeof text !== "string") return null;
    if (this.#known.get(key)?.text !== text) this.#known.set(key, new Offsets(text));
    return this.#known.get(key);
  }
}

/** Blanks trimmed, quotes filled in, sorted, exact doubles dropped; malformed values come back as they are. */
export function normalise(value, config, texts) {
  const kept = normaliseMarks(value, "spans", config);
  if (!kept) return value;
  if (outlineProblems(kept, "spans", MEMBERS).length || kept.spans.some((span) => offsetProblems(span).length)) return kept;
  const placed = kept.spans.map((span) => trimmed(span, config, texts)).map((span) => ({ span, place: texts.of(span).place }));
  placed.sort(inOrder);
  return withoutDoubles({ ...kept, spans: placed.map(({ span }) => span) });
}

function inOrder(a, b) {
  return (
    a.place[0] - b.place[0] ||
    a.place[1] - b.place[1] ||
    a.span.start - b.span.start ||
    b.span.end - a.span.end ||
    compareByPoints(a.span.label, b.span.label)
  );
}

function trimmed(span, config, texts) {
  const { offsets, fault } = texts.of(span);
  let { start, end } = span;
  if (fault || !offsets || start >= end || end > offsets.length) return span;
  let quote = offsets.slice(start, end);
  if ((span.text ?? quote) !== quote) return span;
  if (config.snap !== "character" && quote.trim()) {
    start += quote.length - quote.trimStart().length;
    quote = quote.trim();
    end = start + [...quote].length;
  }
  const result = { ...span, start, end, text: quote };
  if (texts.on.length === 1) delete result.field;
  return result;
}

/** Spans alike but for their ids become one; relations of the others move over to it. */
function withoutDoubles(value) {
  const first = new Map();
  const moved = new Map();
  const spans = value.spans.filter((span) => {
    const { id, ...rest } = span;
    const body = JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
    const double = (first.get(body) ?? id) !== id;
    if (double) moved.set(id, first.get(body));
    else first.set(body, id);
    return !double;
  });
  if (!moved.size) return value;
  const relations = value.relations?.map?.((line) => ({ ...line, from: moved.get(line.from) ?? line.from, to: moved.get(line.to) ?? line.to }));
  return { ...value, spans, ...(relations && { relations }) };
}

function offsetProblems(span) {
  const numbers = ["start", "end"].filter((name) => !Number.isInteger(span[name]) || span[name] < 0);
  const words = ["text", "field"].filter((name) => name in span && typeof span[name] !== "string");
  return [...numbers, ...words].map((name) => problem(`/${name}`, "type"));
}

/** Offsets, quotes and overlap; and what every list of marks may get wrong. `value` is in normal form. */
export function validate(value, config, texts, labels) {
  const found = outlineProblems(value, "spans", MEMBERS);
  if (Array.isArray(value?.spans)) {
    for (const [place, span] of value.spans.entries()) {
      if (typeof span === "object" && span && !Array.isArray(span)) found.push(...under(offsetProblems(span), "spans", place));
    }
  }
  if (found.length) return found;
  const placed = value.spans.map((span) => ({ span, ...texts.of(span) }));
  for (const [place, each] of placed.entries()) found.push(...under(placeProblems(each, config, texts.own), "spans", place));
  for (const place of overlaps(placed, config.overlap ?? "none")) found.push(problem(`/spans/${place}`, "overlap"));
  return [...found, ...markProblems(value, "spans", config, { ...texts, labels })];
}

function placeProblems({ span, offsets, fault }, config, own) {
  if (fault) return [fault];
  const { start, end, text } = span;
  if (start >= end || end > (offsets?.length ?? 0)) {
    const changed = own && offsets && start < end && text !== undefined;
    return [problem("", changed ? "text_changed" : "bad_offset")];
  }
  const quote = offsets.slice(start, end);
  if ((text ?? quote) !== quote) return [problem("/text", own ? "text_changed" : "quote_mismatch")];
  const most = config.max_chars;
  return most && end - start > most ? [problem("", "too_long", { max: most })] : [];
}

/** Places of spans that begin inside an earlier one of the same text (and label, where labels may overlap). */
function overlaps(placed, allowed) {
  if (allowed === "any") return [];
  const reach = new Map();
  const found = [];
  const order = [...placed.entries()].sort(([, a], [, b]) => inOrder({ ...a, span: { ...a.span, label: "" } }, { ...b, span: { ...b.span, label: "" } }));
  for (const [at, { span, place, fault }] of order) {
    if (fault) continue;
    const key = JSON.stringify(allowed === "different_labels" ? [place, span.label] : place);
    if (span.start < (reach.get(key) ?? 0)) found.push(at);
    reach.set(key, Math.max(reach.get(key) ?? 0, span.end));
  }
  return found;
}

/** Would a span of this label fit between the others? */
export function fits(spans, span, config, texts) {
  const placed = [...spans, span].map((each) => ({ span: each, ...texts.of(each) }));
  return overlaps(placed, config.overlap ?? "none").length === overlaps(placed.slice(0, -1), config.overlap ?? "none").length;
}
