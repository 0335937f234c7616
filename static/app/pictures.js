/* A picture of a task as something to look at and draw on. */

import { t } from "@mh/app/i18n";
import { MediaError, picture, sourceOf } from "@mh/app/media";
import { Picture } from "@mh/surfaces/raster";

/** Show a value of an `image` field in `host`; `shown(picture)` is called once it is there. A MediaError can be tried again. */
export async function showPicture(host, value, { config = {}, label, signal, shown }) {
  let image;
  try {
    image = await picture(sourceOf(value));
  } catch {
    throw new MediaError("media_missing", () => showPicture(host, value, { config, label, signal, shown }));
  }
  const size = [value.width ?? image.naturalWidth, value.height ?? image.naturalHeight];
  const made = new Picture({ image, size, label: value.alt || label || t("Picture"), grid: config.grid, pixelated: config.pixelated, signal });
  host.replaceChildren(made.element);
  shown(made);
}
