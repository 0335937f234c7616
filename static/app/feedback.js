/* The feedback drawer: what reviewers said of this person's answers, returned work first, and texts that could not be sent. Never a modal
   in the way of work: it opens when it is asked for. */

import { call } from "@mh/app/api";
import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { answerWords } from "@mh/app/answer-words";
import { language, title, words } from "@mh/app/words";
import { openSheet } from "@mh/ui/sheet";

const HEADLINES = {
  work_returned: () => t("Returned to you"),
  answer_corrected: () => t("Corrected"),
  answer_rejected: () => t("Not accepted"),
  answer_accepted_in_review: () => t("Accepted in review"),
  practice_right: () => t("Practice: right"),
  practice_wrong: () => t("Practice: look at this"),
};

const REASONS = {
  wrong: () => t("Wrong"),
  incomplete: () => t("Incomplete"),
  guideline_breach: () => t("Against the guidelines"),
  too_fast: () => t("Too fast to have been read"),
  automated: () => t("Looks automated"),
  duplicate: () => t("Copied"),
  off_topic: () => t("Off topic"),
  other: () => t("Something else"),
};

const ASIDE = {
  lease_lost: () => t("The task had passed into other hands when this answer arrived."),
  offer_lapsed: () => t("The task went to somebody else before it was opened."),
  already_submitted: () => t("The task had been answered from another tab."),
};

/** The words of a review's reasons. */
export function reasonWords(reasons) {
  return reasons.map((reason) => REASONS[reason]?.() ?? reason);
}

export class Feedback {
  #path;
  #drafts;
  #schema;
  #notices = [];
  #changed;

  /** `changed(unread)` is told how much is unread. */
  constructor({ path, drafts, schema, notices, changed }) {
    this.#path = path;
    this.#drafts = drafts;
    this.#schema = schema;
    this.#notices = notices;
    this.#changed = changed;
    changed(this.unread);
  }

  get unread() {
    return this.#notices.filter(({ read }) => !read).length;
  }

  /** Look again; true if something new came. */
  async refresh() {
    const before = this.#notices.length ? this.#notices[0].id : null;
    const { body } = await call("GET", this.#path);
    this.#notices = body.notices;
    this.#changed(this.unread);
    return this.#notices.length > 0 && this.#notices[0].id !== before && !this.#notices[0].read;
  }

  async open() {
    const list = make("div", "feedback-list");
    list.append(...(await this.#drafts.aside()).map((kept) => this.#aside(kept)), ...this.#notices.map((notice) => this.#row(notice)));
    if (!list.childElementCount) {
      list.append(make("p", "muted", t("Nothing yet. When somebody reviews your answers, their words appear here.")));
    }
    openSheet({ title: t("Feedback"), content: list, kind: "drawer" });
    if (!this.unread) return;
    for (const notice of this.#notices) notice.read = true;
    this.#changed(0);
    await call("POST", this.#path, { body: {} }).catch(() => {}); // still unread next time, no harm
  }

  #row({ code, at, params, read }) {
    const row = make("article", read ? "feedback" : "feedback is-new");
    const head = make("header", "feedback__head");
    head.append(make("h3", "", HEADLINES[code]?.() ?? code), time(at));
    row.append(head);
    const reasons = reasonWords(params.reasons ?? []);
    if (reasons.length) row.append(make("p", "feedback__reasons", new Intl.ListFormat(language()).format(reasons)));
    if (params.note) row.append(quote(params.note));
    for (const comment of params.comments ?? []) row.append(quote(comment.text));
    if (params.questions?.length) row.append(this.#comparison(params, code.startsWith("practice")));
    if (code === "work_returned") row.append(make("p", "muted", t("It is first in line among your next tasks.")));
    return row;
  }

  /** Yours and the accepted one side by side. */
  #comparison({ questions, yours, accepted }, expected = false) {
    const table = make("table", "feedback__table");
    const head = table.createTHead().insertRow();
    for (const words_ of [t("Question"), t("Yours"), expected ? t("Expected") : t("Accepted")]) head.append(make("th", "", words_, { scope: "col" }));
    const body = table.createTBody();
    for (const name of questions) {
      const question = this.#schema.questions.find((candidate) => candidate.name === name) ?? { name, type: "", config: {} };
      const row = body.insertRow();
      row.append(make("th", "", title(question), { scope: "row" }));
      for (const value of [yours?.[name], accepted?.[name]]) row.append(make("td", "prewrap", answerWords(question, value), { dir: "auto" }));
    }
    return table;
  }

  /** Work that was kept because it could not be sent. */
  #aside({ assignment, body, reason, at }) {
    const row = make("article", "feedback");
    const head = make("header", "feedback__head");
    head.append(make("h3", "", t("Kept for you")), time(at));
    const text = make("details");
    text.append(make("summary", "", t("Show the answer")));
    for (const [name, value] of Object.entries(body.value ?? {})) {
      const question = this.#schema.questions.find((candidate) => candidate.name === name) ?? { name, type: "", config: {} };
      text.append(make("p", "bold", words(question.title) || name), make("p", "prewrap", answerWords(question, value), { dir: "auto" }));
    }
    const drop = make("button", "button button--small", t("Forget it"), { type: "button" });
    drop.addEventListener("click", async () => {
      await this.#drafts.forgetAside(assignment);
      row.remove();
    });
    row.append(head, make("p", "", ASIDE[reason]?.() ?? t("This answer could not be sent.")), text, drop);
    return row;
  }
}

function quote(text) {
  return make("blockquote", "feedback__quote", text, { dir: "auto" });
}

function time(at) {
  const date = new Date(at);
  const words_ = new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" }).format(date);
  return make("time", "muted tiny", words_, { datetime: date.toISOString() });
}
