/* The bell of the top bar: rings without a reload. A hint says "look again"; the number is always read from the server. */

import { Live } from "@mh/app/live";
import { announce } from "@mh/app/page";

const KINDS = new Set(["feedback", "poll"]);

async function look() {
  const bell = document.getElementById("bell");
  if (!bell || document.hidden) return;
  const response = await fetch(bell.dataset.bell, { credentials: "same-origin", redirect: "error" }).catch(() => null);
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("bell");
  if (!fresh || fresh.getAttribute("aria-label") === bell.getAttribute("aria-label")) return;
  bell.replaceWith(document.adoptNode(fresh));
  announce(fresh.getAttribute("aria-label"));
  document.dispatchEvent(new CustomEvent("mh:inbox"));
}

if (document.getElementById("bell")) {
  const live = new Live("/ws/live/");
  live.addEventListener("hint", ({ detail }) => KINDS.has(detail.kind) && look());
  live.open();
}
