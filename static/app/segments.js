/* Segments as the server has them (`annotation/questions/segments.py`): normal form and problems of stretches of time. */

import { pointer } from "@mh/app/items";
import { limitProblems, withoutNulls } from "@mh/app/marks";
import { isKey, isObject, problem, under } from "@mh/app/problem";

export const MEMBERS = ["id", "start", "end", "label", "speaker", "text", "tags", "channel"];
const SLACK = 0.02; // seconds that may reach over an end, or be left out between two stretches

/** Thousandths, half up; as the server rounds. */
export function rounded(seconds) {
  return Math.floor(seconds * 1000 + 0.5) / 1000 || 0;
}

/** Seconds of a recording in thousandths; null if the task does not say. */
export function lengthOf(recording) {
  const seconds = recording?.seconds;
  return typeof seconds === "number" && seconds > 0 ? rounded(seconds) : null;
}

// --- Normal form ---------------------------------------------------------------------------------------------------------

/** The canonical form of a value; what is malformed comes back as it is. */
export function normalise(value, config, length) {
  if (!isObject(value)) return value;
  const kept = withoutNulls(value);
  if (kept.none === true && Object.keys(kept).length === 1) kept.segments = [];
  if (Array.isArray(kept.segments) && kept.segments.every(isObject)) kept.segments = kept.segments.map(withoutNulls);
  if (shapeProblems(kept).length) return kept;
  const found = kept.segments.map((each) => tidy(each, config, length));
  found.sort((a, b) => a.start - b.start || a.end - b.end);
  kept.segments = config.speakers?.names?.length ? found : renamed(found);
  return kept;
}

function tidy(segment, config, length) {
  const made = Object.fromEntries(MEMBERS.filter((name) => name in segment).map((name) => [name, segment[name]]));
  for (const name of ["start", "end"]) made[name] = clipped(rounded(segment[name]), length);
  for (const name of ["text", "speaker"]) if (name in made) made[name] = made[name].replace(/\r\n?/g, "\n").normalize("NFC").trim();
  if (made.tags) {
    const order = new Map((config.tags ?? []).map(({ key }, place) => [key, place]));
    made.tags = [...new Set(made.tags)].sort((a, b) => (order.get(a) ?? order.size) - (order.get(b) ?? order.size));
  }
  return Object.fromEntries(Object.entries(made).filter(([, each]) => each !== "" && !(Array.isArray(each) && !each.length)));
}

function clipped(seconds, length) {
  if (seconds < 0 && seconds >= -SLACK) return 0;
  return length !== null && seconds > length && seconds <= length + SLACK ? length : seconds;
}

/** Speakers by who is heard first. */
function renamed(segments) {
  const heard = [...new Set(segments.filter(({ speaker }) => speaker !== undefined).map(({ speaker }) => speaker))];
  return segments.map((each) => (each.speaker === undefined ? each : { ...each, speaker: `S${heard.indexOf(each.speaker) + 1}` }));
}

// --- What is wrong -------------------------------------------------------------------------------------------------------

/** Problems of a normalised value. `labels`: Set of keys, null where none are asked for. */
export function validate(value, config, length, labels) {
  const found = shapeProblems(value);
  if (found.length) return found;
  const [ids, speakers] = [new Set(), new Set()];
  value.segments.forEach((segment, place) => {
    const wrong = [...timeProblems(segment, config, length), ...wordProblems(segment, config, labels)];
    if (ids.has(segment.id)) wrong.push(problem("/id", "duplicate"));
    if (segment.speaker !== undefined && !maySpeak(segment.speaker, config.speakers, speakers)) wrong.push(problem("/speaker", "unknown_speaker"));
    ids.add(segment.id);
    found.push(...under(wrong, "segments", place));
  });
  if (!config.overlap) found.push(...overlaps(value.segments));
  if (config.cover) found.push(...gaps(value.segments, length));
  return [...found, ...limitProblems(value, "segments", config)];
}

function shapeProblems(value) {
  if (!isObject(value)) return [problem("", "type")];
  const found = Object.keys(value)
    .filter((name) => !["segments", "none"].includes(name))
    .map((name) => problem(pointer(name), "type"));
  if ("none" in value && value.none !== true) found.push(problem("/none", "type"));
  if (!Array.isArray(value.segments)) return [...found, problem("/segments", "type")];
  return [...found, ...value.segments.flatMap((segment, place) => under(segmentShape(segment), "segments", place))];
}

const isNumber = (value) => typeof value === "number";
const isText = (value) => typeof value === "string";
const SHAPES = {
  start: isNumber,
  end: isNumber,
  id: isKey,
  label: (value) => value === undefined || isKey(value),
  speaker: (value) => value === undefined || isText(value),
  text: (value) => value === undefined || isText(value),
  tags: (value) => value === undefined || (Array.isArray(value) && value.every(isKey)),
  channel: (value) => value === undefined || (Number.isInteger(value) && value >= 0),
};

function segmentShape(segment) {
  if (!isObject(segment)) return [problem("", "type")];
  const strange = Object.keys(segment).filter((name) => !MEMBERS.includes(name));
  const wrong = Object.keys(SHAPES).filter((name) => !SHAPES[name](segment[name]));
  return [...strange.map((name) => pointer(name)), ...wrong.map((name) => `/${name}`)].map((path) => problem(path, "type"));
}

function timeProblems({ start, end }, { min_seconds: least = 0 }, length) {
  if (start < 0 || start >= end || (length !== null && end > length)) return [problem("", "bad_time")];
  return rounded(end - start) < least ? [problem("", "too_short:seconds", { min: least })] : [];
}

function wordProblems({ label, text, tags = [] }, { transcript = "none", tags: offered = [] }, labels) {
  const found = [];
  if (label !== undefined && !labels?.has(label)) found.push(problem("/label", "unknown_label"));
  else if (labels && label === undefined) found.push(problem("/label", "required"));
  if (text !== undefined && transcript === "none") found.push(problem("/text", "type"));
  else if (text === undefined && transcript === "required") found.push(problem("/text", "required"));
  const known = new Set(offered.map(({ key }) => key));
  tags.forEach((tag, place) => known.has(tag) || found.push(problem(`/tags/${place}`, "unknown_tag")));
  return found;
}

/** Is there such a speaker, and are they not too many with them? `heard`: those so far. */
function maySpeak(speaker, offered, heard) {
  heard.add(speaker);
  if (!offered || (offered.names?.length && !offered.names.includes(speaker))) return false;
  return offered.max === undefined || heard.size <= offered.max;
}

function overlaps(segments) {
  const ends = new Map();
  return segments.flatMap(({ start, end, channel }, place) => {
    const before = ends.get(channel) ?? 0;
    ends.set(channel, Math.max(before, end));
    return start < before ? [problem(`/segments/${place}`, "overlap")] : [];
  });
}

function gaps(segments, length) {
  const found = [];
  let at = 0;
  for (const { start, end } of length === null ? segments : [...segments, { start: length, end: length }]) {
    if (start > at + SLACK) found.push(problem("/segments", "not_covered", { start: at, end: start }));
    at = Math.max(at, end);
  }
  return found;
}
