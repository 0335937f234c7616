/* The settings of each kind of field and question that the builder shows as forms, and what a new one starts with. */

import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { columns } from "@mh/app/schema-columns";
import { labelled, number, put, putWords, select, text, tick, wordsOf } from "@mh/app/schema-forms";
import { options } from "@mh/app/schema-options";

const option = (key, en) => ({ key, title: { en } });

/** What a new one of a type starts with. */
export const STARTS = {
  choice: () => ({ options: [option("yes", t("Yes")), option("no", t("No"))] }),
  choices: () => ({ options: [option("first", t("First")), option("second", t("Second"))] }),
  rating: () => ({ min: 1, max: 5 }),
  number: () => ({ decimals: 0 }),
  preference: () => ({ steps: 1, ties: true }),
  ranking: () => ({ ties: true }),
  spans: () => ({ labels: [option("label", t("Label"))], confirm_empty: true }),
  regions: () => ({ labels: [option("thing", t("Thing"))], shapes: ["box"], confirm_empty: true }),
  segments: () => ({ speakers: { max: 8 }, transcript: "required", overlap: true, confirm_empty: true }),
  verdicts: () => ({
    options: [option("right", t("Right")), { ...option("wrong", t("Wrong")), error: true, stop: true }],
    stop_at_first: true,
    first: "derived",
    reason: "on_error",
  }),
  records: () => ({ columns: [{ key: "text", title: { en: t("Text") }, type: "long_text", required: true }], match: ["text"], ordered: true }),
  tool_calls: () => ({ no_call: [option("no_tool", t("No tool fits")), option("missing", t("Something is missing"))] }),
  items: () => ({ item_type: "text", min: 2, max: 2, layout: "columns", shuffle: true }),
};

/** The form of the settings of a field or question; nothing for a kind without. */
export function configOf(editor, thing, path) {
  thing.config ??= {};
  const draw = FORMS[thing.type];
  const box = make("div", "stack gap-2", "", { "data-path": path });
  if (draw) box.append(...draw({ editor, config: thing.config, path }));
  if (!Object.keys(thing.config).length) delete thing.config;
  return box;
}

