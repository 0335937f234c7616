/* The labels at hand beside what has just been selected: a click instead of a way to the panel. Keys do the same, so it takes no focus. */

import { t } from "@mh/app/i18n";
import { spoken } from "@mh/app/keys";
import { make } from "@mh/app/layout";
import { icon } from "@mh/ui/icon";

const MOST = 8;
const GAP = 6; // px

export class LabelPopover {
  element = make("div", "label-popover", "", { role: "group", "aria-label": t("Labels") });

  constructor() {
    this.element.hidden = true;
    this.element.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays
  }

  /** Show labels ([{key, title, colour, tag, count, hotkey}]) at a rectangle of the window, inside `host`. `remove`: also a way to delete. */
  show({ labels, pressed = null, rect, host, pick, remove = null }) {
    const shown = labels.length <= MOST ? labels : [...labels].sort((a, b) => b.count - a.count).slice(0, MOST);
    const buttons = shown.map((label) => this.#button(label, label.key === pressed, pick));
    if (remove) buttons.push(this.#removal(remove));
    this.element.replaceChildren(...buttons);
    host.append(this.element);
    this.element.hidden = false;
    this.#put(rect, host.getBoundingClientRect());
  }

  hide() {
    this.element.hidden = true;
  }

  #button(label, pressed, pick) {
    const button = make("button", "label-popover__label", "", { type: "button", "aria-pressed": pressed, "data-label-slot": label.colour });
    button.append(make("span", "swatch", label.tag, { "aria-hidden": "true" }), make("span", "", label.title));
    if (label.hotkey) button.append(make("kbd", "", spoken(label.hotkey)));
    button.addEventListener("click", () => {
      this.hide();
      pick(label.key);
    });
    return button;
  }

  #removal(remove) {
    const button = make("button", "label-popover__label", "", { type: "button", "aria-label": t("Delete") });
    button.append(icon("trash"));
    button.addEventListener("click", () => {
      this.hide();
      remove();
    });
    return button;
  }

  /** Below the rectangle, inside the host's width. */
  #put(rect, host) {
    const { style } = this.element;
    style.insetBlockStart = `${rect.bottom - host.top + GAP}px`;
    style.left = "0";
    const width = this.element.offsetWidth;
    style.left = `${Math.max(0, Math.min(rect.left - host.left, host.width - width))}px`;
  }
}
