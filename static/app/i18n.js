/* Words of the interface. `t("Save")`, `t("{n} left", {n: 3})`, `t(["{n} task", "{n} tasks"], {n: 3})`.
   `%(name)s` is filled in too: some words are said by the server as well, and are translated once.

   English is in the code; other languages come as JSON, made from the same catalogues as the pages. Modules that import
   this one wait for the words, so `t` is never asked too early. A word that is missing stays English. */

const lang = document.documentElement.lang || "en";
const messages = await load();
const rules = new Intl.PluralRules(lang);
const ORDER = ["zero", "one", "two", "few", "many", "other"];
const forms = ORDER.filter((name) => rules.resolvedOptions().pluralCategories.includes(name));

async function load() {
  const link = document.getElementById("mh-strings");
  if (!link) return {};
  try {
    const response = await fetch(link.href);
    return response.ok ? (await response.json()).messages : {};
  } catch {
    return {};
  }
}

/** The page's language as BCP 47. */
export function locale() {
  return lang;
}

/** The words of `message` (English, or [one, many] with `params.n`) in the page's language, `{name}` filled from `params`. */
export function t(message, params = {}) {
  return fill(pick(message, params.n), params);
}

function pick(message, n) {
  if (!Array.isArray(message)) return messages[message] ?? message;
  const translated = messages[message[0]];
  if (Array.isArray(translated)) return translated[Math.max(forms.indexOf(rules.select(n)), 0)] ?? translated.at(-1);
  return translated ?? message[n === 1 ? 0 : 1];
}

function fill(text, params) {
  return text.replace(/\{(\w+)\}|%\((\w+)\)s/g, (whole, braced, percent) => {
    const value = params[braced ?? percent];
    if (value === undefined) return whole;
    return typeof value === "number" ? new Intl.NumberFormat(lang).format(value) : String(value);
  });
}

const numbers = new Intl.NumberFormat(lang);

/** A number as the page's language writes it. */
export function number(value) {
  return numbers.format(value);
}

/** "a, b and c" */
export function list(items) {
  return new Intl.ListFormat(lang, { type: "conjunction" }).format(items);
}
