/* The lines between the selected mark and others: those there are, and a row to draw one. */

import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { joins } from "@mh/app/marks";
import { title } from "@mh/app/words";
import { icon } from "@mh/ui/icon";

export class RelationsForm {
  element = make("fieldset", "relations");
  #list = make("ul", "relations__list");
  #kind = make("select", "", "", { "aria-label": t("Kind of connection") });
  #target = make("select", "", "", { "aria-label": t("Connect with") });
  #add = make("button", "button button--small", t("Connect"), { type: "button" });
  #mark = null;
  #marks = [];

  /** `kinds` of the schema; `name(mark)` in words; `add(kind, id)` and `remove(index)` change the answer; `select(id)` goes to a mark. */
  constructor({ kinds, lang, readonly, name, add, remove, select }) {
    Object.assign(this, { kinds, lang, readonly, name, add, remove, select });
    const row = make("div", "relations__row");
    row.append(this.#kind, this.#target, this.#add);
    row.hidden = readonly;
    this.element.append(make("legend", "attributes__name", t("Connections")), this.#list, row);
    this.#kind.append(...kinds.map((kind) => new Option(title(kind, lang), kind.key)));
    this.#kind.addEventListener("change", () => this.#offer());
    this.#add.addEventListener("click", () => this.add(this.#kind.value, this.#target.value));
  }

  /** Show the lines of a mark; null for none. */
  update(mark, marks, relations) {
    this.element.hidden = !mark || !this.kinds.length;
    if (this.element.hidden) return;
    if (this.#mark?.id !== mark.id) this.#kind.value = (this.kinds.find((kind) => this.#fit(kind, mark, marks).length) ?? this.kinds[0]).key;
    this.#mark = mark;
    this.#marks = marks;
    const lines = relations.map((line, at) => ({ ...line, at })).filter(({ from, to }) => from === mark.id || to === mark.id);
    this.#list.replaceChildren(...lines.map((line) => this.#line(line)));
    this.#offer();
  }

  #line({ type, from, to, at }) {
    const kind = this.kinds.find(({ key }) => key === type);
    const outward = from === this.#mark.id;
    const other = this.#marks.find(({ id }) => id === (outward ? to : from));
    const arrow = kind?.directed ? (outward ? "→" : "←") : "–";
    const row = make("li", "relations__line");
    const words = `${kind ? title(kind, this.lang) : type} ${arrow} ${other ? this.name(other) : "?"}`;
    const open = make("button", "button button--link", words, { type: "button" });
    open.addEventListener("click", () => other && this.select(other.id));
    row.append(open);
    if (!this.readonly) {
      const remove = make("button", "button button--quiet button--icon button--small", "", { type: "button", "aria-label": t("Take away: {line}", { line: words }) });
      remove.append(icon("x"));
      remove.addEventListener("click", () => this.remove(at));
      row.append(remove);
    }
    return row;
  }

  #fit(kind, mark, marks) {
    return marks.filter(({ id, label }) => id !== mark.id && joins(kind, mark.label, label));
  }

  /** The marks that the chosen kind may lead to. */
  #offer() {
    const kind = this.kinds.find(({ key }) => key === this.#kind.value);
    const fit = this.#fit(kind, this.#mark, this.#marks);
    const chosen = this.#target.value;
    this.#target.replaceChildren(...fit.map((mark) => new Option(this.name(mark), mark.id)));
    if (fit.some(({ id }) => id === chosen)) this.#target.value = chosen;
    this.#target.disabled = this.#add.disabled = !fit.length;
  }
}
