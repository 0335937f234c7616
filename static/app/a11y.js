/* What a screen reader hears: two live regions of the page, one polite, one urgent. */

let lastPolite = "";

/** Say something when the reader is free; `urgent` interrupts. */
export function announce(text, { urgent = false } = {}) {
  const region = document.getElementById(urgent ? "live-urgent" : "live-polite");
  if (!region || !text) return;
  // the same words twice are heard only if the text node changes
  region.textContent = !urgent && text === lastPolite ? `${text}\u00a0` : text;
  lastPolite = region.textContent;
}

/** Milliseconds are for machines: wait until the browser has painted what was just shown. */
export function painted() {
  return new Promise((resolve) => {
    if (document.hidden) setTimeout(resolve);
    else requestAnimationFrame(() => setTimeout(resolve));
  });
}
