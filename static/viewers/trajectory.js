/* trajectory: what an agent did, step by step; each step has room for questions about it. */

import { calls, code, figure, folded, json, prose } from "@mh/app/content";
import { t } from "@mh/app/i18n";
import { keyOf } from "@mh/app/items";
import { make } from "@mh/app/layout";
import { Viewer } from "@mh/app/viewer";
import { pointers } from "@mh/ui/pointers";

const ACTORS = {
  system: () => t("System"),
  user: () => t("User"),
  agent: () => t("Agent"),
  tool: () => t("Tool"),
  environment: () => t("Environment"),
};
const FOLD = 1200; // characters of an observation that are shown as they are, where the field says nothing

export default class TrajectoryViewer extends Viewer {
  static type = "trajectory";
  #items = [];

  async show({ config = {} }, { goal, policy, steps, result }) {
    this.config = config;
    this.append(part(t("Goal"), prose(goal)));
    if (policy) this.append(folded(t("Rules that held"), prose(policy)));
    const list = make("ol", "thread");
    this.#items = steps.map((step, index) => this.#step(list, step, index));
    this.append(list);
    if (result) this.append(part(t("What came out"), json(result)));
  }

  #step(list, step, index) {
    const key = keyOf(step, index);
    const element = make("li", "message run-step", "", { "data-role": step.actor === "agent" ? "assistant" : step.actor === "user" ? "user" : "tool", "data-item": key });
    const head = make("div", "message__head");
    const who = ACTORS[step.actor]();
    head.append(make("span", "message__role", step.call_name ? `${who} · ${step.call_name}` : who));
    if (step.error) head.append(make("span", "badge badge--warn", t("error")));
    head.append(make("span", "message__number num", [spent(step), String(index + 1)].filter(Boolean).join(" · ")));
    const body = make("div", "message__body");
    body.append(...this.#parts(step));
    const slot = make("div", "message__slot");
    element.append(head, body, slot);
    list.append(element);
    return { key, label: t("Step {n}", { n: index + 1 }), element, slot };
  }

  #parts({ thought, text, action, calls: called, observation, screenshot, pointer, boxes, state_diff: diff }) {
    const { show_thought: open } = this.config;
    const shown = [];
    if (thought && open !== false) shown.push(folded(t("Thinking"), prose(thought), open === true));
    if (text) shown.push(prose(text));
    if (action) shown.push(code(action));
    if (called?.length) shown.push(calls(called));
    if (observation) shown.push(this.#observation(observation));
    if (screenshot) shown.push(pointers(figure(screenshot, ""), screenshot, { pointer, boxes }));
    if (diff) shown.push(folded(t("What it changed"), code(diff)));
    return shown;
  }

  #observation(words) {
    const long = words.length > (this.config.collapse_over ?? FOLD);
    return long ? folded(t("Answer of {n} characters", { n: words.length }), code(words)) : code(words);
  }

  items() {
    return this.#items;
  }
}

function part(heading, content) {
  const box = make("div", "run-part");
  box.append(make("strong", "run-part__title", heading), content);
  return box;
}

/** Time and tokens of a step, as far as they are known. */
function spent({ ms, tokens }) {
  const time = ms === undefined ? "" : t("{n} s", { n: (ms / 1000).toFixed(1) });
  return [time, tokens === undefined ? "" : t("{n} tokens", { n: tokens })].filter(Boolean).join(" · ");
}
