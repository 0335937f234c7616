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

/** As words are stored: composed, without blanks at the ends. */
export function plain(text) {
  return text.replaceAll(/\r\n?/g, "\n").normalize("NFC").trim();
}

/** The values that would be as right as the given one, in words; "" without any. */
export function acceptedWords(values = []) {
  const words = values.map((value) => (value === "" ? t("left out") : typeof value === "string" ? value : JSON.stringify(value)));
  return words.length ? t("or {values}", { values: words.join(" · ") }) : "";
}

function callWords(call, accepted = {}) {
  const others = Object.entries(accepted).map(([name, values]) => `${name} ${acceptedWords(values)}`);
  return [callText(call), ...others].join("; ");
}

/** An answer: its calls, one to a line, or why there are none. */
export function callsWords(config, { calls, accept = [], no_call: reason, clarify }, lang) {
  if (reason === undefined) return calls.map((call, at) => callWords(call, accept[at])).join("\n");
  const why = title((config.no_call ?? []).find(({ key }) => key === reason) ?? { key: reason }, lang);
  return [t("Call nothing: {why}", { why }), clarify].filter(Boolean).join("\n");
}
