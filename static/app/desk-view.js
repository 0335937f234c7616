// The reviewer desk on the page: answers side by side in a table and on the stage, the decision panel, and every state in words.

import { t } from "@mh/app/i18n";
import { mountStage } from "@mh/app/stage";
import { inWords, percent, said, same } from "@mh/app/values";

/** An element with attributes and children; text is always text. */
function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "dataset") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

const lang = document.documentElement.lang || "en";

export class DeskView {
  #stages = [];
  #sideBySide = false;

  constructor(root, setup) {
    this.root = root;
    this.setup = setup;
    this.part = Object.fromEntries([...root.querySelectorAll("[data-part]")].map((node) => [node.dataset.part, node]));
  }

  #state(name) {
    this.root.dataset.state = name;
  }

  announce(words) {
    this.part.live.textContent = words;
  }

  // --- One task ---------------------------------------------------------------------------------------------------
  task(item, chosen) {
    this.#state("review");
    this.part.cause.textContent = item.review.words;
    this.part.stage.dataset.kind = item.review.stage;
    this.part.waiting.textContent = t("{n} waiting", { n: item.waiting });
    this.part.history.replaceChildren(...item.history.map(judgement));
    this.part.past.hidden = !item.history.length;
    this.choose(item, chosen);
  }

  choose(item, chosen) {
    const merged = item.answers.length > 1 && item.consensus ? [-1] : [];
    const all = [...merged, ...item.answers.keys()];
    this.part.answers.replaceChildren(...all.map((index) => chip(item, index, index === chosen)));
    this.part.table.replaceChildren(...table(item, all, chosen));
    this.part.about.replaceChildren(...about(item.answers[chosen]));
  }

  /** Draw the chosen answer; the others lie under it for comparison. Side by side: every answer on a stage of its own. */
  async stage(item, chosen) {
    const shown = this.#sideBySide ? [...item.answers.keys()] : [chosen];
    await this.#mount(
      item,
      shown.map((index) => ({ index, value: valueOf(item, index), readonly: true, compare: this.#sideBySide ? null : others(item, index) })),
    );
  }

  /** Draw the chosen answer to be edited. */
  async edit(item, chosen, value = null) {
    await this.#mount(item, [{ index: chosen, value: value ?? valueOf(item, chosen) ?? {}, readonly: false, compare: null }]);
    this.part.stage.querySelector("input, textarea, button, [tabindex]")?.focus();
  }

  async #mount(item, wanted) {
    for (const stage of this.#stages) stage.dispose();
    this.#stages = [];
    const panes = wanted.map(({ index }) =>
      h("div", { class: "desk-pane" }, wanted.length > 1 ? h("h3", {}, t("Answer {name}", { name: item.answers[index].name })) : null, h("div", { class: "desk-pane-stage" })),
    );
    this.part.stage.replaceChildren(...panes);
    this.part.stage.classList.toggle("desk-stage-many", wanted.length > 1);
    this.#stages = await Promise.all(
      wanted.map((each, at) =>
        mountStage(panes[at].lastElementChild, {
          schema: item.schema,
          payload: item.payload,
          value: each.value ?? {},
          readonly: each.readonly,
          compare: each.compare,
        }),
      ),
    );
  }

  layout(item, chosen) {
    if (!item) return;
    this.#sideBySide = !this.#sideBySide;
    this.stage(item, chosen);
    this.announce(this.#sideBySide ? t("Answers side by side") : t("One answer, the others laid under it"));
  }

  value() {
    return this.#stages[0]?.value ?? {};
  }

  problems() {
    return this.#stages[0]?.validate().filter((problem) => !problem.code.startsWith("warning:")) ?? [];
  }

  prefetch(item) {
    for (const field of item.schema.fields) {
      const source = item.payload[field.name];
      const url = field.type === "image" ? (source?.src ?? source) : null;
      if (typeof url === "string" && /^(\/|https?:)/.test(url)) new Image().src = url;
    }
  }

  // --- The decision -----------------------------------------------------------------------------------------------
  plan(plan, item, chosen, before = null) {
    this.root.dataset.plan = plan?.decision ?? "";
    for (const button of this.part.decisions.querySelectorAll("[data-decision]")) {
      const on = button.dataset.decision === plan?.decision && (!plan.to || button.dataset.to === plan.to);
      button.setAttribute("aria-pressed", String(on));
    }
    this.part.form.hidden = !plan;
    this.part.problems.replaceChildren();
    if (!plan) return;
    this.part.meaning.textContent = meaning(plan, item, chosen);
    const words = ["return", "reject"].includes(plan.decision);
    this.part.reasons.hidden = !words;
    this.part.pin.hidden = !words;
    this.#fill(item, before);
    if (words) this.part.reasons.querySelector("input").focus();
  }

  #fill(item, before) {
    const questions = item.schema.questions.map((question) => h("option", { value: `/${question.name}` }, said(question.title, lang)));
    this.part.path.replaceChildren(h("option", { value: "" }, t("The whole answer")), ...questions);
    this.part.note.value = before?.note ?? before?.comments?.[0]?.text ?? "";
    for (const box of this.part.reasons.querySelectorAll("input")) box.checked = before?.reasons?.includes(box.value) ?? false;
  }

  /** What the reviewer has written: reasons, and the words as a comment on a question or as a note. */
  said() {
    const text = this.part.note.value.trim();
    const path = this.part.pin.hidden ? "" : this.part.path.value;
    const reasons = this.part.reasons.hidden ? [] : [...this.part.reasons.querySelectorAll("input:checked")].map((box) => box.value);
    return { reasons, note: path ? "" : text, comments: path && text ? [{ path, text }] : [] };
  }

  blocked(problems) {
    this.part.problems.replaceChildren(...problems.map((problem) => h("li", {}, problem.message)));
    problems[0]?.focus?.();
  }

  outcome(outcome) {
    return {
      accept: t("Accepted"),
      correct: t("Corrected"),
      return: t("Returned to the author"),
      reject: t("Rejected"),
      escalate: t("Passed on"),
    }[outcome.decision];
  }

  // --- States -----------------------------------------------------------------------------------------------------
  loading() {
    this.#state("loading");
  }

  nothing(none) {
    this.#state("nothing");
    this.part.why.textContent = this.setup.reasons[none.reason] ?? t("Nothing waits for a review here.");
    this.part.hint.textContent = none.waiting ? t("{n} tasks wait, and you have worked on each of them yourself.", { n: none.waiting }) : "";
  }

  lost() {
    this.#state("lost");
    this.announce(t("The time for this review ran out; somebody else may take it."));
  }

  failed(refusal) {
    this.#state("failed");
    this.part.failure.textContent = refusal.message || t("The desk could not be loaded.");
  }

  online(is) {
    this.part.offline.hidden = is;
  }

  clock(left, soon = false) {
    this.part.clock.hidden = left === null;
    if (left === null) return;
    this.part.clock.textContent = `${String(Math.floor(left / 60)).padStart(2, "0")}:${String(left % 60).padStart(2, "0")}`;
    this.part.clock.classList.toggle("desk-clock-soon", soon);
    this.part.extend.hidden = !soon;
  }

  queue(lines) {
    this.part.queue.replaceChildren(...lines.map(line));
  }

  toast(words) {
    this.part.toast.textContent = words;
    this.part.toast.classList.remove("desk-toast-in");
    requestAnimationFrame(() => this.part.toast.classList.add("desk-toast-in"));
    this.announce(words);
  }

  sheet() {
    this.part.sheet.showModal();
  }
}

