/* The content of an item or message by its type, as nodes of the page. */

import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { markdown } from "@mh/app/markdown";
import { sourceOf } from "@mh/app/media";

/** Plain words; line breaks stay. */
export function prose(text, className = "plain-text") {
  return make("div", className, text, { dir: "auto" });
}

/** Rendered Markdown. */
export async function rich(source) {
  const element = make("div", "markdown");
  element.append(await markdown(source));
  return element;
}

/** Code as it is. */
export function code(source) {
  const block = make("pre", "code-block", "", { tabindex: "0", dir: "ltr" });
  block.append(make("code", "", source));
  return block;
}

export const json = (value) => code(typeof value === "string" ? value : JSON.stringify(value, null, 2));

/** Something folded away under a line. */
export function folded(title, content, open = false) {
  const element = make("details", "folded");
  element.open = open;
  element.append(make("summary", "", title), content);
  return element;
}

/** A picture that is only looked at. */
export function figure(value, title = "") {
  const element = make("figure", "figure");
  element.append(make("img", "", "", { src: sourceOf(value), alt: value?.alt ?? title, loading: "lazy" }));
  if (title) element.append(make("figcaption", "", title));
  return element;
}

/** Calls of tools: name and arguments. */
export function calls(list) {
  const box = make("div", "calls");
  for (const { name, arguments: given } of list) {
    const call = make("div", "calls__call");
    call.append(make("strong", "calls__name", name), json(given ?? {}));
    box.append(call);
  }
  return box;
}

/** The description of a tool: purpose, parameters; its name where it is called otherwise. */
export function tool({ title, name, description, parameters, content }) {
  const box = make("div", "tool");
  if (title) box.append(make("strong", "calls__name", name));
  if (description ?? content) box.append(prose(description ?? content));
  if (parameters) box.append(folded(t("Parameters"), json(parameters)));
  return box;
}

/** A writing rule in its own words, else its name and settings. */
export function constraint({ rule, args, content }) {
  if (content) return prose(content);
  const words = Object.entries(args ?? {}).map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(", ") : value}`);
  return prose([rule, words.join("; ")].filter(Boolean).join(" – "));
}
