/* The lease of the task in hand: heartbeats while the tab is visible, warnings before it ends, one key for more time, a word when leaving. */

import { Refused, SignedOut, call } from "@mh/app/api";
import { LeaseClock } from "@mh/app/timer";

const BEAT_MS = 30_000;
const OFFER_S = 90;

/** Events: beat {ok} · tick {left} · warn {left, due} · extended · lost {because} · signedout. */
export class Lifeline extends EventTarget {
  #project;
  #active; // () -> active_ms of the task in hand
  #item = null;
  #clock = new LeaseClock();
  #timer = null;
  #abort = new AbortController();

  constructor({ project, active }) {
    super();
    this.#project = project;
    this.#active = active;
    for (const type of ["tick", "warn"]) this.#clock.addEventListener(type, ({ detail }) => this.#say(type, detail));
    this.#clock.addEventListener("over", () => this.#over());
    const options = { signal: this.#abort.signal };
    document.addEventListener("visibilitychange", () => document.hidden || this.beat(), options);
    addEventListener("pagehide", () => this.leave(), options);
  }

  /** Keep this item's lease from now on. */
  hold(item) {
    this.#item = item;
    this.#clock.set(item.until, item.now);
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.beat(), BEAT_MS);
  }

  /** Nothing is in hand. */
  release() {
    this.#item = null;
    this.#clock.stop();
    clearInterval(this.#timer);
  }

  get left() {
    return this.#clock.left;
  }

  /** A sign of life. The server answers how long the lease now lasts. */
  async beat() {
    const item = this.#item;
    if (!item || document.hidden) return;
    const body = { epoch: item.epoch, active_ms: this.#active(), project: this.#project };
    const answer = await this.#call(item, "beat", body);
    if (answer) this.#say("beat", { ok: true, offers: answer.offers, seconds: OFFER_S });
  }

  /** One press: a full lease and a new cap. */
  async extend() {
    const item = this.#item;
    if (item && (await this.#call(item, "extend", { epoch: item.epoch }))) this.#say("extended", {});
  }

  /** The tab closes: the lease is cut to a minute. */
  leave() {
    if (!this.#item) return;
    const path = `/workspace/a/${this.#item.assignment}/leaving`;
    call("POST", path, { body: { epoch: this.#item.epoch }, keepalive: true }).catch(() => {}); // it would run out by itself
  }

  async #call(item, what, body) {
    try {
      const { body: answer } = await call("POST", `/workspace/a/${item.assignment}/${what}`, { body });
      if (item !== this.#item) return null;
      item.until = answer.until;
      this.#clock.set(answer.until, answer.now);
      return answer;
    } catch (error) {
      if (item !== this.#item) return null;
      if (error instanceof Refused) this.#lost(error.body.because ?? "ended");
      else if (error instanceof SignedOut) this.#say("signedout", {});
      else this.#say("beat", { ok: false });
      return null;
    }
  }

  /** The time ran out by our clock: ask the server before anything is said. Without an answer it is taken as lost. */
  async #over() {
    const item = this.#item;
    if (!item) return;
    await this.extendIfAlive(item);
  }

  async extendIfAlive(item) {
    const body = { epoch: item.epoch, active_ms: this.#active(), project: this.#project };
    const answer = await this.#call(item, "beat", body);
    if (!answer && item === this.#item) this.#lost("expired");
  }

  #lost(because) {
    this.release();
    this.#say("lost", { because });
  }

  #say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
