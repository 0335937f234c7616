/* The forms of a schema: fields, questions, options and labels. Everything else of the language is edited as JSON.

   `new SchemaEditor(parts, {types, changed})`; `load(document)` draws it; `changed()` is called after each change of `document`. */

import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { configOf, STARTS } from "@mh/app/schema-config";
import { freeName, iconButton, labelled, move, nameFrom, put, putWords, select, text, tick, wordsOf } from "@mh/app/schema-forms";
import { icon } from "@mh/ui/icon";

export class SchemaEditor {
  document = null;
  chinese = false;
  #part;
  #types;
  #changed;

  constructor(part, { types, changed }) {
    Object.assign(this, { chinese: part.chinese.checked });
    this.#part = part;
    this.#types = types;
    this.#changed = changed;
    part.chinese.addEventListener("change", () => {
      this.chinese = part.chinese.checked;
      this.draw();
    });
  }

  /** Edit this document; it is changed in place. */
  load(document) {
    this.document = document;
    this.draw();
  }

  draw() {
    const fields = list(this.document, "fields");
    const questions = list(this.document, "questions");
    this.#part.fields.replaceChildren(...fields.map((field, index) => this.#fieldCard(field, index)));
    this.#part.questions.replaceChildren(...questions.map((question, index) => this.#questionCard(question, index)));
  }

  /** After a change of words or numbers: what is drawn stays. */
  said() {
    this.#changed();
  }

  /** After something was added, taken away or moved. */
  redrawn(focus = "") {
    this.draw();
    this.#changed();
    if (focus) document.querySelector(`[data-path="${focus}"]`)?.querySelector("input")?.focus();
  }

