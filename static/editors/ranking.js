/* ranking: items in order, best first. A digit gives an item the next place; `t` ties the last with the one before, Backspace takes the
   last one off, `x` says that all are bad. Rows can be moved by buttons and by dragging; the rank also stands at the item itself. */

import { Editor } from "@mh/app/editor";
import { t } from "@mh/app/i18n";
import { keyOf, onFields } from "@mh/app/items";
import { make } from "@mh/app/layout";
import { icon } from "@mh/ui/icon";

const SNIPPET = 120;

export default class extends Editor {
  static type = "ranking";

  build() {
    const [field] = onFields(this.question);
    this.keys = (this.payload[field] ?? []).map(keyOf);
    const shown = this.order?.[field] ?? this.keys;
    this.named = shown.map((key, index) => this.#named(field, key, index));
    this.list = make("ol", "ranking", "", { "aria-label": t("Ranked, best first") });
    this.rest = make("ul", "ranking ranking--rest", "", { "aria-label": t("Not ranked yet") });
    this.hint = make("p", "ranking__hint muted small", t("Press the number of the best item first, then the next."));
    this.badges = new Map(this.keys.map((key) => [key, make("span", "rank-badge", "", { "aria-hidden": "true" })])); // the rank at the item itself
    this.append(this.list, this.rest, this.hint);
    if (this.config.all_bad) this.#buildAllBad();
    if (!this.readonly) this.#watchDrag();
  }

  #named(field, key, index) {
    const given = this.items?.find((item) => item.key === key);
    const item = this.payload[field][this.keys.indexOf(key)];
    const text = typeof item === "object" ? (item.title ?? item.content) : item;
    const digit = index < 9 ? String(index + 1) : index === 9 ? "0" : "";
    return { key, slot: given?.slot, label: given?.label || String(index + 1), digit, text: typeof text === "string" ? text.slice(0, SNIPPET) : "" };
  }

  #buildAllBad() {
    this.bad = make("button", "button button--small", t("All are bad"), { type: "button" });
    this.bad.disabled = Boolean(this.readonly);
    this.bad.addEventListener("click", () => this.#allBad());
    if (!this.readonly) this.bad.append(" ", make("kbd", "", "X", { "aria-hidden": "true" }));
    this.append(this.bad);
  }

  // --- the order ---------------------------------------------------------------------------------------------------------

  /** The groups that have been ranked, best first; with `top`, without the group of the rest. */
  get groups() {
    const order = this.value?.order ?? [];
    const { top } = this.config;
    if (top === undefined) return order;
    let count = 0;
    return order.filter((group) => {
      const counts = count < top;
      count += group.length;
      return counts;
    });
  }

