/* Two texts as the words that differ: the longest common run of words stays, the rest is struck out or underlined. */

import { make } from "@mh/app/layout";

const MOST = 1500; // words on each side: above that whole texts are shown

/** Nodes that show how `after` differs from `before`. */
export function wordDiff(before, after) {
  return wordRuns(before, after).map(runNode);
}

/** How `after` differs from `before` as runs, [`same`, `del` or `ins`, text]; all of it is the same where there is too much to compare. */
export function wordRuns(before, after) {
  const [a, b] = [pieces(before), pieces(after)];
  return a.length > MOST || b.length > MOST ? [["same", after]] : joined(steps(a, b));
}

/** A run on the page. */
export function runNode([kind, text]) {
  return kind === "same" ? document.createTextNode(text) : make(kind, "", text);
}

function pieces(text) {
  return text.match(/\s+|[\p{L}\p{N}\p{M}'’]+|[^]/gu) ?? [];
}

/** [kind, piece] in reading order, by a table of common lengths. */
function steps(a, b) {
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  const found = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push(["same", a[i]]);
      i += 1;
      j += 1;
    } else if (j === b.length || (i < a.length && table[i + 1][j] >= table[i][j + 1])) {
      found.push(["del", a[i]]);
      i += 1;
    } else {
      found.push(["ins", b[j]]);
      j += 1;
    }
  }
  return found;
}

function joined(found) {
  const runs = [];
  for (const [kind, text] of found) {
    if (runs.at(-1)?.[0] === kind) runs.at(-1)[1] += text;
    else runs.push([kind, text]);
  }
  return runs;
}
