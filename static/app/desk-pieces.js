/* The small parts of the reviewer desk: answers as chips, as a table, about their authors, and lines of lists. */

import { saysTheSame } from "@mh/app/desk-differences";
import { exitWords, flagWords } from "@mh/app/exit-words";
import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { recordTable } from "@mh/app/desk-records";
import { ago } from "@mh/app/times";
import { inWords, percent } from "@mh/app/values";
import { language, title } from "@mh/app/words";

/** The merged value, as far as the answers could be merged; null if there is none or only one answer. */
export function mergedValue(item) {
  const parts = Object.entries(item.consensus?.answers ?? {}).filter(([, part]) => part.value !== null);
  return parts.length && item.answers.length > 1 ? Object.fromEntries(parts.map(([name, part]) => [name, part.value])) : null;
}

/** The value of an answer, or of the merged one (-1). */
export function valueOf(item, index) {
  return index >= 0 ? item.answers[index]?.value : mergedValue(item);
}

/** The other answers by letter, for comparison, without the `hidden` ones. */
export function othersOf(item, index, hidden) {
  const rest = item.answers.filter((answer, at) => at !== index && answer.value && !hidden.has(answer.name));
  return Object.fromEntries(rest.map((answer) => [answer.name, answer.value]));
}

/** A chip to choose an answer by. */
export function answerChip(item, index, on) {
  const answer = item.answers[index];
  const chip = make("button", "desk-answer", "", { type: "button", role: "radio", "aria-checked": String(on), "data-answer": String(index) });
  chip.append(make("span", "desk-answer__name", answer ? t("Answer {name}", { name: answer.name }) : t("Merged")));
  if (answer?.exit) chip.append(make("span", "badge badge--warn", t("no answer")));
  chip.append(make("kbd", "", answer ? String(index + 1) : "M", { "aria-hidden": "true" }));
  return chip;
}

/** Questions down, answers across; what differs from the merged value is marked by a sign, not by colour alone. */
export function answersTable(item, all, chosen) {
  const head = make("tr");
  const names = all.map((index) => item.answers[index]?.name ?? t("Merged"));
  for (const words of [t("Question"), ...names, t("Agreement")]) head.append(make("th", "", words, { scope: "col" }));
  const rows = item.schema.questions.map((question) => questionRow(item, question, all, chosen));
  const [top, body] = [make("thead"), make("tbody")];
  top.append(head);
  body.append(...rows);
  return [top, body];
}

function questionRow(item, question, all, chosen) {
  const part = item.consensus?.answers?.[question.name];
  const row = make("tr", "", "", { "data-of": question.name });
  row.append(make("th", "", title(question), { scope: "row" }));
  for (const index of all) {
    const value = valueOf(item, index)?.[question.name];
    const differs = index >= 0 && part && part.value !== null && value !== undefined && !saysTheSame(question, value, part.value);
    const cell = make("td", index === chosen ? "is-chosen" : "");
    if (differs) cell.append(make("span", "desk-sign", "≠", { title: t("differs from the merged value"), role: "img", "aria-label": t("differs from the merged value") }), " ");
    cell.append(make("span", "prewrap", tableWords(item, question, value) || "–", { dir: "auto" }));
    row.append(cell);
  }
  row.append(make("td", "num", known(part?.agreement) ? percent(part.agreement, language()) : "–"));
  return row;
}

/** Of a list that stands row by row below, only how long it is. */
function tableWords(item, question, value) {
  if (question.type !== "records" || question.per || !value?.records || item.answers.length < 2) return inWords(question, value, item.payload, language());
  return t(["{n} row", "{n} rows"], { n: value.records.length });
}

const known = (value) => value !== null && value !== undefined;

/** Why an answer cannot be rejected. */
export const lateness = () => t("This answer is accepted and paid: it can no longer be rejected. The result can still be another.");

/** About an answer: how often its author was right, with the number of checks and the interval; time; the author's words. */
export function aboutAnswer(item, chosen) {
  const answer = item.answers[chosen];
  if (!answer) return [make("p", "muted small", t("Made of all answers, each with the weight of its author's record."))];
  const known = item.blind ? t("What is known of the author shows after your first decision.") : record(answer.accuracy);
  const lines = [make("p", "muted small", `${known} ${t("{n} s of work.", { n: answer.active_s })}`)];
  if (answer.records?.length) lines.push(recordTable(item, answer.records));
  if (answer.exit) lines.push(make("p", "warn", [t("Could not be answered: {why}", { why: exitWords(answer.exit) }), answer.exit.note].filter(Boolean).join(" · ")));
  if (answer.comment) lines.push(make("blockquote", "desk-quote", answer.comment, { dir: "auto" }));
  for (const flag of answer.flags) lines.push(make("p", "warn small", `⚑ ${flagWords(flag)}`));
  if (!answer.rejectable) lines.push(make("p", "muted small", lateness()));
  if (answer.before) lines.push(make("p", "badge badge--accent", t("The author has answered a return")));
  return lines;
}

function record(accuracy) {
  if (!accuracy) return t("Nothing is known yet of this author's accuracy.");
  const { share, low, high, n, gold_n: gold } = accuracy;
  const [right, from, to] = [share, low, high].map((value) => percent(value, language()));
  return t(
    ["Right in {right} of {n} check (between {from} and {to}); {gold} of them against a known answer.", "Right in {right} of {n} checks (between {from} and {to}); {gold} of them against known answers."],
    { right, n, from, to, gold },
  );
}

/** An earlier judgement. */
export function judgement(past) {
  const row = make("li", "desk-history__row");
  row.append(make("strong", "", [past.words, past.answer && t("answer {name}", { name: past.answer }), ...past.reasons].filter(Boolean).join(" · ")));
  if (past.disagreement) row.append(make("p", "small", t("Why they differ: {why}", { why: past.disagreement })));
  for (const text of [...past.comments.map((comment) => comment.text), past.note].filter(Boolean)) row.append(make("p", "small", text, { dir: "auto" }));
  return row;
}

/** What a decision will do, in words. */
export function meaning({ decision, to }, item, chosen) {
  const name = item.answers[chosen] ? t("Answer {name}", { name: item.answers[chosen].name }) : t("The merged value");
  if (decision === "escalate") return to === "peer" ? t("Another reviewer gives an opinion without seeing yours.") : t("An expert decides.");
  return {
    accept: item.answers[chosen]?.exit ? t("It cannot be answered: the task is closed.") : t("{name} becomes the result.", { name }),
    correct: t("Your version becomes the result; both are kept, and the authors are paid in full."),
    return: t("{name} goes back to its author, who has 48 hours.", { name }),
    reject: t("{name} does not count and is not paid; somebody else answers.", { name }),
  }[decision];
}

/** What waits: why, since when, how far the answers agree. */
export function queueLine({ words, since, agreement }) {
  const row = make("li", "desk-queue__row");
  const meta = [ago(new Date(since)), known(agreement) ? t("agreement {share}", { share: percent(agreement, language()) }) : ""].filter(Boolean).join(" · ");
  row.append(make("span", "", words), make("span", "muted tiny", meta));
  return row;
}
