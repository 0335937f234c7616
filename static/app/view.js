/* The bars around the task: what they show, and nothing else. Elements are found by their `data-ws` name. */

import { t } from "@mh/app/i18n";
import { chordsFor, spoken } from "@mh/app/keys";
import { make } from "@mh/app/layout";
import { money } from "@mh/app/money";
import { prefs } from "@mh/app/prefs";
import { clockText } from "@mh/app/timer";

const HINTS = 5;

export class View {
  /** Every element with a `data-ws` name, by that name. */
  part = {};

  constructor(root = document) {
    for (const element of root.querySelectorAll("[data-ws]")) this.part[element.dataset.ws] = element;
  }

  /** Seconds left of the lease; Infinity hides the clock. */
  lease(left) {
    const { lease, leaseText } = this.part;
    lease.hidden = left === Infinity;
    if (lease.hidden) return;
    leaseText.textContent = t("{time} left", { time: clockText(left) });
    lease.dataset.state = left <= 30 ? "bad" : left <= 120 ? "warn" : "ok";
  }

  /** Where unsubmitted and unsent work is. `state`: saved, saving, local, failed. */
  save(state, waiting = 0) {
    const words = {
      saved: t("Saved"),
      saving: t("Saving"),
      local: waiting ? t("On this device ({count} waiting)", { count: waiting }) : t("On this device"),
      failed: t("Could not save"),
    };
    this.part.save.dataset.state = state;
    this.part.saveText.textContent = words[state];
  }

  /** `state`: live, polling, offline. */
  connection(state) {
    const words = {
      live: t("Connected"),
      polling: t("Connected; looking for news every 30 seconds"),
      offline: t("No connection"),
    };
    this.part.connection.dataset.state = state;
    this.part.connection.title = words[state];
    this.part.connectionText.textContent = words[state];
  }

  today({ answers, earned }) {
    this.part.answers.textContent = t("{count} today", { count: answers });
    this.part.earned.textContent = earned.map(({ amount, currency }) => money(amount, currency)).join(" + ");
    this.part.earned.hidden = prefs().hideEarned || !earned.length;
  }

  /** Number of things still to do before the answer can be sent. */
  left(count) {
    this.part.left.textContent = count ? t("{count} left", { count }) : "";
    this.part.left.hidden = !count;
    this.part.submit.classList.toggle("is-ready", !count);
  }

  /** Keys of the moment. */
  hints(commands) {
    const shown = commands.filter((command) => chordsFor(command).length && command.kind !== "label" && (command.when?.() ?? true)).slice(0, HINTS);
    this.part.hints.replaceChildren(
      ...shown.map((command) => {
        const hint = make("span", "ws-hint");
        hint.append(make("kbd", "", spoken(chordsFor(command)[0])), make("span", "", command.title));
        return hint;
      }),
    );
  }

  /** What can be pressed at the bottom. */
  buttons({ task, canUndo, canRedo, canRecall, flagged }) {
    const { submit, skip, flag, undo, redo } = this.part;
    submit.disabled = skip.disabled = flag.disabled = !task;
    flag.setAttribute("aria-pressed", String(task && flagged));
    undo.disabled = !canUndo && !canRecall;
    redo.disabled = !canRedo;
  }

  /** One line over the task. `kind`: info, warn, bad; `actions`: [{label, keys, run}]; without words it goes away. */
  strip(name, words, { kind = "info", actions = [] } = {}) {
    const known = [...this.part.strips.children].find((strip) => strip.dataset.name === name);
    if (!words) {
      known?.remove();
      return;
    }
    const strip = known ?? this.part.strips.appendChild(make("div", "strip", "", { "data-name": name }));
    strip.dataset.kind = kind;
    const same = strip.firstChild?.textContent === words && strip.querySelectorAll("button").length === actions.length;
    if (same) return; // keep a button that may have the focus
    strip.replaceChildren(make("span", "strip__words", words), ...actions.map(stripButton));
  }

  /** The number of unread words of feedback. */
  unread(count) {
    const { feedback, feedbackCount } = this.part;
    feedbackCount.textContent = count ? String(count) : "";
    feedbackCount.hidden = !count;
    feedback.setAttribute("aria-label", count ? t("Feedback on your answers: {n} unread", { n: count }) : t("Feedback on your answers"));
  }
}

function stripButton({ label, keys, run }) {
  const button = make("button", "button button--small", label, { type: "button" });
  if (keys) button.append(" ", make("kbd", "", spoken(keys)));
  button.addEventListener("click", run);
  return button;
}
