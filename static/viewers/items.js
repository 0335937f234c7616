/* items: things side by side, under each other or as a tree; each with room for questions about it. */

import { code, constraint, json, prose, rich, tool } from "@mh/app/content";
import { t } from "@mh/app/i18n";
import { keyOf } from "@mh/app/items";
import { make } from "@mh/app/layout";
import { MediaError, picture, sourceOf } from "@mh/app/media";
import { showPicture } from "@mh/app/pictures";
import { showThread } from "@mh/app/thread";
import { Viewer } from "@mh/app/viewer";
import { RasterSurface } from "@mh/surfaces/raster";
import { TextSurface } from "@mh/surfaces/text";

const WIDE = new Set(["markdown", "chat", "text"]);
const COLUMNS = 3; // items of words that fit beside each other

export default class ItemsViewer extends Viewer {
  static type = "items";
  #items = [];
  #surface = null;

  static async prefetch({ config = {} }, value) {
    const pictures = value.filter((item) => (item.type ?? config.item_type) === "image");
    await Promise.all(pictures.map((item) => picture(sourceOf(item.content))));
  }

  async show({ config = {} }, value, { signal, order, source }) {
    this.signal = signal;
    this.config = config;
    const all = value.map((item, index) => ({ item: typeof item === "object" ? item : { content: item }, key: keyOf(item, index) }));
    const shown = order ? order.map((key) => all.find((each) => each.key === key)).filter(Boolean) : all;
    this.#surface = this.#surfaceFor(source);
    const list = make("ol", `items items--${layoutOf(config, shown)}`);
    list.style.setProperty("--columns", String(Math.min(shown.length, COLUMNS)));
    this.append(list);
    const filling = shown.map(({ item, key }, at) => this.#show(list, item, key, at));
    const failed = (await Promise.allSettled(filling)).filter(({ status }) => status === "rejected").map(({ reason }) => reason);
    if (failed.length) throw failed.every((error) => error.retry) ? allOf(failed) : failed[0];
  }

  #surfaceFor(source) {
    if (this.config.item_type === "image") return new RasterSurface();
    return source ? new TextSurface(this.signal) : null;
  }

  async #show(list, item, key, at) {
    const hidden = new Set(this.config.hide ?? []);
    const element = make("li", "item", "", { "data-item": key });
    const words = (!hidden.has("title") && item.title) || item.name || t("Item {n}", { n: at + 1 });
    const head = make("div", "item__head");
    head.append(make("span", "item__badge num", `${at + 1}`, { "aria-hidden": "true" }), make("strong", "item__title", words, { dir: "auto" }));
    const origin = [!hidden.has("model") && item.model, !hidden.has("origin") && item.origin !== "unknown" && item.origin].filter(Boolean);
    if (origin.length) head.append(make("span", "item__origin", origin.join(" · ")));
    if (item.points !== undefined) head.append(make("span", "item__points num", t("{n} points", { n: item.points })));
    const body = make("div", "item__body");
    const slot = make("div", "item__slot");
    element.append(head, body, slot);
    list.append(element);
    this.#items.push({ key, label: words, element, slot });
    await this.#fill(body, item, key);
  }

  async #fill(body, item, key) {
    const kind = item.type ?? this.config.item_type ?? "text";
    if (this.#surface instanceof TextSurface && typeof item.content === "string") {
      const host = make("div");
      body.append(host);
      this.#surface.add(key, item.content, host, { lang: item.lang ?? this.config.lang, dir: this.config.dir });
    } else if (kind === "image") {
      const shown = (made) => this.#surface instanceof RasterSurface && this.#surface.add(key, made);
      await showPicture(body, item.content, { config: this.config, label: item.title, signal: this.signal, shown });
    } else if (kind === "chat") {
      await showThread(body, item.content ?? [], { config: this.config });
    } else {
      const words = await CONTENT[kind](item);
      if (item.lang ?? this.config.lang) words.lang = item.lang ?? this.config.lang;
      body.append(words);
    }
  }

  items() {
    return this.#items;
  }

  surface() {
    return this.#surface;
  }
}

const CONTENT = {
  text: ({ content = "" }) => prose(content),
  markdown: ({ content = "" }) => rich(content),
  code: ({ content = "" }) => code(content),
  json: ({ content = null }) => json(content),
  tool,
  constraint,
};

/** Several pictures that could not be shown, as one error. */
function allOf(errors) {
  return new MediaError(errors[0].code, () => Promise.all(errors.map((error) => error.retry())));
}

/** The layout asked for, else what suits: pictures in a grid, a few long texts in columns, else a list. */
function layoutOf({ layout, item_type: kind = "text" }, shown) {
  if (layout) return layout;
  if (kind === "image") return "grid";
  const long = shown.some(({ item }) => JSON.stringify(item.content ?? "").length > 120);
  return WIDE.has(kind) && long && shown.length > 1 && shown.length <= COLUMNS ? "columns" : "list";
}
