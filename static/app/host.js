/* The workspace: which task is on screen, and what becomes of it. What is shown lives in `view`, `stage` and the cards; what is known of the
   server comes through `queue`, `drafts`, `outbox`, `lifeline` and `live`; `answering` sends, leaves and takes back; `wiring` says
   what follows events; `actions` holds the keys. */

import { announce, painted } from "@mh/app/a11y";
import { Answering } from "@mh/app/answering";
import { Away, Refused, SignedOut, speakAs } from "@mh/app/api";
import { offerOlderDraft } from "@mh/app/dialogs";
import { Drafts } from "@mh/app/drafts";
import { EventLog } from "@mh/app/events";
import { Feedback } from "@mh/app/feedback";
import { Guidelines } from "@mh/app/guidelines";
import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { Lifeline } from "@mh/app/lifeline";
import { Live } from "@mh/app/live";
import { Outbox } from "@mh/app/outbox";
import { prefs, setPrefs } from "@mh/app/prefs";
import { Queue } from "@mh/app/queue";
import { signInAgain } from "@mh/app/signin";
import { mountStage } from "@mh/app/stage";
import * as states from "@mh/app/states";
import { ActiveClock } from "@mh/app/timer";
import { View } from "@mh/app/view";
import { title } from "@mh/app/words";
import { LabelPalette } from "@mh/ui/label-palette";
import { MarksList } from "@mh/ui/marks-list";

export class Workspace {
  #state = "loading";
  item = null;
  stage = null;
  waiting = 0; // answers in the outbox
  #turn = 0;

  constructor(data) {
    const { person, project } = data;
    speakAs(person.id);
    this.data = data;
    this.project = project.id;
    this.path = `/workspace/${project.id}`;
    this.today = data.today;
    this.view = new View();
    this.queue = new Queue({ project: project.id, roams: data.roams, schemas: { [data.schema_version]: data.schema } });
    this.outbox = new Outbox(person.id);
    this.drafts = new Drafts({ person: person.id, project: project.id });
    this.answering = new Answering(this);
    this.clock = new ActiveClock();
    this.lifeline = new Lifeline({ project: project.id, active: () => this.clock.read().active_ms });
    this.live = new Live(document.querySelector('meta[name="mh-ws"]').content, { watch: [project.id] });
    const { guidelines, labels, marks } = this.view.part;
    this.guidelines = new Guidelines(guidelines, `${this.path}/guideline`);
    this.palette = new LabelPalette(labels, { help: (label) => this.explain(label.title) });
    this.marksList = new MarksList(marks);
    this.feedback = new Feedback({
      path: `${this.path}/feedback`,
      drafts: this.drafts,
      schema: data.schema,
      notices: data.notices,
      changed: (unread) => this.view.unread(unread),
    });
  }

  /** loading · changing (the next task is being drawn, the last one is still to be seen: nothing acts on either) · working ·
      lost (read-only) · idle (no task, watching for one) · halted (a person must do something first) */
  get state() {
    return this.#state;
  }

  set state(state) {
    this.#state = this.view.part.frame.dataset.state = state;
  }

  /** Show the first task: what was left open, else the next one. */
  async start() {
    this.view.today(this.today);
    this.view.save("saved");
    this.view.lease(Infinity);
    this.live.open();
    this.outbox.flush();
    this.drafts.tidy().catch(() => {});
    await this.queue.hold(this.data.ahead);
    await (this.data.open ? this.resume() : this.next());
  }

  // --- which task ------------------------------------------------------------------------------------------------------

  /** Go on with what another tab or an earlier visit left open. */
  resume() {
    return this.#fetchTask(() => this.queue.take({ resume: true }));
  }

  /** Show the next task: a held one at once, else whatever the server has. */
  next() {
    const item = this.queue.shift();
    return item ? this.show(item) : this.#fetchTask(() => this.queue.take());
  }

  /** A task or news may be there: look, if nothing is on screen. */
  async lookAgain() {
    if (this.state !== "idle") return this.queue.refill().catch(() => 0);
    const found = await this.queue.refill().catch(() => 0);
    if (this.state === "idle" && !this.queue.held && this.queue.elsewhere) return this.#roam(this.queue.elsewhere);
    if (this.state === "idle" && (found || this.queue.held || this.queue.called)) {
      states.tell(t("There is a task for you in {project}.", { project: this.data.project.name }));
      return this.next();
    }
    return undefined;
  }

