/* Where things stand on a stage: a frame per field, a frame per question (or per question and item), by the places of the schema. */

import { t } from "@mh/app/i18n";
import { title, words } from "@mh/app/words";

const MARKING = new Set(["spans", "regions", "tracks"]); // segments have words to be written: they need the width
let serial = 0;

/** A new element with class, text and attributes. */
export function make(tag, className = "", text = "", attributes = {}) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** The places of a stage inside `root`; controls of marking questions go to `panel` if the page has one. */
export function buildPlaces(root, panel) {
  const top = make("div", "stage__top");
  const main = make("div", "stage__main");
  const side = make("div", "stage__side");
  const middle = make("div", "stage__middle");
  const answers = make("div", "stage__answers");
  const bottom = make("div", "stage__bottom");
  middle.append(main, side);
  root.append(top, middle, answers, bottom);
  return { top, main, side, answers, bottom, panel: panel ?? side };
}

/** The place where a question is drawn if it is not asked per item. */
export function placeOf(question) {
  return question.place ?? (MARKING.has(question.type) ? "panel" : "answers");
}

/** A frame for a field: heading, cover for sensitive content, body. The heading is only for screen readers where it would be noise. */
export function fieldFrame(field, { alone, lang }) {
  const frame = make("div", "stage-field", "", { "data-field": field.name, role: "group" });
  const heading = make("h2", alone ? "visually-hidden" : "stage-field__title", title(field, lang), { id: `field-${(serial += 1)}` });
  frame.setAttribute("aria-labelledby", heading.id);
  frame.append(heading);
  if (field.help) frame.append(make("p", "stage-field__help", words(field.help, lang)));
  const body = make("div", "stage-field__body");
  frame.append(body);
  return { element: frame, body };
}

/** Blur a field until its reader opens it. `opened` is called once. */
export function cover(frame, opened) {
  frame.element.classList.add("is-covered");
  frame.body.inert = true;
  const button = make("button", "button", t("Show sensitive content"), { type: "button" });
  const note = make("div", "cover");
  note.append(make("p", "", t("This may be disturbing. You can skip it without any penalty.")), button);
  frame.element.append(note);
  button.addEventListener("click", () => {
    frame.element.classList.remove("is-covered");
    frame.body.inert = false;
    note.remove();
    opened();
  });
}

/** A frame for a question: heading, help, the editor's body and room for problems. */
export function questionFrame(question, { id, lang, compact, itemLabel, readonly }) {
  serial += 1;
  const frame = make("section", compact ? "stage-question stage-question--compact" : "stage-question", "", {
    "data-question": id,
    tabindex: "-1",
    role: "group",
  });
  const heading = make(compact ? "h3" : "h2", "stage-question__title", title(question, lang), { id: `question-${serial}` });
  if (itemLabel) heading.append(make("span", "visually-hidden", ` ${itemLabel}`));
  if (question.required === false && !readonly) heading.append(" ", make("span", "stage-question__optional", t("optional")));
  const body = make("div", "stage-question__body");
  const problems = make("ul", "problems", "", { id: `problems-${serial}` });
  problems.hidden = true;
  frame.setAttribute("aria-labelledby", heading.id);
  frame.append(heading);
  if (question.help) {
    const help = make("p", "stage-question__help", words(question.help, lang), { id: `help-${serial}` });
    frame.setAttribute("aria-describedby", help.id);
    frame.append(help);
  }
  frame.append(body, problems);
  return { element: frame, body, problems };
}

/** A box around questions of one `group`, drawn close together so that their scales line up. */
export function groupFrame(name) {
  return make("div", "stage-group", "", { "data-group": name });
}

/** A card in place of a medium that could not be shown. `actions`: [{label, run}]. */
export function mediaCard(message, actions) {
  const card = make("div", "media-card", "", { role: "alert" });
  card.append(make("p", "", message));
  const row = make("div", "media-card__actions");
  for (const action of actions) {
    const button = make("button", "button", action.label, { type: "button" });
    button.addEventListener("click", action.run);
    row.append(button);
  }
  card.append(row);
  return card;
}
