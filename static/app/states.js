/* What the workspace shows in each of its states; `ws` is the Workspace. Everything here only shows, and offers what can be done. */

import { announce } from "@mh/app/a11y";
import { Refused, SignedOut } from "@mh/app/api";
import { card, nothingCard } from "@mh/app/cards";
import { reasonWords } from "@mh/app/feedback";
import { readFirst } from "@mh/app/guidelines";
import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { money } from "@mh/app/money";
import { pinned } from "@mh/app/pins";
import { language } from "@mh/app/words";

const SKELETON_MS = 150;
const AGAIN_MS = 2000;
const AWAY_MS = 5000;
const GATHER_MS = 1500;

// --- without a task ----------------------------------------------------------------------------------------------------

/** The shape of a task to come, if it takes longer than a blink. */
export function skeleton(ws) {
  ws.state = "loading";
  ws.skeletonTimer ??= setTimeout(() => {
    if (ws.state === "loading" || ws.state === "changing") ws.view.part.skeleton.hidden = false;
  }, SKELETON_MS);
}

/** A card in place of the task. */
function showCard(ws, element, state) {
  clearCards(ws);
  ws.dropStage();
  ws.state = state;
  ws.view.part.price.hidden = true;
  ws.view.part.cards.append(element);
  document.title = `${element.querySelector("h2").textContent} · ${ws.data.project.name}`;
  element.focus({ preventScroll: true });
  announce(element.querySelector("h2").textContent);
  around(ws);
}

/** Cards and skeleton go. */
export function clearCards(ws) {
  clearTimeout(ws.skeletonTimer);
  ws.skeletonTimer = null;
  ws.view.part.skeleton.hidden = true;
  ws.view.part.cards.replaceChildren();
}

const home = () => ({ label: t("To my work"), href: "/home/" });

/** The server has no task, and says why. */
export function nothing(ws, none) {
  if (none.reason === "guideline_unread") return guidelineFirst(ws);
  const look = { label: t("Look again"), kind: "primary", run: () => ws.next() };
  const tellMe = { label: t("Tell me when there is one"), run: (event) => askToTell(event.target) };
  const can = "Notification" in globalThis && Notification.permission === "default" && none.reason === "queue_empty";
  showCard(ws, nothingCard(none, [look, ...(can ? [tellMe] : []), home()]), "idle");
  return undefined;
}

async function askToTell(button) {
  const answer = await Notification.requestPermission();
  button.textContent = answer === "granted" ? t("You will be told") : t("Your browser does not allow it");
  button.disabled = true;
}

/** Tell somebody who looks elsewhere. */
export function tell(words) {
  if (document.hidden && "Notification" in globalThis && Notification.permission === "granted") new Notification(words);
}

/** A new version of the guidelines must be read before the next task. */
async function guidelineFirst(ws) {
  await ws.guidelines.refresh().catch(() => {});
  const read = {
    label: t("I have read it"),
    kind: "primary",
    run: async (event) => {
      event.target.disabled = true;
      await ws.guidelines.acknowledge();
      await ws.next();
    },
  };
  const title = t("The guidelines have changed");
  showCard(ws, card({ title, words: [t("Please read them before you go on.")], extra: [readFirst(ws.guidelines)], actions: [read] }), "halted");
}

/** No answer from the server, and nothing held to go on with. */
export function away(ws, error) {
  const offline = error.status === 0;
  showCard(
    ws,
    card({
      title: offline ? t("You are offline") : t("The server does not answer"),
      words: [
        ws.waiting ? t("Your work is kept here. Answers waiting to be sent: {count}.", { count: ws.waiting }) : t("Nothing is lost."),
        t("This page goes on by itself as soon as the connection is back."),
      ],
      actions: [{ label: t("Try now"), kind: "primary", run: () => ws.next() }],
    }),
    "idle",
  );
}

