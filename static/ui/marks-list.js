/* Every mark of the task as a row: the way to canvas and text marks for keyboards and screen readers. A stage's `marks()` feeds it. */

import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";

const PAGE = 200;

export class MarksList {
  #root;
  #heading = make("h2", "panel__title");
  #list = make("ol", "marks-list");
  #more = make("button", "button button--small", t("Show more"), { type: "button" });
  #limit = PAGE;
  #marks = [];

  constructor(root) {
    this.#root = root;
    root.append(this.#heading, this.#list, this.#more);
    this.#more.addEventListener("click", () => {
      this.#limit += PAGE;
      this.update(this.#marks);
    });
    this.#list.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Show these marks: [{id, label, title, colour, tag, text, item, focus(), remove()}]. */
  update(marks) {
    this.#marks = marks;
    this.#root.hidden = !marks.length;
    this.#heading.textContent = t("Marks: {count}", { count: marks.length });
    const rows = [...this.#list.children];
    const shown = marks.slice(0, this.#limit);
    shown.forEach((mark, index) => fill(rows[index] ?? this.#list.appendChild(makeRow()), mark));
    for (const row of rows.slice(shown.length)) row.remove();
    this.#more.hidden = marks.length <= this.#limit;
  }

  /** Light up the selected mark and bring its row into view. */
  select(id) {
    for (const row of this.#list.children) {
      const selected = row.mark.id === id;
      row.classList.toggle("is-selected", selected);
      row.firstChild.setAttribute("aria-current", String(selected));
      if (selected) row.scrollIntoView({ block: "nearest" });
    }
  }

  #key(event) {
    const row = event.target.closest("li");
    const to = { ArrowDown: row?.nextElementSibling, ArrowUp: row?.previousElementSibling }[event.key];
    if (to) {
      event.preventDefault();
      event.stopPropagation();
      to.firstChild.focus();
    } else if ((event.key === "Delete" || event.key === "Backspace") && row?.mark.remove) {
      event.preventDefault();
      event.stopPropagation();
      removeMark(row);
    }
  }
}

function makeRow() {
  const row = make("li", "marks-list__row");
  const open = make("button", "marks-list__open", "", { type: "button" });
  open.append(make("span", "swatch", "", { "aria-hidden": "true" }), make("span", "marks-list__label"), make("bdi", "marks-list__text"));
  const remove = make("button", "marks-list__remove", "×", { type: "button" });
  open.addEventListener("click", () => row.mark.focus());
  remove.addEventListener("click", () => removeMark(row));
  row.append(open, remove);
  return row;
}

function removeMark(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.mark.remove();
  if (next?.isConnected) next.firstChild.focus();
}

/** Bring a row up to date; what has not changed is not written again. */
function fill(row, mark) {
  row.mark = mark;
  const shown = [mark.title, mark.label, mark.colour, mark.tag, mark.text, Boolean(mark.remove)].join("\u0001");
  if (row.shown === shown) return;
  row.shown = shown;
  const [open, remove] = row.children;
  const [swatch, label, text] = open.children;
  const title = mark.title ?? mark.label;
  swatch.dataset.labelSlot = mark.colour ?? "";
  swatch.textContent = mark.tag ?? [...title][0]?.toUpperCase() ?? "";
  label.textContent = title;
  text.textContent = mark.text ?? "";
  remove.hidden = !mark.remove;
  remove.setAttribute("aria-label", t("Delete {mark}", { mark: `${title} ${mark.text ?? ""}`.trim() }));
}
