/* markdown: rendered; as its source where it is to be marked, for marks lie on the source. */

import { rich } from "@mh/app/content";
import { make } from "@mh/app/layout";
import { Viewer } from "@mh/app/viewer";
import { TextSurface } from "@mh/surfaces/text";

export default class MarkdownViewer extends Viewer {
  static type = "markdown";
  #surface = null;

  async show({ config = {} }, value, { signal, source }) {
    if (source) {
      const host = make("div");
      this.append(host);
      this.#surface = new TextSurface(signal);
      this.#surface.add("", value, host, { lang: config.lang, dir: config.dir });
      return;
    }
    const words = await rich(value);
    if (config.lang) words.lang = config.lang;
    if (config.dir) words.dir = config.dir;
    this.append(words);
  }

  surface() {
    return this.#surface;
  }
}
