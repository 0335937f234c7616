/* The task in hand and the next two, held and decoded. An item:

     { assignment, key, payload, schema, schemaVersion, epoch, until, now, price, round, brief, practice, draft, draftVersion, offeredUntil }

   `epoch` is null while the task is only reserved (an offer): `confirm` leases it once it has been painted. */

import { Refused, call } from "@mh/app/api";
import { uuid7 } from "@mh/app/ids";
import { prefetchStage } from "@mh/app/stage";

const HELD = 2;

export class Queue {
  #project;
  #roams;
  #path;
  #schemas;
  #held = [];
  #known = new Set(); // assignments that were shown: never shown a second time as an offer
  #filling = null;
  #elsewhere = null;
  #called = false;
  #abort = new AbortController();

  /** `schemas`: {number: schema} that the page brought along. `roams`: the next task may come from another project. */
  constructor({ project, schemas, roams = false }) {
    this.#project = project;
    this.#roams = roams;
    this.#path = `/workspace/${project}`;
    this.#schemas = new Map(Object.entries(schemas).map(([number, schema]) => [Number(number), Promise.resolve(schema)]));
  }

  /** The project in which somebody who roams is expected; null while there is work here, or nowhere. */
  get elsewhere() {
    return this.#elsewhere;
  }

  /** Whether this person is called to a task that several do together. */
  get called() {
    return this.#called;
  }

  /** How many tasks are held ahead. */
  get held() {
    return this.#held.length;
  }

  /** Hold these offers, as far as they are new; what they show is loaded and decoded now. */
  async hold({ offers, schema_version: version, now }) {
    const ahead = Date.now() - Date.parse(now); // this device's clock against the server's
    const fresh = offers.filter(({ assignment }) => !this.#known.has(assignment));
    for (const offer of fresh) {
      this.#known.add(offer.assignment);
      const schema = await this.schema(offer.schema_version ?? version);
      const offeredUntil = Date.parse(offer.offered_until) + ahead;
      this.#held.push({ ...itemOf(offer, schema, offer.schema_version ?? version), offeredUntil });
      prefetchStage({ schema, payload: offer.payload, signal: this.#abort.signal }).catch(() => {});
    }
    return fresh.length;
  }

  /** Ask the server for offers if there is room. Failures are left to the next time. */
  refill() {
    if (this.#held.length >= HELD) return Promise.resolve(0);
    this.#filling ??= this.#fill().finally(() => (this.#filling = null));
    return this.#filling;
  }

  async #fill() {
    const { body } = await call("GET", `${this.#path}/ahead${this.#roams ? "?anywhere" : ""}`);
    this.#elsewhere = body.go;
    this.#called = body.called;
    return this.hold(body);
  }

  /** The next item that may still be shown, or null. */
  shift(now = Date.now()) {
    this.#held = this.#held.filter((item) => item.epoch !== null || item.offeredUntil > now);
    return this.#held.shift() ?? null;
  }

  /** Put a task aside that was already in hand: it comes back next. */
  unshift(item) {
    this.#held.unshift(item);
  }

  /** A heartbeat has prolonged the offers by `seconds` from now. */
  prolong(seconds) {
    for (const item of this.#held) item.offeredUntil = Math.max(item.offeredUntil, Date.now() + seconds * 1000);
  }

  /** The project was paused, or the person signed out: offers are void, leases stay. */
  drop() {
    this.#held = this.#held.filter(({ epoch }) => epoch !== null);
  }

  /** Lease what the server picks (with `resume`, what was left open). Returns an item, or {none} with the reason, or {go}: the project
      in which somebody who roams is expected. */
  async take({ resume = false } = {}) {
    const how = { ...(resume && { resume }), ...(this.#roams && { anywhere: true }) };
    const { body } = await call("POST", `${this.#path}/take`, { body: how });
    if (body.none || body.go) return body;
    this.#known.add(body.assignment);
    return this.#leased(body, {});
  }

  /** Lease an offer that is on screen; the item is completed in place. Throws Refused (offer_lapsed, open_work), Away, SignedOut.

      Once an answer to this was lost on the way, the lease may be there already: then it is taken over. */
  async confirm(item) {
    try {
      return await this.#takeNamed(item, item.asked ? { resume: true } : {});
    } catch (error) {
      if (!(error instanceof Refused)) item.asked = true;
      throw error;
    }
  }

  /** Go on with a task that another tab has taken over: that tab stops. */
  takeOver(item) {
    return this.#takeNamed(item, { resume: true });
  }

  async #takeNamed(item, how) {
    const { body } = await call("POST", `${this.#path}/take`, { body: { assignment: item.assignment, ...how } });
    if (body.none) throw new Refused(409, { code: "offer_lapsed", ...body.none });
    return this.#leased(body, item);
  }

  /** Who has come to a task that several do together: {status, size, here, until, now}. */
  async gathering(item) {
    return (await call("GET", `/workspace/a/${item.assignment}/together`)).body;
  }

  /** Give a task back before it has begun. */
  async leave(item) {
    await call("POST", `/workspace/a/${item.assignment}/return`, { body: { epoch: item.epoch, reason: "not_for_me" } });
  }

  /** Take back the last answer of a task: a new lease on it. */
  async recall(item) {
    const { body } = await call("POST", `/workspace/a/${item.assignment}/recall`, { body: {} });
    this.#known.add(body.assignment);
    return this.#leased(body, { payload: item.payload });
  }

  async #leased(body, item) {
    const schema = await this.schema(body.schema_version);
    return Object.assign(item, itemOf(body, schema, body.schema_version, item));
  }

  /** A schema version: immutable, fetched once. */
  schema(number) {
    if (!this.#schemas.has(number)) {
      const loading = call("GET", `${this.#path}/schema/${number}`).then(({ body }) => body);
      this.#schemas.set(number, loading);
      loading.catch(() => this.#schemas.delete(number));
    }
    return this.#schemas.get(number);
  }
}

function itemOf(body, schema, version, before = {}) {
  return {
    assignment: body.assignment,
    key: before.key ?? uuid7(),
    payload: body.payload ?? before.payload,
    schema,
    schemaVersion: version,
    guidelineVersion: body.guideline_version,
    epoch: body.epoch ?? null,
    until: body.until ?? null,
    now: body.now ?? null,
    price: body.price ?? before.price ?? null,
    round: body.round ?? 1,
    brief: body.brief ?? null,
    practice: body.practice ?? null,
    together: body.together ?? false,
    draft: body.draft ?? null,
    draftVersion: body.draft_version ?? 0,
    offeredUntil: Infinity,
  };
}

