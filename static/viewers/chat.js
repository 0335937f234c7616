/* chat: a conversation, as a thread or a tree; each message has room for questions about it. */

import { showThread } from "@mh/app/thread";
import { Viewer } from "@mh/app/viewer";
import { TextSurface } from "@mh/surfaces/text";

export default class ChatViewer extends Viewer {
  static type = "chat";
  #items = [];
  #surface = null;

  async show({ config = {} }, value, { signal, source }) {
    if (source) this.#surface = new TextSurface(signal);
    this.#items = await showThread(this, value, { config, surface: this.#surface });
  }

  items() {
    return this.#items;
  }

  surface() {
    return this.#surface;
  }
}
