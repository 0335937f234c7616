/* The bench page's end of the tests: mounts a stage with keys, label palette and list of marks, as the workspace does. */

import { Keys } from "@mh/app/keys";
import { mountStage } from "@mh/app/stage";
import { LabelPalette } from "@mh/ui/label-palette";
import { MarksList } from "@mh/ui/marks-list";

const violations = [];
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => violations.push(`${violatedDirective} ${blockedURI}`));
const prefs = { keysBy: "key", singleKeys: true, remap: {} };
const place = (id) => document.getElementById(id);
const palette = new LabelPalette(place("labels"));
const list = new MarksList(place("marks"));
let stage = null;

const undo = { id: "undo", title: "Undo", keys: "Mod+Z", run: () => stage.undo() };
const redo = { id: "redo", title: "Redo", keys: "Mod+Shift+Z", run: () => stage.redo() };
new Keys({ layers: () => (stage ? [stage.commands(), [undo, redo]] : []), prefs: () => prefs });

let due = null;

/** Palette and list follow once per frame, as in the workspace. */
function around() {
  due ??= requestAnimationFrame(() => {
    due = null;
    palette.update(stage?.labels() ?? []);
    list.update(stage?.marks() ?? []);
    list.select(selected);
  });
}

let selected = null;

async function mount(options) {
  stage?.dispose();
  place("stage").replaceChildren();
  place("questions").replaceChildren();
  const panel = options.panel === false ? null : place("questions");
  stage = await mountStage(place("stage"), { prefs, ...options, panel });
  stage.addEventListener("change", around);
  stage.addEventListener("active", around);
  stage.addEventListener("select", ({ detail }) => {
    selected = detail.mark;
    around();
  });
  selected = null;
  around();
  await nextFrame();
  bench.stage = stage;
}

/** Read every value of a vector file back: [{name, value, problems: [[code, path]]}]. */
async function readBack(cases) {
  const read = [];
  for (const { name, fields, earlier = [], question, payload, value, values = {} } of cases) {
    const schema = { language: "manyhands/1", fields, questions: [...earlier, question] };
    await mount({ schema, payload: local(payload), value: { ...values, [question.name]: value } });
    const editor = document.querySelector(`[data-question="${question.name}"] .stage-question__body > :first-child`);
    read.push({ name, value: editor.value, problems: editor.validate().map(({ code, path }) => [code, path]) });
  }
  return read;
}

/** Pictures of the vectors do not exist; any picture does in their place. */
function local(payload) {
  return JSON.parse(JSON.stringify(payload).replaceAll(/https:\/\/example\.org\/[\w.]+/g, "/media/BloodImage_00001.jpg"));
}

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

/** Milliseconds from an act to the paint after it, for each of `times`. */
async function timed(times, act) {
  const taken = [];
  for (let time = 0; time < times; time += 1) {
    await nextFrame();
    const start = performance.now();
    act(time);
    await nextFrame();
    taken.push(performance.now() - start);
  }
  return taken.sort((a, b) => a - b);
}

/** Light or dark, with every transition at its end. */
async function dress(theme) {
  document.documentElement.dataset.theme = theme;
  await nextFrame();
  await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
}

function dispose() {
  stage.dispose();
  stage = null;
  around();
}

globalThis.bench = { mount, readBack, timed, dress, dispose, violations, stage, nextFrame };
document.documentElement.dataset.ready = "yes";
