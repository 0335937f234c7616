/* Builds what a stage shows: a viewer per field, then an editor per question (or per question and item) with the surfaces it needs. */

import { t } from "@mh/app/i18n";
import { askedKeys, onFields, perField, usedFields } from "@mh/app/items";
import * as layout from "@mh/app/layout";
import * as registry from "@mh/app/registry";

/** Is this member of a payload or answer there at all? */
export const present = (value) => value !== undefined && value !== null;

export class Composer {
  /** field name -> {field, element, frame, ready} */
  viewers = new Map();
  /** id -> {id, question, item, element, frame}; id is the question's name, with `/item` where it is asked per item */
  editors = new Map();
  #groups = new Map();

  /** `listen(id, element, frame)` is called for each editor before it loads; `say(type, detail)` tells the stage. */
  constructor({ root, options, shown, signal, listen, say }) {
    Object.assign(this, { root, options, shown, signal, listen, say });
  }

  async build() {
    const { schema, payload } = this.options;
    this.places = layout.buildPlaces(this.root, this.options.panel);
    for (const field of schema.fields.filter(({ name }) => present(payload[name]))) this.#addViewer(field);
    for (const question of schema.questions) await this.#addQuestion(question);
    this.#orderMatrices();
    await Promise.all([...this.viewers.values()].map(({ ready }) => ready));
    this.root.classList.toggle("has-side", this.places.side.childElementCount > 0);
  }

  dispose() {
    for (const { element, frame } of this.editors.values()) {
      element.dispose();
      frame.element.remove();
    }
    for (const { element } of this.viewers.values()) element?.dispose();
    this.editors.clear();
    this.viewers.clear();
    this.root.replaceChildren();
  }

  #addViewer(field) {
    const alone = this.options.schema.fields.length === 1;
    const frame = layout.fieldFrame(field, { alone, lang: this.options.lang });
    this.places[field.place ?? "main"].append(frame.element);
    const entry = { field, frame, element: null, ready: null };
    this.viewers.set(field.name, entry);
    if (field.sensitive && !this.options.readonly) layout.cover(frame, () => this.say("uncovered", { field: field.name }));
    entry.ready = this.#show(entry);
  }

  async #show(entry) {
    const { field, frame } = entry;
    const { payload, lang, prefs } = this.options;
    const Viewer = await registry.viewer(field.type);
    if (this.signal.aborted) return;
    entry.element = new Viewer();
    frame.body.replaceChildren(entry.element);
    const how = { lang, prefs, signal: this.signal, order: this.shown[field.name], source: this.#isMarked(field.name) };
    try {
      await entry.element.show(field, payload[field.name], how);
    } catch (error) {
      if (!this.signal.aborted) this.#mediaFailed(entry, error);
    }
  }

  /** Is text of this field to be marked or quoted? Then its source is shown, for marks lie on the source. */
  #isMarked(name) {
    return this.options.schema.questions.some((question) => (question.type === "spans" && onFields(question).includes(name)) || question.config?.evidence === name);
  }

  /** A card in place of the medium. Retrying is the viewer's; reporting and skipping are the page's, where it offers exits. */
  #mediaFailed(entry, error) {
    const { frame, element } = entry;
    if (!error.retry) throw error;
    const retry = async () => {
      card.remove();
      element.hidden = false;
      await error.retry().catch((again) => this.#mediaFailed(entry, again));
    };
    const actions = [{ label: t("Try again"), run: retry }];
    if (this.options.exits) {
      actions.push(
        { label: t("Report as broken"), run: () => this.say("exit", { type: "broken", reason: "media_missing" }) },
        { label: t("Skip"), run: () => this.say("exit", { type: "skip" }) },
      );
    }
    element.hidden = true;
    const card = layout.mediaCard(t("This could not be loaded. If it stays so, report it as broken: your time is paid."), actions);
    frame.body.append(card);
  }

  async #addQuestion(question) {
    const per = perField(question);
    const needed = [per, ...usedFields(question)].filter((name) => this.viewers.has(name));
    await Promise.all([registry.editor(question.type), ...needed.map((name) => this.viewers.get(name).ready)]);
    if (this.signal.aborted) return;
    if (!per) {
      await this.#addEditor(question, undefined, this.#grouped(question, this.places[layout.placeOf(question)]));
      return;
    }
    const asked = new Set(askedKeys(question, this.options.payload));
    const items = (this.viewers.get(per)?.element?.items() ?? []).filter(({ key }) => asked.has(key));
    for (const item of items) await this.#addEditor(question, item, this.#grouped(question, item.slot));
  }

  /** Questions of a group that is asked per item are gone through as they stand: all of one item, then all of the next. */
  #orderMatrices() {
    const entries = [...this.editors.values()];
    const groupOf = ({ item, question }) => (item === undefined ? null : (question.group ?? null));
    const boxes = entries.map((entry) => (groupOf(entry) ? entry.frame.element.parentElement : null));
    const first = (index) => entries.findIndex((entry) => groupOf(entry) === groupOf(entries[index]));
    const place = (index) => (boxes[index] ? [first(index), boxes.indexOf(boxes[index])] : [index, 0]);
    const order = entries.map((entry, index) => ({ entry, at: [...place(index), index] }));
    order.sort((a, b) => a.at[0] - b.at[0] || a.at[1] - b.at[1] || a.at[2] - b.at[2]);
    this.editors.clear();
    for (const { entry } of order) this.editors.set(entry.id, entry);
  }

  /** Where a question goes inside `place`: questions of one group share a box. */
  #grouped(question, place) {
    if (!question.group) return place;
    const boxes = this.#groups.get(question.group) ?? new Map();
    this.#groups.set(question.group, boxes);
    if (!boxes.has(place)) {
      boxes.set(place, layout.groupFrame(question.group));
      place.append(boxes.get(place));
    }
    return boxes.get(place);
  }

  async #addEditor(question, item, place) {
    const id = item ? `${question.name}/${item.key}` : question.name;
    const { lang, readonly, payload, prefs, value, suggestions, compare } = this.options;
    const frame = layout.questionFrame(question, { id, lang, compact: Boolean(item || question.group), itemLabel: item?.label, readonly });
    const Editor = await registry.editor(question.type);
    const element = new Editor();
    frame.body.append(element);
    place.append(frame.element);
    this.editors.set(id, { id, question, item: item?.key, element, frame });
    this.listen(id, element, frame.element);
    const own = (values) => (item ? values?.[question.name]?.[item.key] : values?.[question.name]) ?? null;
    await element.load({
      question,
      payload,
      value: own(value),
      suggestion: suggestions[question.name] ?? null,
      readonly,
      compare: compare && Object.fromEntries(Object.entries(compare).map(([answer, values]) => [answer, own(values)])),
      surfaces: this.#surfaces(question),
      item: item?.key,
      values: (name) => this.editors.get(name)?.element.value ?? null,
      palette: Boolean(this.options.panel),
      items: item ? [item] : onFields(question).flatMap((name) => this.viewers.get(name)?.element?.items?.() ?? []),
      order: this.shown,
      lang,
      prefs,
      signal: this.signal,
    });
  }

  /** The surfaces of what a question is about or quotes from, by name; `@name` is the surface of the text written in another question. */
  #surfaces(question) {
    const surfaces = {};
    for (const name of usedFields(question)) {
      const owner = name.startsWith("@") ? this.editors.get(name.slice(1)) : this.viewers.get(name);
      const surface = owner?.element?.surface?.();
      if (surface) surfaces[name] = surface;
    }
    return surfaces;
  }
}
