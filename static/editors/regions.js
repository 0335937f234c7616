/* regions: boxes and polygons on pictures. Everything that the pointer does, keys and number fields do as well. */

import { around, area, overlap } from "@mh/app/geometry";
import { number, t } from "@mh/app/i18n";
import { spoken } from "@mh/app/keys";
import { MarkingEditor } from "@mh/app/marking";
import { make } from "@mh/app/layout";
import { Pictures, isDrawable, normalise, shapesFor, validate } from "@mh/app/regions";
import { outline } from "@mh/surfaces/grid";
import { BoxTool } from "@mh/tools/box";
import { Desk } from "@mh/tools/desk";
import { PolygonTool } from "@mh/tools/polygon";
import { SelectTool } from "@mh/tools/select";
import { icon } from "@mh/ui/icon";
import { NumberFields } from "@mh/ui/number-fields";

const TOOLS = {
  select: { Tool: SelectTool, key: "v", icon: "pointer", title: () => t("Select and move") },
  box: { Tool: BoxTool, key: "b", icon: "box", title: () => t("Draw boxes") },
  polygon: { Tool: PolygonTool, key: "p", icon: "polygon", title: () => t("Draw outlines") },
};
const FORM_CONTROL = "input, select, textarea";

export default class RegionsEditor extends MarkingEditor {
  static type = "regions";
  static version = 1;
  member = "regions";
  current = null; // key of the label for what is drawn next
  #desks = [];
  #tool = "select";
  #hovered = null;

  bind() {
    const { question, payload, values, item, surfaces, readonly } = this.given;
    this.item = item;
    this.layer = item === undefined ? question.name : `${question.name}/${item}`;
    this.pictures = new Pictures({ question, payload, values, item });
    this.current = this.labels[0]?.key ?? null;
    const [surface] = Object.values(surfaces);
    for (const [key, picture] of surface?.pictures ?? []) this.#seat(key, picture);
    surface?.addEventListener("surface:picture", ({ detail }) => this.#seat(detail.key, detail.picture, true), { signal: this.given.signal });
    this.fields = new NumberFields({ change: (geometry) => this.reshape(this.selected, geometry, { merge: `fields ${this.selected}` }) });
    this.extraPlace.append(this.fields.element);
    this.#tools();
    this.use(readonly ? "select" : this.config.shapes[0]);
  }

  dispose() {
    for (const { picture } of this.#desks) picture.use(null);
    super.dispose();
  }

  /** Work on a picture; `late` if it came after the others, at a second try. */
  #seat(key, picture, late = false) {
    if (this.item !== undefined && key !== this.item) return;
    this.#desks.push(new Desk(this, picture, key));
    this.#listen(picture);
    if (!late) return;
    this.use(this.#tool);
    this.show();
  }

  #listen(picture) {
    if (this.given.readonly) return;
    picture.enable(t("Picture to draw on. Arrow keys move the crosshair, with Shift by ten pixels; Space sets a point."));
    picture.addEventListener("surface:focus", () => this.say("mh:select", { id: this.selected }), { signal: this.given.signal });
  }

  // --- tools -------------------------------------------------------------------------------------------------------------

  get #offered() {
    return ["select", ...this.config.shapes];
  }

