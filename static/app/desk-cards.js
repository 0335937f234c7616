/* The answers on the desk held against each other: how alike each two are, ratings as a matrix, orders as slopes. */

import { propertiesOf } from "@mh/app/arguments";
import { acceptedWords, callText, callsWords } from "@mh/app/call-words";
import { rowTable } from "@mh/app/desk-rows";
import { segmentColumns } from "@mh/app/desk-segments";
import { card, row, table } from "@mh/app/desk-tables";
import { t } from "@mh/app/i18n";
import { askedKeys, elementsOf, keyOf, onFields, perField } from "@mh/app/items";
import { make } from "@mh/app/layout";
import { inWords, percent } from "@mh/app/values";
import { glyphOf, said } from "@mh/app/verdict-words";
import { judgedIn } from "@mh/app/walk";
import { language, title, words } from "@mh/app/words";
import { rankSlopes } from "@mh/ui/rank-slopes";

const COLUMNS = 8; // orders side by side
const FEW = 6; // overlaps to be read one by one

/** The cards that this task has to show. `hidden`: names of the answers that are left out; `known`: how alike the pairs are. */
export function comparisons(item, hidden, known) {
  const answers = item.answers.filter(({ name, value }) => value && !hidden.has(name));
  if (answers.length < 2) return [];
  const rankings = item.schema.questions.filter(({ type, per }) => type === "ranking" && !per);
  const walks = item.schema.questions.filter(({ type, per }) => type === "verdicts" && !per);
  const written = item.schema.questions.filter(({ type, per }) => type === "records" && !per);
  const heard = item.schema.questions.filter(({ type, per }) => type === "segments" && !per);
  const called = item.schema.questions.filter(({ type, per }) => type === "tool_calls" && !per);
  return [
    matrix(item, answers),
    ...written.map((question) => rowTable(question, answers.filter(({ value }) => value[question.name]).slice(0, COLUMNS))),
    ...heard.map((question) => segmentColumns(item, question, answers.filter(({ value }) => value[question.name]).slice(0, COLUMNS))),
    ...called.map((question) => argumentTable(item, question, answers)),
    ...walks.map((question) => stepByStep(item, question, answers)),
    ...rankings.map((question) => slopes(item, question, answers)),
    likeness(item, known, hidden),
  ].filter(Boolean);
}

// --- Ratings and verdicts: raters down, criteria across --------------------------------------------------------------------------

/** Every rating or choice that is asked, also per item: {question, item, words}. */
function criteria({ schema, payload }) {
  return schema.questions
    .filter(({ type }) => type === "rating" || type === "choice")
    .flatMap((question) => {
      if (!perField(question)) return [{ question, item: null, words: title(question) }];
      return askedKeys(question, payload).map((item) => ({ question, item, words: `${title(question)} · ${nameOf(payload, perField(question), item)}` }));
    });
}

function matrix(item, answers) {
  const asked = criteria(item).map((each) => ({ ...each, given: answers.map(({ value }) => valueAt(value, each)) }));
  const columns = asked.filter(({ given }) => given.some((value) => value !== undefined));
  if (columns.length < 2) return null;
  const rows = answers.map(({ name }, at) => row(name, columns.map((column) => ratingCell(item, column, at))));
  rows.push(row(t("Middle"), columns.map((column) => make("td", "num", middleWords(item, column)))));
  rows.push(row(t("Spread"), columns.map((column) => make("td", "num", spread(column)))));
  return card(t("Rater by rater"), table(t("Ratings, a row for each answer"), [t("Answer"), ...columns.map((column) => column.words)], rows));
}

const valueAt = (value, { question, item }) => (item === null ? value[question.name] : value[question.name]?.[item]) ?? undefined;
const plainQuestion = (question) => ({ ...question, per: null });

/** The number or words of a rating; away from the middle it carries a sign and how far. */
function ratingCell(item, column, at) {
  const value = column.given[at];
  const shown = inWords(plainQuestion(column.question), value, item.payload, language());
  const cell = make("td", "desk-rating", shown || "–");
  const middle = middleOf(column);
  if (typeof value === "number" && typeof middle === "number" && value !== middle) {
    cell.dataset.far = String(Math.min(3, Math.ceil(Math.abs(value - middle))));
    cell.append(" ", make("span", "desk-sign", `${value > middle ? "▲" : "▼"} ${Math.abs(value - middle)}`));
  } else if (middle !== null && value !== undefined && value !== middle) {
    cell.dataset.far = "1";
    cell.append(" ", make("span", "desk-sign", "≠", { role: "img", "aria-label": t("differs from most") }));
  }
  return cell;
}