// --- Pieces ---------------------------------------------------------------------------------------------------------
function valueOf(item, index) {
  if (index >= 0) return item.answers[index]?.value;
  const parts = Object.entries(item.consensus?.answers ?? {}).filter(([, part]) => part.value !== null);
  return Object.fromEntries(parts.map(([name, part]) => [name, part.value]));
}

function others(item, index) {
  const rest = item.answers.filter((answer, at) => at !== index && answer.value);
  return Object.fromEntries(rest.map((answer) => [answer.name, answer.value]));
}

function chip(item, index, on) {
  const answer = item.answers[index];
  const name = answer ? answer.name : t("Merged");
  return h(
    "button",
    { type: "button", class: "desk-answer", role: "radio", "aria-checked": String(on), dataset: { answer: String(index) } },
    h("span", { class: "desk-answer-name" }, name),
    h("kbd", {}, answer ? String(index + 1) : "M"),
    answer?.exit ? h("span", { class: "desk-answer-exit" }, t("no answer")) : null,
  );
}

/** Questions down, answers across; what differs from the merged value is marked by a sign and a frame, not by colour alone. */
function table(item, all, chosen) {
  const head = h("tr", {}, h("th", { scope: "col" }, t("Question")), ...all.map((index) => h("th", { scope: "col" }, item.answers[index]?.name ?? t("Merged"))), h("th", { scope: "col" }, t("Agreement")));
  const rows = item.schema.questions.map((question) => row(item, question, all, chosen));
  return [h("thead", {}, head), h("tbody", {}, ...rows)];
}

