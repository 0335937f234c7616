/* Lists on the desk: the rows of the answers side by side, with what differs. */

import { card, row, table } from "@mh/app/desk-tables";
import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { alike, aligned } from "@mh/app/record-match";
import { cellWords } from "@mh/app/record-words";
import { language, title } from "@mh/app/words";

/** A line for each row that any of the answers ([{name, value}]) has; it carries a sign where they differ. */
export function rowTable(question, answers) {
  if (answers.length < 2) return null;
  const { columns } = question.config;
  const groups = aligned(question.config, answers.map(({ value }) => value[question.name].records));
  if (!groups.length) return null;
  const rows = groups.map((records, at) => rowOf(columns, records, at));
  const label = t("{question}: the rows of each answer", { question: title(question) });
  return card(title(question), table(label, [t("Row"), ...answers.map(({ name }) => name)], rows));
}

function rowOf(columns, records, at) {
  const given = records.filter(Boolean);
  const differing = new Set(columns.filter((column) => !given.every((each) => alike(column.type, each.cells[column.key], given[0].cells[column.key]))).map(({ key }) => key));
  const made = row(String(at + 1), records.map((record) => (record ? cellOf(columns, record, differing) : make("td", "muted", "–"))));
  if (differing.size || given.length < records.length) made.firstChild.append(" ", sign());
  return made;
}

/** What a row says, column by column. */
function cellOf(columns, { cells }, differing) {
  const cell = make("td", "", "", { dir: "auto" });
  const shown = columns.filter(({ key }) => differing.has(key) || (cells[key] !== undefined && cells[key] !== false));
  cell.append(...shown.map((column, at) => lineOf(column, cells[column.key], { first: !at, differs: differing.has(column.key) })));
  return cell;
}

function lineOf(column, cell, { first, differs }) {
  const words = cell === undefined ? "–" : cellWords(column, cell, language());
  const line = make("div", first ? "prewrap" : "prewrap small");
  if (!first) line.append(make("span", "muted", `${title(column)}: `));
  line.append(differs ? make("strong", "", words) : words);
  if (differs) line.append(" ", sign());
  return line;
}

const sign = () => make("span", "desk-sign", "≠", { role: "img", "aria-label": t("answers differ") });
