/* The reviewer desk's calls. Refusals, a lost connection and an ended session are told apart by app/api. */

import { SignedOut, call } from "@mh/app/api";
import { signInAgain } from "@mh/app/signin";

export class DeskApi {
  #urls;
  #signIn;

  /** `urls`: {take, ahead, queue, guideline}; `signIn`: the page to sign in at. */
  constructor(urls, signIn) {
    this.#urls = urls;
    this.#signIn = signIn;
  }

  /** The answer's body; once the person is signed in again, where the session had ended. */
  async #call(method, path, options = {}) {
    try {
      return (await call(method, path, options)).body;
    } catch (error) {
      if (!(error instanceof SignedOut)) throw error;
      await signInAgain(this.#signIn);
      return this.#call(method, path, options);
    }
  }

  #seat(lease, act, body) {
    return this.#call("POST", `/review/a/${lease.assignment}/${act}`, { body: { epoch: lease.epoch, ...body } });
  }

  take(body) {
    return this.#call("POST", this.#urls.take, { body });
  }

  ahead() {
    return this.#call("POST", this.#urls.ahead, { body: {} });
  }

  async queue() {
    return (await this.#call("GET", this.#urls.queue)).waiting;
  }

  /** How alike the answers are, and what is known of their authors: {questions: [{question, pairs}], authors}; authors is null while blind. */
  comparison(lease) {
    return this.#call("GET", `/review/a/${lease.assignment}/comparison`);
  }

  /** Say what one thinks before the rest is shown; the task with the rest. */
  async first(lease, opinion) {
    return (await this.#seat(lease, "first", opinion)).item;
  }

  beat(lease, activeMs) {
    return this.#seat(lease, "beat", { active_ms: activeMs });
  }

  extend(lease) {
    return this.#seat(lease, "extend", {});
  }

  decide(lease, body) {
    return this.#seat(lease, "decide", body);
  }

  release(lease, reason) {
    return this.#seat(lease, "return", { reason });
  }

  /** The tab closes: the seat is free in a minute. */
  leave(lease) {
    return call("POST", `/review/a/${lease.assignment}/leaving`, { body: { epoch: lease.epoch }, keepalive: true }).catch(() => null);
  }

  /** The guideline as an element. */
  async guideline() {
    const response = await fetch(this.#urls.guideline, { credentials: "same-origin", headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const article = page.querySelector("article");
    return article ? document.importNode(article, true) : document.createElement("p");
  }
}
