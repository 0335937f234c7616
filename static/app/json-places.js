/* Where in a JSON text a JSON Pointer stands, so that a problem can be shown at its place. */

const BLANK = /\s/;

/** {pointer: offset of its value} of a JSON text; what was found before the text stops being JSON. */
export function jsonPlaces(text) {
  const found = new Map();
  const reader = { text, at: 0 };
  try {
    value(reader, "", found);
  } catch {
    // half a document: its first part is known
  }
  return found;
}

function blanks(reader) {
  while (BLANK.test(reader.text[reader.at] ?? "")) reader.at += 1;
}

function value(reader, path, found) {
  blanks(reader);
  found.set(path, reader.at);
  const first = reader.text[reader.at];
  if (first === "{") members(reader, "}", (index) => `${path}/${escaped(key(reader, index))}`, found);
  else if (first === "[") members(reader, "]", (index) => `${path}/${index}`, found);
  else if (first === '"') string(reader);
  else scalar(reader);
}

function members(reader, end, pathOf, found) {
  reader.at += 1;
  for (let index = 0; ; index += 1) {
    blanks(reader);
    if (reader.text[reader.at] === end) break;
    value(reader, pathOf(index), found);
    blanks(reader);
    if (reader.text[reader.at] !== ",") break;
    reader.at += 1;
  }
  if (reader.text[reader.at] !== end) throw new SyntaxError("unfinished");
  reader.at += 1;
}

function key(reader) {
  const name = string(reader);
  blanks(reader);
  reader.at += 1; // the colon
  return name;
}

function string(reader) {
  const match = /"(?:[^"\\]|\\.)*"/y;
  match.lastIndex = reader.at;
  const [whole] = match.exec(reader.text) ?? [];
  if (!whole) throw new SyntaxError("no string");
  reader.at = match.lastIndex;
  return JSON.parse(whole);
}

function scalar(reader) {
  const match = /[^\s,\]}]+/y;
  match.lastIndex = reader.at;
  if (!match.exec(reader.text)) throw new SyntaxError("no value");
  reader.at = match.lastIndex;
}

const escaped = (name) => name.replaceAll("~", "~0").replaceAll("/", "~1");
