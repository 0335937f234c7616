/* regions in their normal form, and what can be wrong with them: the twin of `annotation/questions/regions.py`. */

import * as geometry from "@mh/app/geometry";
import { keyOf, onFields, perField, pointer } from "@mh/app/items";
import { markProblems, normaliseMarks, outlineProblems } from "@mh/app/marks";
import { problem, under } from "@mh/app/problem";

const GEOMETRY = ["bbox", "angle", "points", "holes", "ellipse", "keypoints", "mask", "front", "back"];
const MEMBERS = ["id", "label", "shape", "item", "attributes", ...GEOMETRY];

/** The pictures that the regions of one question may lie on. */
export class Pictures {
  constructor({ question, payload, values, item }) {
    Object.assign(this, { question, payload, values });
    [this.name] = onFields(question);
    this.implied = perField(question) === this.name ? item : undefined;
  }

  /** Width and height, each null if not known; null if there is no such picture. */
  size(region) {
    let picture = this.payload[this.name];
    if (Array.isArray(picture)) {
      const item = region.item ?? this.implied;
      const found = picture.find((each, at) => keyOf(each, at) === item);
      if (found === undefined) return null;
      picture = typeof found === "object" ? found.content : found;
    } else if ("item" in region) {
      return null;
    }
    const positive = (value) => (geometry.isCoordinate(value) && value > 0 ? value : null);
    return [positive(picture?.width), positive(picture?.height)];
  }
}

/** Clipped within a pixel, rounded, upright; polygons open and of positive area. The order is kept. */
export function normalise(value, config, pictures) {
  const kept = normaliseMarks(value, "regions", config);
  if (!kept) return value;
  return { ...kept, regions: kept.regions.map((region) => normaliseRegion(region, config, pictures.size(region) ?? [null, null])) };
}

function normaliseRegion(region, config, size) {
  if (region.shape === "box" && geometry.isBox(region.bbox)) return normaliseBox(region, config, size);
  if (region.shape === "polygon" && geometry.isRing(region.points)) return normalisePolygon(region, config, size);
  return region;
}

function normaliseBox(region, config, size) {
  const result = { ...region };
  if (geometry.isCoordinate(region.angle)) {
    const angle = geometry.rounded(geometry.turned(region.angle), false);
    result.angle = angle === -180 ? 180 : angle;
    if (angle === 0) delete result.angle;
  }
  result.bbox = geometry.upright(region.bbox);
  // twice: rounding may move an edge out again
  for (let time = 0; time < 2; time += 1) {
    if (!("angle" in result)) result.bbox = geometry.clippedBox(result.bbox, size);
    result.bbox = result.bbox.map((each) => geometry.rounded(each, config.integer));
  }
  return result;
}

function normalisePolygon(region, config, size) {
  const ring = (points) =>
    geometry.closed(points.map((point) => point.map((each, axis) => geometry.rounded(geometry.clipped(each, size[axis]), config.integer))));
  const result = { ...region, points: ring(region.points) };
  if (Array.isArray(region.holes) && region.holes.every(geometry.isRing)) {
    result.holes = region.holes.map(ring);
    if (!region.holes.length) delete result.holes;
  }
  return result;
}

/** Shapes, geometry, bounds; and what every list of marks may get wrong. `value` is in normal form. */
export function validate(value, config, pictures, labels) {
  const found = outlineProblems(value, "regions", MEMBERS);
  if (Array.isArray(value?.regions)) {
    for (const [place, region] of value.regions.entries()) {
      const shapeless = typeof region === "object" && region && !Array.isArray(region) && typeof region.shape !== "string";
      if (shapeless) found.push(problem(`/regions/${place}/shape`, "type"));
    }
  }
  if (found.length) return found;
  for (const [place, region] of value.regions.entries()) found.push(...under(regionProblems(region, config, pictures), "regions", place));
  return [...found, ...markProblems(value, "regions", config, { ...pictures, labels })];
}

function regionProblems(region, config, pictures) {
  const { shape } = region;
  if (!config.shapes.includes(shape) || !shapesFor(region.label, config).includes(shape)) return [problem("/shape", "bad_shape")];
  const { members, problems } = FORMS[shape];
  const strange = GEOMETRY.filter((name) => name in region && !members.includes(name));
  const found = strange.map((name) => problem(pointer(name), "bad_geometry"));
  const size = pictures.size(region);
  return size ? [...found, ...problems(region, config, size)] : [...found, problem("/item", "unknown_item")];
}

/** Has it a geometry that can be drawn? */
export function isDrawable({ shape, bbox, points, holes = [] }) {
  if (shape === "box") return geometry.isBox(bbox);
  return shape === "polygon" && geometry.isRing(points) && points.length > 1 && Array.isArray(holes) && holes.every(geometry.isRing);
}

/** The shapes that marks of a label may have. */
export function shapesFor(label, config) {
  return config.label_shapes?.[label] ?? config.shapes;
}

function boxProblems({ bbox, angle }, config, size) {
  const found = [];
  if (angle !== undefined && !(config.rotate && geometry.isCoordinate(angle))) found.push(problem("/angle", "bad_geometry"));
  if (!geometry.isBox(bbox) || Math.min(bbox[2], bbox[3]) <= 0) return [...found, problem("/bbox", "bad_geometry")];
  const [x, y, width, height] = bbox;
  // of a turned box only the centre must be inside: things are cut by the edge
  const within = angle ? [[x + width / 2, y + height / 2]] : [[x, y], [x + width, y + height]];
  if (!within.every((point) => geometry.inside(point, size))) found.push(problem("/bbox", "out_of_bounds"));
  if (Math.min(width, height) < (config.min_size ?? 0)) found.push(problem("", "too_small", { min: config.min_size }));
  return found;
}

function polygonProblems({ points, holes = [] }, config, size) {
  if (!Array.isArray(points)) return [problem("/points", "bad_geometry")];
  const places = (test) => points.flatMap((point, at) => (test(point) ? [`/points/${at}`] : []));
  const malformed = places((point) => !geometry.isPoint(point)).map((path) => problem(path, "bad_geometry"));
  const least = Math.max(3, config.min_points ?? 3);
  if (malformed.length) return malformed;
  if (points.length < least) return [problem("/points", "too_few_points", { min: least })];
  const found = places((point) => !geometry.inside(point, size)).map((path) => problem(path, "out_of_bounds"));
  if (geometry.area(points) <= 0) return [...found, problem("/points", "bad_geometry")];
  const [, , width, height] = geometry.around(points);
  if (Math.min(width, height) < (config.min_size ?? 0)) found.push(problem("", "too_small", { min: config.min_size }));
  if (geometry.crossesItself(points)) found.push(problem("/points", "warning:self_crossing"));
  return [...found, ...holeProblems(holes)];
}

function holeProblems(holes) {
  if (!Array.isArray(holes)) return [problem("/holes", "bad_geometry")];
  const good = (hole) => geometry.isRing(hole) && hole.length > 2 && geometry.area(hole) > 0;
  return holes.flatMap((hole, at) => (good(hole) ? [] : [problem(`/holes/${at}`, "bad_geometry")]));
}

const FORMS = {
  box: { members: ["bbox", "angle"], problems: boxProblems },
  polygon: { members: ["points", "holes"], problems: polygonProblems },
};
