/* Cards and tables of the desk. */

import { make } from "@mh/app/layout";

/** A heading with what stands below it. */
export function card(heading, ...content) {
  const box = make("section", "desk-card");
  box.append(make("h2", "panel__title", heading), ...content);
  return box;
}

/** A table in a box that scrolls and says so. */
export function table(label, heads, rows) {
  const [box, made, head, body] = [make("div", "table-scroll", "", { tabindex: "0", role: "region", "aria-label": label }), make("table", "table"), make("tr"), make("tbody")];
  head.append(...heads.map((each) => make("th", "", each, { scope: "col" })));
  body.append(...rows);
  const top = make("thead");
  top.append(head);
  made.append(top, body);
  box.append(made);
  return box;
}

/** A row with its name in front. */
export function row(name, cells) {
  const made = make("tr");
  made.append(make("th", "", name, { scope: "row", dir: "auto" }), ...cells);
  return made;
}
