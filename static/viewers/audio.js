/* audio: a recording, to be heard and marked in time. What lies elsewhere on the page may ask for a stretch of it by an event `mh:play`
   {field, start, end}. */

import { t } from "@mh/app/i18n";
import { MediaError, sourceOf } from "@mh/app/media";
import { Viewer } from "@mh/app/viewer";
import { title } from "@mh/app/words";
import { TimeSurface } from "@mh/surfaces/time";

export default class AudioViewer extends Viewer {
  static type = "audio";
  #surface = null;

  async show(field, value, { lang, signal }) {
    const { seconds, peaks, alt } = typeof value === "string" ? {} : value;
    this.#surface = new TimeSurface({ source: sourceOf(value), seconds, peaks, label: alt || title(field, lang) || t("Recording"), signal });
    this.append(this.#surface.element);
    document.addEventListener("mh:play", (event) => this.#play(field, event), { signal });
    await this.#heard(() => this.#surface.ready());
  }

  async #heard(load) {
    try {
      await load();
    } catch {
      throw new MediaError("media_missing", () => this.#heard(() => this.#surface.reload()));
    }
  }

  /** The first of several that show the same field. */
  #play(field, event) {
    const { field: wanted, start, end } = event.detail;
    if (wanted !== field.name || event.defaultPrevented) return;
    event.preventDefault();
    this.#surface.play(start, end);
  }

  surface() {
    return this.#surface;
  }

  suspend() {
    this.#surface?.pause();
  }

  dispose() {
    this.#surface?.dispose();
    super.dispose();
  }
}