  addField() {
    const fields = list(this.document, "fields");
    const name = freeName("text", this.#names());
    fields.push({ name, type: "text", title: { en: t("Text") } });
    this.redrawn(`/fields/${fields.length - 1}/title`);
  }

  addQuestion() {
    const questions = list(this.document, "questions");
    const name = freeName("question", this.#names());
    questions.push({ name, type: "choice", title: { en: t("Your question") }, config: STARTS.choice() });
    this.redrawn(`/questions/${questions.length - 1}/title`);
  }

  #names() {
    return [...list(this.document, "fields"), ...list(this.document, "questions")].map(({ name }) => name);
  }

  /** Inputs for a title in each language that is shown. */
  titles(thing, path, words = t("Title")) {
    const boxes = [labelled(words, text(wordsOf(thing.title, "en"), (value) => this.#titled(thing, "en", value)), `${path}/title`)];
    if (this.chinese) {
      const input = text(wordsOf(thing.title, "zh-Hans"), (value) => this.#titled(thing, "zh-Hans", value), { lang: "zh-Hans" });
      boxes.push(labelled(`${words} · 中文`, input));
    }
    return boxes;
  }

  #titled(thing, language, value) {
    putWords(thing, "title", language, value);
    this.said();
  }

  #fieldCard(field, index) {
    const path = `/fields/${index}`;
    const card = this.#card(path, list(this.document, "fields"), index, wordsOf(field.title, "en") || field.name);
    const types = this.#types.fields.map((type) => [type, TYPE_WORDS[type] ?? type]);
    const row = make("div", "form__row");
    row.append(...this.titles(field, path), labelled(t("Kind"), select(field.type, types, (type) => this.#retype(field, type)), `${path}/type`));
    card.append(row, this.#more([labelled(t("Name in your data"), this.#nameInput(field), `${path}/name`), this.#required(field)]));
    if (field.type === "items") card.append(configOf(this, field, `${path}/config`));
    return card;
  }

  #questionCard(question, index) {
    const path = `/questions/${index}`;
    const card = this.#card(path, list(this.document, "questions"), index, wordsOf(question.title, "en") || question.name);
    const types = this.#types.questions.map((type) => [type, TYPE_WORDS[type] ?? type]);
    const row = make("div", "form__row");
    row.append(...this.titles(question, path, t("Question")), labelled(t("Kind"), select(question.type, types, (type) => this.#retype(question, type)), `${path}/type`));
    card.append(row, configOf(this, question, `${path}/config`));
    const help = text(wordsOf(question.help, "en"), (value) => {
      putWords(question, "help", "en", value);
      this.said();
    });
    card.append(
      this.#more([
        labelled(t("Help, shown under the question"), help, `${path}/help`),
        labelled(t("About"), this.#on(question), `${path}/on`),
        labelled(t("Name in results"), this.#nameInput(question), `${path}/name`),
        this.#required(question),
      ]),
    );
    return card;
  }

  #card(path, all, index, words) {
    const card = make("div", "schema-card", "", { "data-path": path, role: "group", "aria-label": words });
    const head = make("div", "schema-card__head");
    head.append(make("span", "schema-card__number num", String(index + 1)));
    const shift = (by) => move(all, index, by) && this.redrawn();
    if (all.length > 1) {
      head.append(iconButton("arrow-up", t("Move up"), () => shift(-1)), iconButton("arrow-down", t("Move down"), () => shift(1)));
      const remove = () => {
        all.splice(index, 1);
        this.redrawn();
      };
      head.append(iconButton("trash", t("Remove {name}", { name: words }), remove));
    }
    card.append(head);
    return card;
  }

  #more(boxes) {
    const more = make("details", "disclosure small");
    const summary = make("summary");
    summary.append(icon("chevron-right"), t("More"));
    more.append(summary);
    const row = make("div", "form__row");
    row.append(...boxes);
    more.append(row);
    return more;
  }

  #required(thing) {
    return tick(t("Required"), thing.required !== false, (on) => {
      if (on) delete thing.required;
      else thing.required = false;
      this.said();
    });
  }

  #nameInput(thing) {
    const input = text(thing.name, () => {}, { spellcheck: "false", class: "mono" });
    input.addEventListener("change", () => {
      const name = nameFrom(input.value) || thing.name;
      rename(this.document, thing.name, name);
      thing.name = name;
      this.redrawn();
    });
    return input;
  }

  /** Which field a question is about; a list of several is edited as JSON. */
  #on(question) {
    const names = list(this.document, "fields").map(({ name }) => name);
    const given = Array.isArray(question.on) ? question.on.join(", ") : (question.on ?? "");
    const pairs = [["", t("the whole task")], ...names.map((name) => [name, name])];
    if (given && !names.includes(given)) pairs.push([given, given]);
    const input = select(given, pairs, (name) => {
      put(question, "on", name);
      this.said();
    });
    input.disabled = Array.isArray(question.on);
    return input;
  }

  #retype(thing, type) {
    thing.type = type;
    const start = STARTS[type]?.();
    if (start) thing.config = start;
    else delete thing.config;
    if (NEEDS_FIELD[type]) thing.on = this.#fieldFor(NEEDS_FIELD[type]) ?? thing.on;
    this.redrawn();
  }

  #fieldFor(types) {
    return list(this.document, "fields").find((field) => types.includes(field.type))?.name;
  }
}

const TYPE_WORDS = {
  text: t("Text"),
  markdown: t("Formatted text"),
  chat: t("Conversation"),
  image: t("Picture"),
  audio: t("Recording"),
  items: t("List of things"),
  choice: t("One of several"),
  choices: t("Several of many"),
  rating: t("Rating on a scale"),
  number: t("A number"),
  preference: t("Which of two is better"),
  ranking: t("Order from best to worst"),
  spans: t("Mark passages"),
  regions: t("Mark in a picture"),
  segments: t("Write down or mark what is heard"),
  verdicts: t("Judge step by step"),
  trajectory: t("Run of an agent"),
  table: t("Table"),
  records: t("Write a list"),
  tool_calls: t("Write calls of tools"),
};
const NEEDS_FIELD = { preference: ["items"], ranking: ["items"], spans: ["text", "markdown", "chat"], regions: ["image"], segments: ["audio"], verdicts: ["trajectory", "table", "items", "chat"], tool_calls: ["items"] };

/** A list member of the document; made where it is missing. */
function list(document, name) {
  if (!Array.isArray(document[name])) document[name] = [];
  return document[name];
}

/** Let everything that refers to a field or question follow its new name. */
function rename(document, from, to) {
  const follow = (value) => {
    if (Array.isArray(value)) value.forEach(follow);
    else if (value && typeof value === "object") {
      for (const member of ["on", "per", "field", "question", "options_from"]) value[member] = renamed(value[member], from, to);
      for (const member of Object.keys(value)) if (value[member] === undefined) delete value[member];
      Object.values(value).forEach(follow);
    }
  };
  follow(document.questions);
  follow(document.rules ?? []);
}

function renamed(value, from, to) {
  if (Array.isArray(value)) return value.map((each) => renamed(each, from, to));
  if (value === from) return to;
  return value === `@${from}` ? `@${to}` : value;
}
