/* How the answers on the desk are compared: which are left out, whether only differences are shown, and where one steps to. */

import { announce } from "@mh/app/a11y";
import { comparisons } from "@mh/app/desk-cards";
import { differences } from "@mh/app/desk-differences";
import { t } from "@mh/app/i18n";
import { spoken } from "@mh/app/keys";
import { make } from "@mh/app/layout";

export class Comparing {
  hidden = new Set(); // names of the answers that are left out
  #item = null;
  #differing = new Set();
  #known = [];
  #narrowed = false;
  #at = -1;

  /** `part`: the elements of the desk by their part. */
  constructor(part) {
    this.part = part;
  }

  /** Another task: nothing is left out. */
  start(item) {
    this.#item = item;
    this.hidden.clear();
    this.#known = [];
    this.#at = -1;
  }

  hides(index) {
    return this.hidden.has(this.#item.answers[index].name);
  }

  toggle(index) {
    const { name } = this.#item.answers[index];
    const out = !this.hidden.delete(name);
    if (out) this.hidden.add(name);
    announce(out ? t("Answer {name} is left out", { name }) : t("Answer {name} is compared", { name }));
  }

  /** How alike the pairs are, as the server has measured it. */
  know(known) {
    this.#known = known;
    this.#cards();
  }

  /** The buttons to leave answers out by; beside a chosen answer it needs none of its own. */
  show(chosen, sideBySide) {
    const rest = [...this.#item.answers.entries()].filter(([index, { value }]) => value && (sideBySide || index !== chosen));
    this.part.overlay.replaceChildren(make("span", "muted small", sideBySide ? t("Shown:") : t("Laid over:")), ...rest.map(([index]) => this.#switch(index)));
    this.part.overlay.hidden = this.#item.answers.length < 2;
    this.#differing = differences({ ...this.#item, answers: this.#item.answers.filter(({ name }) => !this.hidden.has(name)) });
    this.#cards();
    this.mark();
  }

  #switch(index) {
    const words = t("Answer {name}", { name: this.#item.answers[index].name });
    const button = make("button", "desk-switch", words, { type: "button", "aria-pressed": String(!this.hides(index)), "data-hide": String(index) });
    if (index < 9) button.append(make("kbd", "", spoken(`Shift+${index + 1}`), { "aria-hidden": "true" }));
    return button;
  }

  #cards() {
    this.part.cards.replaceChildren(...comparisons(this.#item, this.hidden, this.#known));
  }

  /** Show only what differs, or everything again. */
  narrow() {
    this.#narrowed = !this.#narrowed;
    this.part.differences.setAttribute("aria-pressed", String(this.#narrowed));
    announce(this.#narrowed ? t("Only what differs") : t("Everything"));
    this.mark();
  }

  /** Hide what all answers say alike, where only differences are wanted. */
  mark() {
    const named = new Set([...this.#differing].map((id) => id.split("/")[0]));
    const off = (differs) => this.#narrowed && !differs;
    for (const frame of this.part.stage.querySelectorAll("[data-question]")) frame.classList.toggle("is-agreed", off(this.#differing.has(frame.dataset.question)));
    for (const row of this.part.table.querySelectorAll("[data-of]")) row.hidden = off(named.has(row.dataset.of));
    const nothing = off(this.#differing.size > 0);
    this.part.table.parentElement.classList.toggle("is-agreed", nothing);
    this.part.alike.hidden = !nothing;
  }

  /** Go to the next (1) or previous (-1) question on which the answers differ; behind the questions, to what differs in a recording. */
  step(by) {
    const frames = [...this.part.stage.querySelectorAll("[data-question]")].filter(({ hidden, dataset }) => !hidden && this.#differing.has(dataset.question));
    const stops = [...frames, ...this.part.cards.querySelectorAll("[data-differs]")];
    if (!stops.length) return announce(t("The answers do not differ in anything."));
    this.#at = (this.#at + by + stops.length + (this.#at < 0 && by < 0 ? 1 : 0)) % stops.length;
    stops[this.#at].focus({ preventScroll: true });
    return stops[this.#at].scrollIntoView({ block: "center" });
  }
}