/** The median of numbers; of other values the one that more than half have given, else null. */
function middleOf({ given }) {
  const numbers = given.filter((value) => typeof value === "number").sort((a, b) => a - b);
  if (numbers.length) return (numbers[Math.floor((numbers.length - 1) / 2)] + numbers[Math.ceil((numbers.length - 1) / 2)]) / 2;
  const said = given.filter((value) => value !== undefined);
  return said.find((value) => said.filter((each) => JSON.stringify(each) === JSON.stringify(value)).length * 2 > said.length) ?? null;
}

function middleWords(item, column) {
  const middle = middleOf(column);
  return middle === null ? "–" : inWords(plainQuestion(column.question), middle, item.payload, language());
}

function spread({ given }) {
  const numbers = given.filter((value) => typeof value === "number");
  return numbers.length ? String(Math.max(...numbers) - Math.min(...numbers)) : t(["{n} value", "{n} values"], { n: new Set(given.filter((value) => value !== undefined).map((value) => JSON.stringify(value))).size });
}

// --- Verdicts: elements down, answers across ----------------------------------------------------------------------------------------

/** The elements that the answers judge differently, with the reasons; how many they judge alike is said in one line. */
function stepByStep(item, question, answers) {
  const columns = answers.filter(({ value }) => value[question.name]).slice(0, COLUMNS);
  if (columns.length < 2) return null;
  const [field] = onFields(question);
  const given = columns.map(({ value }) => value[question.name]);
  const keys = elementsOf(item.payload[field]).map(keyOf).filter((key) => given.some((value) => judgedIn(value, key)));
  const differing = keys.filter((key) => new Set(given.map((value) => judgedIn(value, key)?.verdict)).size > 1);
  const label = t("{question}: elements on which the answers differ", { question: title(question) });
  const rows = differing.map((key) => row(nameOf(item.payload, field, key), given.map((value) => verdictCell(question, value, key))));
  const alike = keys.length - differing.length;
  const content = rows.length ? [table(label, [t("Element"), ...columns.map(({ name }) => name)], rows)] : [];
  if (alike) content.push(make("p", "muted small", t(["{n} element is judged alike by all", "{n} elements are judged alike by all"], { n: alike })));
  return card(title(question), ...content);
}

/** A verdict with its sign, whether it is the first fault, and why. */
function verdictCell(question, value, key) {
  const judged = judgedIn(value, key);
  if (!judged) return make("td", "muted", t("not reached"));
  const { sign, tone } = glyphOf(question.config.options, judged.verdict);
  const cell = make("td", "desk-verdict prewrap", "", { "data-tone": tone, dir: "auto" });
  cell.append(make("span", "desk-sign", sign, { "aria-hidden": "true" }), ` ${said(question, judged, { whole: true })}`);
  if (value.first === key) cell.append(" ", make("span", "badge badge--bad", t("first fault")));
  return cell;
}

// --- Calls: arguments down, answers across --------------------------------------------------------------------------------------

/** What each answer gives a tool, argument by argument; a row on which those differ that make the call carries a sign. */
function argumentTable({ payload }, question, answers) {
  const columns = answers.filter(({ value }) => value[question.name]).slice(0, COLUMNS);
  if (columns.length < 2) return null;
  const tools = payload[onFields(question)[0]] ?? [];
  const given = columns.map(({ value }) => argumentsOf(question, tools, value[question.name]));
  const lines = new Map(given.flatMap((each) => [...each]));
  const byCall = [...Map.groupBy(lines, ([key, { call }]) => call || key).values()].flat();
  const rows = byCall.map(([key, { call }]) => argumentRow(key, given.map((each) => each.get(key)), given.map((each) => each.has(call))));
  const label = t("{question}: the arguments in each answer", { question: title(question) });
  return card(title(question), table(label, [t("Argument"), ...columns.map(({ name }) => name)], rows));
}

/** Calls in the order of their words, so that equal ones stand in one row, and arguments in that of the tool: `tool` or `tool · argument` ->
 * {call, words, others}.
 */
function argumentsOf(question, tools, value) {
  if (value.no_call !== undefined) return new Map([[t("No call"), { call: "", words: callsWords(question.config, value, language()) }]]);
  const calls = value.calls.map((call, at) => ({ ...call, accepted: value.accept?.[at] ?? {} })).toSorted((a, b) => (callText(a) < callText(b) ? -1 : 1));
  return new Map(
    calls.flatMap(({ name, arguments: said, accepted }, at) => {
      const place = calls.slice(0, at).filter((each) => each.name === name).length;
      const call = place ? `${name} (${place + 1})` : name;
      const known = Object.keys(propertiesOf(tools.find((tool) => tool.name === name)?.parameters));
      const keys = [...new Set([...known, ...Object.keys(said), ...Object.keys(accepted)])].filter((key) => key in said || key in accepted);
      return [[call, { call: "", words: "✓" }], ...keys.map((key) => [`${call} · ${key}`, { call, words: argumentWords(said[key]), others: acceptedWords(accepted[key]) }])];
    }),
  );
}

