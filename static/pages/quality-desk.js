/* The reviewer desk: one task at a time, its answers side by side, a decision by key. The next task is loaded before it is wanted. */

import { announce } from "@mh/app/a11y";
import { Away, Refused, speakAs } from "@mh/app/api";
import { DeskApi } from "@mh/app/desk-api";
import { Differ } from "@mh/app/desk-differ";
import { lateness, mergedValue } from "@mh/app/desk-pieces";
import { DeskView } from "@mh/app/desk-view";
import { t } from "@mh/app/i18n";
import { Keys } from "@mh/app/keys";
import { Live } from "@mh/app/live";
import "@mh/app/page";
import { openKeySheet } from "@mh/app/palette";
import { prefs } from "@mh/app/prefs";
import { ActiveClock, LeaseClock } from "@mh/app/timer";
import { openSheet } from "@mh/ui/sheet";

const BEAT_MS = 30_000;
const WARN_S = 120;

const root = document.getElementById("desk");
const setup = JSON.parse(document.getElementById("desk-data").textContent);
speakAs(setup.person);
const api = new DeskApi(setup.urls, setup.sign_in);
const view = new DeskView(root, setup);
const differ = new Differ(view.part.differ);
const active = new ActiveClock();
const lease = new LeaseClock();
const live = new Live("/ws/live/", { watch: [setup.project] });

let item = null; // the task on screen: decisions are prepared on it while its lease is still on the way
let held = null; // its seat: {assignment, epoch, until, now, item}
let coming = Promise.resolve(); // ends when the task on screen is ours, or another one, or none
let standing = Promise.resolve(); // ends when the answer to be edited is drawn
let next = null; // loaded ahead: {assignment, item}
let chosen = 0; // index of the answer chosen; -1 for the merged value
let plan = null; // the decision being prepared: {decision, to?}
let sending = 0;
const asked = new WeakSet(); // tasks of which what was hidden has been asked for

// --- Which task --------------------------------------------------------------------------------------------------------

async function draw(given) {
  item = given;
  plan = null;
  chosen = mergedValue(item) ? -1 : 0;
  view.plan(null);
  differ.start(item);
  view.task(item, chosen);
  await view.stage(item, chosen);
}

async function show(taken) {
  const before = held;
  held = taken;
  lease.set(taken.until, taken.now);
  if (before?.assignment !== taken.assignment) active.start();
  announce(t(["{cause}. {n} answer.", "{cause}. {n} answers."], { cause: taken.item.review.words, n: taken.item.answers.length }));
  lookAhead();
  compare(taken);
}

/** How alike the answers are, and what is known of their authors, comes after them. */
async function compare(taken) {
  const known = await api.comparison(taken).catch(() => null); // the answers are there all the same
  if (known && held === taken) view.know(known, item, chosen);
}

/** The first opinion has been given: what was hidden until then is shown. */
async function reveal({ decision }) {
  const blind = item;
  if (!blind.blind || asked.has(blind)) return;
  asked.add(blind);
  await coming;
  if (!held || item !== blind) return;
  const given = held;
  const known = await api.first(given, { decision, answer: item.answers[chosen]?.id ?? "" }).catch(() => null);
  if (!known || item !== blind) return;
  Object.assign(item, known);
  given.item = item; // as it comes back if the decision is refused
  view.reveal(item, chosen);
  await compare(given);
}

/** Lease the next review and show it; `drawn` says that its task is on screen already. */
async function take(body = {}, drawn = null) {
  const got = await api.take(body);
  if (got.none) {
    held = item = null;
    view.nothing(got.none);
  } else if (!got.item) {
    await api.release(got, "ended"); // decided meanwhile
    await take();
    return;
  } else {
    if (drawn !== got.assignment) await draw(got.item);
    await show(got);
  }
  view.queue(await api.queue());
}

async function lookAhead() {
  next = null;
  const found = await api.ahead().catch(() => ({ offer: null })); // the next take asks again
  next = found.offer;
  if (next) view.prefetch(next.item);
}

