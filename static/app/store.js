/* Small persistent maps in IndexedDB. Where the browser keeps nothing (private mode, full disk, blocked), they live in memory and say so. */

import { createStore, del, entries, get, set } from "idb-keyval";

export class Store {
  #name;
  #store = null;
  #memory = new Map();

  /** `name`: of the database. */
  constructor(name) {
    this.#name = name;
    /** False once the browser refused to keep something. */
    this.persistent = true;
  }

  async get(key) {
    return (await this.#try((store) => get(key, store))) ?? this.#memory.get(key);
  }

  async set(key, value) {
    const kept = await this.#try((store) => set(key, value, store).then(() => true));
    if (kept) this.#memory.delete(key);
    else this.#memory.set(key, value);
  }

  async delete(key) {
    this.#memory.delete(key);
    await this.#try((store) => del(key, store));
  }

  /** [key, value] of everything whose key starts with `prefix`. */
  async entries(prefix = "") {
    const kept = (await this.#try((store) => entries(store))) ?? [];
    return [...kept, ...this.#memory].filter(([key]) => key.startsWith(prefix));
  }

  async #try(act) {
    try {
      this.#store ??= createStore(`mh-${this.#name}`, this.#name);
      return await act(this.#store);
    } catch {
      this.persistent = false;
      return undefined;
    }
  }
}
