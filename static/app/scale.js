/* A scale: radio buttons in a row with words at some of the steps. Ratings and preferences draw themselves with it. */

import { make } from "@mh/app/layout";
import { spoken } from "@mh/app/keys";

/** Build a scale. `steps`: [{value, text, words, chord, name?}] from left to right, `name` for screen readers where `text` is a sign; `pick(value)` is called on a choice. */
export function buildScale({ name, steps, readonly, pick, className = "" }) {
  const box = make("div", `scale ${className}`.trim(), "", { role: "radiogroup" });
  const rows = steps.map((step) => {
    const label = make("label", "scale__step");
    const input = make("input", "scale__input", "", { type: "radio", name, value: String(step.value) });
    input.disabled = Boolean(readonly);
    input.setAttribute("aria-label", step.name ?? [step.text, step.words].filter(Boolean).join(": "));
    input.addEventListener("change", () => pick(step.value));
    label.append(input, make("span", "scale__text", step.text, { "aria-hidden": "true" }), make("span", "option__by"));
    if (step.words) label.title = step.words;
    if (step.chord && !readonly && step.chord !== step.text) label.append(make("kbd", "scale__key", spoken(step.chord), { "aria-hidden": "true" }));
    box.append(label);
    return { step, label, input };
  });
  return { box, rows };
}

/** The words below a scale: at its first, its middle and its last step, as far as there are any. */
export function scaleWords(steps) {
  const line = make("div", "scale__anchors");
  const ends = [steps[0], steps.length % 2 ? steps[(steps.length - 1) / 2] : null, steps.at(-1)];
  for (const step of ends) line.append(make("span", "", step?.words ?? "", { dir: "auto" }));
  line.hidden = !line.textContent;
  return line;
}

/** Show the chosen step, and which of the compared answers chose which. */
export function showScale(rows, chosen, comparedBy) {
  for (const { step, label, input } of rows) {
    input.checked = chosen !== null && step.value === chosen;
    label.classList.toggle("is-chosen", input.checked);
    label.querySelector(".option__by").replaceChildren(...comparedBy(step.value).map((name) => make("span", "by", name)));
  }
}
