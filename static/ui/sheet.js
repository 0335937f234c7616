/* A dialog, a drawer at the end of the page, or a sheet from below: one native <dialog>, so focus, Escape and inertness are the browser's.

     const sheet = openSheet({ title, content, kind: "dialog" | "drawer" | "bottom", actions: [{ label, value, kind, keys }] });
     const value = await sheet.closed;      // the action's value, or null

   An action with `check()` that returns false keeps the sheet open. */

import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";

let serial = 0;

export function openSheet({ title, content, kind = "dialog", actions = [], className = "", dismissable = true }) {
  serial += 1;
  const element = make("dialog", `sheet sheet--${kind} ${className}`.trim(), "", { "aria-labelledby": `sheet-${serial}` });
  const form = make("form", "sheet__form", "", { method: "dialog" });
  const head = make("header", "sheet__head");
  head.append(make("h2", "sheet__title", title, { id: `sheet-${serial}` }));
  const body = make("div", "sheet__body");
  body.append(...[content].flat().filter(Boolean));
  form.append(head, body);
  element.append(form);

  let settle;
  const closed = new Promise((resolve) => (settle = resolve));
  const before = document.activeElement;
  const close = (value = null) => {
    if (!element.open) return;
    element.close();
    element.remove();
    if (before?.isConnected) before.focus({ preventScroll: true });
    settle(value);
  };

  if (dismissable) {
    const button = make("button", "sheet__close", "×", { type: "button", "aria-label": t("Close") });
    button.addEventListener("click", () => close());
    head.append(button);
    element.addEventListener("pointerdown", (event) => event.target === element && close());
  }
  if (actions.length) form.append(actionRow(actions, close));
  form.addEventListener("submit", (event) => event.preventDefault());
  element.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (dismissable) close();
  });
  document.body.append(element);
  element.showModal();
  return { element, body, close, closed };
}

function actionRow(actions, close) {
  const row = make("footer", "sheet__actions");
  for (const action of actions) {
    const kind = action.kind ? ` button--${action.kind}` : "";
    const button = make("button", `button${kind}`, action.label, { type: action.kind === "primary" ? "submit" : "button" });
    button.addEventListener("click", () => (action.check?.() ?? true) && close(action.value ?? true));
    row.append(button);
  }
  return row;
}
