/* The rows of a list that is written, as an outline in the order in which they are read: [{id, depth, cells}]. A row stands below the last
   one before it that is less deep. Nothing here touches the page. */

import { elementsOf, keyOf } from "@mh/app/items";

/** The rows of an answer. */
export function rowsOf(value) {
  const depths = new Map();
  return (value?.records ?? []).map(({ id, parent, cells }) => {
    const depth = parent === undefined ? 0 : (depths.get(parent) ?? -1) + 1;
    depths.set(id, depth);
    return { id, depth, cells };
  });
}

/** The records of an answer: rows that say something. */
export function recordsOf(rows) {
  const above = [];
  return rows
    .filter(({ cells }) => !saysNothing(cells))
    .map(({ id, depth, cells }) => {
      while (above.length && above.at(-1).depth >= depth) above.pop();
      const parent = above.at(-1)?.id;
      above.push({ id, depth });
      return parent === undefined ? { id, cells } : { id, parent, cells };
    });
}

/** Whether nothing but boxes without a tick is left of a row. */
export function saysNothing(cells) {
  return Object.values(cells).every((cell) => cell === false);
}

/** The rows that a task brings: elements of a table or list, with the members that are columns. */
export function broughtBy(payload, { prefill, columns }) {
  const rows = elementsOf(payload[prefill]).map((element, at) => {
    const members = typeof element === "object" ? element : { content: element };
    const given = columns.map(({ key, type }) => [key, members[key] ?? (type === "boolean" ? false : undefined)]);
    return { id: keyOf(element, at), depth: 0, cells: Object.fromEntries(given.filter(([, cell]) => cell !== undefined)) };
  });
  return recordsOf(rows);
}

/** A name for a new row: `r` and the next number that no row has. */
export function freeId(rows) {
  const numbers = rows.map(({ id }) => Number(/^r(\d+)$/.exec(id)?.[1] ?? 0));
  return `r${Math.max(0, ...numbers) + 1}`;
}

/** What each row is called: 1, 2, 2.1, 2.2, 3. */
export function numbersOf(rows) {
  const counts = [];
  return rows.map(({ depth }) => {
    const level = Math.min(depth, counts.length);
    counts.length = level + 1;
    counts[level] = (counts[level] ?? 0) + 1;
    return counts.join(".");
  });
}

// --- Rows move with all that stands below them; each of these gives the new list, or null where there is no way ----------------------

/** Place behind the last row that stands below the one at `at`. */
export function endOf(rows, at) {
  const end = rows.findIndex(({ depth }, place) => place > at && depth <= rows[at].depth);
  return end < 0 ? rows.length : end;
}

/** Past the one before (-1) or behind (1) it, of those that stand below the same row. */
export function moved(rows, at, by) {
  const first = by < 0 ? siblingBefore(rows, at) : at;
  if (first < 0) return null;
  const middle = endOf(rows, first);
  if (rows[middle]?.depth !== rows[at].depth) return null;
  const end = endOf(rows, middle);
  return [...rows.slice(0, first), ...rows.slice(middle, end), ...rows.slice(first, middle), ...rows.slice(end)];
}

function siblingBefore(rows, at) {
  const before = rows.findLastIndex(({ depth }, place) => place < at && depth <= rows[at].depth);
  return before >= 0 && rows[before].depth === rows[at].depth ? before : -1;
}

/** Below the one before it. */
export function lowered(rows, at) {
  return siblingBefore(rows, at) < 0 ? null : deeper(rows, at, endOf(rows, at), 1);
}

/** Out from under the row that it stands below, and behind all of that. */
export function raised(rows, at) {
  if (!rows[at].depth) return null;
  const above = rows.findLastIndex(({ depth }, place) => place < at && depth < rows[at].depth);
  const [middle, end] = [endOf(rows, at), endOf(rows, above)];
  const own = deeper(rows, at, middle, -1).slice(at, middle);
  return [...rows.slice(0, at), ...rows.slice(middle, end), ...own, ...rows.slice(end)];
}

/** Without a row; what stood below it comes up. */
export function without(rows, at) {
  return deeper(rows, at + 1, endOf(rows, at), -1).toSpliced(at, 1);
}

function deeper(rows, from, to, by) {
  return rows.map((row, place) => (place >= from && place < to ? { ...row, depth: row.depth + by } : row));
}
