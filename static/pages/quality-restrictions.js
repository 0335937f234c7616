/* Restrictions: the keys of the question in hand. A key only moves the focus to its button; Enter presses it. */

import { t } from "@mh/app/i18n";
import { Keys } from "@mh/app/keys";
import "@mh/app/page";
import { prefs } from "@mh/app/prefs";

const questions = [...document.querySelectorAll("article:has([data-key])")];

function focus(question, key) {
  question?.querySelector(`[data-key=${key}]`).focus();
}

/** The question that has the focus, else the first one. */
function inHand() {
  return questions.find((each) => each.contains(document.activeElement)) ?? questions[0];
}

function next() {
  focus(questions[(questions.indexOf(inHand()) + 1) % questions.length], "l");
}

const command = (id, title, keys, run) => ({ id, title, keys, run });
const COMMANDS = [
  command("restrict", t("Restrict"), "r", () => focus(inHand(), "r")),
  command("leave", t("Leave"), "l", () => focus(inHand(), "l")),
  command("next", t("The next one"), "n", next),
];
new Keys({ layers: () => [COMMANDS], prefs });
