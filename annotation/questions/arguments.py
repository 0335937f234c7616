"""Arguments of a call against what the tool says of its parameters: the part of JSON Schema that describes a form.

Read are `type`, `enum`, `properties`, `required`, `additionalProperties`, `items`, `minItems`, `maxItems`, `minimum` and `maximum`, at
every depth. Whatever else a schema says is not looked at: no pattern and no reference, so that none of them can take long. An object
with listed properties takes no others unless `additionalProperties` says so.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from annotation.questions.attributes import is_number
from annotation.questions.base import Json, Problem, pointer, problem
from annotation.questions.rating import is_whole

Parameter = Mapping[str, Json]
_KINDS: Mapping[str, type] = {"string": str, "boolean": bool, "array": list, "object": dict, "null": type(None)}


def argument_problems(value: Json, parameter: Json) -> Iterator[Problem]:
    """`required` of what is missing, `bad_arguments` of what does not fit; paths start at the value."""
    if not isinstance(parameter, dict):
        return
    if not _fits(value, parameter):
        yield problem("", "bad_arguments")
    elif isinstance(value, dict):
        yield from _member_problems(value, parameter)
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from (found.under(place) for found in argument_problems(each, parameter.get("items")))


def _member_problems(members: Mapping[str, Json], parameter: Parameter) -> Iterator[Problem]:
    known = _properties(parameter)
    closed = bool(known) and parameter.get("additionalProperties", False) is False
    needed = parameter.get("required", [])
    for name in needed if isinstance(needed, list) else []:
        if isinstance(name, str) and name not in members:
            yield problem(pointer(name), "required")
    for name, value in members.items():
        if name in known:
            yield from (found.under(name) for found in argument_problems(value, known[name]))
        elif closed:
            yield problem(pointer(name), "bad_arguments")


def _properties(parameter: Parameter) -> Mapping[str, Json]:
    known = parameter.get("properties")
    return known if isinstance(known, dict) else {}


def _fits(value: Json, parameter: Parameter) -> bool:
    """Of one of its types, one of its values where they are listed, and within its limits."""
    kinds = parameter.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    listed = parameter.get("enum")
    if isinstance(listed, list) and value not in listed:
        return False
    return (not kinds or any(_is_a(value, kind) for kind in kinds)) and _is_within(value, parameter)


def _is_a(value: Json, kind: Json) -> bool:
    """A kind that is not known says nothing."""
    if kind in ("integer", "number"):
        return is_whole(value) if kind == "integer" else is_number(value)
    return isinstance(value, _KINDS.get(kind, object)) if isinstance(kind, str) else True


def _is_within(value: Json, parameter: Parameter) -> bool:
    if is_number(value):
        size, low, high = value, parameter.get("minimum"), parameter.get("maximum")
    elif isinstance(value, list):
        size, low, high = len(value), parameter.get("minItems"), parameter.get("maxItems")
    else:
        return True
    return not (is_number(low) and size < low) and not (is_number(high) and size > high)


def in_schema_order(value: Json, parameter: Json) -> Json:
    """The same value, members of objects in the order of the schema; those that it does not list stay behind, in their own order."""
    if not isinstance(parameter, dict):
        return value
    if isinstance(value, list):
        return [in_schema_order(each, parameter.get("items")) for each in value]
    if not isinstance(value, dict):
        return value
    known: Mapping[str, Any] = _properties(parameter)
    place = {name: number for number, name in enumerate(known)}
    names = sorted(value, key=lambda name: place.get(name, len(place)))
    return {name: in_schema_order(value[name], known.get(name)) for name in names}
