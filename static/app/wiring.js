/* What follows the events of outbox, drafts, lease, socket and page; `ws` is the Workspace. */

import { announce } from "@mh/app/a11y";
import { t } from "@mh/app/i18n";
import { plus } from "@mh/app/money";
import { askDraft, askLoss } from "@mh/app/dialogs";
import * as states from "@mh/app/states";
import { clockText } from "@mh/app/timer";

const BREAK_MS = 50 * 60_000;
const SNOOZE_MS = 10 * 60_000;
const GONE = new Set(["lease_lost", "offer_lapsed", "already_submitted", "already_decided"]);

export function wire(ws) {
  wireOutbox(ws);
  wireDrafts(ws);
  wireLease(ws);
  wireLive(ws);
  wirePage(ws);
}

const listen = (target, type, run) => target.addEventListener(type, ({ detail }) => run(detail));

// --- answers on their way ----------------------------------------------------------------------------------------------

function wireOutbox(ws) {
  listen(ws.outbox, "count", ({ count, persistent }) => {
    ws.waiting = count;
    connection(ws);
    if (!persistent) ws.view.strip("storage", t("This browser keeps nothing: do not close the page before everything is sent."), { kind: "bad" });
  });
  listen(ws.outbox, "taken", ({ entry, taken }) => ws.answering.leased({ ...taken, assignment: entry.assignment }));
  listen(ws.outbox, "sent", (detail) => sent(ws, detail));
  listen(ws.outbox, "refused", (detail) => refused(ws, detail));
  listen(ws.outbox, "away", ({ error }) => connection(ws, true, error.status));
  listen(ws.outbox, "signedout", () => ws.signIn());
}

async function sent(ws, { entry, result, own }) {
  connection(ws, false);
  ws.today = { answers: ws.today.answers + 1, earned: result.pay.amount ? plus(ws.today.earned, result.pay) : ws.today.earned };
  ws.view.today(ws.today);
  if (!own) return;
  await ws.drafts.forget(entry.assignment);
  const news = result.status === "late" ? t("One answer came too late and the place was taken: it is kept, and what it pays is under Earnings.") : "";
  ws.view.strip("news", news, { kind: "warn" });
}

/** The server did not take an answer: correct it if it can be corrected, else keep it for its author. */
async function refused(ws, { entry, error, own }) {
  connection(ws, false);
  if (!GONE.has(error.code) && (await ws.answering.reopen(entry.assignment, error.body.problems ?? []))) {
    ws.view.strip("news", `${error.message} ${error.remedy}`, { kind: "bad" });
    return;
  }
  if (!own) return;
  await ws.drafts.setAside(entry.assignment, entry.answer, error.code);
  await ws.drafts.forget(entry.assignment);
  ws.view.strip("news", `${error.message} ${t("It is kept under Feedback.")}`, {
    kind: "warn",
    actions: [{ label: t("Show"), run: () => ws.feedback.open() }],
  });
}

// --- drafts ------------------------------------------------------------------------------------------------------------

function wireDrafts(ws) {
  listen(ws.drafts, "state", ({ state }) => ws.view.save(state, ws.waiting));
  listen(ws.drafts, "lost", () => ws.lifeline.beat()); // the lease's own answer says why
  listen(ws.drafts, "conflict", async ({ body, version }) => {
    const item = ws.item;
    const choice = await askDraft();
    if (ws.item !== item) return;
    ws.drafts.based(item.assignment, version);
    if (choice === "theirs") ws.stage.value = body?.value ?? {};
    else ws.changed();
  });
}

// --- the lease ---------------------------------------------------------------------------------------------------------

function wireLease(ws) {
  listen(ws.lifeline, "tick", ({ left }) => {
    ws.view.lease(left);
    if (left > 120) ws.view.strip("lease", "");
  });
  listen(ws.lifeline, "warn", ({ left }) => {
    const words = t("The time for this task ends in {time}.", { time: clockText(left) });
    const more = { label: t("I need more time"), keys: "Alt+E", run: () => ws.lifeline.extend() };
    ws.view.strip("lease", t("The time for this task is nearly over."), { kind: left <= 30 ? "bad" : "warn", actions: [more] });
    announce(`${words} ${t("Alt+E gives you more time.")}`, { urgent: true });
  });
  listen(ws.lifeline, "extended", () => {
    ws.view.strip("lease", "");
    announce(t("You have more time now."));
  });
  listen(ws.lifeline, "beat", ({ ok, offers, seconds }) => {
    connection(ws, !ok);
    if (!ok) return;
    if (offers) ws.queue.prolong(seconds);
    ws.queue.refill().catch(() => {});
  });
  listen(ws.lifeline, "lost", ({ because }) => ws.stage && states.lost(ws, because));
  listen(ws.lifeline, "signedout", () => ws.signIn());
}