  #tools() {
    this.tools.hidden = this.given.readonly;
    this.buttons = new Map(
      this.#offered.map((name) => {
        const { key, icon: picture, title } = TOOLS[name];
        const button = make("button", "marking__tool", "", { type: "button", title: `${title()} (${spoken(key)})`, "aria-label": title(), "aria-keyshortcuts": key });
        button.append(icon(picture), make("kbd", "", spoken(key), { "aria-hidden": "true" }));
        button.addEventListener("click", () => this.use(name));
        return [name, button];
      }),
    );
    this.tools.append(...this.buttons.values());
  }

  /** Take a tool in hand. */
  use(name) {
    this.#tool = name;
    for (const desk of this.#desks) desk.picture.use(new TOOLS[name].Tool(desk));
    for (const [each, button] of this.buttons) button.setAttribute("aria-pressed", String(each === name));
    if (name !== "select" && !shapesFor(this.current, this.config).includes(name)) {
      this.current = this.labels.find(({ key }) => shapesFor(key, this.config).includes(name))?.key ?? this.current;
    }
    if (this.isConnected) this.told(this.hintWords());
  }

  /** The tool that has something unfinished, else null. */
  get #busy() {
    return this.#desks.map(({ picture }) => picture.tool).find((tool) => tool?.busy) ?? null;
  }

  get focusPoint() {
    return this.given.readonly ? null : (this.#desks[0]?.picture.frame ?? null);
  }

  own() {
    const busy = () => this.#busy !== null;
    const idle = () => !document.activeElement?.matches(`${FORM_CONTROL}, [role=application]`);
    return [
      ...this.#offered.map((name) => ({ id: `tool-${name}`, title: TOOLS[name].title(), keys: TOOLS[name].key, run: () => this.use(name) })),
      { id: "finish", title: t("Finish the shape"), keys: "Enter", when: busy, run: () => this.#busy.finish() },
      { id: "last-point", title: t("Take the last point back"), keys: "Backspace", when: busy, run: () => this.#busy.back() },
      { id: "cancel-shape", title: t("Discard the shape"), keys: "Escape", when: busy, run: () => this.#cancel() },
      { id: "to-picture", title: t("To the picture: arrows move the crosshair, Space sets a point"), keys: ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"], when: idle, run: () => this.focusPoint?.focus() },
    ];
  }

  #cancel() {
    this.#busy.cancel();
    this.told(this.hintWords());
  }

  // --- labels ------------------------------------------------------------------------------------------------------------

  isPressed(label) {
    return label.key === (this.chosen?.label ?? this.current);
  }

  mayLabel(label) {
    return !this.chosen || shapesFor(label.key, this.config).includes(this.chosen.shape);
  }

  label(key) {
    this.current = key;
    if (this.chosen && this.chosen.label !== key) this.edit(this.selected, { label: key });
    const shapes = shapesFor(key, this.config);
    if (this.#tool !== "select" && !shapes.includes(this.#tool)) this.use(shapes[0]);
    this.show();
    this.say("mh:select", { id: this.selected });
  }

  // --- drawing -----------------------------------------------------------------------------------------------------------

  create(shape, geometry, item) {
    if (this.config.max && this.list.length >= this.config.max) {
      this.told(t("No more than {n} marks here.", { n: this.config.max }));
      return;
    }
    const region = { label: this.current, shape, ...geometry };
    if (item !== null && this.item === undefined) region.item = item;
    this.add(this.#tidy(region));
  }

  /** Another geometry for a mark. */
  reshape(id, geometry, options) {
    const { shape, item, label } = this.list.find((mark) => mark.id === id);
    const none = { bbox: undefined, angle: undefined, points: undefined, holes: undefined };
    const { bbox, angle, points, holes } = this.#tidy({ label, shape, ...(item !== undefined && { item }), ...geometry });
    this.edit(id, { ...none, bbox, angle, points, holes }, options);
  }

  /** Rounded and within the picture, as the answer has it. */
  #tidy(region) {
    return normalise({ regions: [region] }, { ...this.config, attributes: [] }, this.pictures).regions[0];
  }

  hover(id) {
    if (this.#hovered === id) return;
    this.#hovered = id;
    this.paint();
  }

  reveal(region) {
    const desk = this.#desks.find(({ item }) => this.isOn(region, item));
    if (isDrawable(region)) desk?.picture.reveal(around(outline(region)));
  }

  // --- what is shown -----------------------------------------------------------------------------------------------------

  /** Does a mark lie on this picture? */
  isOn(region, item) {
    return (region.item ?? this.item ?? null) === item;
  }

  /** Is a layer one of the answer's own marks? */
  isOwn(layer) {
    return layer === this.layer || layer === `${this.layer} selected`;
  }

  lookOf(key) {
    const label = this.byKey.get(key) ?? { colour: 1, dash: 0, tag: "?", title: String(key) };
    return { slot: label.colour, dash: label.dash, tag: label.tag, title: label.title };
  }

  get #drawable() {
    return this.list.filter(isDrawable);
  }

  drawn(region, state = "") {
    return { ...this.lookOf(region.label), ...region, state };
  }

  paint() {
    const compared = this.given.compare ? this.#compared() : null;
    for (const desk of this.#desks) {
      const own = this.#drawable.filter((region) => region.id !== this.selected && this.isOn(region, desk.item));
      const state = ({ id }) => (id === this.#hovered ? "hovered" : (compared?.agreed.has(id) ?? false) ? "muted" : "");
      desk.picture.paint(this.layer, own.map((region) => ({ ...this.drawn(region, state(region)), ...(compared && { dash: 0 }) })));
      if (compared) desk.picture.paint(`${this.layer} others`, compared.others.filter((region) => this.isOn(region, desk.item)));
    }
    this.paintSelected();
  }

  /** Draw the selected mark alone: it is on a canvas of its own, so that pulling it costs little. */
  paintSelected() {
    const { chosen } = this;
    for (const { picture, item, previewed } of this.#desks) {
      const here = chosen && isDrawable(chosen) && this.isOn(chosen, item);
      picture.paint(`${this.layer} selected`, here ? [{ ...this.drawn(chosen, "selected"), ...previewed }] : []);
    }
  }

  /** The other answers' marks with their names; muted where all answers have a mark like it. */
  #compared() {
    const others = Object.entries(this.given.compare).map(([name, answer]) => ({ name, regions: (answer?.regions ?? []).filter(isDrawable) }));
    const own = this.#drawable;
    const alike = (a, b) => a.label === b.label && (a.item ?? null) === (b.item ?? null) && overlap(around(outline(a)), around(outline(b))) >= (this.config.iou ?? 0.5);
    const inAll = (region, lists) => lists.every((list) => list.some((each) => alike(each, region)));
    const lists = others.map(({ regions }) => regions);
    const agreed = new Set(own.filter((region) => inAll(region, lists)).map(({ id }) => id));
    const drawn = others.flatMap(({ name, regions }, at) =>
      regions.map((region) => {
        const common = inAll(region, [own, ...lists.filter((_, place) => place !== at)]);
        const look = this.drawn(region, common ? "muted" : "");
        return { ...look, id: `${name}/${region.id}`, dash: 1 + (at % 3), tag: common ? look.tag : `${look.tag} ${name}` };
      }),
    );
    return { agreed, others: drawn };
  }

  extra(mark) {
    const region = mark && this.value.regions.find(({ id }) => id === mark.id);
    this.fields.update(this.given.readonly ? null : region, { rotate: this.config.rotate, size: region && this.pictures.size(region) });
  }

  hint() {
    const tool = this.#desks[0]?.picture.tool;
    return tool?.hint ?? (this.list.length ? t("Click a shape to change it.") : "");
  }

  describe(region) {
    if (!isDrawable(region)) return "";
    const { points, bbox } = region;
    if (points) return t(["{n} point, {area} px²", "{n} points, {area} px²"], { n: points.length, area: number(Math.round(Math.abs(area(points)))) });
    const [x, y, width, height] = bbox.map((each) => Math.round(each));
    return `${width} × ${height} · ${x}, ${y}`;
  }

  normalise(value) {
    return normalise(value, this.config, this.pictures);
  }

  problems(value) {
    return validate(value, this.config, this.pictures, new Set(this.byKey.keys()));
  }
}
