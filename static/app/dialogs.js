/* The questions a workspace asks its contributor: why not this task, what is odd about it, which of two drafts, who are you. */

import { EXITS, FLAGS } from "@mh/app/exit-words";
import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { title } from "@mh/app/words";
import { openSheet } from "@mh/ui/sheet";

/** Ask why a task is left: {type, reason, note?}, or null. `wanted` is the kind of exit to begin with. */
export async function askExit(schema, wanted = "skip") {
  const groups = Object.entries(EXITS)
    .filter(([type]) => schema.exits?.[type]?.allowed !== false)
    .map(([type, exit]) => exitGroup(type, exit, schema.exits?.[type]?.reasons));
  const note = make("textarea", "", "", { rows: "2", maxlength: "2000", id: "exit-note", dir: "auto" });
  const noteLabel = make("label", "", t("Anything to add?"), { for: "exit-note" });
  const form = make("div", "exits");
  form.append(...groups);
  const chosen = () => form.querySelector("input:checked");
  const sheet = openSheet({
    title: t("Leave this task"),
    content: [form, noteLabel, note],
    actions: [
      { label: t("Back to the task"), value: null },
      { label: t("Leave it"), kind: "primary", value: "leave", check: () => Boolean(chosen()) },
    ],
  });
  const first = form.querySelector(`[data-exit="${wanted}"] input`) ?? form.querySelector("input");
  first?.focus();
  if (first) first.checked = true;
  if (!(await sheet.closed)) return null;
  const { exit: type, reason } = chosen().dataset;
  return { type, reason, ...(note.value.trim() ? { note: note.value.trim() } : {}) };
}

function exitGroup(type, exit, own) {
  const box = make("fieldset", "exit", "", { "data-exit": type });
  const legend = make("legend", "exit__title", exit.title());
  const reasons = own
    ? own.map((option) => [option.key, title(option)])
    : Object.entries(exit.reasons).map(([key, words]) => [key, words()]);
  box.append(legend, make("p", "exit__help", exit.help()));
  for (const [reason, words] of reasons) {
    const row = make("label", "check");
    row.append(
      make("input", "", "", { type: "radio", name: "exit", value: `${type}/${reason}`, "data-exit": type, "data-reason": reason }),
      make("span", "", words),
    );
    box.append(row);
  }
  return box;
}

/** Ask what is odd about a task: {flags, comment}, or null if nothing was changed. */
export async function askFlags(schema, { flags, comment }) {
  const known = new Map(flags.map((flag) => [flag.code, flag]));
  const options = [...Object.entries(FLAGS).map(([key, words]) => [key, words()]), ...(schema.flags ?? []).map((option) => [option.key, title(option)])];
  const box = make("fieldset", "stack gap-2");
  box.append(make("legend", "visually-hidden", t("What is odd about this task?")));
  for (const [code, words] of options) {
    const row = make("label", "check");
    const input = make("input", "", "", { type: "checkbox", value: code });
    input.checked = known.has(code);
    row.append(input, make("span", "", words));
    box.append(row);
  }
  const words = make("textarea", "", comment, { rows: "3", maxlength: "4000", id: "flag-comment", dir: "auto" });
  const sheet = openSheet({
    title: t("Flag this task"),
    content: [
      make("p", "muted", t("Your answer is sent with the flag; the right people will look at it.")),
      box,
      make("label", "", t("Comment for reviewers"), { for: "flag-comment" }),
      words,
    ],
    actions: [
      { label: t("Cancel"), value: null },
      { label: t("Keep"), kind: "primary", value: "keep" },
    ],
  });
  if (!(await sheet.closed)) return null;
  const chosen = [...box.querySelectorAll("input:checked")].map(({ value }) => known.get(value) ?? { code: value });
  return { flags: chosen, comment: words.value.trim() };
}

/** Two drafts differ: `mine` keeps what is on screen, `theirs` takes the other. */
export function askDraft() {
  return openSheet({
    title: t("This task was changed elsewhere"),
    content: make("p", "", t("Another tab or device has saved newer work on this task. Which version do you want to go on with?")),
    dismissable: false,
    actions: [
      { label: t("The other version"), value: "theirs" },
      { label: t("What I see here"), kind: "primary", value: "mine" },
    ],
  }).closed;
}

/** The older of two drafts of this device and the server is still there. Resolves true if it is wanted. */
export async function offerOlderDraft() {
  const sheet = openSheet({
    title: t("There is another draft"),
    content: make("p", "", t("An older version of your work on this task was found. The newer one is shown.")),
    actions: [
      { label: t("Show the older one"), value: "older" },
      { label: t("Keep the newer one"), kind: "primary", value: null },
    ],
  });
  return (await sheet.closed) === "older";
}

/** Leaving with answers that could not be sent: resolves true to leave all the same. */
export async function askLoss(count) {
  const sheet = openSheet({
    title: t("Some answers are not sent yet"),
    content: make("p", "", t("{count} answers are kept only in this browser. Signing out removes them.", { count })),
    actions: [
      { label: t("Sign out and lose them"), kind: "danger", value: "leave" },
      { label: t("Stay"), kind: "primary", value: null },
    ],
  });
  return (await sheet.closed) === "leave";
}
