/* The reviewer desk on the page: the answers on a stage and side by side in a table, the decision panel, and every state in words. */

import { announce } from "@mh/app/a11y";
import { Comparing } from "@mh/app/desk-comparing";
import { t } from "@mh/app/i18n";
import { answersTable, aboutAnswer, answerChip, judgement, meaning, mergedValue, othersOf, queueLine, valueOf } from "@mh/app/desk-pieces";
import { make } from "@mh/app/layout";
import { pins } from "@mh/app/pins";
import { mountStage, prefetchStage } from "@mh/app/stage";
import { clockText } from "@mh/app/timer";
import { LabelPalette } from "@mh/ui/label-palette";
import { MarksList } from "@mh/ui/marks-list";
import { toast } from "@mh/ui/toast";

const WORDED = new Set(["return", "reject"]); // decisions that need a reason and a sentence

export class DeskView {
  #stages = [];
  #sideBySide = false;

  constructor(root, setup) {
    this.root = root;
    this.setup = setup;
    this.part = Object.fromEntries([...root.querySelectorAll("[data-part]")].map((node) => [node.dataset.part, node]));
    this.palette = new LabelPalette(this.part.labels);
    this.marks = new MarksList(this.part.marks);
    this.comparing = new Comparing(this.part);
  }

  #state(name) {
    this.root.dataset.state = name;
    document.title = `${this.root.querySelector("h1").textContent} · Manyhands`;
  }

  // --- One task ----------------------------------------------------------------------------------------------------------

  task(item, chosen) {
    this.#state("review");
    this.part.cause.textContent = item.review.words;
    this.part.cause.hidden = false;
    this.part.waiting.textContent = t(["{n} task waits", "{n} tasks wait"], { n: item.waiting });
    this.part.history.replaceChildren(...item.history.map(judgement));
    this.part.past.hidden = !item.history.length;
    this.comparing.start(item);
    this.choose(item, chosen);
  }

  /** What was hidden until the first opinion is there. */
  reveal(item, chosen) {
    this.part.history.replaceChildren(...item.history.map(judgement));
    this.part.past.hidden = !item.history.length;
    this.choose(item, chosen);
    announce(t("What was hidden until your first decision is shown now."));
  }

  /** How alike the answers are, and the records of their authors. */
  know({ questions, authors }, item, chosen) {
    this.comparing.know(questions);
    item.answers.forEach((answer, at) => (answer.records = authors?.[at] ?? []));
    this.part.about.replaceChildren(...aboutAnswer(item, chosen));
  }

  /** The merged value is -1, answers count from 0. */
  choose(item, chosen) {
    const all = [...(mergedValue(item) ? [-1] : []), ...item.answers.keys()];
    this.part.answers.replaceChildren(...all.map((index) => answerChip(item, index, index === chosen)));
    this.part.table.replaceChildren(...answersTable(item, all, chosen));
    this.part.about.replaceChildren(...aboutAnswer(item, chosen));
    const reject = this.part.decisions.querySelector("[data-decision=reject]");
    reject.disabled = !(chosen < 0 ? item.answers : [item.answers[chosen]]).some(({ rejectable }) => rejectable);
    this.comparing.show(chosen, this.#sideBySide);
  }

  /** Draw the chosen answer with the others laid over it; side by side, every answer on a stage of its own. */
  async stage(item, chosen) {
    const shown = this.#sideBySide ? [...item.answers.keys()].filter((index) => !this.comparing.hides(index)) : [chosen];
    const compare = (index) => (this.#sideBySide ? null : othersOf(item, index, this.comparing.hidden));
    await this.#mount(item, shown.map((index) => ({ index, value: valueOf(item, index), readonly: true, compare: compare(index) })));
  }

  /** Draw the chosen answer to be edited. */
  async edit(item, chosen, value = null) {
    await this.#mount(item, [{ index: chosen, value: value ?? valueOf(item, chosen), readonly: false, compare: null }]);
    this.first.activate(this.first.asked[0]);
  }

  /** Labels to set while an answer is edited, and the marks of the first answer shown. */
  #aside(readonly) {
    const { first } = this;
    const refresh = () => {
      this.palette.update(readonly ? [] : first.labels());
      this.marks.update(first.marks());
    };
    first.addEventListener("change", refresh);
    first.addEventListener("select", ({ detail }) => this.marks.select(detail.mark));
    refresh();
  }

  async #mount(item, wanted) {
    for (const stage of this.#stages) stage.dispose();
    const panes = wanted.map(({ index }) => {
      const pane = make("section", "desk-pane");
      if (wanted.length > 1) pane.append(make("h2", "desk-pane__title", t("Answer {name}", { name: item.answers[index].name })));
      pane.append(make("div", "desk-pane__stage"));
      return pane;
    });
    this.part.stage.replaceChildren(...panes);
    this.part.stage.classList.toggle("is-many", wanted.length > 1);
    const { schema, payload } = item;
    this.#stages = await Promise.all(
      wanted.map(({ value, readonly, compare }, at) => mountStage(panes[at].lastElementChild, { schema, payload, value: value ?? {}, readonly, compare })),
    );
    this.comparing.mark();
    this.#aside(wanted[0].readonly);
  }

  /** Leave an answer out of the comparison, or take it in again. */
  hide(item, chosen, index) {
    this.comparing.toggle(index);
    this.comparing.show(chosen, this.#sideBySide);
    return this.stage(item, chosen);
  }

  layout(item, chosen) {
    this.#sideBySide = !this.#sideBySide;
    this.part.layout.setAttribute("aria-pressed", String(this.#sideBySide));
    this.comparing.show(chosen, this.#sideBySide);
    announce(this.#sideBySide ? t("Answers side by side") : t("One answer, the others laid over it"));
    return this.stage(item, chosen);
  }

  /** The stage that is edited, or the only one. */
  get first() {
    return this.#stages[0];
  }

  problems() {
    const problems = this.first.validate().filter(({ severity }) => severity === "error");
    this.first.showProblems(problems);
    return problems;
  }

  prefetch({ schema, payload }) {
    prefetchStage({ schema, payload }).catch(() => {}); // shown again when it is drawn
  }

  // --- The decision ------------------------------------------------------------------------------------------------------

  /** Show what is being prepared; `before` is what was written for it already. */
  plan(plan, item, chosen, before = null) {
    for (const button of this.part.decisions.querySelectorAll("[data-decision]")) {
      const on = button.dataset.decision === plan?.decision && (!plan.to || button.dataset.to === plan.to);
      button.setAttribute("aria-pressed", String(on));
    }
    this.part.form.hidden = !plan;
    this.part.problems.replaceChildren();
    if (!plan) return;
    this.part.meaning.textContent = meaning(plan, item, chosen);
    const worded = WORDED.has(plan.decision);
    this.part.reasons.hidden = this.part.pin.hidden = !worded;
    this.#fill(item, chosen, before);
    if (worded) this.part.reasons.querySelector("input").focus();
    announce(this.part.meaning.textContent);
  }

  #fill(item, chosen, before) {
    const places = pins(item, valueOf(item, chosen)).map(({ path, words }) => make("option", "", words, { value: path }));
    this.part.path.replaceChildren(make("option", "", t("The whole answer"), { value: "" }), ...places);
    this.part.path.value = before?.comments?.[0]?.path ?? "";
    this.part.note.value = before?.note || before?.comments?.[0]?.text || "";
    for (const box of this.part.reasons.querySelectorAll("input")) box.checked = before?.reasons?.includes(box.value) ?? false;
  }

  /** Tick or untick the reason at this place, from 1. */
  reason(place) {
    const box = this.part.reasons.querySelectorAll("input")[place - 1];
    if (!box) return;
    box.checked = !box.checked;
    box.focus();
  }

  note() {
    this.part.note.focus();
  }

  /** What the reviewer has written: reasons, and the words as a comment on a question or as a note. */
  said() {
    const text = this.part.note.value.trim();
    const path = this.part.pin.hidden ? "" : this.part.path.value;
    const reasons = this.part.reasons.hidden ? [] : [...this.part.reasons.querySelectorAll("input:checked")].map((box) => box.value);
    return { reasons, note: path ? "" : text, comments: path && text ? [{ path, text }] : [] };
  }

  blocked(problems) {
    this.part.problems.replaceChildren(...problems.map(({ message }) => make("li", "is-error", message)));
    problems[0]?.focus?.();
  }

  // --- States ------------------------------------------------------------------------------------------------------------

  loading() {
    this.#state("loading");
  }

  nothing(none) {
    this.#state("nothing");
    this.#leave();
    this.part.why.textContent = this.setup.reasons[none.reason] ?? t("Nothing waits for a review here.");
    this.part.hint.textContent = none.waiting ? t(["{n} task waits, and you have worked on it yourself.", "{n} tasks wait, and you have worked on each of them yourself."], { n: none.waiting }) : "";
    announce(this.part.why.textContent);
  }

  lost(because) {
    this.#state("lost");
    this.#leave();
    const words = {
      elsewhere: t("You opened it in another tab: it goes on there."),
      submitted: t("It was decided from another tab."),
    };
    this.part.lost.textContent = words[because] ?? t("Its time ran out: it went back to the queue, and somebody else may take it. Nothing was decided.");
    announce(this.part.lost.textContent, { urgent: true });
  }

  failed(error) {
    this.#state("failed");
    this.#leave();
    this.part.failure.textContent = [error.message, error.remedy].filter(Boolean).join(" ");
  }

  #leave() {
    this.plan(null);
    this.clock(null);
    this.part.cause.hidden = true;
    this.part.past.hidden = true;
  }

  online(is) {
    this.part.offline.hidden = is;
  }

  /** Seconds left; null without a lease. */
  clock(left, soon = false) {
    this.part.clock.hidden = left === null;
    this.part.extend.hidden = !soon;
    if (left === null) return;
    this.part.left.textContent = t("{time} left", { time: clockText(left) });
    this.part.clock.dataset.state = soon ? "warn" : "ok";
  }

  queue(lines) {
    this.part.queue.replaceChildren(...lines.map(queueLine));
    if (!lines.length) this.part.queue.append(make("li", "muted small", t("Nothing else waits.")));
  }

  decided(outcome) {
    const words = {
      accept: t("Accepted"),
      correct: t("Corrected"),
      return: t("Returned to the author"),
      reject: t("Rejected"),
      escalate: t("Passed on"),
    };
    this.tell(outcome.status === "ended" ? t("The task had ended meanwhile. Your time is paid.") : words[outcome.decision]);
  }

  tell(words, tone = "ok") {
    toast(words, { tone });
  }
}
