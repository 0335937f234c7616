/* The geometry of the selected shape as numbers: the exact way, and the way without a pointer. */

import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";

export class NumberFields {
  element = make("div", "number-fields");
  #region = null;
  #shown = "";
  #inputs = [];
  #point = 0;

  /** `change(geometry)` is told what was typed: {bbox, angle?} or {points, holes?}. */
  constructor({ change }) {
    this.change = change;
  }

  /** Show a region; null for none. `size`: of its picture, null where it is not known. */
  update(region, { rotate = false, size = null } = {}) {
    this.element.hidden = !region;
    this.#region = region;
    if (!region) return;
    const shown = `${region.id} ${region.shape} ${region.points?.length ?? ""}`;
    if (shown !== this.#shown) this.#build(region, rotate, size ?? []);
    this.#shown = shown;
    for (const { input, read } of this.#inputs) {
      const value = read(this.#region);
      if (Number(input.value) !== value || input.value === "") input.value = String(value);
    }
  }

  #build(region, rotate, size) {
    this.#point = 0;
    this.#inputs = [];
    if (region.shape === "box") this.element.replaceChildren(...this.#boxFields(rotate, size));
    else this.element.replaceChildren(...this.#pointFields(region, size));
  }

  #boxFields(rotate, [wide, high]) {
    const side = (at, name, label, most) =>
      this.#field({ name, label, most, read: ({ bbox }) => bbox[at], write: ({ bbox, angle }, value) => ({ bbox: bbox.with(at, value), ...(angle && { angle }) }) });
    const fields = [side(0, "X", t("Left edge"), wide), side(1, "Y", t("Upper edge"), high), side(2, t("W"), t("Width"), wide), side(3, t("H"), t("Height"), high)];
    if (rotate) fields.push(this.#field({ name: "°", label: t("Angle"), least: -180, most: 180, read: ({ angle }) => angle ?? 0, write: ({ bbox }, angle) => ({ bbox, angle }) }));
    return fields;
  }

  #pointFields({ points }, [wide, high]) {
    const axis = (at, name, most) =>
      this.#field({
        name,
        label: at ? t("Vertical place of the point") : t("Horizontal place of the point"),
        most,
        read: (region) => region.points[this.#point]?.[at] ?? 0,
        write: ({ points: ring, holes }, value) => ({ points: ring.with(this.#point, ring[this.#point].with(at, value)), ...(holes && { holes }) }),
      });
    return [this.#pointChoice(points), axis(0, "X", wide), axis(1, "Y", high), this.#removal()];
  }

  #pointChoice(points) {
    const choice = make("select", "", "", { "aria-label": t("Point") });
    choice.append(...points.map((_, at) => new Option(t("Point {n}", { n: at + 1 }), String(at))));
    choice.addEventListener("change", () => {
      this.#point = Number(choice.value);
      for (const { input, read } of this.#inputs) input.value = String(read(this.#region));
    });
    return choice;
  }

  #removal() {
    const button = make("button", "button button--small", t("Take the point away"), { type: "button" });
    button.addEventListener("click", () => {
      const { points, holes } = this.#region;
      if (points.length > 3) this.change({ points: points.toSpliced(this.#point, 1), ...(holes && { holes }) });
    });
    return button;
  }

  #field({ name, label, least = 0, most, read, write }) {
    const box = make("label", "number-fields__field");
    const input = make("input", "num", "", { type: "number", step: "1", min: String(least), "aria-label": label, title: label });
    if (most) input.max = String(most);
    input.addEventListener("input", () => {
      const value = Number(input.value);
      if (input.value !== "" && input.validity.valid) this.change(write(this.#region, value));
    });
    input.step = "any";
    box.append(make("span", "", name, { "aria-hidden": "true" }), input);
    this.#inputs.push({ input, read });
    return box;
  }
}
