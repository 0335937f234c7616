/* Keys: one listener, one guard, and the list of layers that may answer.

   A chord is written `Mod+Shift+Z`, `Alt+S`, `Shift+3`, `p`, `?`, `Enter`, `ArrowUp`, `Space`; `Mod` is Ctrl or Cmd. `Alt+KeyP` names a
   place on the keyboard instead of a letter. Digits are always meant by their place, so they work where a letter row shares them. */

const MODIFIERS = ["Mod", "Alt", "Shift"];
const COMPOSITION_MS = 50;
const REPEATING = /^(Alt\+|Shift\+)*(Arrow\w+|[.,=-])$|^Mod\+(Shift\+)?z$/;

/** The canonical spelling of a chord. */
export function normalise(chord) {
  const parts = chord === "+" ? ["+"] : chord.split("+");
  const key = keyName(parts.at(-1));
  const held = new Set(parts.slice(0, -1).map((part) => MODIFIER_NAMES[part.toLowerCase()] ?? part));
  return [...MODIFIERS.filter((name) => held.has(name)), key].join("+");
}

const MODIFIER_NAMES = { ctrl: "Mod", control: "Mod", cmd: "Mod", meta: "Mod", mod: "Mod", alt: "Alt", option: "Alt", shift: "Shift" };
const NAMES = { esc: "Escape", " ": "Space", spacebar: "Space", space: "Space", del: "Delete", up: "ArrowUp", down: "ArrowDown", left: "ArrowLeft", right: "ArrowRight" };

function keyName(key) {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  return NAMES[key.toLowerCase()] ?? key;
}

/** The spellings under which a key event may be known, best first. `by` is "key" or "code" for letters. */
export function chordsOf(event, by = "key") {
  const held = [];
  if (event.ctrlKey || event.metaKey) held.push("Mod");
  if (event.altKey) held.push("Alt");
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1].toLowerCase();
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const typed = keyName(event.key);
  let key = typed;
  if (digit !== undefined) key = digit;
  else if (letter && (by === "code" || !/^[a-z]$/.test(typed))) key = letter;
  const symbol = key.length === 1 && !/[a-z0-9]/.test(key);
  if (event.shiftKey && !symbol) held.push("Shift");
  const chords = [[...held, key].join("+")];
  if (digit !== undefined && typed !== digit && typed.length === 1) chords.push([...held.filter((name) => name !== "Shift"), typed].join("+"));
  if (letter) chords.push([...held, event.code].join("+"));
  return chords;
}

/** A chord as people read it on this machine. */
export function spoken(chord) {
  const mac = /Mac|iPhone|iPad/.test(navigator.platform);
  const names = mac
    ? { Mod: "⌘", Alt: "⌥", Shift: "⇧" }
    : { Mod: "Ctrl", Alt: "Alt", Shift: "Shift" };
  const keys = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc", Delete: "Del", Backspace: "⌫" };
  return normalise(chord)
    .split("+")
    .map((part) => names[part] ?? keys[part] ?? part.replace(/^Key/, ""))
    .map((part) => (part.length === 1 ? part.toUpperCase() : part))
    .join(mac ? "" : "+");
}

/** The chords of a command, canonical. */
export function chordsFor(command) {
  return [command.keys ?? []].flat().map(normalise);
}

/** Is somebody writing in this element? Then only chords with Mod or Alt act, and Escape. */
export function isTextField(element) {
  if (!element) return false;
  if (element.isContentEditable || element.tagName === "TEXTAREA" || element.tagName === "SELECT") return true;
  return element.tagName === "INPUT" && !/^(button|checkbox|radio|range|submit|reset|image|file|color)$/.test(element.type);
}

/** Listens to keys and runs the first command of the topmost layer that wants them.

   `layers()` returns lists of commands {id, title, keys, when?(), run(event), release?(), repeats?, inText?}, top first. */
export class Keys {
  #layers;
  #prefs;
  #composed = -Infinity;
  #held = new Map(); // code -> command to release
  #abort = new AbortController();

  constructor({ layers, prefs, target = document }) {
    this.#layers = layers;
    this.#prefs = prefs;
    const options = { signal: this.#abort.signal };
    target.addEventListener("compositionend", () => (this.#composed = performance.now()), { ...options, capture: true });
    target.addEventListener("keydown", (event) => this.#down(event), options);
    target.addEventListener("keyup", (event) => this.#up(event), options);
    addEventListener("blur", () => this.#releaseAll(), options);
  }

  dispose() {
    this.#abort.abort();
  }

  /** True while an input method has the keyboard, or just had it; and with AltGr, which types characters. */
  guards(event) {
    const composing = event.isComposing || event.keyCode === 229 || performance.now() - this.#composed < COMPOSITION_MS;
    return composing || event.getModifierState?.("AltGraph");
  }

  #down(event) {
    if (event.defaultPrevented || this.guards(event) || document.querySelector("dialog:modal")) return;
    const { keysBy, singleKeys, remap } = this.#prefs();
    const chords = chordsOf(event, keysBy);
    const writing = isTextField(event.target);
    if (this.#belongsToTarget(event, chords[0], writing)) return;
    if (!singleKeys && isSingle(chords[0])) return;
    const command = this.#find(chords, remap, writing);
    if (!command) return;
    event.preventDefault();
    if (event.repeat && !command.repeats && !REPEATING.test(chords[0])) return;
    if (command.release) this.#held.set(event.code, command);
    command.run(event);
  }

  /** Keys that the focused control needs for itself. */
  #belongsToTarget(event, chord, writing) {
    if (writing) return !/Mod|Alt/.test(chord) && chord !== "Escape" ? true : /^Mod\+(Shift\+)?[zyxcva]$/.test(chord);
    const control = event.target.closest?.("button, a[href], summary, [role=button], [role=menuitem], [role=option], [role=slider]");
    return Boolean(control) && (chord === "Enter" || chord === "Space");
  }

  #find(chords, remap, writing) {
    for (const layer of this.#layers()) {
      for (const command of layer) {
        if (writing && command.inText === false) continue;
        const own = remap[command.id] ? [normalise(remap[command.id])] : chordsFor(command);
        if (chords.some((chord) => own.includes(chord)) && (command.when?.() ?? true)) return command;
      }
    }
    return null;
  }

  #up(event) {
    this.#held.get(event.code)?.release();
    this.#held.delete(event.code);
  }

  #releaseAll() {
    for (const command of this.#held.values()) command.release();
    this.#held.clear();
  }
}

/** A character by itself, without Mod or Alt. */
function isSingle(chord) {
  return chord.replace(/^Shift\+/, "").length === 1;
}
