/* What is wrong with a list that is written, as far as it can be seen here: the same codes as the server's
   (`annotation/questions/columns.py`, `records.py`). Paths start at the value. */

import { t } from "@mh/app/i18n";
import { pointer } from "@mh/app/items";
import { fits } from "@mh/app/patterns";
import { length } from "@mh/app/prose";
import { title } from "@mh/app/words";

export const MOST = 300; // rows, whatever the settings say
const ADDRESS = /^https?:\/\/[^\s/?#]+\S*$/i;

/** Everything: cells, what may not be there twice, how many rows there are. */
export function recordProblems(records, config) {
  const cells = records.flatMap((record, at) => config.columns.flatMap((column) => cellProblems(record.cells[column.key], column, pointer("records", at, "cells", column.key))));
  return [...cells, ...config.columns.filter(({ unique }) => unique).flatMap(({ key }) => twice(records, key)), ...counted(records, config)];
}

function cellProblems(cell, column, path) {
  const problem = (code, params) => ({ path, code, severity: "error", params });
  if (cell === undefined) return column.required ? [problem("required")] : [];
  if ((column.not ?? []).includes(cell)) return [problem("not_allowed")];
  return [...(typeof cell === "string" ? textFaults(cell, column) : numberFaults(cell, column))].map((fault) => problem(...fault));
}

function* textFaults(cell, { type, min_chars: least, max_chars: most, pattern }) {
  if (type === "url" && !ADDRESS.test(cell)) yield ["bad_url"];
  if (least !== undefined && length(cell) < least) yield ["too_short", { min: least }];
  if (most !== undefined && length(cell) > most) yield ["too_long", { max: most }];
  if (pattern !== undefined && !fits(pattern, cell)) yield ["pattern"];
}

function* numberFaults(cell, { type, min = -Infinity, max = Infinity }) {
  if (typeof cell !== "number") return;
  if (type === "integer" && !Number.isInteger(cell)) yield ["type", { wanted: t("a whole number") }];
  else if (cell < min || cell > max) yield ["out_of_range", { min: Number.isFinite(min) ? min : "-∞", max: Number.isFinite(max) ? max : "∞" }];
}

function twice(records, key) {
  const said = records.map(({ cells }) => (cells[key] === undefined ? null : JSON.stringify(cells[key]).toLowerCase()));
  const again = said.flatMap((text, at) => (text !== null && said.indexOf(text) < at ? [at] : []));
  return again.map((at) => ({ path: pointer("records", at, "cells", key), code: "not_unique", severity: "error" }));
}

function counted(records, { min = 0, max = MOST, exactly = [], at_least: atLeast = [], columns }) {
  const problem = (code, params) => ({ path: "/records", code, severity: "error", params });
  if (records.length < min) return [problem("too_few", { min })];
  if (records.length > max) return [problem("too_many", { max })];
  if (!records.length) return [];
  const about = (wanted) => ({ count: wanted.count, column: title(columns.find(({ key }) => key === wanted.column)), test: testWords(wanted) });
  const number = (wanted) => records.filter(({ cells }) => holds(cells[wanted.column], wanted)).length;
  return [
    ...exactly.filter((wanted) => number(wanted) !== wanted.count).map((wanted) => problem("exactly", about(wanted))),
    ...atLeast.filter((wanted) => number(wanted) < wanted.count).map((wanted) => problem("at_least", about(wanted))),
  ];
}

function holds(cell, { is, lt, gt }) {
  if (is !== undefined && cell !== is && !(Array.isArray(cell) && cell.includes(is))) return false;
  if (lt === undefined && gt === undefined) return true;
  return typeof cell === "number" && (gt === undefined || cell > gt) && (lt === undefined || cell < lt);
}

function testWords({ is, lt, gt }) {
  const tests = [["=", is], ["<", lt], [">", gt]].filter(([, wanted]) => wanted !== undefined);
  return tests.map(([sign, wanted]) => `${sign} ${JSON.stringify(wanted)}`).join(", ");
}
