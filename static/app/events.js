/* The event log of one task: what kind of thing happened at which question, and when. Never what was written, pasted or chosen. */

const LIMIT = 20_000;

export class EventLog {
  #lines = [];
  #count = 0;
  #start = performance.now();

  /** Note one event. `kind`: op, active, undo, paste, reveal … */
  note(kind, question = "") {
    this.#count += 1;
    if (this.#lines.length < LIMIT) this.#lines.push(`${kind} ${question} ${Math.round(performance.now() - this.#start)}`);
  }

  /** {count, sha256} of the log, as it goes with the answer; null where the browser cannot hash. */
  async digest() {
    if (!globalThis.crypto?.subtle) return null;
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(this.#lines.join("\n")));
    const sha256 = [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return { count: this.#count, sha256 };
  }
}
