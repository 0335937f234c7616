/* text: words as they are; what can be marked. */

import { make } from "@mh/app/layout";
import { Viewer } from "@mh/app/viewer";
import { TextSurface } from "@mh/surfaces/text";

export default class TextViewer extends Viewer {
  static type = "text";
  #surface = null;

  async show({ config = {} }, value, { signal }) {
    const host = make("div");
    this.append(host);
    this.#surface = new TextSurface(signal);
    this.#surface.add("", value, host, { lang: config.lang, dir: config.dir });
  }

  surface() {
    return this.#surface;
  }
}
