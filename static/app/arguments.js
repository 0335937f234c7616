/* Arguments of a call against the tool's JSON Schema: the same part of it as the server reads (`annotation/questions/arguments.py`). */

import { pointer } from "@mh/app/items";

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const KINDS = {
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  array: Array.isArray,
  object: isObject,
  null: (value) => value === null,
  number: (value) => typeof value === "number",
  integer: Number.isInteger,
};

/** The named parameters of a tool, or members of an object. */
export function propertiesOf(parameter) {
  return isObject(parameter?.properties) ? parameter.properties : {};
}

/** The names of those that must be there. */
export function neededOf(parameter) {
  return Array.isArray(parameter?.required) ? parameter.required : [];
}

/** What kind of value is asked for; "" if that is not said. */
export function kindOf(parameter) {
  const kinds = [parameter?.type ?? ""].flat();
  return kinds.find((kind) => kind !== "null") ?? "null";
}

/** What is wrong: [{path, code}], paths start at the value. */
export function argumentProblems(value, parameter) {
  if (!isObject(parameter)) return [];
  if (!fits(value, parameter)) return [{ path: "", code: "bad_arguments" }];
  if (Array.isArray(value)) return value.flatMap((each, at) => under([at], argumentProblems(each, parameter.items)));
  return isObject(value) ? memberProblems(value, parameter) : [];
}

function memberProblems(members, parameter) {
  const known = propertiesOf(parameter);
  const closed = Object.keys(known).length > 0 && (parameter.additionalProperties ?? false) === false;
  const missing = neededOf(parameter).filter((name) => !Object.hasOwn(members, name));
  return [
    ...missing.map((name) => ({ path: pointer(name), code: "required" })),
    ...Object.entries(members).flatMap(([name, value]) => {
      if (Object.hasOwn(known, name)) return under([name], argumentProblems(value, known[name]));
      return closed ? [{ path: pointer(name), code: "bad_arguments" }] : [];
    }),
  ];
}

const under = (parts, problems) => problems.map(({ path, code }) => ({ path: pointer(...parts) + path, code }));

function fits(value, { type = [], enum: listed, ...limits }) {
  if (Array.isArray(listed) && !listed.includes(value)) return false;
  const kinds = [type].flat();
  return (!kinds.length || kinds.some((kind) => (KINDS[kind] ?? (() => true))(value))) && isWithin(value, limits);
}

function isWithin(value, { minimum, maximum, minItems, maxItems }) {
  const [size, low, high] = typeof value === "number" ? [value, minimum, maximum] : Array.isArray(value) ? [value.length, minItems, maxItems] : [];
  return !(typeof low === "number" && size < low) && !(typeof high === "number" && size > high);
}
