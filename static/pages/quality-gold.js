/* Planting a known answer: the task is drawn as contributors see it, and what is answered there becomes the expected value. */

import { t } from "@mh/app/i18n";
import { Keys } from "@mh/app/keys";
import { make } from "@mh/app/layout";
import { prefs } from "@mh/app/prefs";
import { mountStage } from "@mh/app/stage";
import { LabelPalette } from "@mh/ui/label-palette";
import { MarksList } from "@mh/ui/marks-list";

const root = document.getElementById("gold-plant");
const part = Object.fromEntries([...root.querySelectorAll("[data-part]")].map((element) => [element.dataset.part, element]));
const { schema } = JSON.parse(document.getElementById("gold-data").textContent);
const payload = document.getElementById("id_payload");
const expected = document.getElementById("id_expected");
const palette = new LabelPalette(part.labels);
const marks = new MarksList(part.marks);
let stage = null;

new Keys({ layers: () => [stage?.commands() ?? []], prefs, target: part.stage.closest("section") });

function read(field) {
  return JSON.parse(field.value || "{}");
}

/** Draw the task of the payload with the expected value so far. */
async function draw() {
  part.said.textContent = "";
  let shown, value;
  try {
    [shown, value] = [read(payload), read(expected)];
  } catch (error) {
    part.said.textContent = t("This is not JSON: {error}", { error: error.message });
    return;
  }
  stage?.dispose();
  stage = null;
  const inside = make("div", "preview-stage");
  const panel = make("div", "ws-questions");
  part.stage.replaceChildren(inside);
  part.panel.replaceChildren(panel);
  if (!Object.keys(shown).length) {
    inside.append(make("p", "muted", t("Write the task's data beside this, then press “Show this task”.")));
    return;
  }
  try {
    stage = await mountStage(inside, { schema, payload: shown, value, prefs: prefs(), panel });
    for (const type of ["change", "active", "select"]) stage.addEventListener(type, around);
    stage.addEventListener("change", () => (expected.value = JSON.stringify(stage.value, null, 2)));
    around();
  } catch (error) {
    console.error(error);
    inside.replaceChildren(make("p", "muted", t("This task cannot be drawn. Write the known answer as JSON.")));
  }
}

function around() {
  palette.update(stage.labels());
  marks.update(stage.marks());
}

root.addEventListener("click", (event) => event.target.closest("[data-act=draw]") && draw());
draw();
