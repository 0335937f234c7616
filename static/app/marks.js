/* What spans and regions share, as the server has it (`annotation/questions/marks.py`, `attributes.py`, `relations.py`): normal form
   and problems of labels, attributes, relations, limits, and of saying that there is nothing to mark. */

import { keyOf, pointer } from "@mh/app/items";
import { isKey, isObject, problem, under } from "@mh/app/problem";

const MEMBERS = ["spans", "regions", "segments", "tracks", "records"];

/** Without null members. */
export function withoutNulls(value) {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null && each !== undefined));
}

/** Is an attribute asked of marks with this label? */
export function isAbout(attribute, label) {
  return !attribute.labels || attribute.labels.includes(label);
}

/** Null members dropped, attributes completed, empty parts left out; null if the outline is malformed. */
export function normaliseMarks(value, member, config) {
  if (!isObject(value)) return null;
  const kept = withoutNulls(value);
  if (kept.none === true && Object.keys(kept).length === 1) kept[member] = [];
  if (!Array.isArray(kept[member]) || !kept[member].every(isObject)) return null;
  kept[member] = kept[member].map((mark) => withAttributes(withoutNulls(mark), config.attributes ?? []));
  if (Array.isArray(kept.relations) && !kept.relations.length) delete kept.relations;
  return kept;
}

function withAttributes(mark, attributes) {
  const given = mark.attributes ?? {};
  if (!isObject(given)) return mark;
  const known = new Map(attributes.map((attribute) => [attribute.key, attribute]));
  const kept = Object.fromEntries(
    Object.entries(withoutNulls(given)).filter(([key]) => !known.has(key) || isAbout(known.get(key), mark.label)),
  );
  for (const attribute of attributes) {
    const { key, default: usual } = attribute;
    if (usual !== undefined && usual !== null && !(key in kept) && isAbout(attribute, mark.label)) kept[key] = usual;
  }
  const { attributes: _, ...rest } = mark;
  return Object.keys(kept).length ? { ...rest, attributes: kept } : rest;
}

/** What is wrong with the outline: the list of marks, `relations`, `none`, and the members that every mark has. */
export function outlineProblems(value, member, members) {
  if (!isObject(value)) return [problem("", "type")];
  const strange = Object.keys(value).filter((name) => ![member, "relations", "none"].includes(name));
  const found = strange.map((name) => problem(pointer(name), "type"));
  if ("none" in value && value.none !== true) found.push(problem("/none", "type"));
  if ("relations" in value && !Array.isArray(value.relations)) found.push(problem("/relations", "type"));
  if (!Array.isArray(value[member])) return [...found, problem(`/${member}`, "type")];
  return [...found, ...value[member].flatMap((mark, place) => under(shapeProblems(mark, members), member, place))];
}

function shapeProblems(mark, members) {
  if (!isObject(mark)) return [problem("", "type")];
  const found = Object.keys(mark)
    .filter((name) => !members.includes(name))
    .map((name) => problem(pointer(name), "type"));
  for (const name of ["id", "label"]) if (!isKey(mark[name])) found.push(problem(`/${name}`, "type"));
  if ("item" in mark && typeof mark.item !== "string") found.push(problem("/item", "type"));
  if ("attributes" in mark && !isObject(mark.attributes)) found.push(problem("/attributes", "type"));
  return found;
}

/** Labels, ids, attributes, relations, limits, `none`. `context`: {labels: Set, question, payload, values(name)}. */
export function markProblems(value, member, config, context) {
  const marks = value[member];
  const found = [];
  const ids = new Set();
  for (const [place, mark] of marks.entries()) {
    if (!context.labels.has(mark.label)) found.push(problem(`/${member}/${place}/label`, "unknown_label"));
    if (ids.has(mark.id)) found.push(problem(`/${member}/${place}/id`, "duplicate"));
    ids.add(mark.id);
  }
  for (const [place, mark] of marks.entries()) {
    found.push(...under(attributeProblems(mark, config.attributes ?? [], context, ids), member, place));
  }
  const labels = new Map(marks.map((mark) => [mark.id, mark.label]));
  found.push(...relationProblems(value.relations ?? [], config.relations ?? [], labels));
  return [...found, ...limitProblems(value, member, config)];
}

/** Too few marks, too many, or none without a word. */
export function limitProblems(value, member, config) {
  const count = value[member].length;
  const found = [];
  if (count && "none" in value) found.push(problem("/none", "contradiction"));
  if (!count && config.confirm_empty && !("none" in value)) found.push(problem("", "empty_unconfirmed"));
  if (config.min !== undefined && count < config.min) found.push(problem(`/${member}`, "too_few", { min: config.min }));
  if (config.max !== undefined && count > config.max) found.push(problem(`/${member}`, "too_many", { max: config.max }));
  return found;
}

// --- attributes ----------------------------------------------------------------------------------------------------------

