"""regions: shapes on a picture, in pixels of the source image. Now: boxes and polygons."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from annotation.questions import geometry, marks, messages
from annotation.questions.base import Around, Context, Json, Problem, Seen, element_key, pointer, problem
from annotation.questions.options import not_higher
from annotation.questions.shapes import Key, Model, SettingError, not_a

NAME = "regions"
FIELDS: frozenset[str] | None = frozenset({"image", "items"})
TEXT = MANY = False
SHAPES = ("box", "polygon")
LATER = ("polyline", "point", "keypoints", "ellipse", "mask", "cuboid2d")
GEOMETRY = ("bbox", "angle", "points", "holes", "ellipse", "keypoints", "mask", "front", "back")
MEMBERS = ("id", "label", "shape", "item", "attributes", *GEOMETRY)
TOOLS = {"box": "b", "polygon": "p"}  # the editor's own keys; `v` selects
Size = geometry.Size


def _supported(shape: Any) -> Any:
    if shape in LATER:
        raise SettingError("unsupported_type", type=shape)
    if shape not in SHAPES:
        raise not_a(messages.A_CHOICE)
    return shape


Shape = Annotated[str, AfterValidator(_supported)]
Shapes = Annotated[list[Shape], Field(min_length=1)]


class Config(marks.MarkSettings):
    """Settings of regions. `min_size`: least width and height in px; `iou`: from where on two regions are the same one."""

    shapes: Shapes
    label_shapes: dict[Key, Shapes] = {}
    rotate: bool = False
    integer: bool = False
    min_size: Annotated[float, Field(ge=0)] = 0
    min_points: Annotated[int, Field(ge=2)] | None = None
    iou: Annotated[float, Field(gt=0, le=1)] = 0.5

    @model_validator(mode="before")
    @classmethod
    def _no_skeletons(cls, data: Any) -> Any:
        if isinstance(data, dict) and "skeletons" in data:
            raise SettingError("unsupported_type", type="keypoints")
        return data


class Region(Model):
    """A shape: a box has `bbox` [x, y, w, h] and maybe `angle`, a polygon `points` and maybe `holes`."""

    id: str
    label: str
    shape: Literal["box", "polygon"]
    item: str | None = None
    bbox: list[float] | None = None
    angle: float | None = None
    points: list[list[float]] | None = None
    holes: list[list[list[float]]] | None = None
    attributes: dict[str, Any] | None = None


class Value(Model):
    """`none`: confirmed that there is nothing to mark."""

    regions: list[Region]
    relations: list[dict[str, Any]] | None = None
    none: Literal[True] | None = None


def normalise(value: Json, config: Config, context: Context) -> Json:
    """Clipped within a pixel, rounded, upright; polygons open and of positive area. The order is kept."""
    kept = marks.normalise_marks(value, "regions", config) if isinstance(value, dict) else None
    if kept is None:
        return value
    pictures = _Pictures(context)
    return {**kept, "regions": [_normalised(region, config, pictures) for region in kept["regions"]]}


def _normalised(region: dict[str, Json], config: Config, pictures: "_Pictures") -> dict[str, Json]:
    size = pictures.size(region) or (None, None)
    if region.get("shape") == "box" and geometry.is_box(region.get("bbox")):
        return _normalised_box(region, config, size)
    if region.get("shape") == "polygon" and geometry.is_ring(region.get("points")):
        return _normalised_polygon(region, config, size)
    return region


def _normalised_box(region: dict[str, Json], config: Config, size: Size) -> dict[str, Json]:
    result = dict(region)
    angle: Any = region.get("angle")
    if geometry.is_coordinate(angle):
        turned = geometry.rounded(geometry.turned(angle), integer=False)
        result["angle"] = 180 if turned == -180 else turned
        if turned == 0:
            del result["angle"]
    box = geometry.upright(region["bbox"])
    # twice: rounding may move an edge out again
    for _ in range(2):
        box = box if "angle" in result else geometry.clipped_box(box, size)
        box = [geometry.rounded(each, integer=config.integer) for each in box]
    result["bbox"] = box
    return result


def _normalised_polygon(region: dict[str, Json], config: Config, size: Size) -> dict[str, Json]:
    result = {**region, "points": _normalised_ring(region["points"], config, size)}
    holes = region.get("holes")
    if isinstance(holes, list) and all(map(geometry.is_ring, holes)):
        result["holes"] = [_normalised_ring(hole, config, size) for hole in holes]
        if not holes:
            del result["holes"]
    return result


def _normalised_ring(ring: geometry.Ring, config: Config, size: Size) -> geometry.Ring:
    moved = [[geometry.clipped(point[axis], size[axis]) for axis in (0, 1)] for point in ring]
    return geometry.closed([[geometry.rounded(each, integer=config.integer) for each in point] for point in moved])


class _Pictures:
    """The pictures that the regions of one question may lie on."""

    def __init__(self, context: Context) -> None:
        name = context.question.on[0]
        field = context.fields.get(name)
        self.value = context.payload.get(name)
        self.keyed = field is not None and field.kind.KEYED
        per = context.question.per
        self.implied = context.item if per is not None and per.field == name else None
        self.items = (
            {element_key(each, place): each for place, each in enumerate(self.value)}
            if self.keyed and isinstance(self.value, list)
            else {}
        )

    def size(self, region: Mapping[str, Json]) -> Size | None:
        """Width and height, each None if not known; None if there is no such picture."""
        item = region.get("item", self.implied)
        picture = self.value
        if self.keyed:
            if not isinstance(item, str) or item not in self.items:
                return None
            element = self.items[item]
            picture = element.get("content") if isinstance(element, dict) else element
        elif "item" in region:
            return None
        sizes = picture if isinstance(picture, dict) else {}
        return _positive(sizes.get("width")), _positive(sizes.get("height"))


def _positive(value: Json) -> float | None:
    return value if geometry.is_coordinate(value) and value > 0 else None


def validate(value: Json, config: Config, context: Context) -> list[Problem]:
    """Shapes, geometry, bounds; and what every list of marks may get wrong."""
    found = marks.outline_problems(value, "regions", MEMBERS)
    if isinstance(value, dict) and isinstance(value.get("regions"), list):
        for place, region in enumerate(value["regions"]):
            if isinstance(region, dict) and not isinstance(region.get("shape"), str):
                found.append(problem(f"/regions/{place}/shape", "type", wanted=messages.A_CHOICE))
    if found:
        return found
    pictures = _Pictures(context)
    for place, region in enumerate(value["regions"]):
        found.extend(each.under("regions", place) for each in _region_problems(region, config, pictures))
    return found + marks.mark_problems(value, "regions", config, context)


def _region_problems(region: dict[str, Json], config: Config, pictures: _Pictures) -> list[Problem]:
    shape = region["shape"]
    if shape not in config.shapes or shape not in config.label_shapes.get(region["label"], config.shapes):
        return [problem("/shape", "bad_shape")]
    form = _FORMS[shape]
    found = [problem(pointer(name), "bad_geometry") for name in GEOMETRY if name in region and name not in form.members]
    size = pictures.size(region)
    if size is None:
        return [*found, problem("/item", "unknown_item")]
    return found + form.problems(region, config, size)


def _box_problems(region: dict[str, Json], config: Config, size: Size) -> list[Problem]:
    box, angle = region.get("bbox"), region.get("angle")
    found = []
    if "angle" in region and not (config.rotate and geometry.is_coordinate(angle)):
        found.append(problem("/angle", "bad_geometry"))
    if not isinstance(box, list) or not geometry.is_box(box) or min(box[2:]) <= 0:
        return [*found, problem("/bbox", "bad_geometry")]
    x, y, width, height = box
    # of a turned box only the centre must be inside: things are cut by the edge
    corners = [[x + width / 2, y + height / 2]] if angle else [[x, y], [x + width, y + height]]
    if not all(geometry.inside(corner, size) for corner in corners):
        found.append(problem("/bbox", "out_of_bounds"))
    if min(width, height) < config.min_size:
        found.append(problem("", "too_small", min=config.min_size))
    return found


def _polygon_problems(region: dict[str, Json], config: Config, size: Size) -> list[Problem]:
    points = region.get("points")
    if not isinstance(points, list):
        return [problem("/points", "bad_geometry")]
    found = [
        problem(f"/points/{at}", "bad_geometry") for at, point in enumerate(points) if not geometry.is_point(point)
    ]
    least = max(3, config.min_points or 3)
    if not found and len(points) < least:
        found = [problem("/points", "too_few_points", min=least)]
    if found:
        return found
    found = [
        problem(f"/points/{at}", "out_of_bounds") for at, each in enumerate(points) if not geometry.inside(each, size)
    ]
    if geometry.area(points) <= 0:
        return [*found, problem("/points", "bad_geometry")]
    if min(geometry.extent(points)) < config.min_size:
        found.append(problem("", "too_small", min=config.min_size))
    if geometry.crosses_itself(points):
        found.append(problem("/points", "warning:self_crossing"))
    return found + _hole_problems(region.get("holes", []))


def _hole_problems(holes: Json) -> list[Problem]:
    if not isinstance(holes, list):
        return [problem("/holes", "bad_geometry")]
    return [problem(f"/holes/{at}", "bad_geometry") for at, hole in enumerate(holes) if not _is_hole(hole)]


def _is_hole(hole: Json) -> bool:
    return geometry.is_ring(hole) and len(hole) > 2 and geometry.area(hole) > 0


@dataclass(frozen=True, slots=True)
class _Form:
    """A shape: its members, and what can be wrong with them."""

    members: tuple[str, ...]
    problems: Callable[[dict[str, Json], Config, Size], list[Problem]]


_FORMS: Mapping[str, _Form] = {
    "box": _Form(("bbox", "angle"), _box_problems),
    "polygon": _Form(("points", "holes"), _polygon_problems),
}


def answered(_value: Json, _config: Config) -> bool:
    """An empty list says that nothing was found."""
    return True


def seen(value: Json, _config: Config) -> Seen:
    """The number of regions."""
    return marks.seen_marks(value, "regions")


def lint(config: Config, around: Around) -> list[Problem]:
    """Labels, attributes, relations; label keys that are not the tools' own."""
    found = marks.lint_marks(config, around, builtin=["v", *(TOOLS[shape] for shape in config.shapes)])
    if len(set(config.shapes)) < len(config.shapes):
        found.append(problem("/shapes", "duplicate_key", key=max(config.shapes, key=config.shapes.count)))
    for label, shapes in config.label_shapes.items():
        unknown = config.labels is not None and label not in config.label_keys
        if unknown or not set(shapes) <= set(config.shapes):
            found.append(problem(pointer("label_shapes", label), "bad_reference"))
    return found


def suits(config: Config, context: Context) -> list[Problem]:
    """A task that supplies the labels supplies at least one."""
    return marks.suits_labels(config, context)


def widened(old: Config, new: Config) -> bool:
    """At least the same shapes, with the same numbers."""
    shapes = set(old.shapes) <= set(new.shapes) and old.label_shapes == new.label_shapes
    sizes = new.min_size <= old.min_size and not_higher(old.min_points, new.min_points)
    return (
        shapes and sizes and new.rotate >= old.rotate and old.integer == new.integer and marks.widened_marks(old, new)
    )
