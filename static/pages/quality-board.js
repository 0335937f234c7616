/* The board of a project moves while people work: hints over the socket say "look again", at most once a second. */

import { Live } from "@mh/app/live";
import { showTimes } from "@mh/app/times";

const REST_MS = 1000;

const board = document.getElementById("board");
const live = new Live("/ws/live/", { watch: [board.dataset.project] });
let waiting = false;
let again = false;
let later = null;

live.addEventListener("hint", ({ detail }) => {
  if (!detail.project || detail.project === board.dataset.project) look();
});
document.addEventListener("visibilitychange", () => document.hidden || look());
live.open();

/** Read the figures again; hints that come meanwhile lead to one more look. */
async function look() {
  if (document.hidden) return;
  if (waiting) {
    again = true;
    return;
  }
  waiting = true;
  again = false;
  try {
    const response = await fetch(board.dataset.part, { credentials: "same-origin", headers: { "X-Requested-With": "fetch" } });
    if (response.ok && !response.redirected) {
      swap(await response.text());
      lookLater(Number(response.headers.get("X-Fresh-In-S")));
    }
  } catch {
    // no connection: the next hint or poll looks again
  }
  setTimeout(() => {
    waiting = false;
    if (again) look();
  }, REST_MS);
}

/** What was shown was read before the hint: look once more when it is kept no longer. */
function lookLater(seconds) {
  clearTimeout(later);
  if (seconds) later = setTimeout(look, seconds * 1000);
}

/** Replace what has changed, part by part; what somebody opened stays open, and a part with the focus in it stays as it is. */
function swap(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const next of fresh.querySelectorAll("[data-live]")) {
    const old = board.querySelector(`[data-live="${next.dataset.live}"]`);
    if (!old || old.dataset.seen === next.innerHTML || (old.contains(document.activeElement) && document.activeElement.matches("input, summary"))) continue;
    const text = next.innerHTML;
    const open = [...old.querySelectorAll("details")].map((each) => each.open);
    [...next.querySelectorAll("details")].forEach((each, index) => (each.open = Boolean(open[index])));
    mark(old, next);
    old.replaceChildren(...next.childNodes);
    old.dataset.seen = text;
    showTimes(old);
  }
}

/** Numbers that are not what they were light up for a moment. */
function mark(old, next) {
  const before = [...old.querySelectorAll(".stat__value")].map((each) => each.textContent);
  [...next.querySelectorAll(".stat__value")].forEach((each, index) => each.classList.toggle("is-changed", before[index] !== undefined && before[index] !== each.textContent));
}
