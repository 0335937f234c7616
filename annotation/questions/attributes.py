"""Attributes: what is said about each mark beside its label."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from annotation.questions import messages
from annotation.questions.base import Around, Context, Json, Problem, element_keys, pointer, problem
from annotation.questions.options import lint_keys, not_higher, not_lower, widened_list
from annotation.questions.shapes import Key, Model, Name, Option, Options, Words, not_a

MARKS = (
    "spans",
    "regions",
    "segments",
    "tracks",
    "records",
)  # question types whose values are lists of things with ids, and the members that hold them


class Attribute(Model):
    """Something said about each mark. `labels`: only about these; `to` of a ref: an items field, an earlier marks question, or itself."""

    key: Key
    title: Words = ""
    help: Words = ""
    type: Literal["choice", "choices", "boolean", "number", "text", "ref"]
    options: Options | None = None
    required: bool = False
    default: str | float | bool | list[Key] | None = None
    labels: list[Key] | None = None
    min: float | None = None
    max: float | None = None
    max_chars: Annotated[int, Field(ge=1)] | None = None
    to: Name | None = None

    @model_validator(mode="after")
    def _complete(self) -> "Attribute":
        if (self.options is None) == (self.type in ("choice", "choices")) or (self.to is None) == (self.type == "ref"):
            raise not_a(messages.SOMETHING_ELSE)
        return self

    @cached_property
    def keys(self) -> frozenset[str]:
        """Keys of the options."""
        return frozenset(option.key for option in self.options or ())

    def about(self, label: Json) -> bool:
        """Whether it is asked of marks with this label."""
        return self.labels is None or label in self.labels


def without_nulls(value: Mapping[str, Json]) -> dict[str, Json]:
    """Without null members."""
    return {name: each for name, each in value.items() if each is not None}


def with_attributes(mark: dict[str, Json], attributes: Sequence[Attribute]) -> dict[str, Json]:
    """Defaults filled in, attributes of other labels dropped; left out if empty."""
    given = mark.get("attributes", {})
    if not isinstance(given, dict):
        return mark
    known = {attribute.key: attribute for attribute in attributes}
    label = mark.get("label")
    kept = {key: each for key, each in without_nulls(given).items() if key not in known or known[key].about(label)}
    for attribute in attributes:
        if attribute.default is not None and attribute.key not in kept and attribute.about(label):
            kept[attribute.key] = attribute.default
    mark = {**mark, "attributes": kept}
    if not kept:
        del mark["attributes"]
    return mark


def attribute_problems(
    mark: dict[str, Json], attributes: Sequence[Attribute], context: Context, ids: set[str]
) -> list[Problem]:
    given = mark.get("attributes", {})
    asked = {each.key: each for each in attributes if each.about(mark["label"])}
    found = []
    for key, value in given.items():
        if key not in asked:
            found.append(problem(pointer("attributes", key), "unknown_attribute"))
        else:
            found.extend(each.under("attributes", key) for each in _value_problems(value, asked[key], context, ids))
    missing = [each for each in asked.values() if each.required and each.key not in given]
    found.extend(
        problem(pointer("attributes", each.key), "missing_attribute", attribute=title_of(each.title, each.key))
        for each in missing
    )
    return found


def title_of(title: Words, key: str) -> str:
    """The English title; the key of what has none."""
    return (title["en"] if isinstance(title, dict) else title) or key


def _value_problems(value: Json, attribute: Attribute, context: Context, ids: set[str]) -> list[Problem]:
    """What is wrong with the value of one attribute."""
    wanted = _WANTED[attribute.type]
    if not wanted[0](value):
        return [problem("", "type", wanted=wanted[1])]
    if attribute.type == "choice":
        return [] if value in attribute.keys else [problem("", "unknown_option")]
    if attribute.type == "choices":
        unknown = [problem("", "unknown_option")] if set(value) - attribute.keys else []
        return unknown + ([problem("", "duplicate")] if len(set(value)) < len(value) else [])
    if attribute.type == "number":
        return _range_problems(value, attribute)
    if attribute.type == "text" and attribute.max_chars is not None and len(value) > attribute.max_chars:
        return [problem("", "too_long", max=attribute.max_chars)]
    if attribute.type == "ref" and value not in targets(attribute.to or "", context, ids):
        return [problem("", "unknown_item")]
    return []


def _range_problems(value: float, attribute: Attribute) -> list[Problem]:
    low, high = attribute.min, attribute.max
    if (low is None or value >= low) and (high is None or value <= high):
        return []
    return [problem("", "out_of_range", min="-∞" if low is None else low, max="∞" if high is None else high)]


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _are_texts(value: Json) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_boolean(value: Json) -> bool:
    return isinstance(value, bool)


def is_number(value: Json) -> bool:
    """Whether it is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


