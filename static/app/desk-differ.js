/* Why the answers on the desk differ: one word of a short list, said by a key or not at all, and taken back by the same key. */

import { announce } from "@mh/app/a11y";
import { differences } from "@mh/app/desk-differences";
import { t } from "@mh/app/i18n";

/** Does somebody say that there is no answer, or another one? */
function differ(item) {
  return new Set(item.answers.map(({ exit }) => exit?.type)).size > 1 || differences(item).size > 0;
}

export class Differ {
  #buttons;

  /** `part`: the section with a button for each word. */
  constructor(part) {
    this.part = part;
    this.#buttons = [...part.querySelectorAll("[data-disagreement]")];
  }

  /** Another task, or the same once more with what was `said` of it. Of answers that do not differ there is nothing to say. */
  start(item, said = "") {
    this.part.hidden = !differ(item);
    for (const button of this.#buttons) button.setAttribute("aria-pressed", String(button.dataset.disagreement === said));
  }

  get said() {
    return this.#buttons.find((button) => button.getAttribute("aria-pressed") === "true")?.dataset.disagreement ?? "";
  }

  press(code) {
    const pressed = this.#buttons.find(({ dataset }) => dataset.disagreement === code);
    const on = this.said !== code;
    for (const button of this.#buttons) button.setAttribute("aria-pressed", String(on && button === pressed));
    const why = pressed.querySelector("span").textContent;
    announce(on ? t("Why they differ: {why}", { why }) : t("Taken back: {why}", { why }));
  }

  /** A key for each word; they act while `free()`. */
  commands(free) {
    return this.#buttons.map((button) => ({
      id: `differ-${button.dataset.disagreement}`,
      title: button.querySelector("span").textContent,
      keys: button.dataset.key,
      when: () => free() && !this.part.hidden,
      run: () => this.press(button.dataset.disagreement),
    }));
  }
}