/** Go on at once with what was loaded ahead; the lease follows. */
function advance() {
  const ahead = next;
  next = held = item = null;
  lease.stop();
  coming = follow(ahead);
  return coming;
}

async function follow(ahead) {
  if (ahead) await draw(ahead.item);
  else view.loading();
  try {
    await take(ahead ? { assignment: ahead.assignment } : {}, ahead?.assignment);
  } catch (error) {
    if (error instanceof Refused && error.code === "offer_lapsed") await take();
    else failed(error);
  }
}

/** What cannot be gone on from: said on a card, or over the task if the line is only down. */
function failed(error) {
  view.online(!(error instanceof Away));
  if (held) return;
  item = null;
  view.failed(error instanceof Away ? { message: t("The server does not answer. Nothing is lost.") } : error);
}

/** Look once more, also for what another visit left open. */
function again() {
  item = null;
  view.loading();
  coming = coming.then(() => (held ? null : take({ resume: true }))).catch(failed);
}

async function release() {
  await coming;
  if (!held) return;
  const given = held;
  held = item = null;
  await api.release(given, "not_for_me").catch(failed);
  await advance();
}

// --- Deciding ----------------------------------------------------------------------------------------------------------

/** Prepare a decision; Enter sends it. */
async function prepare(decision, to) {
  if (!item) return;
  if (chosen < 0 && (decision === "return" || decision === "reject")) choose(0);
  if (decision === "reject" && !item.answers[chosen].rejectable) {
    view.tell(lateness(), "warn");
    return;
  }
  const edited = plan?.decision === "correct";
  plan = { decision, to };
  if (decision === "correct") await (standing = view.edit(item, chosen));
  else if (edited) await view.stage(item, chosen);
  view.plan(plan, item, chosen);
  reveal(plan);
}

async function drop() {
  const edited = plan?.decision === "correct";
  plan = null;
  view.plan(null);
  if (edited) await view.stage(item, chosen);
}

/** The decision as it is sent, or null if something is missing, which is then said. */
function decision() {
  const body = { active_ms: active.read().active_ms, decision: plan.decision, to: plan.to ?? "expert", disagreement: differ.said, ...view.said() };
  if (plan.decision !== "escalate") body.answer = item.answers[chosen]?.id ?? "";
  if (plan.decision === "correct") {
    const problems = view.problems();
    if (problems.length) return view.blocked(problems);
    body.value = view.first.value;
  }
  if ((plan.decision === "return" || plan.decision === "reject") && !(body.reasons.length && (body.note || body.comments.length))) {
    return view.blocked([{ message: t("Choose a reason and write a sentence; the author reads both."), focus: () => body.reasons.length && view.note() }]);
  }
  return body;
}

async function confirm() {
  const wanted = plan;
  await Promise.all([coming, standing]);
  if (!held || !wanted || plan !== wanted) return; // another task came
  const [given, body] = [held, decision()];
  if (!body) return;
  sending += 1;
  const done = api.decide(given, body).finally(() => (sending -= 1));
  const moved = advance();
  try {
    view.decided(await done);
    await moved;
  } catch (error) {
    await moved;
    await back(given, body, error);
  }
}

/** A decision that was refused or could not be sent: its task comes back on top with the reason, unless it is no longer ours. */
async function back(given, body, error) {
  if (error instanceof Refused && error.code === "lease_lost") {
    view.tell(t("That review was no longer in your hands; nothing was changed."), "warn");
    return;
  }
  if (held && held.assignment !== given.assignment) await api.leave(held);
  await draw(given.item);
  differ.start(given.item, body.disagreement);
  held = given;
  beat(); // how long is left was last heard of before it was sent
  plan = { decision: body.decision, to: body.to };
  if (body.decision === "correct") await view.edit(given.item, chosen, body.value);
  view.plan(plan, given.item, chosen, body);
  view.online(!(error instanceof Away));
  const problems = error.body?.problems;
  view.blocked(problems?.length ? problems : [{ message: error instanceof Away ? t("It could not be sent. Try again.") : `${error.message} ${error.remedy ?? ""}` }]);
}

