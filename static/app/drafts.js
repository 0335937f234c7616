/* Unsubmitted work: in this browser a quarter of a second after each change, on the server a few seconds later.

   A draft's body is an answer that is not finished: { value, flags?, comment?, ops, at }. `at` is this device's clock in ms.

   Events: state {state: saved | saving | local | failed, error?} · conflict {body, version} · lost {error} */

import { Away, Refused, call } from "@mh/app/api";
import { Store } from "@mh/app/store";

const LOCAL_MS = 250;
const SERVER_MS = 2500;
const AGAIN_MS = 5000;
const KEPT_DAYS = 30;

export class Drafts extends EventTarget {
  #prefix;
  #store;
  #open = null; // {assignment, version, body, dirty, sending}
  #localTimer = null;
  #serverTimer = null;

  constructor({ person, project, store = new Store("drafts") }) {
    super();
    this.#prefix = `${person}/${project}/`;
    this.#store = store;
  }

  /** Begin with an assignment. Resolves with {body, other}: the newer of the two drafts, and the older one if it differs. */
  async open(assignment, { body: server = null, version = 0 } = {}) {
    this.close();
    const open = { assignment, version, body: null, dirty: false, sending: false };
    this.#open = open;
    const local = (await this.#store.get(this.#prefix + assignment))?.body ?? null;
    if (!local || !server || same(local.value, server.value)) return { body: server ?? local, other: null };
    const [body, other] = (local.at ?? 0) > (server.at ?? 0) ? [local, server] : [server, local];
    return { body, other };
  }

  /** The lease came, or another tab's work was taken over: the server's draft now has this version. */
  based(assignment, version) {
    if (this.#open?.assignment === assignment) this.#open.version = Math.max(this.#open.version, version);
  }

  /** Something changed. `body()` is asked when it is time to save. */
  change(body) {
    if (!this.#open) return;
    this.#open.body = body;
    this.#open.dirty = true;
    clearTimeout(this.#localTimer);
    this.#localTimer = setTimeout(() => this.#saveLocal(), LOCAL_MS);
    this.#serverTimer ??= setTimeout(() => this.#saveServer(), SERVER_MS);
  }

  /** Save now, here and on the server. */
  async save() {
    clearTimeout(this.#serverTimer);
    if (this.#open?.dirty) {
      await this.#saveLocal();
      await this.#saveServer();
    } else {
      this.#say("state", { state: "saved" });
    }
  }

  /** Keep what is open in this browser at once: the page may be closing. */
  keep() {
    return this.#open?.dirty ? this.#saveLocal() : undefined;
  }

  /** The open assignment is done with; its draft stays until `forget`. */
  close() {
    clearTimeout(this.#localTimer);
    clearTimeout(this.#serverTimer);
    this.#localTimer = this.#serverTimer = this.#open = null;
  }

  async forget(assignment) {
    await this.#store.delete(this.#prefix + assignment);
  }

  /** Keep work that could not be sent, for its author to read again. */
  async setAside(assignment, body, reason) {
    await this.#store.set(`${this.#prefix}aside/${assignment}`, { body, reason, at: Date.now() });
  }

  /** Work that was set aside: [{assignment, body, reason, at}], newest first. */
  async aside() {
    const found = await this.#store.entries(`${this.#prefix}aside/`);
    return found.map(([key, kept]) => ({ assignment: key.split("/").at(-1), ...kept })).sort((a, b) => b.at - a.at);
  }

  async forgetAside(assignment) {
    await this.#store.delete(`${this.#prefix}aside/${assignment}`);
  }

  /** Drop what is older than the server keeps drafts. */
  async tidy(now = Date.now()) {
    for (const [key, { at }] of await this.#store.entries(this.#prefix)) {
      if (now - at > KEPT_DAYS * 86_400_000) await this.#store.delete(key);
    }
  }

  /** Forget everything of this person in this project: after sign-out. */
  async clear() {
    this.close();
    for (const [key] of await this.#store.entries(this.#prefix)) await this.#store.delete(key);
  }

  get persistent() {
    return this.#store.persistent;
  }

  async #saveLocal() {
    const open = this.#open;
    if (!open?.body) return;
    clearTimeout(this.#localTimer);
    await this.#store.set(this.#prefix + open.assignment, { body: open.body(), at: Date.now() });
  }

  async #saveServer() {
    this.#serverTimer = null;
    const open = this.#open;
    if (!open?.dirty || open.sending) return;
    open.dirty = false;
    open.sending = true;
    this.#say("state", { state: "saving" });
    try {
      const headers = { "If-Match": `"${open.version}"` };
      const answer = await call("PUT", `/workspace/a/${open.assignment}/draft`, { body: open.body(), headers });
      open.version = answer.body.version;
      if (this.#open === open && !open.dirty) this.#say("state", { state: "saved" });
    } catch (error) {
      if (this.#open === open) this.#failed(open, error);
    } finally {
      open.sending = false;
      if (this.#open === open && open.dirty) this.#serverTimer ??= setTimeout(() => this.#saveServer(), SERVER_MS);
    }
  }

  #failed(open, error) {
    if (error instanceof Refused && error.status === 412) {
      this.#say("conflict", { body: error.body.body, version: error.body.version });
    } else if (error instanceof Refused && error.status === 409) {
      this.#say("lost", { error });
    } else if (error instanceof Refused) {
      this.#say("state", { state: "failed", error });
    } else {
      open.dirty = true;
      this.#serverTimer ??= setTimeout(() => this.#saveServer(), AGAIN_MS);
      this.#say("state", { state: this.persistent ? "local" : "failed", error, away: error instanceof Away });
    }
  }

  #say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}
