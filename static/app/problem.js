/* Problems as validators find them: {path, code, params, severity}; `path` is a JSON Pointer into the value of the question. */

import { pointer } from "@mh/app/items";

/** A problem; codes that begin with `warning:` never block. */
export function problem(path, code, params = {}) {
  return { path, code, params, severity: code.startsWith("warning:") ? "warning" : "error" };
}

/** The problems of a part, seen from the whole. */
export function under(problems, ...parts) {
  return problems.map((each) => ({ ...each, path: pointer(...parts) + each.path }));
}

/** Is it a plain object? */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const BAD_KEY = /^\s|\s$|[\p{Cc}\u2028\u2029]/u;

/** May it be a key? */
export function isKey(value) {
  return typeof value === "string" && value.length > 0 && [...value].length <= 128 && !BAD_KEY.test(value);
}
