/* The desk of appeals: the answer or the result drawn on the task, and the decision by key. */

import { announce } from "@mh/app/a11y";
import { t } from "@mh/app/i18n";
import { Keys } from "@mh/app/keys";
import { make } from "@mh/app/layout";
import { prefs } from "@mh/app/prefs";
import { mountStage } from "@mh/app/stage";

const root = document.getElementById("hearing");
const place = root.querySelector("[data-part=stage]");
const decide = document.getElementById("decide");
const note = document.getElementById("note");
const { schema, payload, ...values } = JSON.parse(document.getElementById("hearing-data").textContent);
let stage = null;

/** Draw the task with the answer or the result; the stage is built anew, so that no answer leaves a trace in another. */
async function draw(which) {
  stage?.dispose();
  const inside = make("div", "preview-stage");
  place.replaceChildren(inside);
  stage = await mountStage(inside, { schema, payload, value: values[which] ?? {}, readonly: true });
  place.removeAttribute("data-busy");
}

/** Tick the choice of this name and value, if the page has it. */
function choose(name, value) {
  const choice = root.querySelector(`input[name=${name}][value=${value}]`);
  if (!choice) return;
  choice.checked = true;
  choice.dispatchEvent(new Event("change", { bubbles: true }));
  announce(choice.closest("label").innerText);
}

const command = (id, title, keys, run) => ({ id, title, keys, run });
const COMMANDS = [
  command("grant", t("The author is right"), "g", () => choose("outcome", "grant")),
  command("dismiss", t("The decision stands"), "d", () => choose("outcome", "dismiss")),
  command("note", t("Write a note"), "n", () => note.focus()),
  command("confirm", t("Confirm"), ["Enter", "Mod+Enter"], () => decide.requestSubmit()),
  command("release", t("Give back"), "s", () => document.getElementById("release").requestSubmit()),
  command("answer", t("The answer"), "1", () => choose("shown", "answer")),
  command("result", t("The result"), "2", () => choose("shown", "result")),
];

root.addEventListener("change", ({ target }) => {
  if (target.name === "shown") draw(target.value);
  if (target.name === "outcome") note.required = target.value === "dismiss";
});
new Keys({ layers: () => [COMMANDS], prefs });
draw("answer");
