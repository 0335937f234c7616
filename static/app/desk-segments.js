/* Answers about a recording beside each other on the desk: each stretch with a button that plays it, and only what differs lit. */

import { card } from "@mh/app/desk-tables";
import { mergedValue } from "@mh/app/desk-pieces";
import { t } from "@mh/app/i18n";
import { onFields } from "@mh/app/items";
import { make } from "@mh/app/layout";
import { clock, heardWords } from "@mh/app/segment-words";
import { language, title } from "@mh/app/words";
import { icon } from "@mh/ui/icon";
import { runNode, wordRuns } from "@mh/ui/word-diff";

const COLLAR_S = 0.25;

/** A column for each answer, held against the merged one; against the first other answer where nothing is merged. Null for a single one. */
export function segmentColumns(item, question, answers) {
  if (answers.length < 2) return null;
  const merged = mergedValue(item)?.[question.name];
  const [field] = onFields(question);
  const columns = answers.map(({ name, value }, at) => {
    const other = merged ?? answers[at ? 0 : 1].value[question.name];
    return column(question, field, name, value[question.name], other);
  });
  const box = make("div", "desk-heard");
  box.append(...columns);
  return card(title(question), box);
}

function column(question, field, name, value, other) {
  const made = make("section", "desk-heard__answer");
  const heading = make("h3", "desk-heard__name", t("Answer {name}", { name }));
  const list = make("ol", "desk-heard__list", "", { "aria-label": t("Answer {name}", { name }) });
  const words = wordsOf(value.segments, other.segments);
  list.append(...value.segments.map((segment, at) => line(question, field, segment, words[at], isElsewhere(question, segment, value.segments, other.segments))));
  made.append(heading, value.segments.length ? list : make("p", "muted", t("nothing to mark")));
  return made;
}

/** Nodes for the words of each stretch: the transcripts are compared as a whole, wherever they are cut. */
function wordsOf(segments, others) {
  const texts = segments.map(({ text = "" }) => text);
  const whole = (all) => all.filter(Boolean).join(" ");
  const runs = wordRuns(whole(others.map(({ text = "" }) => text)), whole(texts)).map(([kind, text]) => ({ kind, text }));
  return texts.map((text) => (text ? taken(runs, text.length) : []));
}

/** The next runs with so many letters that are there, and the blank behind them; what is not there stands where it is missed. */
function taken(runs, letters) {
  const found = [];
  let left = letters;
  while (runs.length && (left > 0 || runs[0].kind === "del")) {
    const [run] = runs;
    const text = run.kind === "del" ? run.text : run.text.slice(0, left);
    found.push(runNode([run.kind, text]));
    if (run.kind !== "del") left -= text.length;
    run.text = run.text.slice(text.length);
    if (!run.text) runs.shift();
  }
  dropBlank(runs);
  return found;
}

function dropBlank(runs) {
  const run = runs.find(({ kind }) => kind !== "del");
  if (!run?.text.startsWith(" ")) return;
  run.text = run.text.slice(1);
  if (!run.text) runs.splice(runs.indexOf(run), 1);
}

/** Is another stretch there instead: without words none like it, with words one of somebody else? */
function isElsewhere({ config }, segment, mine, others) {
  if ((config.transcript ?? "none") !== "none") {
    const there = others.toSorted((a, b) => shared(b, segment) - shared(a, segment))[0];
    return Boolean(there) && shared(there, segment) > 0 && who(config, segment, mine) !== who(config, there, others);
  }
  const near = (a, b) => Math.abs(a - b) <= (config.collar ?? COLLAR_S);
  return !others.some((each) => each.label === segment.label && each.speaker === segment.speaker && near(each.start, segment.start) && near(each.end, segment.end));
}

/** Seconds that two stretches have in common. */
const shared = (a, b) => Math.min(a.end, b.end) - Math.max(a.start, b.start);

/** Label and speaker. Speakers without names of their own are told apart by when they are first heard. */
function who({ speakers }, { label, speaker }, all) {
  const heard = [...new Set(all.toSorted((a, b) => a.start - b.start).map((each) => each.speaker))];
  return JSON.stringify([label, speakers?.names?.length ? speaker : heard.indexOf(speaker)]);
}

function line({ config }, field, segment, words, elsewhere) {
  const made = make("li", "desk-heard__line");
  const when = `${clock(segment.start)}–${clock(segment.end)}`;
  const play = make("button", "button button--quiet button--icon button--small", "", { type: "button", "aria-label": t("Play {when}", { when }), title: t("Play {when}", { when }) });
  play.append(icon("play"));
  play.addEventListener("click", () => play.dispatchEvent(new CustomEvent("mh:play", { bubbles: true, cancelable: true, detail: { field, start: segment.start, end: segment.end } })));
  const about = make("span", "muted small num", [when, heardWords(config, segment, language())].filter(Boolean).join(" · "));
  if (elsewhere) about.append(" ", make("span", "desk-sign", "≠", { role: "img", "aria-label": t("answers differ") }));
  if (elsewhere || words.some(({ nodeType }) => nodeType === Node.ELEMENT_NODE)) play.dataset.differs = "";
  const said = make("span", "prewrap", "", { dir: "auto" });
  said.append(...words);
  made.append(play, about, said);
  return made;
}
