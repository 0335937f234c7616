/* Which rows of several answers are the same one: the same measure as the server's (`quality/aggregation/rows.py`). */

const TEXTS = new Set(["text", "long_text", "markdown", "code", "url"]);
const NEAR = 0.8; // likeness of two texts that say the same
const HALF = 0.5; // share of cells in common where no column says which rows are the same

/** Records beside each other: [[a record or undefined for each list]], in the order in which they first come. */
export function aligned({ columns, match = [] }, lists) {
  const kinds = new Map(columns.map(({ key, type }) => [key, type]));
  const ready = lists.map((records) => records.map(({ cells }) => Object.fromEntries(Object.entries(cells).map(([key, cell]) => [key, readied(kinds.get(key), cell)]))));
  const groups = [];
  const firsts = []; // what the first row of each group says
  lists.forEach((records, list) => {
    const found = firsts.flatMap((first, at) => ready[list].map((cells, place) => ({ at, place, share: likeness(match, first, cells) })));
    const [groupsTaken, placesTaken] = [new Set(), new Map()];
    for (const { at, place } of found.filter(({ share }) => share > 0).sort((a, b) => b.share - a.share)) {
      if (groupsTaken.has(at) || placesTaken.has(place)) continue;
      groupsTaken.add(at);
      placesTaken.set(place, at);
    }
    records.forEach((record, place) => {
      if (placesTaken.has(place)) groups[placesTaken.get(place)][list] = record;
      else {
        groups.push(lists.map((_list, at) => (at === list ? record : undefined)));
        firsts.push(ready[list][place]);
      }
    });
  });
  return groups;
}

/** Whether two cells say the same, texts nearly. */
export function alike(type, a, b) {
  return near(readied(type, a), readied(type, b)) >= NEAR;
}

function likeness(match, a, b) {
  if (match.length) {
    const shares = match.map((key) => near(a[key], b[key]));
    return Math.min(...shares) >= NEAR ? shares.reduce((sum, each) => sum + each, 0) / shares.length : 0;
  }
  const keys = Object.keys({ ...a, ...b });
  const share = keys.filter((key) => near(a[key], b[key]) >= NEAR).length / keys.length;
  return share >= HALF ? share : 0;
}

/** A cell made ready to be compared: its letters, and of a text the runs of three of them. */
function readied(type, cell) {
  if (!TEXTS.has(type) || typeof cell !== "string") return { text: JSON.stringify(cell) };
  const text = fold(cell);
  return { text, grams: trigrams(text) };
}

function near(a, b) {
  if (a?.text === b?.text) return 1;
  return a?.grams && b?.grams ? shareOf(a.grams, b.grams) : 0;
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
