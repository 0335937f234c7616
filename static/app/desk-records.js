/* What is known of an author, question by question: an interval on a scale from nothing to everything, and the numbers behind it. */

import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { inWords, percent } from "@mh/app/values";
import { language, title } from "@mh/app/words";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, EDGE] = [120, 14, 6];

/** `records`: [{question, said, right, n, low, high}]; `said` names the class that this answer gives, empty for all classes. */
export function recordTable(item, records) {
  const box = make("div", "desk-records", "", { role: "group", "aria-label": t("What is known of the author") });
  const table = make("table", "table");
  const [head, top, body] = [make("thead"), make("tr"), make("tbody")];
  top.append(make("th", "", t("What is known of the author"), { scope: "col" }), make("th", "", t("Right"), { scope: "col" }), make("th", "", t("95% interval"), { scope: "colgroup", colspan: "2" }));
  head.append(top);
  body.append(...records.map((record) => row(item, record)));
  table.append(head, body);
  box.append(table);
  return box;
}

function row(item, { question: name, said, right, n, low, high }) {
  const question = item.schema.questions.find((each) => each.name === name);
  const [from, to] = [low, high].map((share) => percent(share, language()));
  const made = make("tr");
  const words = said ? t("{question}: where they answered “{said}”", { question: title(question), said: saidWords(question, said, item) }) : title(question);
  made.append(
    make("th", said ? "is-part" : "", words, { scope: "row", dir: "auto" }),
    make("td", "num nowrap", t("{right} of {n}", { right, n })),
    make("td", "num nowrap", `${from} – ${to}`),
  );
  const picture = make("td");
  picture.append(interval(low, high));
  made.append(picture);
  return made;
}

const SIDES = { first: -1, tie: 0, second: 1 };

function saidWords(question, said, item) {
  return question.type === "preference" ? { [-1]: t("The first"), 0: t("a tie"), 1: t("The second") }[SIDES[said]] : inWords(question, said, item.payload, language());
}

/** From 0 to 1 with a tick at the half; the numbers stand beside it. */
function interval(low, high) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "interval");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("aria-hidden", "true");
  const x = (share) => (EDGE + share * (WIDTH - 2 * EDGE)).toFixed(1);
  const path = (name, d) => {
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("class", name);
    line.setAttribute("d", d);
    return line;
  };
  const middle = HEIGHT / 2;
  svg.append(path("interval__scale", `M${x(0)} ${middle}H${x(1)}M${x(0.5)} 2V${HEIGHT - 2}`), path("interval__range", `M${x(low)} ${middle}H${x(high)}`));
  return svg;
}