function row(item, question, all, chosen) {
  const part = item.consensus?.answers?.[question.name];
  const cells = all.map((index) => {
    const value = valueOf(item, index)?.[question.name];
    const differs = index >= 0 && part && part.value !== null && value !== undefined && !same(value, part.value);
    const words = inWords(question, value, item.payload, lang) || "–";
    return h("td", { class: [index === chosen ? "desk-cell-on" : "", differs ? "desk-cell-differs" : ""].join(" ").trim() || null }, differs ? h("span", { class: "desk-sign", title: t("differs") }, "≠") : null, h("span", { dir: "auto" }, words));
  });
  const agreement = part?.agreement === null || part?.agreement === undefined ? "–" : percent(part.agreement, lang);
  return h("tr", {}, h("th", { scope: "row" }, said(question.title, lang)), ...cells, h("td", { class: "desk-agreement" }, agreement));
}

/** About the chosen answer: how often its author was right, with the number of checks and the interval; time; words of the author. */
function about(answer) {
  if (!answer) return [h("p", {}, t("Made of all answers, each with the weight of its author's record."))];
  const known = answer.accuracy;
  const record = known
    ? t("Right in {share} of {n} checks (between {low} and {high}); {gold} of them against known answers.", {
        share: percent(known.share, lang),
        n: known.n,
        low: percent(known.low, lang),
        high: percent(known.high, lang),
        gold: known.gold_n,
      })
    : t("Nothing is known yet of this author's accuracy.");
  const lines = [h("p", {}, record), h("p", {}, t("{n} s of work", { n: answer.active_s }))];
  if (answer.exit) lines.push(h("p", { class: "desk-exit" }, `${t("Could not be answered")}: ${answer.exit.type} · ${answer.exit.reason ?? ""} ${answer.exit.note ?? ""}`));
  if (answer.comment) lines.push(h("blockquote", { dir: "auto" }, answer.comment));
  for (const flag of answer.flags) lines.push(h("p", { class: "desk-flag" }, `⚑ ${flag.code ?? flag}`));
  if (answer.before) lines.push(h("p", { class: "desk-before" }, t("The author has answered a return.")));
  return lines;
}

function judgement(past) {
  const words = [past.words, past.answer && t("answer {name}", { name: past.answer }), ...past.reasons].filter(Boolean).join(" · ");
  return h("li", {}, h("strong", {}, words), ...past.comments.map((comment) => h("p", { dir: "auto" }, comment.text)), past.note ? h("p", { dir: "auto" }, past.note) : null);
}

function meaning(plan, item, chosen) {
  const name = item.answers[chosen]?.name ?? t("the merged value");
  if (plan.decision === "escalate") return plan.to === "peer" ? t("Another reviewer gives an opinion without seeing yours.") : t("An expert decides.");
  return {
    accept: item.answers[chosen]?.exit ? t("It cannot be answered: the task is closed.") : t("{name} becomes the result.", { name }),
    correct: t("Your version becomes the result; both are kept, and the authors are paid in full."),
    return: t("{name} goes back to its author, who has 48 hours.", { name }),
    reject: t("{name} does not count and is not paid; somebody else answers.", { name }),
  }[plan.decision];
}

function line(waiting) {
  const hours = Math.max(0, (Date.now() - new Date(waiting.since)) / 3_600_000);
  const age = new Intl.RelativeTimeFormat(lang, { numeric: "auto", style: "short" });
  const since = hours < 1 ? age.format(-Math.round(hours * 60), "minute") : hours < 48 ? age.format(-Math.round(hours), "hour") : age.format(-Math.round(hours / 24), "day");
  return h("li", {}, h("span", {}, waiting.words), h("span", { class: "desk-queue-meta" }, since, waiting.agreement === null ? "" : ` · ${t("agreement {share}", { share: percent(waiting.agreement, lang) })}`));
}
