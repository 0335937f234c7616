/* The session has ended: sign in again in a new tab, and go on here. Nothing on this page is lost meanwhile. */

import { SignedOut, call } from "@mh/app/api";
import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { openSheet } from "@mh/ui/sheet";

const CHECK_MS = 3000;
let asking = null;

/** Resolves once the same person is signed in again. `url`: the page to sign in at. */
export function signInAgain(url) {
  asking ??= ask(url).finally(() => (asking = null));
  return asking;
}

async function ask(url) {
  const words = make("p", "", t("You have been signed out. Your work is kept on this page."));
  const link = make("a", "button button--primary", t("Open sign-in in a new tab"), { href: url, target: "_blank", rel: "opener" });
  const reload = make("a", "button", t("Reload as the other person"), { href: location.href, hidden: "" });
  const sheet = openSheet({ title: t("Please sign in again"), content: [words, row(link, reload)], dismissable: false });
  link.focus();
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("mh-session") : null;
  await new Promise((resolve) => {
    const check = async () => {
      const state = await who();
      if (state === "same") resolve();
      words.textContent = state === "other" ? t("Somebody else is signed in now. Sign in as yourself, or reload the page.") : words.textContent;
      reload.hidden = state !== "other";
    };
    const timer = setInterval(() => document.hidden || check(), CHECK_MS);
    channel?.addEventListener("message", check);
    addEventListener("focus", check);
    sheet.closed.then(() => {
      clearInterval(timer);
      removeEventListener("focus", check);
      channel?.close();
    });
  });
  sheet.close();
}

/** "same", "other" or "nobody". */
async function who() {
  try {
    await call("GET", "/workspace/me");
    return "same";
  } catch (error) {
    return error instanceof SignedOut && error.code === "other_person" ? "other" : "nobody";
  }
}

function row(...elements) {
  const element = make("div", "cluster");
  element.append(...elements);
  return element;
}
