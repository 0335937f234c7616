/* Verdicts on the elements of a field: their canonical form, and what is still missing. The same rules as the server's
   (`annotation/questions/verdicts.py`). Nothing here touches the page. */

import { elementsOf, keyOf, keysWhere, onFields } from "@mh/app/items";

export class Walk {
  /** `question` of type verdicts, in a task. */
  constructor(question, payload) {
    const [field] = onFields(question);
    this.config = question.config;
    this.keys = keysWhere(payload[field], this.config.where);
    this.elements = new Map(elementsOf(payload[field]).map((element, index) => [keyOf(element, index), element]));
    this.place = new Map([...this.elements.keys()].map((key, index) => [key, index]));
    const { options, stop_at_first: stops } = this.config;
    this.faults = new Set(options.filter(({ error }) => error).map(({ key }) => key));
    this.stops = new Set(stops ? options.filter(({ stop }) => stop).map(({ key }) => key) : []);
  }

  /** The value of these judged elements: in order, without what stands behind the end; null if there are none. */
  value(judged, first = null) {
    const sorted = [...judged].sort((a, b) => this.place.get(a.item) - this.place.get(b.item));
    const end = sorted.findIndex(({ verdict }) => this.stops.has(verdict));
    const items = end < 0 ? sorted : sorted.slice(0, end + 1);
    const found = this.#first(items, first);
    return items.length ? { items, ...(found && { first: found }) } : null;
  }

  #first(items, chosen) {
    const faults = items.filter(({ verdict }) => this.faults.has(verdict)).map(({ item }) => item);
    if (this.config.first === "derived") return faults[0];
    return this.config.first === "chosen" && faults.includes(chosen) ? chosen : undefined;
  }

  /** Keys of the elements that are to be judged: all, or those up to the end of the walk. */
  asked(value) {
    const last = value?.items.at(-1);
    return last && this.stops.has(last.verdict) ? this.keys.slice(0, this.keys.indexOf(last.item) + 1) : this.keys;
  }

  /** Must a reason be given for this verdict? */
  wantsReason({ verdict }) {
    const { reason } = this.config;
    return reason === "always" || (reason === "on_error" && this.faults.has(verdict));
  }

  /** Is it a fault of which more may be said? */
  hasMore({ verdict }) {
    const { reason = "none", fix = "none", first, reason_codes: codes = [] } = this.config;
    return this.faults.has(verdict) && (reason !== "none" || fix !== "none" || first === "chosen" || codes.length > 0);
  }

  /** What is missing of a judged element: codes. */
  missing(judged) {
    const { reason_min_chars: least = 0, fix_required: fixed } = this.config;
    const found = [];
    if (this.wantsReason(judged) && !judged.reason && !judged.codes?.length) found.push({ path: "/reason", code: "reason_missing" });
    if (judged.reason && [...judged.reason].length < least) found.push({ path: "/reason", code: "too_short", params: { min: least } });
    if (fixed && this.faults.has(judged.verdict) && judged.fix === undefined) found.push({ path: "/fix", code: "fix_missing" });
    return found;
  }

  /** What is wrong: [{key, path, code, params}]. Of the elements that are not judged yet only the first is named. */
  problems(value, label) {
    const judged = new Set(value.items.map(({ item }) => item));
    const found = value.items.flatMap((each, index) => this.missing(each).map((problem) => ({ ...problem, key: each.item, path: `/items/${index}${problem.path}` })));
    const open = this.asked(value).find((key) => !judged.has(key));
    if (open !== undefined) found.push({ key: open, path: "/items", code: "missing_item", params: { item: label(open) } });
    return found;
  }
}

/** The judged element of an answer, or undefined. */
export function judgedIn(value, key) {
  return value?.items?.find(({ item }) => item === key);
}