_WANTED = {
    "choice": (_is_text, messages.A_CHOICE),
    "choices": (_are_texts, messages.A_LIST),
    "boolean": (_is_boolean, messages.A_BOOLEAN),
    "number": (is_number, messages.A_NUMBER),
    "text": (_is_text, messages.A_STRING),
    "ref": (_is_text, messages.A_KEY),
}


def targets(name: str, context: Context, ids: set[str]) -> set[str]:
    """What a reference may name: items of the task, marks or records of an earlier question, or (`ids`) those of this one."""
    if name == context.question.name:
        return ids
    if name in context.fields:
        return set(element_keys(context.payload.get(name)))
    value = context.values.get(name)
    if not isinstance(value, dict):
        return set()
    return {mark["id"] for member in MARKS for mark in value.get(member, ()) if isinstance(mark, dict) and "id" in mark}


def lint_attribute(attribute: Attribute, labels: frozenset[str] | None, around: Around) -> list[Problem]:
    found = lint_keys(attribute.options, "options")
    if labels is not None and not set(attribute.labels or ()) <= labels:
        found.append(problem("/labels", "bad_reference"))
    if attribute.min is not None and attribute.max is not None and attribute.min > attribute.max:
        found.append(problem("/max", "bad_scale"))
    if attribute.to is not None and not may_refer(attribute.to, around):
        found.append(problem("/to", "bad_reference"))
    return found + _lint_default(attribute)


def may_refer(name: str, around: Around) -> bool:
    """Whether a reference may be to this: a list of items, an earlier question with marks or records, or the question itself."""
    if name in around.fields:
        return around.fields[name].type == "items"
    return name == around.name or (name in around.earlier and around.earlier[name].type in MARKS)


def _lint_default(attribute: Attribute) -> list[Problem]:
    value = attribute.default
    if value is None:
        return []
    if attribute.type == "ref" or not _WANTED[attribute.type][0](value):
        return [problem("/default", "bad_reference")]
    chosen = value if isinstance(value, list) else [value]
    unknown = attribute.options is not None and not set(chosen) <= attribute.keys
    return [problem("/default", "bad_reference")] if unknown else []


def widened_attributes(old: Sequence[Attribute], new: Sequence[Attribute]) -> bool:
    """Whether marks with the old attributes are still complete, and mean the same."""
    now = {each.key: each for each in new}
    before = {each.key: each for each in old}
    if any(each.required and each.key not in before for each in new):
        return False
    return all(key in now and _widened_attribute(each, now[key]) for key, each in before.items())


def _widened_attribute(old: Attribute, new: Attribute) -> bool:
    alike = (old.type, old.to) == (new.type, new.to) and new.required <= old.required
    range_ = not_higher(old.min, new.min) and not_lower(old.max, new.max) and not_lower(old.max_chars, new.max_chars)
    labels = new.labels is None or (old.labels is not None and set(old.labels) <= set(new.labels))
    options: tuple[Sequence[Option] | None, Sequence[Option] | None] = old.options, new.options
    return alike and range_ and labels and widened_list(*options)
