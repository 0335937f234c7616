/* Calls of tools in words. Nothing here touches the page. */

import { t } from "@mh/app/i18n";
import { title } from "@mh/app/words";

/** The same value with the members of its objects in the order of their names. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]));
}

/** A call as it would be written: equal for equal calls. */
export function callText({ name, arguments: given }) {
  const parts = Object.entries(sorted(given)).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return `${name}(${parts.join(", ")})`;
}

/** An answer: its calls, one to a line, or why there are none. */
export function callsWords(config, { calls, no_call: reason, clarify }, lang) {
  if (reason === undefined) return calls.map(callText).join("\n");
  const why = title((config.no_call ?? []).find(({ key }) => key === reason) ?? { key: reason }, lang);
  return [t("Call nothing: {why}", { why }), clarify].filter(Boolean).join("\n");
}
