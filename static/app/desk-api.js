// The reviewer desk's calls. Every refusal of the server is a Refused with its code, words and remedy.

export class Refused extends Error {
  constructor(status, body) {
    super(body.message || String(status));
    this.status = status;
    this.code = body.code ?? "";
    this.remedy = body.remedy ?? "";
    this.problems = body.problems;
  }
}

const token = () => document.querySelector("meta[name=csrf-token]")?.content ?? "";

async function call(url, { method = "POST", body, keepalive = false } = {}) {
  const answer = await fetch(url, {
    method,
    keepalive,
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    body: method === "GET" ? undefined : JSON.stringify(body ?? {}),
  });
  if (answer.status === 204) return {};
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, said);
  return said;
}

export class DeskApi {
  /** `urls`: {take, ahead, queue, seat}; `seat` holds `ASSIGNMENT` where the id goes. */
  constructor(urls) {
    this.urls = urls;
  }

  #seat(lease, act) {
    return this.urls.seat.replace("ASSIGNMENT", lease.assignment) + act;
  }

  take(body) {
    return call(this.urls.take, { body });
  }

  ahead() {
    return call(this.urls.ahead);
  }

  async queue() {
    return (await call(this.urls.queue, { method: "GET" })).waiting;
  }

  beat(lease, activeMs) {
    return call(this.#seat(lease, "beat"), { body: { epoch: lease.epoch, active_ms: activeMs } });
  }

  extend(lease) {
    return call(this.#seat(lease, "extend"), { body: { epoch: lease.epoch } });
  }

  decide(lease, body) {
    return call(this.#seat(lease, "decide"), { body });
  }

  release(lease, reason) {
    return call(this.#seat(lease, "return"), { body: { epoch: lease.epoch, reason } });
  }

  leave(lease) {
    return call(this.#seat(lease, "leaving"), { body: { epoch: lease.epoch }, keepalive: true }).catch(() => null);
  }
}
