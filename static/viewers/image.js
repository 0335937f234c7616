/* image: one picture, to be looked at closely and drawn on. */

import { picture, sourceOf } from "@mh/app/media";
import { showPicture } from "@mh/app/pictures";
import { Viewer } from "@mh/app/viewer";
import { title } from "@mh/app/words";
import { RasterSurface } from "@mh/surfaces/raster";

export default class ImageViewer extends Viewer {
  static type = "image";
  #surface = new RasterSurface();

  static async prefetch(_field, value) {
    await picture(sourceOf(value));
  }

  async show(field, value, { lang, prefs, signal }) {
    this.classList.toggle("is-grey", Boolean(field.sensitive && prefs.greyscale));
    const shown = (made) => this.#surface.add(null, made);
    await showPicture(this, value, { config: field.config, label: title(field, lang), signal, shown });
  }

  surface() {
    return this.#surface;
  }
}
