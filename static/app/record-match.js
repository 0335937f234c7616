/* Which rows of several answers are the same one: the same measure as the server's (`quality/aggregation/rows.py`). */

const TEXTS = new Set(["text", "long_text", "markdown", "code", "url"]);
const NEAR = 0.8; // likeness of two texts that say the same
const HALF = 0.5; // share of cells in common where no column says which rows are the same

/** Records beside each other: [[a record or undefined for each list]], in the order in which they first come. */
export function aligned({ columns, match = [] }, lists) {
  const kinds = new Map(columns.map(({ key, type }) => [key, type]));
  const groups = [];
  lists.forEach((records, list) => {
    const found = groups.flatMap((group, at) => records.map((record, place) => ({ at, place, near: likeness(kinds, match, group.find(Boolean), record) })));
    const [groupsTaken, placesTaken] = [new Set(), new Map()];
    for (const { at, place, near } of found.filter((each) => each.near > 0).sort((a, b) => b.near - a.near)) {
      if (groupsTaken.has(at) || placesTaken.has(place)) continue;
      groupsTaken.add(at);
      placesTaken.set(place, at);
    }
    records.forEach((record, place) => {
      if (placesTaken.has(place)) groups[placesTaken.get(place)][list] = record;
      else groups.push(Object.assign(Array(lists.length).fill(undefined), { [list]: record }));
    });
  });
  return groups;
}

/** Whether two cells say the same, texts nearly. */
export function alike(type, a, b) {
  return cellLikeness(type, a, b) >= NEAR;
}

function likeness(kinds, match, a, b) {
  if (match.length) {
    const near = match.map((key) => cellLikeness(kinds.get(key), a.cells[key], b.cells[key]));
    return Math.min(...near) >= NEAR ? near.reduce((sum, each) => sum + each, 0) / near.length : 0;
  }
  const keys = Object.keys({ ...a.cells, ...b.cells });
  const share = keys.filter((key) => alike(kinds.get(key), a.cells[key], b.cells[key])).length / keys.length;
  return share >= HALF ? share : 0;
}

function cellLikeness(type, a, b) {
  if (!TEXTS.has(type) || typeof a !== "string" || typeof b !== "string") return Number(JSON.stringify(a) === JSON.stringify(b));
  const [mine, yours] = [fold(a), fold(b)];
  return mine === yours ? 1 : shareOf(trigrams(mine), trigrams(yours));
}

const fold = (text) => text.normalize("NFKC").toLowerCase().replaceAll(/\s+/g, " ").trim();

function trigrams(text) {
  const letters = [..."  ", ...text, " "];
  return new Set(letters.slice(2).map((_letter, at) => letters.slice(at, at + 3).join("")));
}

function shareOf(mine, yours) {
  const both = [...mine].filter((each) => yours.has(each)).length;
  return both / (mine.size + yours.size - both);
}
