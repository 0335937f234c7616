// The reviewer desk: one task at a time, its answers side by side, a decision by key. The next task is drawn before it is wanted.

import { t } from "@mh/app/i18n";
import { DeskApi, Refused } from "@mh/app/desk-api";
import { DeskView } from "@mh/app/desk-view";

const BEAT_MS = 30_000;
const WARN_S = 120;
const QUIET = new Set(["INPUT", "TEXTAREA", "SELECT"]);

const root = document.getElementById("desk");
const setup = JSON.parse(document.getElementById("desk-data").textContent);
const api = new DeskApi(setup.urls);
const view = new DeskView(root, setup);

let held = null; // the lease on screen: {assignment, epoch, until, cap, item}
let next = null; // drawn ahead: {assignment, item}
let chosen = 0; // index of the answer chosen; -1 for the merged value
let plan = null; // the decision being prepared: {decision, to?}
let sending = 0;
let activeMs = 0;
let lastActive = 0;

/** Show what is held; choose the answer that agrees most. */
async function show(lease) {
  held = lease;
  plan = null;
  activeMs = 0;
  chosen = best(lease.item);
  view.task(lease.item, chosen);
  view.plan(null);
  await view.stage(lease.item, chosen);
  view.announce(t("{cause}. {n} answers.", { cause: lease.item.review.words, n: lease.item.answers.length }));
  lookAhead();
}

/** The merged value if there is one, else the first answer. */
function best(item) {
  const parts = Object.values(item.consensus?.answers ?? {});
  return parts.length && parts.every((part) => part.value !== null) && item.answers.length > 1 ? -1 : 0;
}

async function take(body = {}) {
  const got = await api.take(body);
  if (got.none) {
    held = null;
    view.nothing(got.none);
  } else if (!got.item) {
    await api.release(got, "ended");
    await take();
  } else {
    await show(got);
  }
  view.queue(await api.queue());
}

async function lookAhead() {
  next = null;
  try {
    next = (await api.ahead()).offer;
    if (next) view.prefetch(next.item);
  } catch {
    next = null; // the next take asks again
  }
}

/** Go on at once with what was drawn ahead; the lease follows. */
async function advance() {
  const ahead = next;
  next = null;
  if (ahead) {
    held = null;
    chosen = best(ahead.item);
    view.task(ahead.item, chosen);
    view.plan(null);
    await view.stage(ahead.item, chosen);
  } else {
    view.loading();
  }
  try {
    await take(ahead ? { assignment: ahead.assignment } : {});
  } catch (refusal) {
    if (!(refusal instanceof Refused) || refusal.code !== "offer_lapsed") throw refusal;
    view.toast(refusal.message);
    await take();
  }
}

// --- Deciding ---------------------------------------------------------------------------------------------------------
const answerOf = (item, index) => (index >= 0 ? item.answers[index] : null);

/** Prepare a decision; Enter sends it. */
async function prepare(decision, to) {
  if (!held) return;
  if (["return", "reject"].includes(decision) && chosen < 0) choose(0);
  plan = { decision, to };
  if (decision === "correct") await view.edit(held.item, chosen);
  view.plan(plan, held.item, chosen);
}

async function drop() {
  const edited = plan?.decision === "correct";
  plan = null;
  view.plan(null);
  if (edited) await view.stage(held.item, chosen);
}

async function confirm() {
  if (!held || !plan) return;
  const lease = held;
  const body = { epoch: lease.epoch, active_ms: activeMs, decision: plan.decision, to: plan.to ?? "expert", ...view.said() };
  if (plan.decision !== "escalate") body.answer = answerOf(lease.item, chosen)?.id ?? "";
  if (plan.decision === "correct") {
    const problems = view.problems();
    if (problems.length) return view.blocked(problems);
    body.value = view.value();
  }
  if (["return", "reject"].includes(plan.decision) && !(body.reasons.length && (body.note || body.comments.length))) {
    return view.blocked([{ message: t("Choose a reason and write a sentence; the author reads both.") }]);
  }
  sending += 1;
  const done = api.decide(lease, body).finally(() => (sending -= 1));
  const moved = advance();
  try {
    const outcome = await done;
    view.toast(outcome.status === "ended" ? t("The task had ended meanwhile. Your time is paid.") : view.outcome(outcome));
  } catch (refusal) {
    await moved.catch(() => null);
    await back(lease, body, refusal);
    return;
  }
  await moved;
}