  /** Keep an order in its canonical form: the task's order inside a group, the rest as one last group once the best are known. */
  #set(groups) {
    const place = new Map(this.keys.map((key, index) => [key, index]));
    const order = groups.filter((group) => group.length).map((group) => [...group].sort((a, b) => place.get(a) - place.get(b)));
    const { top } = this.config;
    const ranked = order.flat();
    const rest = this.keys.filter((key) => !ranked.includes(key));
    if (top !== undefined && rest.length && ranked.length >= top) order.push(rest);
    this.change(order.length ? { order } : null);
  }

  rank(key) {
    const others = this.groups.map((group) => group.filter((each) => each !== key));
    this.#set([...others, [key]]);
  }

  /** One place better (-1) or worse (1). */
  move(key, by) {
    const groups = this.groups.map((group) => [...group]);
    const at = groups.findIndex((group) => group.includes(key));
    const to = at + by;
    if (groups[at].length > 1) {
      groups[at] = groups[at].filter((each) => each !== key);
      groups.splice(by < 0 ? at : at + 1, 0, [key]);
    } else if (to >= 0 && to < groups.length) {
      [groups[at], groups[to]] = [groups[to], groups[at]];
    }
    this.#set(groups);
  }

  /** Tie an item (the last one ranked) with the group before it; in a tie already, it leaves it. */
  tie(key = this.groups.at(-1)?.[0]) {
    const groups = this.groups.map((group) => [...group]);
    const at = groups.findIndex((group) => group.includes(key));
    if (at > 0 && groups[at].length === 1) {
      groups[at - 1].push(...groups[at]);
      groups.splice(at, 1);
      this.#set(groups);
    } else if (at >= 0 && groups[at].length > 1) {
      this.move(key, 1);
    }
  }

  off(key = this.groups.at(-1)?.at(-1)) {
    this.#set(this.groups.map((group) => group.filter((each) => each !== key)));
  }

  #allBad() {
    this.change({ all_bad: true, order: [] });
  }

  // --- how it looks ------------------------------------------------------------------------------------------------------

  show() {
    const focus = this.contains(document.activeElement) ? document.activeElement.dataset : {};
    const { groups } = this;
    const ranked = groups.flat();
    let place = 1;
    const rows = groups.map((group) => {
      const made = group.map((key) => this.#row(key, place, group.length > 1));
      place += group.length;
      return made;
    });
    this.list.replaceChildren(...rows.flat());
    this.rest.replaceChildren(...this.named.filter(({ key }) => !ranked.includes(key)).map(({ key }) => this.#row(key, 0)));
    this.list.hidden = !ranked.length;
    this.rest.hidden = !this.rest.childElementCount || this.readonly;
    this.hint.hidden = ranked.length > 0 || this.readonly;
    this.bad?.setAttribute("aria-pressed", String(Boolean(this.value?.all_bad)));
    if (focus.item) this.querySelector(`[data-item="${CSS.escape(focus.item)}"][data-do="${focus.do}"]`)?.focus();
  }

  #row(key, place, tied = false) {
    const item = this.named.find((each) => each.key === key);
    const row = make("li", place ? "ranking__row" : "ranking__row is-open", "", { "data-key": key });
    if (tied) row.classList.add("is-tied");
    row.draggable = !this.readonly && place > 0;
    this.#showBadge(key, place);
    row.append(make("span", "ranking__place num", place ? String(place) : "–"));
    const words = make("span", "ranking__words");
    words.append(make("strong", "", item.label, { dir: "auto" }), make("bdi", "ranking__text", item.text, { dir: "auto" }));
    row.append(words, this.#others(key));
    if (!this.readonly) row.append(this.#buttons(item, place));
    return row;
  }

  #showBadge(key, place) {
    const badge = this.badges.get(key);
    badge.textContent = String(place);
    if (place) this.named.find((item) => item.key === key).slot?.prepend(badge);
    else badge.remove();
  }

  /** The places that the compared answers gave to an item. */
  #others(key) {
    const by = make("span", "option__by");
    for (const [name, value] of Object.entries(this.compare ?? {})) {
      const at = value?.order?.findIndex((group) => group.includes(key)) ?? -1;
      if (at >= 0) by.append(make("span", "by", `${name} ${value.order.slice(0, at).flat().length + 1}`));
    }
    return by;
  }

  #buttons(item, place) {
    const row = make("span", "ranking__buttons");
    const button = (act, name, glyph, run) => {
      const made = make("button", "button button--quiet button--icon button--small", "", { type: "button", "data-item": item.key, "data-do": act, "aria-label": `${name}: ${item.label}`, title: name });
      made.append(glyph);
      made.addEventListener("click", run);
      row.append(made);
    };
    if (!place) {
      const add = make("button", "button button--small", t("Next place"), { type: "button", "data-item": item.key, "data-do": "rank" });
      add.append(make("span", "visually-hidden", `: ${item.label}`));
      if (item.digit) add.append(" ", make("kbd", "", item.digit, { "aria-hidden": "true" }));
      add.addEventListener("click", () => this.rank(item.key));
      row.append(add);
      return row;
    }
    button("up", t("Better"), icon("arrow-up"), () => this.move(item.key, -1));
    button("down", t("Worse"), icon("arrow-down"), () => this.move(item.key, 1));
    if (this.config.ties) button("tie", t("Tie with the one before"), "=", () => this.tie(item.key));
    button("off", t("Take off"), icon("x"), () => this.off(item.key));
    return row;
  }

  #watchDrag() {
    const rowOf = (event) => event.target.closest?.(".ranking__row");
    this.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/plain", rowOf(event)?.dataset.key ?? ""), { signal: this.signal });
    this.list.addEventListener("dragover", (event) => event.preventDefault(), { signal: this.signal });
    this.list.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#drop(event.dataTransfer.getData("text/plain"), rowOf(event)?.dataset.key);
    }, { signal: this.signal });
  }

  /** The dragged item takes the place of the one it was dropped on. */
  #drop(key, target) {
    if (!this.keys.includes(key) || !target || key === target) return;
    const from = this.groups.findIndex((group) => group.includes(key));
    const to = this.groups.findIndex((group) => group.includes(target));
    const groups = this.groups.map((group) => group.filter((each) => each !== key));
    groups.splice(from < to ? to + 1 : to, 0, [key]);
    this.#set(groups);
  }

  validate() {
    const { value } = this;
    if (!value || value.all_bad) return [];
    const ranked = value.order.flat();
    const missing = this.named.filter(({ key }) => !ranked.includes(key));
    const problems = missing.map(({ label }) => ({ path: "/order", code: "missing_item", severity: "error", params: { item: label } }));
    const rest = this.config.top !== undefined && this.groups.length < value.order.length ? value.order.length - 1 : -1;
    const tied = this.config.ties ? -1 : value.order.findIndex((group, index) => group.length > 1 && index !== rest);
    if (tied >= 0) problems.push({ path: `/order/${tied}`, code: "ties_not_allowed", severity: "error" });
    return problems;
  }

  commands() {
    if (this.readonly) return [];
    const { ties, all_bad: allBad } = this.config;
    const some = () => this.groups.length > 0;
    return [
      ...this.named.map(({ key, label, digit }) => ({ id: `rank-${key}`, title: t("{item} takes the next place", { item: label }), keys: digit || [], run: () => this.rank(key) })),
      ...(ties ? [{ id: "tie", title: t("Tie with the one before"), keys: "t", when: some, run: () => this.tie() }] : []),
      ...(allBad ? [{ id: "all-bad", title: t("All are bad"), keys: "x", run: () => this.#allBad() }] : []),
      { id: "off", title: t("Take the last one off"), keys: "Backspace", when: some, run: () => this.off() },
    ];
  }

  dispose() {
    for (const badge of this.badges.values()) badge.remove();
    super.dispose();
  }
}
