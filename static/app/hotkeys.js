/* Keys of options and labels: their own, else the next free one. The same rule as the server's (`annotation/questions/hotkeys.py`). */

const DIGITS = [..."1234567890"];
const POOL = [...DIGITS, ...DIGITS.map((digit) => `Shift+${digit}`), ...DIGITS.map((digit) => `Shift+Alt+${digit}`)];
const FREE = /^([a-z0-9]|Shift\+[0-9]|Shift\+Alt\+[0-9])$/;

/** The one spelling of a key that questions may use; empty if it belongs to the workspace. */
export function chord(hotkey) {
  const spelling = (hotkey ?? "").replace(/^Alt\+Shift\+/, "Shift+Alt+");
  return FREE.test(spelling) ? spelling : "";
}

/** A key for each of `hotkeys` (undefined where none is given), in order; empty when all are used. `taken`: keys of the editor itself. */
export function allocate(hotkeys, taken = []) {
  const own = hotkeys.map(chord);
  const used = new Set([...own, ...taken]);
  const free = POOL.filter((key) => !used.has(key));
  return own.map((key) => key || (free.shift() ?? ""));
}
