/* What every page does: htmx manners, dialogs, menus, toasts, times, copying, theme. Pages add a module of their own. */

import { t } from "@mh/app/i18n";
import { showTimes } from "@mh/app/times";
import { ask, watchDialogs } from "@mh/ui/dialog";
import { icon } from "@mh/ui/icon";
import { watchMenus } from "@mh/ui/menu";
import { adopt, toast } from "@mh/ui/toast";

const MINUTE_MS = 60_000;

/** The CSRF token of the cookie, or of any form of the page. */
export function csrfToken() {
  const name = document.querySelector('meta[name="mh-csrf-cookie"]')?.content || "csrftoken";
  const pair = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  if (pair) return decodeURIComponent(pair.slice(name.length + 1));
  return document.querySelector('input[name="csrfmiddlewaretoken"]')?.value ?? "";
}

/** Say something to a screen reader. */
export function announce(text, { urgent = false } = {}) {
  const region = document.getElementById(urgent ? "live-urgent" : "live-polite");
  if (region) region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}

/* htmx: the token goes along, errors are shown where the answer would have been, focus stays. */

let focused = null;

function onRequest(event) {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
}

function onBusy(event) {
  event.detail.elt.closest("form, [data-busy]")?.setAttribute("aria-busy", "true");
  if (event.detail.elt.matches("button")) event.detail.elt.setAttribute("aria-busy", "true");
  document.getElementById("progress-line")?.setAttribute("data-busy", "");
}

function onDone(event) {
  for (const element of [event.detail.elt, event.detail.elt.closest("form, [data-busy]")]) element?.removeAttribute("aria-busy");
  document.getElementById("progress-line")?.removeAttribute("data-busy");
}

function onBeforeSwap(event) {
  for (const old of event.detail.target?.querySelectorAll(":scope > .swap-error") ?? []) old.remove();
  const active = document.activeElement;
  focused = active?.id && event.detail.target?.contains(active) ? { id: active.id, start: active.selectionStart, end: active.selectionEnd } : null;
}

function onAfterSettle(event) {
  const element = focused && document.getElementById(focused.id);
  if (element && element !== document.activeElement) {
    element.focus({ preventScroll: true });
    if (typeof focused.start === "number" && element.setSelectionRange) element.setSelectionRange(focused.start, focused.end);
  }
  focused = null;
  refresh(event.detail.elt);
  const said = event.detail.elt.closest("[data-announce]")?.dataset.announce;
  if (said) announce(said);
}

function onFailure(event) {
  const { xhr, target, elt } = event.detail;
  if (xhr?.status === 401) return location.assign(`/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`);
  const place = errorSlot(elt, target);
  const text = reason(xhr);
  if (!place) return toast(text, { tone: "bad" });
  const note = document.createElement("div");
  note.className = "notice notice--bad swap-error";
  note.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.className = "notice__words";
  words.textContent = text;
  note.append(icon("error"), words);
  for (const old of place.querySelectorAll(":scope > .swap-error")) old.remove();
  place.prepend(note);
  return note;
}

/** `data-error-slot="#id"` on the element or around it, else the target itself unless it holds table rows. */
function errorSlot(elt, target) {
  const named = elt.closest("[data-error-slot]")?.dataset.errorSlot;
  if (named) return document.querySelector(named);
  return target && !target.matches("table, thead, tbody, tr, ul, ol, select, body") ? target : null;
}

function reason(xhr) {
  if (!xhr || xhr.status === 0) return t("The server cannot be reached. Check your connection and try again.");
  try {
    const { message, remedy } = JSON.parse(xhr.responseText);
    if (message) return [message, remedy].filter(Boolean).join(" ");
  } catch {
    // the answer is a page, not a refusal in words
  }
  if (xhr.status === 403) return t("You may not do this.");
  if (xhr.status === 404) return t("This is no longer there. Reload the page.");
  if (xhr.status === 429) return t("Too many requests. Wait a moment and try again.");
  return t("Something went wrong on the server. Nothing was changed; try again.");
}

function watchHtmx() {
  const on = (name, run) => document.addEventListener(`htmx:${name}`, run);
  on("configRequest", onRequest);
  on("beforeRequest", onBusy);
  on("afterRequest", onDone);
  on("beforeSwap", onBeforeSwap);
  on("afterSettle", onAfterSettle);
  on("responseError", onFailure);
  on("sendError", onFailure);
  on("timeout", onFailure);
  // a view may answer with `HX-Trigger: {"toast": {"text": "Saved", "tone": "ok"}}`
  document.addEventListener("toast", (event) => toast(event.detail.text, { tone: event.detail.tone }));
  on("confirm", (event) => {
    const asker = event.detail.elt.closest("[data-confirm]");
    if (!asker) return;
    event.preventDefault();
    askFor(asker).then((yes) => yes && event.detail.issueRequest(true));
  });
}