/** Several people do the task together: wait until all have come. True once they have, false if it came to nothing or is `over`. */
export async function gathering(ws, item, { stop, over }) {
  const count = make("p", "", "", { role: "status" });
  const wait = t("It begins as soon as everybody has come; your time counts from then.");
  const leave = { label: t("I cannot wait"), run: stop };
  showCard(ws, card({ title: t("Waiting for the others"), words: [wait], extra: [count], actions: [leave] }), "gathering");
  tell(t("There is a task for you in {project}.", { project: ws.data.project.name }));
  for (;;) {
    const found = await ws.queue.gathering(item).catch((error) => (error instanceof Refused ? { status: "lapsed" } : null)); // without a connection: look again
    if (over()) return false;
    if (found?.status === "running" || found?.status === "done") break;
    if (found && found.status !== "forming") return false;
    if (found) count.textContent = t("{here} of {size} are here.", found);
    await new Promise((next) => setTimeout(next, GATHER_MS));
    if (over()) return false;
  }
  announce(t("Everybody is here."));
  return true;
}

/** The server refuses a task for a reason that concerns the person. */
export function refused(ws, error) {
  if (error.code === "open_work" || error.code === "offer_lapsed") {
    setTimeout(() => ws.state === "loading" && ws.next(), AGAIN_MS);
    return;
  }
  showCard(ws, card({ title: error.message, words: [error.remedy], actions: [{ label: t("Try again"), run: () => ws.next() }, home()] }), "idle");
}

/** Something in this page failed: say it, with what support needs to know. */
export function broken(ws, error) {
  showCard(
    ws,
    card({
      title: t("This task could not be shown"),
      words: [t("Reload the page. If it stays so, tell support this:"), `${error.name}: ${error.message}`],
      actions: [{ label: t("Reload"), kind: "primary", run: () => location.reload() }],
    }),
    "halted",
  );
}

// --- with a task -------------------------------------------------------------------------------------------------------

/** A task is on screen. */
export function task(ws, item) {
  ws.stage.root.inert = ws.stage.panel.inert = false;
  document.title = `${ws.data.project.name} · Manyhands`;
  aroundTask(ws, item);
  ws.view.save("saved", ws.waiting);
}

/** What is said above a task: that it came back, or that it is for practice. */
function aroundTask(ws, item) {
  for (const box of ws.stage.root.querySelectorAll(":scope > .brief")) box.remove();
  practice(ws, item);
  brief(ws, item);
}

/** A task for practice: what it is, why it was asked for again, what comes after it. */
function practice(ws, item) {
  if (!item.practice) return;
  const { text, why, rest } = item.practice;
  const box = make("aside", "brief", "", { "aria-label": t("Practice") });
  box.append(make("h2", "brief__title", t("Practice")), make("p", "", text));
  if (why) box.append(make("p", "prewrap", why, { dir: "auto" }));
  box.append(make("p", "muted", rest));
  ws.stage.root.prepend(box);
}

/** Returned work: what the reviewer said, above the task and at the questions. */
function brief(ws, item) {
  if (!item.brief) return;
  const { reasons = [], comments = [], note = "" } = item.brief;
  const box = make("aside", "brief", "", { "aria-label": t("Returned to you") });
  box.append(make("h2", "brief__title", t("Returned to you")));
  if (reasons.length) box.append(make("p", "", new Intl.ListFormat(language()).format(reasonWords(reasons))));
  if (note) box.append(make("p", "prewrap", note, { dir: "auto" }));
  ws.stage.root.prepend(box);
  const said = ({ path, text }) => [pinned(ws.stage, ws.stage.value, path), text].filter(Boolean).join(": ");
  const located = comments.map((comment) => ({ path: comment.path, code: "comment", message: said(comment), severity: "comment" }));
  ws.stage.showProblems(ws.stage.located(located));
}

/** The lease is there: what the task pays. */
export function held(ws, item) {
  const { price } = ws.view.part;
  price.textContent = item.price?.amount ? money(item.price.amount, item.price.currency) : "";
  price.hidden = !price.textContent;
  aroundTask(ws, item);
}

