/* The forms of lists to choose from: options, labels, reasons. `at`: {editor, config, path} of the settings that hold them. */

import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { colour, freeName, iconButton, move, nameFrom, put, putWords, text, tick, wordsOf } from "@mh/app/schema-forms";

const LEAST = 1; // one option stays, so that there is a row to write in

/** The rows of options or labels: key, words, hotkey, a colour for labels, and a tick for each of `flags`, [member, words]. */
export function options(at, name, flags = []) {
  const from = at.config[`${name}_from`];
  if (from) return [make("p", "muted small", t("They come from the field {name} of each task.", { name: from }))];
  at.config[name] ??= [];
  const all = at.config[name];
  const table = make("ol", "option-rows");
  table.append(...all.map((each, index) => optionRow(at, all, each, index, `${at.path}/${name}/${index}`, { coloured: name === "labels", flags })));
  const add = make("button", "button button--small", name === "labels" ? t("Add a label") : t("Add an option"), { type: "button" });
  add.addEventListener("click", () => {
    all.push({ key: freeName("new", all.map(({ key }) => key)), title: { en: "" } });
    at.editor.redrawn(`${at.path}/${name}/${all.length - 1}`);
  });
  const line = make("div");
  line.append(add);
  return [table, line];
}

/** The slot that a label without a colour gets: those that no label claims go round in order. */
function freeSlot(all, index) {
  const claimed = new Set(all.map((each) => each.colour));
  const free = Array.from({ length: 20 }, (_, slot) => slot + 1).filter((slot) => !claimed.has(slot));
  const place = all.slice(0, index).filter((each) => !each.colour).length;
  return free.length ? free[place % free.length] : (place % 20) + 1;
}

function optionRow(at, all, each, index, path, { coloured, flags }) {
  const line = make("li", "option-row", "", { "data-path": path });
  const { editor } = at;
  const change = (name) => (value) => {
    put(each, name, value);
    editor.said();
  };
  const key = text(each.key, change("key"), { "aria-label": t("Key"), class: "mono", spellcheck: "false", placeholder: t("key") });
  let own = !/^new(_\d+)?$/.test(each.key ?? ""); // a new one's key follows its words until it is written by hand
  key.addEventListener("input", () => (own = true));
  const titled = (value) => {
    if (!own) {
      each.key = freeName(nameFrom(value) || "new", all.filter((other) => other !== each).map((other) => other.key));
      key.value = each.key;
    }
    putWords(each, "title", "en", value);
    editor.said();
  };
  line.append(text(wordsOf(each.title, "en"), titled, { "aria-label": t("Words"), placeholder: t("words") }));
  if (editor.chinese) line.append(text(wordsOf(each.title, "zh-Hans"), (value) => { putWords(each, "title", "zh-Hans", value); editor.said(); }, { "aria-label": t("Words in Chinese"), placeholder: "中文", lang: "zh-Hans" }));
  line.append(key, text(each.hotkey, change("hotkey"), { "aria-label": t("Hotkey"), class: "mono option-row__key", placeholder: t("hotkey"), maxlength: "24" }));
  if (coloured) line.append(colour(each.colour, freeSlot(all, index), change("colour")));
  line.append(...flags.map(([member, words]) => tick(words, each[member], change(member))));
  const tools = make("span", "option-row__tools");
  tools.append(
    iconButton("arrow-up", t("Move up"), () => move(all, index, -1) && editor.redrawn()),
    iconButton("trash", t("Remove {name}", { name: wordsOf(each.title, "en") || each.key }), () => {
      if (all.length > LEAST) all.splice(index, 1);
      editor.redrawn();
    }),
  );
  line.append(tools);
  return line;
}