  #roam(project) {
    location.assign(`/workspace/${project}/?anywhere`);
  }

  async #fetchTask(ask) {
    const turn = (this.#turn += 1);
    this.clear();
    states.skeleton(this);
    try {
      const item = await ask();
      if (turn !== this.#turn) return;
      if (item.go) return this.#roam(item.go);
      if (item.together && !(await this.#gathered(item, turn))) return;
      await (item.none ? states.nothing(this, item.none) : this.show(item));
    } catch (error) {
      if (turn === this.#turn) await this.#noTask(error, ask);
    }
  }

  /** Wait for the others of a task that several do together; false if it came to nothing, or this person went on. */
  async #gathered(item, turn) {
    this.lifeline.hold(item);
    const stop = async () => {
      await this.queue.leave(item).catch(() => {});
      if (turn === this.#turn) await this.next();
    };
    const met = await states.gathering(this, item, { stop, over: () => turn !== this.#turn });
    if (turn !== this.#turn) return false;
    if (!met) {
      this.view.strip("news", t("Not everybody came. You are called again as soon as enough people are here."));
      await this.next();
    }
    return met;
  }

  async #noTask(error, ask) {
    if (error instanceof SignedOut) {
      await this.signIn();
      await this.#fetchTask(ask);
    } else if (error instanceof Away) {
      states.away(this, error);
    } else if (error instanceof Refused) {
      states.refused(this, error);
    } else {
      states.broken(this, error);
      throw error;
    }
  }

  /** Nothing is in hand any more; what is on screen goes. */
  clear() {
    this.lifeline.release();
    this.drafts.close();
    this.item = null;
    this.view.lease(Infinity);
    this.view.strip("lease", "");
  }

  // --- one task on screen ----------------------------------------------------------------------------------------------

  /** Show a task. `body`: work to begin with instead of its draft; `problems`: what the server found wrong with it. */
  async show(item, { body = null, problems = [] } = {}) {
    const turn = (this.#turn += 1);
    this.clear();
    this.state = "changing";
    this.item = item;
    const kept = await this.drafts.open(item.assignment, { body: item.draft, version: item.draftVersion });
    const draft = body ?? item.kept ?? kept.body ?? {};
    const again = Boolean(item.kept);
    this.flags = draft.flags ?? [];
    this.comment = draft.comment ?? "";
    this.log = new EventLog();
    try {
      await this.#mount(item, draft.value ?? {}, turn);
    } catch (error) {
      if (turn === this.#turn) states.broken(this, error);
      throw error;
    }
    if (turn !== this.#turn) return;
    item.kept = null;
    this.state = "working";
    states.task(this, item);
    this.#greet(problems);
    await painted();
    if (turn !== this.#turn) return;
    this.clock.start();
    if (item.epoch === null) this.confirm(item);
    else this.held(item);
    if (again) this.lifeline.beat(); // how long is left was last heard of before it was put aside
    this.queue.refill().catch(() => {}); // the next poll tries again
    if (!body && kept.other && (await offerOlderDraft()) && this.item === item) this.stage.value = kept.other.value ?? {};
  }

  /** Build the stage behind the old one and change them over in one go. */
  async #mount(item, value, turn) {
    const { stages, questions } = this.view.part;
    const root = make("div", "is-mounting");
    const panel = make("div", "ws-questions");
    panel.hidden = true;
    stages.append(root);
    questions.append(panel);
    const stage = await mountStage(root, {
      schema: item.schema,
      payload: item.payload,
      value,
      prefs: prefs(),
      seed: item.assignment,
      panel,
      exits: true,
    });
    if (turn !== this.#turn) {
      stage.dispose();
      root.remove();
      panel.remove();
      return;
    }
    this.dropStage();
    states.clearCards(this);
    root.classList.remove("is-mounting");
    panel.hidden = false;
    this.stage = stage;
    this.stage.panel = panel;
    this.#listen(stage);
  }

  /** Another task comes first: the one in hand is next again. */
  putAside() {
    if (!this.item || !["working", "changing"].includes(this.state)) return;
    if (this.state === "working") this.item.kept = this.body();
    this.queue.unshift(this.item);
  }

  /** Take the present stage off the screen. */
  dropStage() {
    if (!this.stage) return;
    const { root, panel } = this.stage;
    this.stage.dispose();
    root.remove();
    panel.remove();
    this.stage = null;
  }

  #listen(stage) {
    const on = (type, run) => stage.addEventListener(type, ({ detail }) => this.stage === stage && this.state === "working" && run(detail));
    on("change", ({ question }) => this.changed(question));
    on("select", ({ mark }) => this.marksList.select(mark));
    on("active", ({ id }) => {
      this.log.note("active", id);
      this.refresh();
    });
    on("done", () => prefs().submitOnPick && stage.firstOpen() === null && this.answering.submit());
    on("exit", ({ type, reason }) => this.answering.leave(type, reason));
    on("uncovered", ({ field }) => this.log.note("uncovered", field));
  }

  #greet(problems) {
    const { stage } = this;
    stage.showProblems(stage.located(problems));
    const first = stage.firstOpen() ?? stage.asked[0];
    if (first) stage.activate(first);
    if (!problems.length) this.view.part.scroll.scrollTop = 0; // a task is read from its beginning; keys act all the same
    const question = stage.current?.question;
    announce(question ? t("Next task. {question}", { question: title(question) }) : t("Next task."));
    if (problems.length) announce(t("The server found something to correct."), { urgent: true });
    this.refresh();
  }

  /** The answer, its flags or its comment changed. */
  changed(question = "") {
    this.log.note("op", question);
    this.drafts.change(() => this.body());
    if (this.answering.tried) this.stage.showProblems(this.stage.validate());
    this.refresh();
  }

  /** Bring everything around the stage up to date, once per frame. */
  refresh() {
    this.redraw ??= requestAnimationFrame(() => {
      this.redraw = null;
      states.around(this);
    });
  }

  /** The work on screen as a draft's body. */
  body() {
    const { flags, comment, stage } = this;
    return { value: stage.value, flags, comment, ops: stage.ops, at: Date.now() };
  }

  // --- the lease -------------------------------------------------------------------------------------------------------

  /** Lease an offer that is on screen. An answer given before that waits in the outbox for the lease's number. */
  confirm(item) {
    item.confirming ??= this.#confirm(item).finally(() => (item.confirming = null));
    return item.confirming;
  }

  async #confirm(item) {
    const version = item.schemaVersion;
    const leased = this.queue.confirm(item);
    this.outbox.expect(item.assignment, leased.then(() => item.epoch));
    try {
      await leased;
      if (this.item !== item) return;
      if (item.draft && this.stage.ops === 0) await this.#showDraft(item);
      await this.held(item, version);
    } catch (error) {
      if (this.item === item) await states.unconfirmed(this, item, error);
    }
  }

  /** The lease of the task on screen is there. */
  async held(item, version = item.schemaVersion) {
    this.drafts.based(item.assignment, item.draftVersion);
    this.lifeline.hold(item);
    states.held(this, item);
    if (version !== item.schemaVersion) {
      this.view.strip("schema", t("The questions changed. Please look at your answer again."), { kind: "warn" });
      await this.show(item, { body: this.body() });
    }
  }

  /** A task that was shown as an offer turns out to have a draft (returned work): show it, unless this browser has a newer one. */
  async #showDraft(item) {
    const { body } = await this.drafts.open(item.assignment, { body: item.draft, version: item.draftVersion });
    this.flags = body.flags ?? [];
    this.comment = body.comment ?? "";
    if (this.item === item) this.stage.value = body.value ?? {};
  }

  // --- around it -------------------------------------------------------------------------------------------------------

  /** Show what the guidelines say of a label or question. */
  explain(words) {
    setPrefs({ guidelines: true, focusMode: false });
    this.guidelines.reveal(words);
  }

  /** Another tab took this task over: take it back. */
  async takeAgain() {
    const { item } = this;
    const body = this.body();
    try {
      await this.queue.takeOver(item);
      await this.show(item, { body });
    } catch (error) {
      await states.unconfirmed(this, item, error);
    }
  }

  /** Everything this person likes. */
  prefs() {
    return prefs();
  }

  /** Wait until the same person is signed in again, then go on. */
  async signIn() {
    await signInAgain(this.data.sign_in);
    this.live.reconnect();
    this.outbox.flush();
  }
}