/** An offer could not be leased. */
export async function unconfirmed(ws, item, error) {
  if (error instanceof SignedOut) {
    await ws.signIn();
    confirmAgain(ws, item, 0);
  } else if (error instanceof Refused && error.code === "open_work") {
    await ws.outbox.flush();
    confirmAgain(ws, item, AGAIN_MS);
  } else if (error instanceof Refused) {
    await lapsed(ws, item, error);
  } else {
    confirmAgain(ws, item, AWAY_MS); // no connection: an answer given meanwhile waits in the outbox
  }
}

function confirmAgain(ws, item, after) {
  setTimeout(() => ws.item === item && item.epoch === null && ws.confirm(item), after);
}

async function lapsed(ws, item, error) {
  if (ws.stage.ops > 0) {
    await ws.drafts.setAside(item.assignment, ws.body(), "offer_lapsed");
    ws.view.strip("news", `${error.message} ${t("What you wrote is kept under Feedback.")}`, { kind: "warn" });
  }
  await ws.drafts.forget(item.assignment);
  await ws.next();
}

const LOST = {
  expired: () => [
    t("The time for this task ran out"),
    t("Your work is still here. Sent now, it counts if nobody has taken the place meanwhile; if somebody has, it is kept and paid in part."),
  ],
  elsewhere: () => [t("You opened this task in another tab"), t("It goes on there. You can also go on here: then the other tab stops.")],
  submitted: () => [t("This task has been answered"), t("The answer came from another tab. This version stays with you as a draft.")],
  ended: () => [t("This task is no longer in your hands"), t("It was withdrawn. What you did so far is kept.")],
};

/** The lease is lost: read-only, and what can be done with the work. */
export function lost(ws, because) {
  const [title, words] = (LOST[because] ?? LOST.ended)();
  const late = { label: t("Send as a late answer"), kind: "primary", run: () => ws.answering.submit() };
  const here = { label: t("Go on here"), kind: "primary", run: () => ws.takeAgain() };
  const forget = { label: t("Leave it and go on"), run: () => ws.answering.discard() };
  const actions = { expired: [late, forget], elsewhere: [here, forget] }[because] ?? [forget];
  ws.state = "lost";
  ws.stage.suspend();
  ws.stage.root.inert = ws.stage.panel.inert = true;
  ws.view.lease(Infinity);
  ws.view.part.cards.replaceChildren(card({ title, words: [words], actions }));
  ws.view.part.cards.querySelector("button").focus();
  announce(title, { urgent: true });
  around(ws);
}

/** Taking back the last answer was refused. */
export function notRecalled(ws, error) {
  const words = error instanceof Refused ? `${error.message} ${error.remedy}` : t("There is no connection: try again in a moment.");
  ws.view.strip("news", words, { kind: "warn" });
  announce(words);
}

/** Bring the bars and panels in line with the stage. */
export function around(ws) {
  if (ws.state === "changing") return; // what was last said stays for the blink
  const { stage, view, answering } = ws;
  const working = ws.state === "working";
  view.buttons({
    task: working,
    canUndo: working && stage.canUndo,
    canRedo: working && stage.canRedo,
    canRecall: answering.canRecall,
    flagged: Boolean(ws.flags?.length || ws.comment),
  });
  ws.palette.update(working ? stage.labels() : []);
  ws.marksList.update(working ? stage.marks() : []);
  view.hints(working ? stage.commands() : []);
  view.left(working ? stage.validate().filter(({ severity }) => severity === "error").length : 0);
  const { panel, questions } = view.part;
  const used = working && [...panel.querySelectorAll("[data-panel-part]")].some((part) => !part.hidden && part.childElementCount > 0 && part !== questions);
  view.part.frame.classList.toggle("has-panel", used || Boolean(questions.querySelector(".stage-question")));
}
