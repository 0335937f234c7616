/* Undo and redo: a list of operations with their inverses. Who applies them is told at construction. */

const LIMIT = 500;

export class History {
  #done = [];
  #undone = [];
  #apply;

  /** `apply(place, op)` carries out an operation at an editor and returns its inverse. */
  constructor(apply) {
    this.#apply = apply;
  }

  /** Note what was just done at `place`: the operation that takes it back. */
  push(place, inverse) {
    this.#done.push({ place, op: inverse });
    if (this.#done.length > LIMIT) this.#done.shift();
    this.#undone = [];
  }

  /** Take back the last operation; returns its place, or null if there is none. */
  undo() {
    return this.#move(this.#done, this.#undone);
  }

  redo() {
    return this.#move(this.#undone, this.#done);
  }

  get canUndo() {
    return this.#done.length > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  /** Number of operations that are in force. */
  get length() {
    return this.#done.length;
  }

  clear() {
    this.#done = [];
    this.#undone = [];
  }

  #move(from, to) {
    const entry = from.pop();
    if (!entry) return null;
    to.push({ place: entry.place, op: this.#apply(entry.place, entry.op) });
    return entry.place;
  }
}