/** A decision that was refused: its task comes back on top with the reason, unless it is no longer ours. */
async function back(lease, body, refusal) {
  if (refusal instanceof Refused && refusal.code === "lease_lost") {
    view.toast(t("That review was no longer in your hands; nothing was changed."));
    return;
  }
  if (held && held.assignment !== lease.assignment) await api.leave(held);
  await show(lease);
  plan = { decision: body.decision, to: body.to };
  if (body.decision === "correct") await view.edit(lease.item, chosen, body.value);
  view.plan(plan, lease.item, chosen, body);
  view.blocked(refusal.problems ?? [{ message: refusal.message ?? t("It could not be sent. Try again.") }]);
}

function choose(index) {
  if (!held || index < -1 || index >= held.item.answers.length) return;
  if (index === -1 && best(held.item) !== -1) return;
  chosen = index;
  view.choose(held.item, chosen);
  if (plan && plan.decision !== "correct") view.plan(plan, held.item, chosen);
  if (plan?.decision !== "correct") view.stage(held.item, chosen);
}

async function release() {
  if (!held) return;
  const lease = held;
  held = null;
  await api.release(lease, "not_for_me");
  await advance();
}

// --- Keys -------------------------------------------------------------------------------------------------------------
const KEYS = {
  a: () => prepare("accept"),
  e: () => prepare("correct"),
  r: () => prepare("return"),
  d: () => prepare("reject"),
  x: () => prepare("escalate", "expert"),
  q: () => prepare("escalate", "peer"),
  j: () => choose(Math.min(chosen + 1, (held?.item.answers.length ?? 1) - 1)),
  k: () => choose(chosen - 1),
  m: () => choose(-1),
  v: () => view.layout(held?.item, chosen),
  s: () => release(),
};

function pressed(event) {
  if (event.isComposing || event.keyCode === 229 || event.altKey || document.querySelector("dialog[open]")) return;
  const writing = QUIET.has(event.target.tagName) || event.target.isContentEditable;
  const chord = event.ctrlKey || event.metaKey;
  if (event.key === "Enter" && plan && (chord || (!writing && plan.decision !== "correct" && event.target.tagName !== "BUTTON"))) {
    event.preventDefault();
    confirm();
  } else if (event.key === "Escape" && plan) {
    event.preventDefault();
    drop();
  } else if (!chord && !writing && plan?.decision !== "correct") {
    plain(event);
  }
}

/** Single keys act only while nothing is edited: then they belong to the question again. */
function plain(event) {
  const key = event.key.toLowerCase();
  if (event.key === "?") view.sheet();
  else if (/^[1-9]$/.test(key)) choose(Number(key) - 1);
  else if (KEYS[key]) KEYS[key]();
  else return;
  event.preventDefault();
}

// --- Time -------------------------------------------------------------------------------------------------------------
function tick() {
  if (!held) return view.clock(null);
  const left = Math.max(0, Math.round((new Date(held.until) - Date.now()) / 1000));
  view.clock(left, left < WARN_S);
  if (document.visibilityState === "visible" && Date.now() - lastActive < 60_000) activeMs += 1000;
  if (left === 0) lost();
}

function lost() {
  held = null;
  plan = null;
  view.lost();
}

async function beat() {
  if (!held || document.visibilityState !== "visible") return;
  const lease = held;
  try {
    const kept = await api.beat(lease, activeMs);
    lease.until = kept.until;
    view.online(true);
  } catch (refusal) {
    if (refusal instanceof Refused && refusal.code === "lease_lost" && held === lease) lost();
    else view.online(false);
  }
}

root.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  const on = {
    confirm,
    drop,
    release,
    again: () => advance(),
    extend: async () => {
      if (held) held.until = (await api.extend(held)).until;
    },
    sheet: () => view.sheet(),
    layout: () => view.layout(held?.item, chosen),
  };
  const at = event.target.closest("[data-answer]")?.dataset.answer;
  const decision = event.target.closest("[data-decision]")?.dataset;
  if (act) on[act]?.();
  else if (decision) prepare(decision.decision, decision.to);
  else if (at !== undefined) choose(Number(at));
});
document.addEventListener("keydown", pressed);
for (const sign of ["pointerdown", "pointermove", "keydown", "wheel"]) {
  document.addEventListener(sign, () => (lastActive = Date.now()), { passive: true });
}
window.addEventListener("pagehide", () => held && api.leave(held));
window.addEventListener("beforeunload", (event) => sending && event.preventDefault());
setInterval(tick, 1000);
setInterval(beat, BEAT_MS);
take({ resume: true }).catch((refusal) => view.failed(refusal));
