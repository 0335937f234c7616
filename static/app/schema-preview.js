/* The live preview: a schema drawn by the workspace's own viewers and editors, with example tasks that can be answered. */

import { t } from "@mh/app/i18n";
import { Keys } from "@mh/app/keys";
import { make } from "@mh/app/layout";
import { prefs } from "@mh/app/prefs";
import { exampleFor } from "@mh/app/schema-examples";
import { mountStage } from "@mh/app/stage";
import { LabelPalette } from "@mh/ui/label-palette";
import { MarksList } from "@mh/ui/marks-list";

const EXAMPLES = 3;

export class Preview {
  /** Events: timed {minutes}: how long one example took, once all are answered. */
  events = new EventTarget();
  #part = {};
  #schema = null;
  #given;
  #stage = null;
  #index = 0;
  #done = new Map(); // index -> seconds
  #began = 0;
  #turn = 0;

  constructor(root, given) {
    this.#given = given;
    for (const element of root.querySelectorAll("[data-part]")) this.#part[element.dataset.part] = element;
    this.palette = new LabelPalette(this.#part.labels);
    this.marks = new MarksList(this.#part.marks);
    this.#tabs();
    root.addEventListener("click", (event) => {
      const act = event.target.closest("[data-act]")?.dataset.act;
      if (act === "submit") this.submit();
      else if (act === "undo") this.#stage?.undo();
    });
    new Keys({ layers: () => [this.#stage?.commands() ?? [], this.#commands()], prefs, target: root });
  }

  #commands() {
    return [
      { id: "submit", title: t("Submit"), keys: ["Enter", "Mod+Enter"], run: () => this.submit() },
      { id: "undo", title: t("Undo"), keys: "Mod+Z", run: () => this.#stage?.undo() },
    ];
  }

  #tabs() {
    const tabs = Array.from({ length: EXAMPLES }, (_, index) => {
      const tab = make("button", "", String(index + 1), { type: "button", "aria-label": t("Example {n}", { n: index + 1 }) });
      tab.addEventListener("click", () => this.open(index));
      return tab;
    });
    this.#part["example-tabs"].replaceChildren(...tabs);
  }

  /** Draw this schema from now on; answers to the old one are forgotten. */
  show(schema) {
    this.#schema = structuredClone(schema);
    this.#done.clear();
    return this.open(this.#index);
  }

  /** Draw an example. A newer call overtakes an older one. */
  async open(index) {
    const turn = (this.#turn += 1);
    this.#index = index;
    [...this.#part["example-tabs"].children].forEach((tab, at) => {
      tab.setAttribute("aria-pressed", String(at === index));
      tab.classList.toggle("is-done", this.#done.has(at));
    });
    const inside = make("div", "preview-stage");
    const panel = make("div", "ws-questions");
    try {
      const payload = exampleFor(this.#schema, this.#given, index);
      const stage = await mountStage(inside, { schema: this.#schema, payload, prefs: prefs(), seed: `example-${index}`, panel });
      if (turn !== this.#turn) return stage.dispose();
      this.#replace(stage, inside, panel);
    } catch (error) {
      if (turn === this.#turn) this.#failed(error);
    }
    return undefined;
  }

  #replace(stage, inside, panel) {
    this.#stage?.dispose();
    this.#stage = stage;
    this.#part.stage.replaceChildren(inside);
    this.#part.panel.replaceChildren(panel);
    this.#part.panel.hidden = !panel.childElementCount;
    this.#began = performance.now();
    for (const type of ["change", "active", "select"]) stage.addEventListener(type, () => this.#around());
    stage.addEventListener("done", () => stage.firstOpen() === null && this.submit());
    this.#around();
  }

  #around() {
    this.palette.update(this.#stage.labels());
    this.marks.update(this.#stage.marks());
  }

  #failed(error) {
    console.error(error);
    this.#stage?.dispose();
    this.#stage = null;
    this.#part.stage.replaceChildren(make("p", "muted", t("These questions cannot be drawn yet. Look at the problems listed beside them.")));
  }

  /** Check the answer as the workspace does, and go on to the next example. */
  submit() {
    if (!this.#stage) return;
    const problems = this.#stage.validate();
    this.#stage.showProblems(problems);
    const [first] = problems.filter(({ severity }) => severity === "error");
    if (first) {
      first.focus();
      this.#say(first.message);
      return;
    }
    this.#done.set(this.#index, (performance.now() - this.#began) / 1000);
    if (this.#done.size < EXAMPLES) this.#say(t("Answered: {n} of {all}.", { n: this.#done.size, all: EXAMPLES }));
    else this.#finish();
    this.open((this.#index + 1) % EXAMPLES);
  }

  #finish() {
    const seconds = [...this.#done.values()].reduce((sum, each) => sum + each, 0) / EXAMPLES;
    const minutes = Math.max(0.1, Math.round(seconds / 6) / 10);
    this.#say(t("All three answered: about {minutes} min a task for you.", { minutes }));
    this.events.dispatchEvent(new CustomEvent("timed", { detail: { minutes } }));
  }

  #say(words) {
    this.#part.said.textContent = words;
  }
}
