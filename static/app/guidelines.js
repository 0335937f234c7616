/* The guidelines beside the work: search, jumping to what a label means, and what changed since they were last read. */

import { call } from "@mh/app/api";
import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";

const HIGHLIGHT = "guideline-search";

export class Guidelines {
  #root;
  #path;
  #search;
  #found = [];
  #at = -1;

  /** `root` holds the server's article; `path` is where it can be read again. */
  constructor(root, path) {
    this.#root = root;
    this.#path = path;
    this.#wire();
  }

  get number() {
    return Number(this.#article?.dataset.number ?? 0);
  }

  /** Is there a version that this person has not read? */
  get unread() {
    return Number(this.#article?.dataset.read ?? 0) < this.number;
  }

  get #article() {
    return this.#root.querySelector("[data-number]");
  }

  /** Read the article again: a newer version was announced. */
  async refresh() {
    const response = await fetch(this.#path, { credentials: "same-origin", headers: { Accept: "text/html" } });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    this.#root.replaceChildren(...[...page.body.childNodes].map((node) => document.importNode(node, true)));
    this.#wire();
  }

  /** What changed, as the server compared it: a copy for a card. */
  changes() {
    return this.#root.querySelector("[data-changes]")?.cloneNode(true) ?? null;
  }

  /** The whole text, for a card. */
  text() {
    return this.#article?.cloneNode(true) ?? null;
  }

  /** The person has read the present version. */
  async acknowledge() {
    await call("POST", this.#path, { body: { number: this.number } });
    this.#article.dataset.read = String(this.number);
    const note = this.#root.querySelector("[data-changed]");
    if (note) note.hidden = true;
  }

  /** Go to the section that a label or question is explained in; false if there is none. */
  reveal(words) {
    const wanted = words.trim().toLowerCase();
    const heading = [...this.#root.querySelectorAll("h2, h3, h4, dt, strong")].find((element) => element.textContent.trim().toLowerCase() === wanted);
    if (!heading) return false;
    heading.scrollIntoView({ block: "start" });
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    return true;
  }

  /** Does any section explain this? */
  explains(words) {
    const wanted = words.trim().toLowerCase();
    return [...this.#root.querySelectorAll("h2, h3, h4, dt, strong")].some((element) => element.textContent.trim().toLowerCase() === wanted);
  }

  #wire() {
    this.#search = this.#root.querySelector("input[type=search]");
    this.#search?.addEventListener("input", () => this.#find());
    this.#search?.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) {
        event.preventDefault();
        this.#step(event.shiftKey ? -1 : 1);
      } else if (event.key === "Escape" && this.#search.value) {
        event.stopPropagation();
        this.#search.value = "";
        this.#find();
      }
    });
    this.#root.querySelector("[data-acknowledge]")?.addEventListener("click", () => this.acknowledge().catch(() => {}));
  }

  /** Light up every hit without touching the text. */
  #find() {
    const wanted = this.#search.value.trim().toLowerCase();
    this.#found = wanted.length > 1 ? hits(this.#article, wanted) : [];
    this.#at = -1;
    if (globalThis.Highlight && CSS.highlights) CSS.highlights.set(HIGHLIGHT, new Highlight(...this.#found));
    const count = this.#root.querySelector("[data-count]");
    count.textContent = wanted.length > 1 ? t("{count} found", { count: this.#found.length }) : "";
    if (this.#found.length) this.#step(1);
  }

  #step(by) {
    if (!this.#found.length) return;
    this.#at = (this.#at + by + this.#found.length) % this.#found.length;
    const range = this.#found[this.#at];
    (range.startContainer.parentElement ?? this.#article).scrollIntoView({ block: "center" });
  }
}

function hits(root, wanted) {
  const ranges = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data.toLowerCase();
    for (let start = text.indexOf(wanted); start >= 0; start = text.indexOf(wanted, start + wanted.length)) {
      const range = document.createRange();
      range.setStart(node, start);
      range.setEnd(node, start + wanted.length);
      ranges.push(range);
    }
  }
  return ranges;
}

/** The card in front of the next task when a breaking version must be read first. */
export function readFirst(guidelines) {
  const box = make("div", "read-first");
  const changes = guidelines.changes();
  if (changes) {
    changes.hidden = false;
    box.append(make("h3", "", t("What changed")), changes);
  }
  const text = guidelines.text();
  if (text) box.append(text);
  return box;
}
