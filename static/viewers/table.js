/* table: rows of named values; below each row there is room for questions about it. */

import { t } from "@mh/app/i18n";
import { keyOf } from "@mh/app/items";
import { make } from "@mh/app/layout";
import { Viewer } from "@mh/app/viewer";
import { title } from "@mh/app/words";

const WEB = /^https?:\/\//i;

export default class TableViewer extends Viewer {
  static type = "table";
  #items = [];

  async show(field, rows, { lang }) {
    const columns = columnsOf(field.config ?? {}, rows);
    const box = make("div", "table-scroll rows", "", { tabindex: "0", role: "region", "aria-label": title(field, lang) });
    const [table, top, head, body] = [make("table", "table"), make("thead"), make("tr"), make("tbody")];
    head.append(make("th", "", "#", { scope: "col" }), ...columns.map((column) => make("th", "", title(column, lang), { scope: "col", dir: "auto" })));
    top.append(head);
    table.append(top, body);
    box.append(table);
    this.append(box);
    this.#items = rows.map((row, index) => this.#row(body, row, index, columns));
  }

  #row(body, row, index, columns) {
    const key = keyOf(row, index);
    const element = make("tr", "", "", { "data-item": key });
    element.append(make("th", "num", String(index + 1), { scope: "row" }), ...columns.map(({ key: name }) => cell(row[name])));
    const below = make("tr", "rows__below");
    const place = make("td", "", "", { colspan: String(columns.length + 1) });
    const slot = make("div", "rows__slot");
    place.append(slot);
    below.append(place);
    body.append(element, below);
    return { key, label: t("Row {n}", { n: index + 1 }), element, slot };
  }

  items() {
    return this.#items;
  }
}

/** The columns of the field, else all that the rows have, in the order in which they come. */
function columnsOf({ columns = [] }, rows) {
  if (columns.length) return columns;
  return [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((key) => key !== "id").map((key) => ({ key }));
}

function cell(value) {
  if (typeof value === "number") return make("td", "num", String(value));
  if (typeof value === "boolean") return make("td", "", value ? t("yes") : t("no"));
  const made = make("td", "prewrap", "", { dir: "auto" });
  if (WEB.test(value ?? "")) made.append(make("a", "", value, { href: value, target: "_blank", rel: "noopener noreferrer" }));
  else made.textContent = value ?? "–";
  return made;
}
