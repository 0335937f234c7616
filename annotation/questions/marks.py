"""What spans and regions share: labels, attributes, relations, limits, and saying that there is nothing to mark."""

from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import Field

from annotation.questions import messages
from annotation.questions.attributes import (
    Attribute,
    attribute_problems,
    lint_attribute,
    widened_attributes,
    with_attributes,
    without_nulls,
)
from annotation.questions.base import Around, Context, Json, Problem, Seen, pointer, problem
from annotation.questions.options import (
    LabelSettings,
    MaybeLabels,
    hotkeys_in,
    label_keys_of,
    lint_colours,
    lint_hotkeys,
    lint_keys,
    lint_listed,
    not_higher,
    not_lower,
    widened_list,
)
from annotation.questions.relations import RelationType, lint_ends, relation_problems, widened_relations
from annotation.questions.shapes import Model, is_key


class Limits(Model):
    """How many marks there may be, and whether it must be said that there are none."""

    min: Annotated[int, Field(ge=0)] | None = None
    max: Annotated[int, Field(ge=1)] | None = None
    confirm_empty: bool = False


class MarkSettings(LabelSettings, Limits):
    """Settings of a question whose answer is a list of marks."""

    attributes: list[Attribute] = []
    relations: list[RelationType] = []


def normalise_marks(value: dict[str, Json], member: str, config: MarkSettings) -> dict[str, Json] | None:
    """Null members dropped, attributes completed, empty parts left out; None if the outline is malformed."""
    kept = without_nulls(value)
    if kept == {"none": True}:
        kept[member] = []
    marks = kept.get(member)
    if not isinstance(marks, list) or not all(isinstance(mark, dict) for mark in marks):
        return None
    kept[member] = [with_attributes(without_nulls(mark), config.attributes) for mark in marks]
    if kept.get("relations") == []:
        del kept["relations"]
    return kept


def outline_problems(value: Json, member: str, members: Iterable[str]) -> list[Problem]:
    """What is wrong with the outline: the list of marks, `relations`, `none`, and the members that every mark has."""
    if not isinstance(value, dict):
        return [problem("", "type", wanted=messages.AN_OBJECT)]
    allowed = (member, "relations", "none")
    found = [problem(pointer(name), "type", wanted=messages.NOTHING) for name in value if name not in allowed]
    if value.get("none", True) is not True:
        found.append(problem("/none", "type", wanted=messages.TRUE))
    if not isinstance(value.get("relations", []), list):
        found.append(problem("/relations", "type", wanted=messages.A_LIST))
    marks = value.get(member)
    if not isinstance(marks, list):
        return [*found, problem(f"/{member}", "type", wanted=messages.A_LIST)]
    for place, mark in enumerate(marks):
        found.extend(each.under(member, place) for each in _mark_shape(mark, members))
    return found


def _mark_shape(mark: Json, members: Iterable[str]) -> list[Problem]:
    if not isinstance(mark, dict):
        return [problem("", "type", wanted=messages.AN_OBJECT)]
    found = [problem(pointer(name), "type", wanted=messages.NOTHING) for name in mark if name not in members]
    unnamed = [name for name in ("id", "label") if not is_key(mark.get(name))]
    found.extend(problem(f"/{name}", "type", wanted=messages.A_KEY) for name in unnamed)
    if not isinstance(mark.get("item", ""), str):
        found.append(problem("/item", "type", wanted=messages.A_KEY))
    if not isinstance(mark.get("attributes", {}), dict):
        found.append(problem("/attributes", "type", wanted=messages.AN_OBJECT))
    return found


def mark_problems(value: dict[str, Json], member: str, config: MarkSettings, context: Context) -> list[Problem]:
    """Labels, ids, attributes, relations, limits, `none`: what does not depend on where the marks are."""
    marks = value[member]
    labels = label_keys_of(config, context.payload)
    found: list[Problem] = []
    ids: set[str] = set()
    for place, mark in enumerate(marks):
        if mark["label"] not in labels:
            found.append(problem(f"/{member}/{place}/label", "unknown_label"))
        if mark["id"] in ids:
            found.append(problem(f"/{member}/{place}/id", "duplicate"))
        ids.add(mark["id"])
    for place, mark in enumerate(marks):
        faults = attribute_problems(mark, config.attributes, context, ids)
        found.extend(each.under(member, place) for each in faults)
    by_id = {mark["id"]: mark["label"] for mark in marks}
    lines = relation_problems(value.get("relations", []), config.relations, by_id)
    return found + lines + limit_problems(value, member, config)


def limit_problems(value: dict[str, Json], member: str, config: Limits) -> list[Problem]:
    """Too few marks, too many, or none without a word."""
    found, count = [], len(value[member])
    if count and "none" in value:
        found.append(problem("/none", "contradiction"))
    if not count and config.confirm_empty and "none" not in value:
        found.append(problem("", "empty_unconfirmed"))
    if config.min is not None and count < config.min:
        found.append(problem(f"/{member}", "too_few", min=config.min))
    if config.max is not None and count > config.max:
        found.append(problem(f"/{member}", "too_many", max=config.max))
    return found


def seen_marks(value: dict[str, Json], member: str) -> Seen:
    """The number of marks."""
    count = len(value[member])
    return Seen(count, count=count)


def lint_marks(config: MarkSettings, around: Around, builtin: Sequence[str] = ()) -> list[Problem]:
    """Labels, attributes and relations in themselves. `builtin`: the editor's own keys."""
    found = [
        *lint_listed(config, "labels_from", around),
        *lint_keys(config.labels, "labels"),
        *lint_colours(config.labels, "labels"),
        *lint_keys(config.attributes, "attributes"),
        *lint_keys(config.relations, "relations"),
        *lint_hotkeys(_hotkeys(config), builtin),
    ]
    if config.min is not None and config.max is not None and config.min > config.max:
        found.append(problem("/max", "bad_scale"))
    labels = config.label_keys if config.labels is not None else None
    for place, attribute in enumerate(config.attributes):
        found.extend(each.under("attributes", place) for each in lint_attribute(attribute, labels, around))
    for place, kind in enumerate(config.relations):
        found.extend(each.under("relations", place) for each in lint_ends(kind, labels))
    return found


def _hotkeys(config: MarkSettings) -> list[tuple[str, str | None]]:
    return hotkeys_in(config.labels, "labels") + hotkeys_beside(config)


def hotkeys_beside(config: MarkSettings) -> list[tuple[str, str | None]]:
    """(path, key) of what is not a label: relations and the options of attributes."""
    found = hotkeys_in(config.relations, "relations")
    for place, attribute in enumerate(config.attributes):
        found += hotkeys_in(attribute.options, f"attributes/{place}/options")
    return found


def suits_labels(config: MaybeLabels, context: Context) -> list[Problem]:
    """A task that supplies the labels supplies at least one."""
    if config.labels_from is None or context.elements(config.labels_from):
        return []
    return [problem(pointer(config.labels_from), "too_few", min=1)]


def widened_marks(old: MarkSettings, new: MarkSettings) -> bool:
    """Whether every old list of marks may still be given, and means the same."""
    limits = widened_limits(old, new)
    labels = old.labels_from == new.labels_from and widened_list(old.labels, new.labels)
    attributes = widened_attributes(old.attributes, new.attributes)
    return limits and labels and attributes and widened_relations(old.relations, new.relations)


def widened_limits(old: Limits, new: Limits) -> bool:
    """Whether as many marks may still be given, and as few, with as few words."""
    return not_higher(old.min, new.min) and not_lower(old.max, new.max) and new.confirm_empty <= old.confirm_empty
