/* Answers on their way. Each is written to this browser first and sent afterwards, by one tab at a time, until the server has said
   what became of it. An entry:

     { key, person, project, assignment, epoch, answer, active_ms, at }

   `epoch` is null while the task was only offered (answered offline): then it is taken first. The key is made once per answer, so
   sending twice is harmless.

   Events: count {count, persistent} · sent {entry, result, own} · refused {entry, error, own} · taken {entry, taken} · away {error} ·
   signedout {error}; `own` is set in the tab that did the sending. */

import { Away, Refused, SignedOut, call } from "@mh/app/api";
import { Store } from "@mh/app/store";

const LOCK = "mh-outbox";
const FIRST_MS = 1000;
const LONGEST_MS = 60_000;
const PASSING = new Set(["open_work"]); // refused now, welcome a moment later

export class Outbox extends EventTarget {
  #person;
  #store = new Store("outbox");
  #channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("mh-outbox") : null;
  #expected = new Map(); // assignment -> promise of its epoch
  #wait = FIRST_MS;
  #timer = null;
  #flushing = null;
  #again = false;

  constructor(person) {
    super();
    this.#person = person;
    this.#channel?.addEventListener("message", ({ data }) => this.#heard(data));
    addEventListener("online", () => this.flush());
  }

  /** Keep an answer and start sending. Resolves once it is kept. */
  async add(entry) {
    await this.#store.set(this.#key(entry), { ...entry, person: this.#person, at: Date.now() });
    await this.#count();
    this.flush();
  }

  /** Entries of this person, oldest first. */
  async waiting() {
    const entries = await this.#store.entries(`${this.#person}/`);
    return entries.map(([, entry]) => entry).sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** The lease of a task on screen is being taken: its answer waits for `epoch`, a promise of the fencing number. */
  expect(assignment, epoch) {
    this.#expected.set(assignment, epoch);
    epoch.catch(() => {}); // whoever waits for it hears of it
  }

  /** The promise given to `expect`, if there was one. */
  expected(assignment) {
    return this.#expected.get(assignment);
  }

  /** Take an answer back that has not left yet; false if it has. */
  withdraw(key) {
    return alone(LOCK, async () => {
      const entry = (await this.waiting()).find((candidate) => candidate.key === key);
      if (!entry) return false;
      await this.#store.delete(this.#key(entry));
      await this.#count();
      return true;
    });
  }

  /** Send what is waiting. One tab at a time; a call during a run makes it run once more. */
  flush() {
    this.#again = true;
    this.#flushing ??= this.#run().finally(() => {
      this.#flushing = null;
    });
    return this.#flushing;
  }

  /** Forget everything of this person: after sign-out. */
  async clear() {
    for (const entry of await this.waiting()) await this.#store.delete(this.#key(entry));
    await this.#count();
  }

  async #run() {
    clearTimeout(this.#timer);
    while (this.#again) {
      this.#again = false;
      await alone(LOCK, () => this.#sendAll());
    }
  }

  async #sendAll() {
    for (const entry of await this.waiting()) {
      try {
        await this.#send(entry);
        this.#wait = FIRST_MS;
      } catch (error) {
        if (error instanceof SignedOut) return this.#tell("signedout", { error });
        if (!(error instanceof Away)) throw error;
        return this.#later(error);
      }
    }
    return undefined;
  }

  async #send(entry) {
    try {
      const epoch = entry.epoch ?? (await this.#take(entry));
      const body = { epoch, client_key: entry.key, answer: entry.answer, active_ms: entry.active_ms };
      const { body: result } = await call("POST", `/workspace/a/${entry.assignment}/submit`, { body });
      await this.#settled(entry, "sent", { entry, result });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (PASSING.has(error.code)) throw new Away(error.status);
      const { status, code, message, remedy, body } = error;
      await this.#settled(entry, "refused", { entry, error: { status, code, message, remedy, body } });
    }
  }

  /** Lease a task that was answered while it was only offered: perhaps that is under way in this tab, else now. A lease whose answer was
      lost on the way is taken over. */
  async #take(entry) {
    const expected = await this.#expected.get(entry.assignment)?.catch((error) => {
      if (error instanceof Refused && !PASSING.has(error.code)) throw error;
      return null;
    });
    this.#expected.delete(entry.assignment);
    if (expected) return expected;
    const path = `/workspace/${entry.project}/take`;
    const { body: taken } = await call("POST", path, { body: { assignment: entry.assignment, resume: true } });
    if (taken.none) throw new Refused(409, { code: "offer_lapsed", ...taken.none });
    await this.#store.set(this.#key(entry), { ...entry, epoch: taken.epoch });
    this.#tell("taken", { entry, taken });
    return taken.epoch;
  }

  async #settled(entry, type, detail) {
    await this.#store.delete(this.#key(entry));
    this.#expected.delete(entry.assignment);
    this.#tell(type, { ...detail, own: true });
    this.#channel?.postMessage({ type, detail });
    await this.#count();
  }

  #later(error) {
    const pause = Math.max(this.#wait * (0.75 + Math.random() / 2), error.after * 1000);
    this.#wait = Math.min(LONGEST_MS, this.#wait * 2);
    this.#timer = setTimeout(() => this.flush(), pause);
    this.#tell("away", { error });
  }

  /** What another tab sent for all of us. */
  #heard({ type, detail }) {
    if (detail.entry.person !== this.#person) return;
    this.#tell(type, detail);
    this.#count();
  }

  async #count() {
    const { length } = await this.waiting();
    this.#tell("count", { count: length, persistent: this.#store.persistent });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #key(entry) {
    return `${this.#person}/${entry.key}`;
  }
}

/** Run `act` while no other tab of this browser runs one of the same name; browsers without locks rely on the server's own fence. */
function alone(name, act) {
  return navigator.locks ? navigator.locks.request(name, act) : act();
}