// --- hints -------------------------------------------------------------------------------------------------------------

function wireLive(ws) {
  listen(ws.live, "state", () => connection(ws));
  listen(ws.live, "hint", (hint) => {
    if (hint.project && hint.project !== ws.project) return;
    HINTS[hint.kind]?.(ws, hint);
  });
}

const HINTS = {
  poll: (ws) => {
    lookAround(ws);
    feedback(ws);
    connection(ws);
  },
  task_ready: lookAround,
  lease_ending: (ws) => ws.lifeline.beat(),
  feedback,
  guideline_changed: async (ws) => {
    await ws.guidelines.refresh();
    if (!ws.guidelines.unread) return;
    ws.view.part.frame.classList.add("guideline-changed");
    announce(t("The guidelines have changed."));
  },
  project_paused: (ws) => {
    ws.queue.drop();
    ws.view.strip("news", t("The project is paused. You can finish the task in your hands."), { kind: "warn" });
  },
  sign_in_again: (ws) => ws.signIn(),
};

function lookAround(ws) {
  ws.lookAgain();
  if (ws.item && ws.item.epoch === null && ws.state === "working") ws.confirm(ws.item).catch(() => {});
  if (ws.waiting) ws.outbox.flush();
}

async function feedback(ws) {
  const news = await ws.feedback.refresh().catch(() => false);
  if (news) announce(t("There is new feedback on your answers."));
}

// --- the page ----------------------------------------------------------------------------------------------------------

function wirePage(ws) {
  addEventListener("online", () => lookAround(ws));
  addEventListener("offline", () => connection(ws, true));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) ws.drafts.save();
    else lookAround(ws);
  });
  addEventListener("pagehide", () => ws.drafts.keep());
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload()); // leases went with the page
  document.addEventListener("mh:prefs", () => {
    ws.view.today(ws.today);
    frameClasses(ws);
  });
  frameClasses(ws);
  setTimeout(() => remindOfBreak(ws), BREAK_MS);
  ws.view.part.signOut?.addEventListener("click", (event) => signOut(ws, event));
}

/** Show the state of the connection; `failed` says how the last call went, if one went, `status` what a server in trouble answered. */
function connection(ws, failed = !navigator.onLine, status = 0) {
  const offline = failed || !navigator.onLine;
  ws.view.connection(offline ? "offline" : ws.live.connected ? "live" : "polling");
  const trouble = status ? t("The server is in trouble. Your work is kept here.") : t("No connection. Your work is kept here.");
  const words = !offline ? "" : ws.waiting ? `${trouble} ${t("Answers waiting: {count}.", { count: ws.waiting })}` : trouble;
  ws.view.strip("offline", words, { kind: "warn", actions: offline ? [{ label: t("Try now"), run: () => ws.outbox.flush() }] : [] });
  if (ws.waiting && offline) ws.view.save("local", ws.waiting);
}

/** Classes of the frame that follow preferences. */
export function frameClasses(ws) {
  const { focusMode, guidelines, panel, greyscale } = ws.prefs();
  const { classList } = ws.view.part.frame;
  classList.toggle("is-focused", focusMode);
  classList.toggle("hide-guidelines", !guidelines);
  classList.toggle("hide-panel", !panel);
  classList.toggle("is-greyscale", greyscale);
}

function remindOfBreak(ws) {
  const later = () => {
    ws.view.strip("break", "");
    setTimeout(() => remindOfBreak(ws), SNOOZE_MS);
  };
  const done = () => {
    ws.view.strip("break", "");
    setTimeout(() => remindOfBreak(ws), BREAK_MS);
  };
  ws.view.strip("break", t("You have worked for a while. A short break keeps your eyes and your answers fresh."), {
    actions: [
      { label: t("I had one"), run: done },
      { label: t("In 10 minutes"), run: later },
    ],
  });
}

/** Signing out: send what is waiting, then forget everything here. */
async function signOut(ws, event) {
  event.preventDefault();
  await ws.drafts.save();
  await ws.outbox.flush();
  if ((await ws.outbox.waiting()).length && !(await askLoss(ws.waiting))) return;
  await ws.outbox.clear();
  await ws.drafts.clear();
  location.assign(event.target.closest("a").href);
}