const argumentWords = (value) => (value === undefined || typeof value === "string" ? value : JSON.stringify(value));

/** `calling`: which answers make the call of an argument at all; all of them where the row is about the call itself. */
function argumentRow(key, values, calling) {
  const differs = new Set(values.filter((_value, at) => calling[at] || !calling.includes(true)).map((value) => value?.words)).size > 1;
  const cells = values.map((value) => make("td", value?.words === undefined ? "muted" : "prewrap", [value?.words ?? "–", value?.others].filter(Boolean).join(" "), { dir: "auto" }));
  const made = row(key, cells);
  if (differs) made.firstChild.append(" ", make("span", "desk-sign", "≠", { role: "img", "aria-label": t("answers differ") }));
  return made;
}

// --- Orders ------------------------------------------------------------------------------------------------------------

function nameOf(payload, field, key) {
  const items = elementsOf(payload[field]);
  const at = items.findIndex((each, index) => keyOf(each, index) === key);
  const given = items[at]?.title;
  return given ? words(given) : t("Item {n}", { n: at + 1 });
}

function slopes(item, question, answers) {
  const columns = answers.filter(({ value }) => value[question.name]?.order?.length).slice(0, COLUMNS);
  if (columns.length < 2) return null;
  const [field] = onFields(question);
  const things = (item.payload[field] ?? []).map(keyOf).map((key) => ({ key, name: nameOf(item.payload, field, key) }));
  const label = t("{question}: the orders beside each other, best on top; lines cross where they differ", { question: title(question) });
  const box = make("div", "table-scroll", "", { tabindex: "0", role: "region", "aria-label": label });
  box.append(rankSlopes(columns.map(({ name, value }) => ({ name, order: value[question.name].order })), things, label));
  return card(title(question), box);
}

// --- How alike -----------------------------------------------------------------------------------------------------------

const MEASURES = () => ({
  choices: t("options in common"),
  text: t("letters in common"),
  ranking: t("pairs in one order"),
  spans: t("characters marked alike (F1)"),
  regions: t("regions in common (F1)"),
  segments: t("words in common, or time marked alike (F1)"),
  verdicts: t("elements judged alike, and the first fault"),
  records: t("rows in common, and their cells"),
  tool_calls: t("equal calls"),
});

/** Each two answers: how alike they are to each question, and how far their regions overlap. */
function likeness(item, known, hidden) {
  const named = (pair) => [pair.first, pair.second].map((at) => item.answers[at].name);
  const rows = known.flatMap(({ question: name, pairs }) => {
    const question = item.schema.questions.find((each) => each.name === name);
    const shown = pairs.filter((pair) => !named(pair).some((each) => hidden.has(each)));
    return shown.map((pair, at) => likenessRow(question, pair, named(pair), at ? 0 : shown.length));
  });
  if (!rows.length) return null;
  return card(t("Each two answers"), table(t("How alike each two answers are"), [t("Question"), t("Answers"), t("Alike"), t("Measured by")], rows));
}

/** `named`: how many rows the name of the question stands for; 0 where it stands above. */
function likenessRow(question, { alike, overlaps }, [first, second], named) {
  const cells = [make("td", "nowrap", `${first} – ${second}`), make("td", "num", percent(alike, language())), make("td", "small", MEASURES()[question.type])];
  for (const { label, iou, alone } of overlaps) cells.at(-1).append(make("div", "muted", overlapWords(question, label, iou, alone, [first, second])));
  const made = row(title(question), cells);
  if (named) Object.assign(made.firstChild, { scope: "rowgroup", rowSpan: named });
  else made.firstChild.remove();
  return made;
}

function overlapWords(question, label, iou, alone, names) {
  const own = (question.config?.labels ?? []).find(({ key }) => key === label);
  const parts = iou.length ? [overlapShares([...iou].sort((a, b) => a - b).map((share) => percent(share, language())))] : [];
  alone.forEach((n, at) => n && parts.push(t("{n} only in {name}", { n, name: names[at] })));
  return `${own ? title(own) : label}: ${parts.join("; ")}`;
}

/** A few one by one, the least first; many as a range. */
function overlapShares(shares) {
  if (shares.length <= FEW) return t("overlap (IoU) {shares}", { shares: shares.join(", ") });
  return t("{n} overlaps (IoU), {low} to {high}", { n: shares.length, low: shares[0], high: shares.at(-1) });
}
