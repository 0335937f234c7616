/* A task as its customer looks at it: what contributors saw, with the chosen answer laid over it. */

import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { mountStage } from "@mh/app/stage";

const root = document.getElementById("task-page");
const place = root.querySelector("[data-part=stage]");
const { schema, payload, answers, result } = JSON.parse(document.getElementById("task-data").textContent);
const values = new Map([["result", result], ...answers.map(({ id, value }) => [id, value])]);
let stage = null;

/** Draw the task with this value; the stage is built anew, so that no answer leaves a trace in another. */
async function show(value) {
  stage?.dispose();
  const inside = make("div", "preview-stage");
  place.replaceChildren(inside);
  try {
    stage = await mountStage(inside, { schema, payload, value: value ?? {}, readonly: true });
  } catch (error) {
    console.error(error);
    inside.replaceChildren(make("p", "muted", t("This task cannot be drawn here. Its data are below.")), make("pre", "prewrap", JSON.stringify({ payload, value }, null, 2)));
  }
  place.removeAttribute("data-busy");
}

root.addEventListener("change", (event) => {
  if (event.target.name === "answer") show(values.get(event.target.value));
});
show(values.get(root.querySelector("input[name=answer]:checked")?.value));
