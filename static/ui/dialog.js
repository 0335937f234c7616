/* Dialogs on native <dialog>: those that stand in the page (`data-open="<id>"`), and the question before what cannot be undone. */

import { t } from "@mh/app/i18n";

let serial = 0;

/** Ask; resolves to true or false. `typed` must be written by hand before the button works; `danger` colours it. */
export function ask({ title, text = "", confirm = t("Continue"), cancel = t("Cancel"), danger = false, typed = "" }) {
  serial += 1;
  const dialog = make("dialog", "dialog", "", { "aria-labelledby": `ask-${serial}` });
  const form = make("form", "", "", { method: "dialog" });
  const head = make("div", "dialog__head");
  head.append(make("h2", "", title, { id: `ask-${serial}` }));
  const body = make("div", "dialog__body");
  if (text) body.append(make("p", "muted", text));
  const yes = make("button", `button button--${danger ? "danger-strong" : "primary"}`, confirm, { value: "yes" });
  if (typed) body.append(typedField(typed, yes));
  const no = make("button", "button", cancel, { value: "no", type: "button" });
  no.addEventListener("click", () => dialog.close("no"));
  const foot = make("div", "dialog__foot");
  foot.append(no, yes);
  form.append(head, body, foot);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  (typed ? dialog.querySelector("input") : danger ? no : yes).focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

function typedField(typed, yes) {
  const label = make("label", "field", t("To confirm, type {name}", { name: typed }));
  const input = make("input", "", "", { autocomplete: "off", spellcheck: "false", dir: "auto" });
  yes.disabled = true;
  input.addEventListener("input", () => (yes.disabled = input.value.trim() !== typed));
  label.append(input);
  return label;
}

function make(tag, className, text = "", attributes = {}) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/**
 * Make the dialogs that stand in the page open and close: `data-open="<id>"`, `data-close`, a click on the backdrop. One with
 * `data-open-now`, whose form came back with errors, is open at once.
 */
export function watchDialogs(root = document) {
  root.querySelector("dialog[data-open-now]")?.showModal();
  root.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open)?.showModal();
    else if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
    else if (event.target.matches("dialog.dialog") && outside(event)) event.target.close();
  });
}

function outside(event) {
  const box = event.target.getBoundingClientRect();
  return event.clientX < box.x || event.clientX > box.right || event.clientY < box.y || event.clientY > box.bottom;
}
