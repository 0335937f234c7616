/* Items of a field with keys: what answers refer to, which of them a question asks about, and in which order they are shown. */

/** The key of an element of a list field: its `id`, else its place as decimal text. */
export function keyOf(item, index) {
  return typeof item === "object" && item !== null && item.id !== undefined ? String(item.id) : String(index);
}

/** The elements of the value of a field with keys: a list, or the steps of a trajectory. */
export function elementsOf(value) {
  const found = Array.isArray(value) ? value : value?.steps;
  return Array.isArray(found) ? found : [];
}

/** Keys of the elements whose members have one of the values of `where`, in their order. */
export function keysWhere(value, where = {}) {
  const wanted = Object.entries(where);
  const found = elementsOf(value).map((item, index) => ({ item, key: keyOf(item, index) }));
  return found.filter(({ item }) => wanted.every(([name, values]) => values.includes(item?.[name] ?? null))).map(({ key }) => key);
}

/** Keys of the items that a question with `per` is asked about, in payload order. */
export function askedKeys(question, payload) {
  const per = typeof question.per === "string" ? { field: question.per } : question.per;
  const asked = keysWhere(payload[per.field], per.where);
  return per.first ? asked.slice(0, per.first) : per.last ? asked.slice(-per.last) : asked;
}

/** The field that a question is asked once per item of, or null. */
export function perField(question) {
  return question.per ? (question.per.field ?? question.per) : null;
}

/** Names of the fields a question is `on`; `@name` stands for the text written in another question. */
export function onFields(question) {
  return question.on === undefined ? [] : [question.on].flat();
}

/** Names of the fields that an editor works on: what the question is about, and what is quoted from. */
export function usedFields(question) {
  return [...onFields(question), question.config?.evidence].filter(Boolean);
}

/** `keys` in an order that depends on `seed` alone, so that a reload shows the same. */
export function shuffled(keys, seed) {
  return keys
    .map((key) => ({ key, weight: hash(`${seed}\n${key}`) }))
    .sort((a, b) => a.weight - b.weight)
    .map(({ key }) => key);
}

/** FNV-1a over UTF-16 units with a final mix: even enough to shuffle by. */
function hash(text) {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  return (state ^ (state >>> 13)) >>> 0;
}

/** Order in which the items of each shuffled field are shown: {field: [keys]}. */
export function shownOrder(schema, payload, seed) {
  const order = {};
  for (const field of schema.fields) {
    if (field.config?.shuffle && Array.isArray(payload[field.name]) && seed) {
      order[field.name] = shuffled(payload[field.name].map(keyOf), `${seed}/${field.name}`);
    }
  }
  return order;
}

/** A JSON Pointer of the parts. */
export function pointer(...parts) {
  return parts.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The parts of a JSON Pointer. */
export function parts(path) {
  return path
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}
