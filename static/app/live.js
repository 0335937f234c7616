/* Hints over a websocket: "look again". While there is none, the page looks by itself every 30 seconds. */

const POLL_MS = 30_000;
const FIRST_MS = 1000;
const LONGEST_MS = 30_000;
const SIGN_IN = 4401;

/** Events: hint {kind, …} · state {connected}. `kind: "poll"` stands for whatever a lost hint would have said. */
export class Live extends EventTarget {
  #url;
  #watch;
  #socket = null;
  #wait = FIRST_MS;
  #poll = null;
  #retry = null;
  #closed = false;

  /** `watch`: public ids of projects whose hints are wanted too. */
  constructor(path, { watch = [] } = {}) {
    super();
    this.#watch = watch;
    this.#url = new URL(path, location.href);
    this.#url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  }

  open() {
    this.#closed = false;
    this.#startPolling();
    this.#connect();
    addEventListener("online", () => this.#connect());
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#stopPolling();
    this.#socket?.close();
  }

  /** After signing in again. */
  reconnect() {
    this.#wait = FIRST_MS;
    this.#connect();
  }

  get connected() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  #connect() {
    if (this.#closed || this.#socket?.readyState <= WebSocket.OPEN) return;
    clearTimeout(this.#retry);
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.addEventListener("open", () => this.#opened());
    socket.addEventListener("message", ({ data }) => this.#heard(data));
    socket.addEventListener("close", ({ code }) => this.#lost(socket, code));
  }

  #opened() {
    this.#wait = FIRST_MS;
    this.#stopPolling();
    if (this.#watch.length) this.#socket.send(JSON.stringify({ watch: this.#watch }));
    this.#say("state", { connected: true });
    this.#say("hint", { kind: "poll" }); // whatever was said while nobody listened
  }

  #heard(data) {
    try {
      this.#say("hint", JSON.parse(data));
    } catch {
      // a hint that cannot be read is a hint lost
    }
  }

  #lost(socket, code) {
    if (socket !== this.#socket || this.#closed) return;
    this.#say("state", { connected: false });
    this.#startPolling();
    if (code === SIGN_IN) return; // `reconnect` after signing in
    this.#retry = setTimeout(() => this.#connect(), this.#wait * (0.75 + Math.random() / 2));
    this.#wait = Math.min(LONGEST_MS, this.#wait * 2);
  }

  #startPolling() {
    this.#poll ??= setInterval(() => document.hidden || this.#say("hint", { kind: "poll" }), POLL_MS);
  }

  #stopPolling() {
    clearInterval(this.#poll);
    this.#poll = null;
  }

  #say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