function choose(index) {
  if (!item || index < -1 || index >= item.answers.length || plan?.decision === "correct") return;
  if (index === -1 && (!mergedValue(item) || plan?.decision === "return" || plan?.decision === "reject")) return;
  if (plan?.decision === "reject" && !item.answers[index].rejectable) return void view.tell(lateness(), "warn");
  chosen = index;
  view.choose(item, chosen);
  if (plan) view.plan(plan, item, chosen, view.said());
  view.stage(item, chosen);
}

// --- Keys: the desk's letters act while nothing is edited; then they belong to the question again ------------------------------

const deciding = () => item !== null && plan?.decision !== "correct";
const wording = () => plan?.decision === "return" || plan?.decision === "reject";

const DECISIONS = [
  { id: "accept", title: t("Accept"), keys: "a", when: deciding, run: () => prepare("accept") },
  { id: "correct", title: t("Correct it myself"), keys: "e", when: deciding, run: () => prepare("correct") },
  { id: "return", title: t("Return with comments"), keys: "r", when: deciding, run: () => prepare("return") },
  { id: "reject", title: t("Reject with a reason"), keys: "d", when: deciding, run: () => prepare("reject") },
  { id: "expert", title: t("Ask an expert"), keys: "x", when: deciding, run: () => prepare("escalate", "expert") },
  { id: "peer", title: t("Another opinion"), keys: "q", when: deciding, run: () => prepare("escalate", "peer") },
  { id: "release", title: t("Give back"), keys: "s", when: deciding, run: release },
  { id: "confirm", title: t("Confirm"), keys: ["Enter", "Mod+Enter"], when: () => item !== null && plan !== null, run: confirm },
  { id: "drop", title: t("Cancel"), keys: "Escape", when: () => plan !== null, run: drop },
  { id: "note", title: t("Write a note"), keys: "n", when: () => deciding() && plan !== null, run: () => view.note() },
];
const REASONS = Array.from({ length: 9 }, (_, index) => ({ id: `reason-${index + 1}`, title: t("Reason {n}", { n: index + 1 }), keys: String(index + 1), when: wording, run: () => view.reason(index + 1) }));
const ANSWERS = [
  { id: "next-answer", title: t("Next answer"), keys: "j", when: deciding, run: () => choose(chosen + 1) },
  { id: "previous-answer", title: t("Previous answer"), keys: "k", when: deciding, run: () => choose(chosen - 1) },
  { id: "merged", title: t("The merged value"), keys: "m", when: deciding, run: () => choose(-1) },
  ...Array.from({ length: 9 }, (_, index) => ({ id: `answer-${index + 1}`, title: t("Answer number {n}", { n: index + 1 }), keys: String(index + 1), when: () => deciding() && !wording(), run: () => choose(index) })),
];
const COMPARING = [
  { id: "layout", title: t("Answers side by side"), keys: "v", when: deciding, run: () => view.layout(item, chosen) },
  { id: "differences", title: t("Only what differs"), keys: "f", when: deciding, run: () => view.comparing.narrow() },
  { id: "next-difference", title: t("Next difference"), keys: "]", when: deciding, run: () => view.comparing.step(1) },
  { id: "previous-difference", title: t("Previous difference"), keys: "[", when: deciding, run: () => view.comparing.step(-1) },
  ...Array.from({ length: 9 }, (_, index) => ({ id: `hide-${index + 1}`, title: t("Answer number {n}: leave out, take in", { n: index + 1 }), keys: `Shift+${index + 1}`, when: () => deciding() && index < item.answers.length, run: () => view.hide(item, chosen, index) })),
];
const DIFFER = differ.commands(deciding);
const AROUND = [
  { id: "extend", title: t("More time"), keys: "Alt+E", when: () => held !== null, run: extend },
  { id: "guideline", title: t("Guidelines"), keys: "Alt+G", run: guideline },
  { id: "keys", title: t("All keys"), keys: "?", run: keySheet },
];

