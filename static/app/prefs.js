/* What a person likes: kept in this browser, no secrets. */

const KEY = "mh-preferences";
const DEFAULTS = {
  singleKeys: true, // plain letters and digits act without a modifier
  keysBy: "key", // letters by what is printed on them (key) or by where they are (code)
  submitOnPick: true, // where the project allows it, one key answers, submits and goes on
  advance: true, // after a key has answered a question, the next open one is taken in hand
  hideEarned: false,
  greyscale: false, // pictures of sensitive fields without colour
  focusMode: false, // only the task, no panels
  guidelines: true,
  panel: true,
  startWidth: 260, // of the guidelines and the panel, in px
  endWidth: 280,
  remap: {}, // command id -> chord
};

let current = null;

/** All preferences. */
export function prefs() {
  if (!current) {
    current = { ...DEFAULTS, ...read() };
  }
  return current;
}

/** Change some of them. */
export function setPrefs(changes) {
  Object.assign(prefs(), changes);
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // blocked storage: they last as long as the page
  }
  document.dispatchEvent(new CustomEvent("mh:prefs", { detail: changes }));
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}
