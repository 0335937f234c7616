/* Ways out of a task and flags, in words. A project may have its own reasons and flags; those carry their titles. */

import { t } from "@mh/app/i18n";

/** Kinds of exit, in the order in which they are offered. */
export const EXITS = {
  skip: {
    title: () => t("Not for me"),
    help: () => t("Somebody else gets it. No penalty."),
    reasons: {
      not_for_me: () => t("Not for me"),
      too_long: () => t("Too long"),
      language: () => t("I do not know this language well enough"),
      no_time: () => t("No time now"),
    },
  },
  broken: {
    title: () => t("The task is broken"),
    help: () => t("Paid in full when a second person confirms it, otherwise for your time, up to a quarter of the price."),
    reasons: {
      media_missing: () => t("A picture or file is missing"),
      text_garbled: () => t("The text is garbled"),
      bad_problem: () => t("The task makes no sense"),
      wrong_language: () => t("Wrong language"),
      duplicate: () => t("I have seen this one before"),
    },
  },
  unsafe: {
    title: () => t("The content is unsafe"),
    help: () => t("Paid. The item goes to the safety queue."),
    reasons: {
      sexual: () => t("Sexual content"),
      violence: () => t("Violence"),
      hate: () => t("Hate"),
      self_harm: () => t("Self-harm"),
      illegal: () => t("Illegal"),
      personal_data: () => t("Personal data"),
    },
  },
  cannot_judge: {
    title: () => t("It cannot be decided"),
    help: () => t("Paid in full when somebody confirms it, otherwise for your time, up to a quarter of the price."),
    reasons: {
      rule_gap: () => t("The guidelines do not cover this"),
      give_up: () => t("I tried and do not know"),
      needs_expert: () => t("It needs an expert"),
      truly_undecided: () => t("Both sides are equally right"),
    },
  },
};

/** What may be odd about a task that was answered all the same. */
export const FLAGS = {
  personal_data: () => t("Contains personal data"),
  harmful: () => t("Harmful content"),
  rule_gap: () => t("The guidelines do not cover this"),
  looks_machine_made: () => t("Looks machine-made"),
  key_seems_wrong: () => t("The expected answer seems wrong"),
  rendering: () => t("It is not shown properly"),
};

/** Why somebody left a task: the kind, and the reason unless the project has its own words for it. */
export function exitWords({ type, reason }) {
  const kind = EXITS[type];
  if (!kind) return type;
  return [kind.title(), kind.reasons[reason]?.() ?? reason].filter((words, index, all) => words && all.indexOf(words) === index).join(" · ");
}

/** A flag in words. */
export function flagWords({ code }) {
  return FLAGS[code]?.() ?? code;
}