/** Commands of the question that is edited; of one that is only looked at, those to listen by. */
const editing = () => {
  if (!item) return [];
  const commands = view.first?.commands() ?? [];
  return plan?.decision === "correct" ? commands : commands.filter(({ kind }) => kind === "listen");
};
new Keys({ layers: () => [editing(), REASONS, DECISIONS, ANSWERS, COMPARING, DIFFER, AROUND], prefs });

function keySheet() {
  const groups = [
    { title: t("This question"), commands: editing() },
    { title: t("Decision"), commands: DECISIONS },
    { title: t("Answers"), commands: ANSWERS },
    { title: t("Comparing"), commands: COMPARING },
    { title: t("Why do the answers differ?"), commands: DIFFER },
    { title: t("Everywhere"), commands: AROUND },
  ];
  openKeySheet(groups, []);
}

async function guideline() {
  openSheet({ title: t("Guidelines"), content: await api.guideline(), kind: "drawer" });
}

// --- Time --------------------------------------------------------------------------------------------------------------

async function extend() {
  if (held) await keep(held, api.extend(held));
}

async function beat() {
  if (held && !document.hidden) await keep(held, api.beat(held, active.read().active_ms));
}

/** Take over how long the seat now lasts. */
async function keep(seat, asked) {
  try {
    const kept = await asked;
    if (held === seat) lease.set(kept.until, kept.now);
    view.online(true);
  } catch (error) {
    if (error instanceof Refused && held === seat) lost(error.body.because);
    else view.online(!(error instanceof Away));
  }
}

function lost(because) {
  held = item = null;
  lease.stop();
  view.lost(because);
}

lease.addEventListener("tick", ({ detail }) => view.clock(detail.left, detail.left < WARN_S));
lease.addEventListener("warn", () => announce(t("The time for this review is nearly over. Alt+E gives you more."), { urgent: true }));
lease.addEventListener("over", () => lost("expired"));

// --- The page ----------------------------------------------------------------------------------------------------------

const ACTS = { confirm, drop, release, again, extend, guideline, keys: keySheet, layout: () => item && view.layout(item, chosen), differences: () => item && view.comparing.narrow() };

root.addEventListener("click", ({ target }) => {
  const { act } = target.closest("[data-act]")?.dataset ?? {};
  const { answer } = target.closest("[data-answer]")?.dataset ?? {};
  const { hide } = target.closest("[data-hide]")?.dataset ?? {};
  const { disagreement } = target.closest("[data-disagreement]")?.dataset ?? {};
  const wanted = target.closest("[data-decision]")?.dataset;
  if (act) ACTS[act]();
  else if (wanted) prepare(wanted.decision, wanted.to);
  else if (disagreement && item) differ.press(disagreement);
  else if (answer !== undefined) choose(Number(answer));
  else if (hide !== undefined && deciding()) view.hide(item, chosen, Number(hide));
});
view.part.form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("pagehide", () => held && api.leave(held));
addEventListener("beforeunload", (event) => sending && event.preventDefault());
addEventListener("online", () => beat());

/** Something changed in the queue. One after the other: two hints at once must not lease two reviews, and show none. */
function looked() {
  if (root.dataset.state !== "nothing") return api.queue().then((waiting) => view.queue(waiting));
  coming = coming.then(() => (root.dataset.state === "nothing" ? take() : null)).catch(() => {}); // the next hint tries again
  return coming;
}

live.addEventListener("hint", ({ detail }) => {
  if (detail.kind === "queue" || detail.kind === "poll") looked().catch(() => {});
});
live.open();
setInterval(beat, BEAT_MS);
coming = take({ resume: true }).catch(failed);