const FORMS = {
  choice: (at) => options(at, "options"),
  choices: (at) => [...options(at, "options"), row(count(at, "min", t("At least")), count(at, "max", t("At most")))],
  rating: (at) => [row(count(at, "min", t("Lowest")), count(at, "max", t("Highest"))), row(anchor(at, "min", t("Words at the low end")), anchor(at, "max", t("Words at the high end")))],
  number: (at) => [
    row(count(at, "min", t("Lowest"), ANY), count(at, "max", t("Highest"), ANY)),
    row(count(at, "decimals", t("Decimals, at most")), unit(at)),
    row(count(at, "tolerance", t("Numbers agree if they are no farther apart than"), ANY)),
  ],
  preference: (at) => [row(labelled(t("Steps"), select(String(at.config.steps), STEPS, set(at, "steps", Number)), `${at.path}/steps`)), flag(at, "ties", t("Ties are allowed")), flag(at, "both_bad", t("“Both are bad” is allowed"))],
  ranking: (at) => [flag(at, "ties", t("Ties are allowed")), flag(at, "all_bad", t("“All are bad” is allowed"))],
  text: (at) => [row(count(at, "lines", t("Lines")), count(at, "min_chars", t("At least, characters")), count(at, "max_chars", t("At most, characters")))],
  spans: (at) => [...options(at, "labels"), flag(at, "confirm_empty", t("“Nothing to mark” must be confirmed"))],
  regions: (at) => [...options(at, "labels"), shapes(at), flag(at, "confirm_empty", t("“Nothing to mark” must be confirmed"))],
  segments: (at) => [
    ...(at.config.labels ? options(at, "labels") : []),
    row(
      choice(at, "transcript", t("Words"), [["none", t("are not written down")], ["optional", t("may be written down")], ["required", t("are written down")]]),
      choice(at, "text_rules", t("Written down"), [[undefined, t("as the guidelines say")], ["verbatim", t("word by word")], ["clean", t("without fillers")]]),
    ),
    flag(at, "overlap", t("Several may speak at the same time")),
    flag(at, "cover", t("Nothing of the recording may be left out")),
    flag(at, "confirm_empty", t("“Nothing to mark” must be confirmed")),
  ],
  verdicts: (at) => [
    ...options(at, "options", [["error", t("a fault")], ["stop", t("ends the walk")]]),
    row(
      choice(at, "first", t("First fault"), [["none", t("is not asked for")], ["derived", t("the first in order")], ["chosen", t("is named by the person")]]),
      choice(at, "reason", t("Reason"), [["none", t("is not asked for")], ["optional", t("may be given")], ["on_error", t("needed for a fault")], ["always", t("always needed")]]),
      choice(at, "fix", t("Better version"), [["none", t("is not asked for")], ["text", t("as text")], ["call", t("as a call of a tool")]]),
    ),
    flag(at, "stop_at_first", t("Stop where an option ends the walk")),
    flag(at, "unsure", t("“Not sure” may be said")),
  ],
  records: (at) => [
    ...columns(at),
    row(count(at, "min", t("At least")), count(at, "max", t("At most")), choice(at, "render", t("Drawn as"), [["table", t("a table")], ["cards", t("a card for each row")]])),
    flag(at, "ordered", t("The order of the rows means something")),
    flag(at, "tree", t("Rows may stand below each other")),
    flag(at, "confirm_empty", t("That there are none must be confirmed")),
  ],
  tool_calls: (at) => [
    flag(at, "parallel", t("Several calls may be made at the same time")),
    row(count(at, "min", t("At least")), count(at, "max", t("At most"))),
    make("p", "small muted", t("Reasons for calling nothing")),
    ...options(at, "no_call"),
    flag(at, "clarify", t("What should be asked instead may be written")),
    flag(at, "alternatives", t("Other values that would be as right may be written")),
  ],
  items: (at) => [row(labelled(t("Each is a"), select(at.config.item_type ?? "text", ITEMS, set(at, "item_type")), `${at.path}/item_type`), count(at, "min", t("At least")), count(at, "max", t("At most"))), flag(at, "shuffle", t("In random order for each person"))],
};
const ANY = { step: "any", inputmode: "decimal" }; // of a number with decimals
const STEPS = [["1", t("three: first, tie, second")], ["2", t("five")], ["3", t("seven")]];
const ITEMS = [["text", t("text")], ["markdown", t("formatted text")], ["image", t("picture")], ["chat", t("conversation")], ["tool", t("tool")]];

function row(...boxes) {
  const line = make("div", "form__row");
  line.append(...boxes);
  return line;
}

const set = ({ editor, config }, name, as = (value) => value) => (value) => {
  put(config, name, as(value));
  editor.said();
};

function count(at, name, words, attributes) {
  const change = (value) => {
    if (value === undefined) delete at.config[name];
    else at.config[name] = value;
    at.editor.said();
  };
  return labelled(words, number(at.config[name], change, attributes), `${at.path}/${name}`);
}

/** One of [key, words]; the first is what holds where nothing is said. */
function choice(at, name, words, pairs) {
  const [[plain]] = pairs;
  return labelled(words, select(at.config[name] ?? plain, pairs, set(at, name, (value) => (value === plain ? undefined : value))), `${at.path}/${name}`);
}

function flag(at, name, words) {
  return tick(words, at.config[name], set(at, name));
}

/** Words at the end of a scale: of the step that `end` names now. */
function anchor(at, end, words) {
  const step = () => String(at.config[end]);
  const input = text(wordsOf(at.config.anchors?.[step()], "en"), (value) => {
    at.config.anchors ??= {};
    putWords(at.config.anchors, step(), "en", value);
    if (!Object.keys(at.config.anchors).length) delete at.config.anchors;
    at.editor.said();
  });
  return labelled(words, input, `${at.path}/anchors`);
}

function unit(at) {
  const input = text(wordsOf(at.config.unit, "en"), (value) => {
    putWords(at.config, "unit", "en", value);
    at.editor.said();
  });
  return labelled(t("Unit"), input, `${at.path}/unit`);
}

function shapes(at) {
  const box = make("div", "cluster gap-3");
  for (const [shape, words] of [["box", t("Boxes")], ["polygon", t("Outlines")]]) {
    box.append(
      tick(words, at.config.shapes?.includes(shape), (on) => {
        at.config.shapes = (at.config.shapes ?? []).filter((each) => each !== shape).concat(on ? [shape] : []);
        at.editor.said();
      }),
    );
  }
  return box;
}
