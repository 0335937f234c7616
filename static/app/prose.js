/* Text: one way to trim, to normalise and to count words, the same as on the server (`annotation/questions/prose.py`). */

/* Scripts without spaces between words: each letter counts as a word. */
const SINGLE =
  /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uaa60-\uaa7f\uf900-\ufaff\uff66-\uff9f\u{1b000}-\u{1b16f}\u{20000}-\u{323af}]/u;
const WORD = /L[LM]*(?:AL[LM]*)*|SM*/g;

/** LF line ends, NFC; without blanks at line ends, unless it is `code`. */
export function normalise(text, { code = false } = {}) {
  const composed = text.replace(/\r\n?/g, "\n").normalize("NFC");
  return code
    ? composed
    : composed
        .split("\n")
        .map((line) => line.trimEnd())
        .join("\n");
}

/** Number of code points. */
export function length(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The words: runs of letters, digits and marks with inner apostrophes; in scripts without spaces, letters. */
export function wordList(text) {
  const characters = [...text];
  const kinds = characters.map(kind).join("");
  return [...kinds.matchAll(WORD)].map(({ index, 0: found }) => characters.slice(index, index + found.length).join(""));
}

/** Number of words. */
export function words(text) {
  return [...text.replace(/[^]/gu, kind).matchAll(WORD)].length;
}

/** L letter or digit, S letter of a script without spaces, M mark, A apostrophe, else a blank. */
function kind(character) {
  if (character === "'" || character === "\u2019") return "A";
  if (/\p{M}/u.test(character)) return "M";
  if (/\p{Nd}/u.test(character)) return "L";
  if (!/\p{L}/u.test(character)) return " ";
  return SINGLE.test(character) ? "S" : "L";
}
