/* Time: how long somebody was seen to work, and how long a lease still lasts. */

const IDLE_MS = 60_000;
const SIGNS = ["pointermove", "pointerdown", "keydown", "wheel", "scroll", "touchstart", "input"];

/** Active time: the tab is visible and something happened in the last minute. */
export class ActiveClock {
  #active = 0;
  #started = 0;
  #since = 0;
  #last = -IDLE_MS;
  #first = null;

  constructor({ signal, now = () => performance.now() } = {}) {
    this.now = now;
    for (const type of SIGNS) {
      document.addEventListener(type, (event) => this.#sign(event.type), { signal, passive: true, capture: true });
    }
  }

  /** A new task: the clock starts at nought; showing it counts as a sign of life. */
  start() {
    this.#active = 0;
    this.#first = null;
    this.#started = this.#since = this.#last = this.now();
  }

  /** {active_ms, idle_ms, first_action_ms?} so far. */
  read() {
    this.#settle();
    const total = Math.round(this.now() - this.#started);
    const active = Math.min(total, Math.round(this.#active));
    return { active_ms: active, idle_ms: total - active, ...(this.#first === null ? {} : { first_action_ms: this.#first }) };
  }

  #sign(type) {
    this.#settle();
    this.#last = this.now();
    if (this.#first === null && (type === "keydown" || type === "pointerdown")) this.#first = Math.round(this.#last - this.#started);
  }

  /** Add the stretch since the last look, as far as it was active. */
  #settle() {
    const now = this.now();
    if (!document.hidden) this.#active += Math.max(0, Math.min(now, this.#last + IDLE_MS) - this.#since);
    this.#since = now;
  }
}

export const WARN_S = [120, 30];

/** The lease's count-down. The server's clock is the truth: times are kept as what is left by it.

   Events: tick {left} · warn {left} · over */
export class LeaseClock extends EventTarget {
  #ends = Infinity; // by this device's monotonic clock
  #warned = Infinity;
  #timer = null;

  /** The lease now ends at `until`; `now` is the server's time of that answer (both ISO 8601). */
  set(until, now) {
    this.#ends = performance.now() + (Date.parse(until) - Date.parse(now));
    const left = this.left;
    this.#warned = Math.min(...WARN_S.filter((seconds) => left <= seconds), Infinity);
    if (this.#warned !== Infinity) this.#warned += 1e-9; // begun inside the warning: say it once
    this.#timer ??= setInterval(() => this.#tick(), 1000);
    this.#tick();
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
    this.#ends = Infinity;
  }

  /** Seconds left; Infinity without a lease. */
  get left() {
    return (this.#ends - performance.now()) / 1000;
  }

  #tick() {
    const left = this.left;
    this.#say("tick", { left });
    if (left <= 0) {
      this.stop();
      this.#say("over", {});
      return;
    }
    const due = WARN_S.findLast((seconds) => left <= seconds);
    if (due !== undefined && due < this.#warned) {
      this.#warned = due;
      this.#say("warn", { left, due });
    }
  }

  #say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** `mm:ss`, or `h:mm:ss` over an hour. */
export function clockText(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (number) => String(number).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return hours ? `${hours}:${pad(minutes)}:${pad(rest)}` : `${pad(minutes)}:${pad(rest)}`;
}
