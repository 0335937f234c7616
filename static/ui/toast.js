/* A short word at the bottom of the page. Good news goes by itself; what went wrong stays until it is closed. */

import { t } from "@mh/app/i18n";
import { icon } from "@mh/ui/icon";

const STAY_MS = 6000;
const ICONS = { ok: "ok", warn: "alert", bad: "error", info: "info" };

/** Show `text`; `tone` is info, ok, warn or bad; `action` {label, run} adds a button. Returns a function that takes it away. */
export function toast(text, { tone = "info", action, stay = tone === "bad" || Boolean(action) } = {}) {
  const element = document.createElement("div");
  element.className = `toast toast--${tone}`;
  element.setAttribute("role", tone === "bad" ? "alert" : "status");
  const words = document.createElement("div");
  words.className = "toast__words";
  words.textContent = text;
  element.append(icon(ICONS[tone] ?? "info"), words);
  if (action) element.append(button(action.label, "button button--small", () => (action.run(), element.remove())));
  element.append(closeButton(element));
  document.getElementById("toasts")?.append(element);
  if (!stay) leave(element);
  return () => element.remove();
}

/** Let toasts that came with the page go by themselves too. */
export function adopt(root = document) {
  for (const element of root.querySelectorAll("[data-toast]")) {
    if (!element.matches(".toast--error, .toast--warning")) leave(element);
  }
}

function leave(element) {
  let timer;
  const start = () => (timer = setTimeout(() => element.remove(), STAY_MS));
  const hold = () => clearTimeout(timer);
  element.addEventListener("pointerenter", hold);
  element.addEventListener("focusin", hold);
  element.addEventListener("pointerleave", start);
  element.addEventListener("focusout", start);
  start();
}

function closeButton(element) {
  const close = button("", "button button--quiet button--icon button--small", () => element.remove());
  close.setAttribute("aria-label", t("Close"));
  close.append(icon("x"));
  return close;
}

function button(label, className, run) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = className;
  element.textContent = label;
  element.addEventListener("click", run);
  return element;
}
