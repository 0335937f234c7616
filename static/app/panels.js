/* The panels beside the task: their width is dragged or set with arrow keys, and kept with the other preferences. */

import { prefs, setPrefs } from "@mh/app/prefs";

const LEAST = 200;
const MOST = 560;
const STEP = 16;
const PROPERTY = { start: "--ws-start", end: "--ws-end" };
const PREF = { start: "startWidth", end: "endWidth" };

/** Make the handles of `frame` move their panels. */
export function watchPanels(frame) {
  for (const handle of frame.querySelectorAll("[data-resize]")) {
    const side = handle.dataset.resize;
    setWidth(frame, handle, side, prefs()[PREF[side]]);
    handle.addEventListener("pointerdown", (event) => drag(frame, handle, side, event));
    handle.addEventListener("keydown", (event) => key(frame, handle, side, event));
  }
}

function setWidth(frame, handle, side, width) {
  const kept = Math.round(Math.min(MOST, Math.max(LEAST, width)));
  frame.style.setProperty(PROPERTY[side], `${kept}px`);
  for (const [name, value] of [["now", kept], ["min", LEAST], ["max", MOST]]) handle.setAttribute(`aria-value${name}`, String(value));
  return kept;
}

/** 1 if the panel grows to the right: the first panel of a page that reads from the left. */
function direction(frame, side) {
  const rtl = getComputedStyle(frame).direction === "rtl";
  return (side === "start") === rtl ? -1 : 1;
}

function drag(frame, handle, side, event) {
  const [from, before] = [event.clientX, prefs()[PREF[side]]];
  let width = before;
  const move = ({ clientX }) => (width = setWidth(frame, handle, side, before + (clientX - from) * direction(frame, side)));
  handle.setPointerCapture(event.pointerId);
  handle.classList.add("is-dragged");
  handle.addEventListener("pointermove", move);
  handle.addEventListener(
    "lostpointercapture",
    () => {
      handle.removeEventListener("pointermove", move);
      handle.classList.remove("is-dragged");
      setPrefs({ [PREF[side]]: width });
    },
    { once: true },
  );
}

function key(frame, handle, side, event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  event.stopPropagation();
  setPrefs({ [PREF[side]]: setWidth(frame, handle, side, prefs()[PREF[side]] + by * STEP * direction(frame, side)) });
}
