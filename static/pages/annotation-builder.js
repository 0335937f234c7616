/* The builder of a project: forms and JSON of one schema, checked by the server, tried out beside them. */

import { call } from "@mh/app/api";
import { t } from "@mh/app/i18n";
import { jsonPlaces } from "@mh/app/json-places";
import { make } from "@mh/app/layout";
import { watchEstimate } from "@mh/app/pay-estimate";
import { SchemaEditor } from "@mh/app/schema-editor";
import { Preview } from "@mh/app/schema-preview";

const WAIT_MS = 350;
const SHOWN = 8;

const root = document.getElementById("builder");
const form = root.querySelector("form");
const setup = JSON.parse(document.getElementById("builder-data").textContent);
const part = Object.fromEntries([...root.querySelectorAll("[data-part]")].map((element) => [element.dataset.part, element]));
const preview = new Preview(part.preview, setup.examples);
part.chinese.checked = setup.chinese;
const editor = new SchemaEditor(part, { types: { fields: setup.field_types, questions: setup.question_types }, changed: fromForms });
let timer = null;
let turn = 0;
let unsaved = false;

/** The forms changed the document: the JSON follows. */
function fromForms() {
  part.json.value = JSON.stringify(editor.document, null, 2);
  part["json-error"].textContent = "";
  soon();
}

/** The JSON was edited by hand: the forms follow, once it is JSON. */
function fromJson() {
  try {
    const document = JSON.parse(part.json.value);
    if (!document || typeof document !== "object" || Array.isArray(document)) throw new SyntaxError(t("This should be an object."));
    part["json-error"].textContent = "";
    editor.load(document);
    soon();
  } catch (error) {
    clearTimeout(timer);
    part["json-error"].textContent = t("This is not JSON: {error}", { error: error.message });
  }
}

function soon() {
  unsaved = true;
  clearTimeout(timer);
  timer = setTimeout(check, WAIT_MS);
}

/** Ask the server what is wrong, show it, and draw the preview if nothing stops it. */
async function check() {
  const mine = (turn += 1);
  const schema = structuredClone(editor.document);
  try {
    const { body } = await call("POST", "/projects/check/", { body: { schema, project: setup.project } });
    if (mine !== turn) return;
    showProblems(body.problems);
    showCompatible(body);
    if (!body.problems.some(({ blocking }) => blocking)) await preview.show(schema);
  } catch (error) {
    if (mine === turn) part.blocked.textContent = error.message && error.code ? error.message : t("The server cannot be reached. Check your connection and try again.");
  }
}

/** Each problem under its input, all of them as a list. */
function showProblems(problems) {
  for (const old of root.querySelectorAll(".schema-problem")) old.remove();
  for (const old of root.querySelectorAll(".has-problem[data-path]")) old.classList.remove("has-problem");
  for (const problem of problems) {
    const place = placeOf(problem.path);
    place?.append(make("p", `schema-problem small ${problem.blocking ? "bad" : "warn"}`, problem.message));
    if (problem.blocking) place?.classList.add("has-problem");
  }
  const blocking = problems.filter((each) => each.blocking);
  const rest = problems.filter((each) => !each.blocking);
  part.problems.replaceChildren(...summary(blocking, "bad"), ...summary(rest, "warn"));
  part.problems.hidden = !problems.length;
  part.create?.toggleAttribute("disabled", blocking.length > 0);
  part.blocked?.replaceChildren(blocking.length ? t(["{n} thing must be corrected first.", "{n} things must be corrected first."], { n: blocking.length }) : "");
}

function summary(problems, tone) {
  if (!problems.length) return [];
  const note = make("div", `notice notice--${tone}`);
  const words = make("div", "notice__words");
  const title = tone === "bad" ? t(["{n} problem", "{n} problems"], { n: problems.length }) : t(["{n} hint", "{n} hints"], { n: problems.length });
  const list = make("ul", "stack gap-1");
  list.append(...problems.slice(0, SHOWN).map(problemLine));
  words.append(make("p", "notice__title", title), list);
  note.append(words);
  return [note];
}

function problemLine(problem) {
  const line = make("li");
  const button = make("button", "button button--link", problem.path || "/", { type: "button" });
  button.addEventListener("click", () => goTo(problem.path));
  line.append(button, " ", make("span", "", problem.message));
  return line;
}

/** The form's element nearest to a path: its own, else that of what is around it. */
function placeOf(path) {
  for (let at = path; at; at = at.slice(0, at.lastIndexOf("/"))) {
    const found = root.querySelector(`[data-path="${CSS.escape(at)}"]`);
    if (found) return found;
  }
  return null;
}

/** To the input of a path, or to its place in the JSON. */
function goTo(path) {
  const place = root.querySelector(`[data-path="${CSS.escape(path)}"]`);
  const input = place?.querySelector("input, select");
  if (input) {
    place.closest("details")?.setAttribute("open", "");
    input.focus();
    return;
  }
  part.advanced.open = true;
  const at = jsonPlaces(part.json.value).get(path) ?? 0;
  part.json.focus();
  part.json.setSelectionRange(at, at + 1);
  const line = part.json.value.slice(0, at).split("\n").length;
  part.json.scrollTop = Math.max(0, (line - 4) * Number.parseFloat(getComputedStyle(part.json).lineHeight));
}

/** What a change means for the answers that are there. */
function showCompatible({ compatible }) {
  if (!part.compatible || !compatible) return;
  const words = {
    none: t("Nothing is changed yet."),
    same: t("Old answers still mean the same: they are counted together with new ones."),
    major: t("This changes what answers mean: old answers keep the old questions, and the two are never counted together."),
  };
  const changed = JSON.stringify(editor.document) !== JSON.stringify(setup.schema);
  part.compatible.textContent = words[changed ? compatible : "none"];
  part.compatible.className = compatible === "major" ? "warn" : "muted";
}

root.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act === "add-field") editor.addField();
  else if (act === "add-question") editor.addQuestion();
});
part.json.addEventListener("input", fromJson);
form.addEventListener("input", () => (unsaved = true));
form.addEventListener("submit", () => (unsaved = false));
addEventListener("beforeunload", (event) => unsaved && event.preventDefault());
const setMinutes = watchEstimate(form);
preview.events.addEventListener("timed", ({ detail }) => setMinutes(detail.minutes));
fromJson();
unsaved = false;
