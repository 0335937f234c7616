/* A verdict as a sign and in words. Nothing here touches the page. */

import { t } from "@mh/app/i18n";
import { title, words } from "@mh/app/words";

/** {sign, tone} of an option: a cross for a fault, a question mark for an abstention, a tick for the first that is neither. */
export function glyphOf(options, verdict) {
  const option = options.find(({ key }) => key === verdict);
  if (!option) return { sign: "", tone: "open" };
  if (option.error) return { sign: "✗", tone: "bad" };
  if (option.abstain) return { sign: "?", tone: "plain" };
  const best = options.find(({ error, abstain }) => !error && !abstain);
  return option === best ? { sign: "✓", tone: "ok" } : { sign: "–", tone: "plain" };
}

/** What is said of an element; with `whole` also why, and what would be better. */
export function said({ config, lang }, judged, { whole = false } = {}) {
  if (!judged) return t("not judged yet");
  const verdict = title(config.options.find(({ key }) => key === judged.verdict) ?? { key: judged.verdict }, lang);
  const codes = (judged.codes ?? []).map((code) => title((config.reason_codes ?? []).find(({ key }) => key === code) ?? { key: code }, lang));
  const doubt = judged.unsure ? t("not sure") : "";
  const line = [verdict, doubt, ...codes].filter(Boolean).join(" · ");
  if (!whole) return line;
  const better = judged.fix === undefined ? "" : t("Better: {fix}", { fix: callWords(judged.fix) });
  const quotes = (judged.evidence ?? []).map(({ text }) => `“${text ?? "…"}”`).join(" ");
  return [line, judged.reason, better, quotes].filter(Boolean).join("\n");
}

/** A better version: its text, or the call as it would be written. */
export function callWords(fix) {
  return typeof fix === "string" ? fix : `${fix.name}(${JSON.stringify(fix.arguments)})`;
}

/** A whole walk in a few lines: where the first fault is, and each element that is not plainly right. `nameOf(key)` names an element. */
export function walkWords(config, { items, first }, nameOf) {
  const faults = items.filter(({ verdict }) => glyphOf(config.options, verdict).tone !== "ok");
  const head = first === undefined ? (config.first && config.first !== "none" ? [t("no first fault")] : []) : [t("first fault: {item}", { item: nameOf(first) })];
  const best = config.options.find(({ error, abstain }) => !error && !abstain);
  const rest = items.length - faults.length;
  const fine = rest && best ? [`${rest} × ${words(best.title) || best.key}`] : [];
  return [...head, ...faults.map((each) => `${nameOf(each.item)}: ${said({ config }, each)}`), ...fine].join("\n");
}
