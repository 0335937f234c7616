/* Words of a project: one string, or one per language with `en` always there. */

/** The reader's language as BCP 47, from the page. */
export function language() {
  return document.documentElement.lang || "en";
}

/** `words` in the reader's language: the exact tag, else the same language, else English. */
export function words(value, lang = language()) {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  const exact = Object.keys(value).find((tag) => tag.toLowerCase() === lang.toLowerCase());
  const near = Object.keys(value).find((tag) => tag.split("-")[0] === lang.split("-")[0].toLowerCase());
  return value[exact ?? near ?? "en"] ?? "";
}

/** The title of an option, label or question: its words, else its key made readable. */
export function title(thing, lang = language()) {
  return words(thing.title, lang) || (thing.key ?? thing.name ?? "").replaceAll("_", " ");
}
