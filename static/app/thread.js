/* A conversation: messages one after another, or as a tree by their parents. */

import { calls, figure, folded, prose, rich } from "@mh/app/content";
import { t } from "@mh/app/i18n";
import { keyOf } from "@mh/app/items";
import { make } from "@mh/app/layout";

const INDENTS = 8; // levels of a tree that are indented; deeper ones stand under the eighth

const ROLES = {
  system: () => t("Instructions"),
  developer: () => t("Instructions"),
  user: () => t("User"),
  assistant: () => t("Assistant"),
  tool: () => t("Tool"),
};

/** Show messages inside `host`; returns their items [{key, label, element, slot}]. `surface`: a TextSurface that takes the contents in. */
export async function showThread(host, messages, { config = {}, surface = null } = {}) {
  const list = make("ol", "thread");
  if (config.layout === "tree") list.classList.add("thread--tree");
  const depths = depthsOf(messages);
  const shown = await Promise.all(
    messages.map((message, index) => showMessage(message, keyOf(message, index), { config, surface, depth: depths[index], number: index + 1 })),
  );
  const items = shown.filter(Boolean);
  list.append(...items.map(({ element }) => element));
  host.append(list);
  return items;
}

async function showMessage(message, key, { config, surface, depth, number }) {
  const system = message.role === "system" || message.role === "developer";
  if (system && config.show_system === false) return null;
  const element = make("li", "message", "", { "data-role": message.role });
  if (config.layout === "tree") element.dataset.depth = Math.min(depth, INDENTS);
  const role = ROLES[message.role]();
  const head = make("div", "message__head");
  head.append(make("span", "message__role", message.name ? `${role} · ${message.name}` : role), make("span", "message__number num", `${number}`));
  const body = make("div", "message__body");
  const slot = make("div", "message__slot");
  element.append(head, body, slot);
  if (message.thinking && config.show_thinking !== false) body.append(folded(t("Thinking"), prose(message.thinking), config.show_thinking === true));
  if (message.content) await addContent(body, message, key, { config, surface, system });
  if (message.tool_calls?.length) body.append(calls(message.tool_calls));
  for (const { kind, title, media } of message.attachments ?? []) body.append(kind === "image" ? figure(media, title) : folded(title || t("Attachment"), prose(String(media))));
  return { key, label: t("{role}, message {n}", { role, n: number }), element, slot };
}

async function addContent(body, message, key, { config, surface, system }) {
  const { content, lang } = message;
  if (surface) {
    const host = make("div");
    body.append(host);
    surface.add(key, content, host, { lang });
    return;
  }
  const plain = config.markdown === false || message.role === "tool";
  const words = plain ? prose(content) : await rich(content);
  if (lang) words.lang = lang;
  if (system) body.append(folded(content.slice(0, 80), words, config.show_system === true));
  else if (config.collapse_over && content.length > config.collapse_over) body.append(clipped(words));
  else body.append(words);
}

/** The beginning of a long text, and a button for the rest. */
function clipped(words) {
  const box = make("div", "clipped");
  const more = make("button", "button button--small", t("Show all"), { type: "button" });
  words.classList.add("clipped__words");
  more.addEventListener("click", () => box.replaceWith(words));
  box.append(words, more);
  return box;
}

/** How many parents each message has. */
function depthsOf(messages) {
  const parents = new Map(messages.map((message, index) => [keyOf(message, index), message.parent]));
  return messages.map((message) => {
    let depth = 0;
    for (let at = message.parent; at !== undefined && at !== null && depth < messages.length; at = parents.get(at)) depth += 1;
    return depth;
  });
}
