/* Where stretches of a recording are cut. Lists come back new, or null where there is no room. */

/** The stretch at a time; the one of this id if it is one of several. */
export function segmentAt(segments, at, id = null) {
  const found = segments.filter(({ start, end }) => start <= at && at < end);
  return found.find((each) => each.id === id) ?? found[0] ?? null;
}

/** A stretch cut in two; label and speaker go to both parts, words and tags stay with the first. */
export function split(segments, segment, at, { least, id }) {
  if (at - segment.start < least || segment.end - at < least) return null;
  const { text: _text, tags: _tags, ...alike } = segment;
  return [...segments.map((each) => (each === segment ? { ...each, end: at } : each)), { ...alike, id, start: at }];
}

/** From here to the next stretch or to the end (of `all` seconds); behind the end, from the beginning. It is what the one before it is. */
export function begun(segments, at, { least, all, id, label, speaker }) {
  const start = all - at < least ? 0 : at;
  const end = Math.min(...segments.map((each) => each.start).filter((each) => each > start), all);
  if (segmentAt(segments, start) || end - start < least) return null;
  const before = segments.filter((each) => each.end <= start).at(-1);
  const said = { label: before?.label ?? label, speaker: before?.speaker ?? speaker };
  return { id, start, end, ...Object.fromEntries(Object.entries(said).filter(([, each]) => each !== undefined)) };
}

/** An end moved as far as the stretch stays long enough. */
export function pulled(segment, edge, at, least) {
  return edge === "start" ? Math.min(at, segment.end - least) : Math.max(at, segment.start + least);
}
