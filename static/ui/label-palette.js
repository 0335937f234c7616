/* The labels that can be set now: swatch with letter tag, name, key, and how often each is used. A stage's `labels()` feeds it. */

import { t } from "@mh/app/i18n";
import { chordsFor, spoken } from "@mh/app/keys";
import { make } from "@mh/app/layout";

const SEARCH_FROM = 12;

export class LabelPalette {
  #root;
  #list = make("ul", "label-palette__list");
  #search = make("input", "label-palette__search", "", { type: "search", placeholder: t("Search labels"), "aria-label": t("Search labels") });
  #labels = [];
  #help;

  /** `help(label)` is called by the question mark of a label that has guidance; without it there is none. */
  constructor(root, { help } = {}) {
    this.#root = root;
    this.#help = help;
    root.classList.add("label-palette");
    root.setAttribute("aria-label", t("Labels"));
    root.append(this.#search, this.#list);
    this.#search.addEventListener("input", () => this.#draw());
    this.#search.addEventListener("keydown", (event) => this.#searchKey(event));
  }

  /** Show these labels; an empty list hides the palette. */
  update(labels) {
    this.#labels = labels;
    this.#root.hidden = !labels.length;
    this.#search.hidden = labels.length < SEARCH_FROM;
    this.#draw();
  }

  /** Put the cursor into the search, if there is one. */
  search() {
    if (!this.#search.hidden) this.#search.focus();
    else this.#list.querySelector("button")?.focus();
  }

  #draw() {
    const wanted = this.#search.value.trim().toLowerCase();
    const shown = this.#labels.filter(({ title }) => title.toLowerCase().includes(wanted));
    const rows = [...this.#list.children];
    shown.forEach((label, index) => fill(rows[index] ?? this.#list.appendChild(this.#row()), label, Boolean(this.#help)));
    for (const row of rows.slice(shown.length)) row.remove();
  }

  #row() {
    const row = make("li", "label-palette__item");
    const button = make("button", "label-palette__label", "", { type: "button" });
    button.append(
      make("span", "swatch", "", { "aria-hidden": "true" }),
      make("span", "label-palette__title"),
      make("span", "label-palette__count num"),
      make("kbd", "label-palette__key"),
    );
    button.addEventListener("click", () => row.label.run());
    row.append(button);
    if (this.#help) {
      const help = make("button", "label-palette__help", "?", { type: "button" });
      help.addEventListener("click", () => this.#help(row.label));
      row.append(help);
    }
    return row;
  }

  #searchKey(event) {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      this.#list.querySelector("button")?.click();
      this.#search.value = "";
      this.#draw();
    } else if (event.key === "Escape") {
      this.#search.value = "";
      this.#draw();
      this.#search.blur();
    }
  }
}

function fill(row, label, helpful) {
  row.label = label;
  const [button, help] = row.children;
  const [swatch, title, count, key] = button.children;
  swatch.dataset.labelSlot = label.colour ?? "";
  swatch.textContent = label.tag ?? [...label.title][0]?.toUpperCase() ?? "";
  title.textContent = label.title;
  count.textContent = label.count ? String(label.count) : "";
  const [chord] = chordsFor(label);
  key.textContent = chord ? spoken(chord) : "";
  key.hidden = !chord;
  button.setAttribute("aria-pressed", String(Boolean(label.pressed)));
  button.setAttribute("aria-keyshortcuts", chord ?? "");
  button.disabled = label.when ? !label.when() : false;
  if (helpful && help) {
    help.hidden = !label.help;
    help.setAttribute("aria-label", t("About {label}", { label: label.title }));
  }
}
