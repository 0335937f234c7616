/* Lists that were written, in words. Nothing here touches the page. */

import { t } from "@mh/app/i18n";
import { title } from "@mh/app/words";

/** One cell. */
export function cellWords({ options = [] }, cell, lang) {
  const named = (key) => title(options.find((option) => option.key === key) ?? { key: String(key), title: String(key) }, lang);
  if (cell === true) return t("yes");
  if (cell === false) return t("no");
  return Array.isArray(cell) ? cell.map(named).join(", ") : named(cell);
}

/** One row: the first words by themselves, then what is said in the other columns. A box without a tick is passed over. */
export function recordWords({ columns = [] }, { cells }, lang) {
  const said = columns.filter(({ key }) => cells[key] !== undefined && cells[key] !== false);
  return said.map((column, at) => (at ? `${title(column, lang)}: ${cellWords(column, cells[column.key], lang)}` : cellWords(column, cells[column.key], lang))).join(" · ");
}

/** An answer: its rows, one to a line. */
export function recordsWords(config, { records }, lang) {
  return records.map((record) => recordWords(config, record, lang)).join("\n") || t("no rows");
}