function attributeProblems(mark, attributes, context, ids) {
  const given = mark.attributes ?? {};
  const asked = new Map(attributes.filter((each) => isAbout(each, mark.label)).map((each) => [each.key, each]));
  const found = Object.entries(given).flatMap(([key, value]) => {
    if (!asked.has(key)) return [problem(pointer("attributes", key), "unknown_attribute")];
    return under(valueProblems(value, asked.get(key), context, ids), "attributes", key);
  });
  for (const attribute of asked.values()) {
    if (attribute.required && !(attribute.key in given)) {
      found.push(problem(pointer("attributes", attribute.key), "missing_attribute", { attribute: attribute.title?.en ?? attribute.key }));
    }
  }
  return found;
}

const isText = (value) => typeof value === "string";
const WANTED = {
  choice: isText,
  choices: (value) => Array.isArray(value) && value.every(isText),
  boolean: (value) => typeof value === "boolean",
  number: (value) => typeof value === "number",
  text: isText,
  ref: isText,
};
const CHECKS = {
  choice: (value, attribute) => (keysOf(attribute).has(value) ? [] : [problem("", "unknown_option")]),
  choices: (value, attribute) => {
    const keys = keysOf(attribute);
    const unknown = value.every((key) => keys.has(key)) ? [] : [problem("", "unknown_option")];
    return new Set(value).size < value.length ? [...unknown, problem("", "duplicate")] : unknown;
  },
  boolean: () => [],
  number: (value, { min = -Infinity, max = Infinity }) =>
    value >= min && value <= max ? [] : [problem("", "out_of_range", { min: unbounded(min, "-∞"), max: unbounded(max, "∞") })],
  text: (value, { max_chars: most }) => (most && [...value].length > most ? [problem("", "too_long", { max: most })] : []),
  ref: (value, { to }, context, ids) => (refTargets(to, context, ids).has(value) ? [] : [problem("", "unknown_item")]),
};
const keysOf = (attribute) => new Set(attribute.options.map(({ key }) => key));
const unbounded = (limit, words) => (Number.isFinite(limit) ? limit : words);

function valueProblems(value, attribute, context, ids) {
  if (!WANTED[attribute.type](value)) return [problem("", "type")];
  return CHECKS[attribute.type](value, attribute, context, ids);
}

/** What a reference may name: items of the task, marks or records of an earlier question, or marks of this one (`ids`). */
export function refTargets(name, { question, payload, values }, ids) {
  if (name === question.name) return new Set(ids);
  if (Array.isArray(payload[name])) return new Set(payload[name].map(keyOf));
  const value = values(name);
  const marks = MEMBERS.flatMap((member) => value?.[member] ?? []);
  return new Set(marks.map(({ id }) => id));
}

// --- relations -----------------------------------------------------------------------------------------------------------

/** May marks with these labels be joined by this kind of line, in this direction or, without direction, in either? */
export function joins(kind, from, to) {
  const straight = (a, b) => (!kind.from || kind.from.includes(a)) && (!kind.to || kind.to.includes(b));
  return straight(from, to) || (!kind.directed && straight(to, from));
}

function relationProblems(relations, offered, labels) {
  const kinds = new Map(offered.map((kind) => [kind.key, kind]));
  const before = new Set();
  return relations.flatMap((relation, place) => {
    let found = lineProblems(relation);
    if (!found.length) found = endProblems(relation, kinds, labels);
    if (!found.length) {
      const line = JSON.stringify([relation.type, relation.from, relation.to]);
      if (before.has(line)) found = [problem("", "duplicate")];
      before.add(line);
    }
    return under(found, "relations", place);
  });
}

function lineProblems(relation) {
  if (!isObject(relation)) return [problem("", "type")];
  const found = Object.keys(relation)
    .filter((name) => !["id", "type", "from", "to", "attributes"].includes(name))
    .map((name) => problem(pointer(name), "type"));
  for (const name of ["type", "from", "to"]) if (!isText(relation[name])) found.push(problem(`/${name}`, "type"));
  if ("id" in relation && !isKey(relation.id)) found.push(problem("/id", "type"));
  const { attributes = {} } = relation;
  if (!isObject(attributes) || Object.values(attributes).some(isObject)) found.push(problem("/attributes", "type"));
  return found;
}

function endProblems(relation, kinds, labels) {
  const kind = kinds.get(relation.type);
  if (!kind) return [problem("/type", "bad_relation")];
  if (relation.from === relation.to) return [problem("", "bad_relation")];
  const lost = ["from", "to"].filter((end) => !labels.has(relation[end]));
  if (lost.length) return lost.map((end) => problem(`/${end}`, "bad_relation"));
  const [from, to] = [labels.get(relation.from), labels.get(relation.to)];
  if (joins(kind, from, to)) return [];
  const wrong = [kind.from && !kind.from.includes(from) && "from", kind.to && !kind.to.includes(to) && "to"];
  return wrong.filter(Boolean).map((end) => problem(`/${end}`, "bad_relation"));
}