/* Questions before what cannot be undone: data-confirm on a button, link or form. */

function askFor({ dataset }) {
  return ask({
    title: dataset.confirm,
    text: dataset.confirmText,
    confirm: dataset.confirmLabel || t("Continue"),
    danger: dataset.confirmDanger !== undefined,
    typed: dataset.confirmTyped ?? "",
  });
}

let agreed = null;

function watchConfirm() {
  document.addEventListener("submit", (event) => {
    const asker = event.submitter?.closest("[data-confirm]") ?? event.target.closest("[data-confirm]");
    if (!asker || usesHtmx(event.target) || usesHtmx(event.submitter)) return;
    if (agreed === asker) return void (agreed = null);
    event.preventDefault();
    const { submitter } = event;
    askFor(asker).then((yes) => {
      if (!yes) return;
      agreed = asker;
      event.target.requestSubmit(submitter);
    });
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href][data-confirm]");
    if (!link || usesHtmx(link)) return;
    event.preventDefault();
    askFor(link).then((yes) => yes && location.assign(link.href));
  });
}

function usesHtmx(element) {
  return Boolean(element?.matches("[hx-get], [hx-post], [hx-put], [hx-patch], [hx-delete]"));
}

/* A form that is on its way shows it, and is not sent twice. */

function watchForms() {
  document.addEventListener("submit", (event) => {
    const { submitter, target } = event;
    if (event.defaultPrevented || target.method === "dialog" || usesHtmx(target) || !submitter?.matches(".button")) return;
    if (target.dataset.sent) return event.preventDefault();
    target.dataset.sent = "yes";
    submitter.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const busy of form.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
    }
  });
  // a select or a switch with data-submit sends its form by itself
  document.addEventListener("change", (event) => event.target.closest("[data-submit]")?.form?.requestSubmit());
}

/* Small things under the pointer. */

async function copy(button) {
  const text = button.dataset.copy || button.closest(".code")?.querySelector("pre")?.textContent || "";
  try {
    await navigator.clipboard.writeText(text);
    announce(t("Copied"));
    flash(button);
  } catch {
    toast(t("This browser does not allow copying. Select the text and copy it by hand."), { tone: "warn" });
  }
}

function flash(button) {
  const use = button.querySelector("use");
  const words = button.querySelector("span");
  const before = { href: use?.getAttribute("href"), text: words?.textContent };
  use?.setAttribute("href", before.href.replace(/#.*/, "#check"));
  if (words) words.textContent = t("Copied");
  setTimeout(() => {
    use?.setAttribute("href", before.href);
    if (words) words.textContent = before.text;
  }, 1600);
}

function watchClicks() {
  document.addEventListener("click", (event) => {
    const target = event.target.closest?.("[data-copy], [data-dismiss], [data-back]");
    if (!target) return;
    if (target.dataset.copy !== undefined) copy(target);
    else if (target.dataset.dismiss !== undefined) target.closest(".toast, .notice")?.remove();
    else history.back();
  });
}

/* Light and dark: applied at once, kept by the server. */

function watchTheme() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-theme-form]");
    if (!form || event.submitter?.name !== "theme") return;
    event.preventDefault();
    const { value } = event.submitter;
    document.documentElement.dataset.theme = value;
    for (const button of form.querySelectorAll("[name=theme]")) button.setAttribute("aria-pressed", String(button === event.submitter));
    form.closest("details")?.removeAttribute("open");
    remember({ theme: value });
  });
}

/** Keep preferences with the server without leaving the page. */
export function remember(values) {
  return fetch("/preferences/", {
    method: "POST",
    credentials: "same-origin",
    headers: { "X-CSRFToken": csrfToken(), "X-Requested-With": "fetch" },
    body: new URLSearchParams(values),
  }).catch(() => null);
}

function refresh(root = document) {
  showTimes(root.querySelectorAll ? root : document);
  if (history.length > 1) for (const back of document.querySelectorAll("[data-back][hidden]")) back.hidden = false;
}

watchHtmx();
watchDialogs();
watchMenus();
watchConfirm();
watchForms();
watchClicks();
watchTheme();
adopt();
refresh();
setInterval(() => document.hidden || showTimes(), MINUTE_MS);
document.addEventListener("visibilitychange", () => document.hidden || showTimes());
document.documentElement.dataset.ready = "";
