/* The form of the columns of a list that people write. What it does not show (limits, patterns, rows that must be there) is edited as JSON. */

import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { freeName, iconButton, move, nameFrom, put, putWords, select, text, tick, wordsOf } from "@mh/app/schema-forms";
import { options } from "@mh/app/schema-options";

const CHOSEN = ["choice", "choices"];
const KINDS = [
  ["text", t("words in one line")],
  ["long_text", t("text")],
  ["markdown", t("formatted text")],
  ["code", t("code")],
  ["integer", t("whole number")],
  ["number", t("number")],
  ["boolean", t("box to tick")],
  ["choice", t("one of several")],
  ["choices", t("several of many")],
  ["date", t("date")],
  ["url", t("web address")],
];
// settings that only some kinds have; they go when the kind changes
const OWN = ["options", "to", "min", "max", "min_chars", "max_chars", "pattern", "not"];

/** A row for each column, and a button for one more. `at`: {editor, config, path} of the question. */
export function columns(at) {
  at.config.columns ??= [];
  const all = at.config.columns;
  const rows = make("ol", "option-rows");
  rows.append(...all.map((column, index) => columnRow(at, all, column, index)));
  const add = make("button", "button button--small", t("Add a column"), { type: "button" });
  add.addEventListener("click", () => {
    all.push({ key: freeName("new", all.map(({ key }) => key)), title: { en: "" }, type: "text" });
    at.editor.redrawn(`${at.path}/columns/${all.length - 1}`);
  });
  const line = make("div");
  line.append(add);
  return [rows, line];
}

function columnRow(at, all, column, index) {
  const { editor } = at;
  const path = `${at.path}/columns/${index}`;
  const item = make("li", "stack gap-2", "", { "data-path": path });
  const line = make("div", "option-row");
  line.append(...titles(at, all, column), kind(at, column), ...ticks(at, column));
  const tools = make("span", "option-row__tools");
  const remove = () => {
    if (all.length === 1) return;
    all.splice(index, 1);
    isMatched(at, column.key, false);
    editor.redrawn();
  };
  tools.append(
    iconButton("arrow-up", t("Move up"), () => move(all, index, -1) && editor.redrawn()),
    iconButton("trash", t("Remove {name}", { name: wordsOf(column.title, "en") || column.key }), remove),
  );
  line.append(tools);
  item.append(line);
  if (CHOSEN.includes(column.type)) item.append(...options({ editor, config: column, path }, "options"));
  return item;
}

/** Words and key; a new column's key follows its words until it is written by hand. */
function titles({ editor, config }, all, column) {
  const rekey = (key) => {
    if (config.match) config.match = config.match.map((each) => (each === column.key ? key : each));
    column.key = key;
    editor.said();
  };
  const key = text(column.key, rekey, { "aria-label": t("Key"), class: "mono", spellcheck: "false", placeholder: t("key") });
  let own = !/^new(_\d+)?$/.test(column.key ?? "");
  key.addEventListener("input", () => (own = true));
  const titled = (value) => {
    putWords(column, "title", "en", value);
    if (!own) {
      rekey(freeName(nameFrom(value) || "new", all.filter((other) => other !== column).map((other) => other.key)));
      key.value = column.key;
    }
    editor.said();
  };
  const chinese = (value) => {
    putWords(column, "title", "zh-Hans", value);
    editor.said();
  };
  return [
    text(wordsOf(column.title, "en"), titled, { "aria-label": t("Words"), placeholder: t("words") }),
    ...(editor.chinese ? [text(wordsOf(column.title, "zh-Hans"), chinese, { "aria-label": t("Words in Chinese"), placeholder: "中文", lang: "zh-Hans" })] : []),
    key,
  ];
}

function kind({ editor }, column) {
  const known = KINDS.some(([type]) => type === column.type);
  const input = select(column.type, known ? KINDS : [...KINDS, [column.type, column.type]], (type) => {
    for (const name of OWN) delete column[name];
    column.type = type;
    if (CHOSEN.includes(type)) column.options = [t("First"), t("Second")].map((en, place) => ({ key: ["first", "second"][place], title: { en } }));
    editor.redrawn();
  });
  input.setAttribute("aria-label", t("Kind"));
  return input;
}

function ticks(at, column) {
  const required = tick(t("needed"), column.required, (on) => {
    put(column, "required", on);
    at.editor.said();
  });
  const matched = tick(t("says which rows are the same"), at.config.match?.includes(column.key), (on) => {
    isMatched(at, column.key, on);
    at.editor.said();
  });
  return [required, matched];
}

/** Whether rows of several answers are recognised by this column. */
function isMatched({ config }, key, on) {
  const match = (config.match ?? []).filter((each) => each !== key).concat(on ? [key] : []);
  put(config, "match", match.length ? match : undefined);
}
