/* What becomes of the task on screen: sent, left, flagged, taken back, shown again. */

import { announce } from "@mh/app/a11y";
import { call } from "@mh/app/api";
import { askExit, askFlags } from "@mh/app/dialogs";
import { t } from "@mh/app/i18n";
import { uuid7 } from "@mh/app/ids";
import * as states from "@mh/app/states";

const RECENT = 10;
const RECALL_MS = 10 * 60_000;
const UI = "workspace/1";
const OPEN = new Set(["working", "lost"]);

export class Answering {
  /** The last answers: {item, body, at}, newest first. */
  recent = [];
  /** True once a submit was stopped by a problem: from then on problems are shown as they come and go. */
  tried = false;
  #ws;
  #sending = false;

  constructor(workspace) {
    this.#ws = workspace;
  }

  get #idle() {
    return !this.#sending && this.#ws.item !== null && OPEN.has(this.#ws.state);
  }

  /** Check and send the answer; the next task is shown before the network answers. */
  async submit() {
    if (!this.#idle) return;
    const { item, stage } = this.#ws;
    const problems = stage.validate();
    const [first] = problems.filter(({ severity }) => severity === "error");
    stage.showProblems(problems);
    if (first) {
      this.tried = true;
      first.focus();
      announce(first.message, { urgent: true });
      return;
    }
    await this.#send(item, { value: stage.value });
  }

  /** Into the outbox first, then the next task; the network comes last. */
  async #send(item, content) {
    this.#sending = true;
    const { stage, flags, comment, clock, log, outbox, project } = this.#ws;
    try {
      const timing = clock.read();
      const events = await log.digest();
      const answer = {
        schema_version: item.schemaVersion,
        ...content,
        ...(flags.length ? { flags } : {}),
        ...(comment ? { comment } : {}),
        ...(Object.keys(stage.shown).length ? { shown: stage.shown } : {}),
        ...(events ? { events } : {}),
        timing,
        ui: UI,
      };
      stage.suspend();
      this.recent = [{ item, body: this.#ws.body(), at: Date.now() }, ...this.recent].slice(0, RECENT);
      const { key, assignment, epoch } = item;
      await outbox.add({ key, project, assignment, epoch, answer, active_ms: timing.active_ms });
    } finally {
      this.#sending = false;
    }
    this.tried = false;
    await this.#ws.next();
  }

  /** Leave the task: give it back (skip), or answer that it cannot be answered. */
  async leave(wanted = "skip", reason = null) {
    if (!this.#idle) return;
    const { item, stage } = this.#ws;
    const exit = reason ? { type: wanted, reason } : await askExit(item.schema, wanted);
    if (!exit || this.#ws.item !== item) return;
    if (exit.type !== "skip") {
      const partial = stage.value;
      await this.#send(item, { exit, ...(Object.keys(partial).length ? { partial } : {}) });
      return;
    }
    this.tried = false;
    this.#giveBack(item, exit.reason);
    announce(t("Skipped."));
    await this.#ws.next();
  }

  /** In the background: if it cannot be said, the lease runs out by itself. */
  async #giveBack(item, reason) {
    const { drafts, outbox } = this.#ws;
    await drafts.forget(item.assignment);
    await outbox.expected(item.assignment)?.catch(() => null);
    if (item.epoch === null) return;
    await call("POST", `/workspace/a/${item.assignment}/return`, { body: { epoch: item.epoch, reason } }).catch(() => {});
  }

  /** Drop what is on screen without a word: the lease is gone anyway. */
  async discard() {
    const { item, drafts } = this.#ws;
    if (item) await drafts.forget(item.assignment);
    await this.#ws.next();
  }

  /** Say what is odd about the task; goes with the answer. */
  async flag() {
    if (!this.#idle) return;
    const { item, flags, comment } = this.#ws;
    const said = await askFlags(item.schema, { flags, comment });
    if (!said || this.#ws.item !== item) return;
    Object.assign(this.#ws, said);
    this.#ws.changed();
  }

  /** Can the last answer be taken back? */
  get canRecall() {
    return this.recent.length > 0 && Date.now() - this.recent[0].at < RECALL_MS;
  }

  /** Take back the last answer: from the outbox if it has not left, else by a new lease on the task. */
  async recall() {
    if (!this.canRecall || this.#sending) return;
    const ws = this.#ws;
    const [last] = this.recent;
    try {
      await last.item.confirming?.catch(() => {});
      const unsent = await ws.outbox.withdraw(last.item.key);
      const item = unsent ? { ...last.item, key: uuid7() } : await ws.queue.recall(last.item);
      this.recent = this.recent.slice(1);
      ws.putAside();
      await ws.show(item, { body: last.body });
      announce(t("Your last answer is open again."));
    } catch (error) {
      states.notRecalled(ws, error);
    }
  }

  /** Show an answer again that the server refused, with what is wrong; false if this page does not hold it any more. */
  async reopen(assignment, problems) {
    const found = this.recent.find(({ item }) => item.assignment === assignment);
    if (!found) return false;
    this.recent = this.recent.filter((entry) => entry !== found);
    this.#ws.putAside();
    await this.#ws.show({ ...found.item, key: uuid7() }, { body: found.body, problems });
    return true;
  }

  /** A task that was answered before it was leased has been leased by the outbox. */
  leased({ assignment, epoch, until, now }) {
    const found = this.recent.find(({ item }) => item.assignment === assignment);
    if (found) Object.assign(found.item, { epoch, until, now });
  }
}
