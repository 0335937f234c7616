/* Pictures of tasks: fetched and decoded ahead, and said plainly when they cannot be. */

const KEPT = 12;
const decoded = new Map(); // source -> promise of an image

/** A medium that could not be shown; `retry()` tries again and resolves when it is shown. */
export class MediaError extends Error {
  constructor(code, retry) {
    super(code);
    this.code = code;
    this.retry = retry;
  }
}

/** The source of a picture: a string, or the `src` of an object. */
export function sourceOf(value) {
  return typeof value === "string" ? value : value?.src;
}

/** A decoded image element. The last few are kept, so that a prefetched picture is there at once. */
export function picture(source) {
  if (!decoded.has(source)) {
    decoded.set(source, load(source));
    decoded.get(source).catch(() => decoded.delete(source));
    for (const old of decoded.keys()) {
      if (decoded.size <= KEPT) break;
      decoded.delete(old);
    }
  }
  return decoded.get(source);
}

async function load(source) {
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}
