/* Markdown of tasks and people as nodes of the page. The source becomes HTML by marked and goes through DOMPurify, which hands back nodes:
   no HTML text ever enters the page. Both are fetched when the first Markdown is shown. */

import { make } from "@mh/app/layout";

const TAGS = [
  "a", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "kbd", "li", "ol",
  "p", "pre", "q", "s", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
];
const ATTRIBUTES = ["href", "title", "align", "start", "dir", "lang", "colspan", "rowspan"];

/** A fragment with the rendered text. Pictures become links: nothing is fetched from elsewhere because a text says so. */
export async function markdown(source) {
  const [{ Marked }, { default: purify }] = await Promise.all([import("@mh/vendor/marked"), import("@mh/vendor/dompurify")]);
  const html = new Marked({ gfm: true, breaks: true, async: false, walkTokens: tamed }).parse(source);
  const fragment = purify.sanitize(html, { ALLOWED_TAGS: TAGS, ALLOWED_ATTR: ATTRIBUTES, ALLOW_DATA_ATTR: false, RETURN_DOM_FRAGMENT: true });
  for (const link of fragment.querySelectorAll("a[href]")) Object.assign(link, { target: "_blank", rel: "noopener noreferrer nofollow" });
  for (const block of fragment.querySelectorAll("p, li, h1, h2, h3, h4, h5, h6, td, th, blockquote")) block.dir = "auto";
  for (const block of fragment.querySelectorAll("pre")) block.tabIndex = 0; // what scrolls can be reached by the keyboard
  for (const table of fragment.querySelectorAll("table")) scrollable(table);
  return fragment;
}

/** Pictures as links; raw HTML without attributes, of which the content policy would report handlers and styles even where nothing runs. */
function tamed(token) {
  if (token.type === "html") token.text = token.text.replace(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/gi, "<$1$2>");
  if (token.type !== "image") return;
  const words = token.text || token.href;
  Object.assign(token, { type: "link", tokens: [{ type: "text", raw: words, text: words }] });
}

function scrollable(table) {
  const frame = make("div", "markdown__table", "", { tabindex: "0" });
  table.replaceWith(frame);
  frame.append(table);
}
