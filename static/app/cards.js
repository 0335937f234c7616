/* Cards that stand where the task would be: why there is none, and what can be done. */

import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { moment } from "@mh/app/times";

/** Build a card. `actions`: [{label, kind, run, href}]; `extra`: more elements below the words. */
export function card({ icon = "", title, words = [], actions = [], extra = [] }) {
  const element = make("section", "state-card", "", { tabindex: "-1" });
  if (icon) element.append(make("div", "state-card__icon", icon, { "aria-hidden": "true" }));
  element.append(make("h2", "state-card__title", title));
  element.append(...words.filter(Boolean).map((line) => make("p", "", line)), ...extra.filter(Boolean));
  if (actions.length) {
    const row = make("div", "state-card__actions");
    row.append(...actions.map(actionButton));
    element.append(row);
  }
  return element;
}

function actionButton({ label, kind = "", run, href }) {
  const className = `button${kind ? ` button--${kind}` : ""}`;
  if (href) return make("a", className, label, { href });
  const button = make("button", className, label, { type: "button" });
  button.addEventListener("click", run);
  return button;
}

/** Why the server has no task: {code: (params) => {title, words, href, label}}; `href`: where there is more, if there is. */
const REASONS = {
  queue_empty: () => ({
    title: t("No task for you right now"),
    words: [
      t("You have done everything that is open to you here, or others are at it this moment."),
      t("New tasks and returned work appear here by themselves; you can leave this page open."),
    ],
  }),
  paused: () => ({
    title: t("This project is paused"),
    words: [t("Its owner has stopped it for the moment. What you have sent is kept and paid as agreed.")],
  }),
  restricted: () => ({
    title: t("Your account cannot take work now"),
    words: [t("Your profile says why and until when, and how to object.")],
  }),
  excluded: ({ reason }) => ({
    title: t("This project does not offer you work"),
    words: [reason, t("Other projects are not touched by this.")],
  }),
  restricted_here: ({ until, restriction }) => ({
    title: t("No new tasks for you here until {moment}", { moment: moment(new Date(until)) }),
    words: [t("What you have begun you can finish, and your pay stays as it is. Other projects are not touched by this.")],
    href: `/home/restrictions/${restriction}/`,
    label: t("Why, and what you can do"),
  }),
  not_in_team: () => ({
    title: t("This project works with its own team"),
    words: [t("You need an invitation to work here.")],
  }),
  own_organization: () => ({
    title: t("This is your own organization's project"),
    words: [t("It wants answers from people outside.")],
  }),
  skill_missing: () => ({
    title: t("A skill is missing"),
    words: [t("This project asks for a skill that you do not hold yet. Your profile shows which skills you have.")],
  }),
  skill_low: () => ({
    title: t("A higher skill level is needed"),
    words: [t("This project asks for a higher level of a skill than you hold.")],
  }),
  language: ({ tag, level }) => ({
    title: t("Another language is needed"),
    words: [t("This project asks for {language} at level {level}. You can add languages to your profile.", { language: languageName(tag), level: level ?? 1 })],
  }),
  skill_expired: () => ({
    title: t("A skill has expired"),
    words: [t("This project asks for a skill that you held until lately. Whoever gave it can renew it.")],
  }),
  country: () => ({
    title: t("This work is for other countries"),
    words: [t("If your profile names the wrong country or none, correct it there.")],
  }),
  consent_missing: () => ({
    title: t("This project may show sensitive content"),
    words: [t("You see it only if you agree to it beforehand, on the page of your wishes.")],
  }),
  exposure_cap: () => ({
    title: t("Enough of this for today"),
    words: [t("More of such content a day is not good for anybody. It opens again tomorrow.")],
  }),
  skipped_enough: ({ most }) => ({
    title: t("This project rests until tomorrow"),
    words: [t("You gave more than {most} tasks of it back today. It does not count against you.", { most })],
  }),
  outside_hours: () => ({
    title: t("Outside your hours"),
    words: [t("You asked for work at other hours. You can change that on the page of your wishes.")],
  }),
  break: () => ({
    title: t("You are having a break"),
    words: [t("Work comes again when it is over, or when you end it on the page of your wishes.")],
  }),
  day_limit: ({ minutes }) => ({
    title: t("Enough for today"),
    words: [t("You have worked the {minutes} minutes that you set yourself. Work comes again tomorrow.", { minutes })],
  }),
  topic_hidden: () => ({
    title: t("You asked not to see this kind of work"),
    words: [t("You can change that on the page of your wishes.")],
  }),
  too_long: () => ({
    title: t("These tasks are longer than you want"),
    words: [t("You can change that on the page of your wishes.")],
  }),
  pay_below_wish: () => ({
    title: t("This pays less than you want"),
    words: [t("You can change that on the page of your wishes.")],
  }),
  together: () => ({
    title: t("You are called when enough people have come"),
    words: [t("These tasks are done by several people at the same time. Leave this page open: the next one begins by itself.")],
  }),
  stage_not_granted: () => ({
    title: t("This work needs a permission"),
    words: [t("An administrator of the project can give it to you.")],
  }),
};

/** The card for an answer of the server without a task. `elsewhere`: [{id, name}] of projects that have work for this person now. */
export function nothingCard({ reason, params = {}, elsewhere = [] }, actions) {
  const { title, words, href, label } = (REASONS[reason] ?? REASONS.queue_empty)(params);
  const more = href ? [{ label, href }] : [];
  return card({ icon: reason === "queue_empty" ? "✓" : "", title, words, actions: [...actions, ...more], extra: [elsewhereList(elsewhere)] });
}

function elsewhereList(projects) {
  if (!projects.length) return null;
  const box = make("nav", "state-card__elsewhere");
  box.append(make("h3", "", t("Work for you elsewhere")));
  const list = make("ul", "stack gap-1");
  for (const { id, name } of projects) {
    const row = make("li");
    row.append(make("a", "", name, { href: `/workspace/${id}/` }));
    list.append(row);
  }
  box.append(list);
  return box;
}

function languageName(tag) {
  try {
    return new Intl.DisplayNames([document.documentElement.lang, "en"], { type: "language" }).of(tag);
  } catch {
    return tag;
  }
}
