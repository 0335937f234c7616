/* The only place where UTF-16 offsets of the browser and code points of the label language meet. One table per text, built once. */

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const wordSegmenters = new Map();

/** Offsets of one text. A *unit* counts UTF-16 units, a *point* counts code points; all are borders between characters. */
export class Offsets {
  #units = null; // point -> unit, null where they are the same
  #segments = null;
  #words = null;

  constructor(text, lang) {
    this.text = text;
    this.lang = lang;
    if (/[\ud800-\udbff][\udc00-\udfff]/.test(text)) this.#units = unitTable(text);
  }

  /** Number of code points. */
  get length() {
    return this.#units ? this.#units.length - 1 : this.text.length;
  }

  /** The unit at a point, clamped to the text. */
  toUnit(point) {
    const at = Math.min(Math.max(point, 0), this.length);
    return this.#units ? this.#units[at] : at;
  }

  /** The point at a unit; inside a surrogate pair, the border before it. */
  toPoint(unit) {
    if (!this.#units) return Math.min(Math.max(unit, 0), this.length);
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#units[middle] <= unit) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The text between two points. */
  slice(start, end) {
    return this.text.slice(this.toUnit(start), this.toUnit(end));
  }

  /** The character border (as a reader sees characters) at or before a unit. */
  floor(unit) {
    return unit >= this.text.length ? this.text.length : this.#grapheme(unit).index;
  }

  /** The character border at or after a unit. */
  ceil(unit) {
    const border = this.floor(unit);
    return border === unit ? unit : this.next(border);
  }

  /** The next character border. */
  next(unit) {
    if (unit >= this.text.length) return this.text.length;
    const { index, segment } = this.#grapheme(unit);
    return index + segment.length;
  }

  /** The character border before. */
  previous(unit) {
    return unit <= 0 ? 0 : this.#grapheme(unit - 1).index;
  }

  /** The end of the word after a unit. */
  nextWord(unit) {
    let at = unit;
    while (at < this.text.length) {
      const { index, segment, isWordLike } = this.#word(at);
      at = index + segment.length;
      if (isWordLike) break;
    }
    return at;
  }

  /** The start of the word before a unit. */
  previousWord(unit) {
    let at = unit;
    while (at > 0) {
      const { index, isWordLike } = this.#word(at - 1);
      at = index;
      if (isWordLike) break;
    }
    return at;
  }

  /** A range of units widened to whole characters, with `words` to whole words. */
  widened(start, end, words = false) {
    let [from, to] = [this.floor(start), this.ceil(end)];
    if (words && from < to) {
      const [first, last] = [this.#word(from), this.#word(to - 1)];
      if (first.isWordLike) from = first.index;
      if (last.isWordLike) to = last.index + last.segment.length;
    }
    return [from, to];
  }

  #grapheme(unit) {
    this.#segments ??= graphemes.segment(this.text);
    return this.#segments.containing(unit);
  }

  #word(unit) {
    this.#words ??= wordsOf(this.lang).segment(this.text);
    return this.#words.containing(unit);
  }
}

function unitTable(text) {
  const units = new Uint32Array(text.length + 1);
  let count = 0;
  for (let unit = 0; unit < text.length; unit += text.codePointAt(unit) > 0xffff ? 2 : 1) units[count++] = unit;
  units[count] = text.length;
  return units.subarray(0, count + 1);
}

function wordsOf(lang) {
  if (!wordSegmenters.has(lang)) wordSegmenters.set(lang, new Intl.Segmenter(lang, { granularity: "word" }));
  return wordSegmenters.get(lang);
}

/** Order of two strings by their code points. */
export function compareByPoints(a, b) {
  if (a === b) return 0;
  const [left, right] = [[...a], [...b]];
  const at = left.findIndex((char, index) => char !== right[index]);
  if (at === -1) return -1;
  return at >= right.length || left[at].codePointAt(0) > right[at].codePointAt(0) ? 1 : -1;
}
