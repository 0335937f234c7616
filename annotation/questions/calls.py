"""Calls of tools in answers: a name, and arguments that fit what the tool says of its parameters (JSON Schema, first level)."""

from collections.abc import Iterator, Mapping, Sequence

from annotation.questions import messages
from annotation.questions.attributes import is_number
from annotation.questions.base import Json, Problem, pointer, problem
from annotation.questions.rating import is_whole

MEMBERS = ("id", "name", "arguments")
_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


def call_problems(call: Json, tools: Sequence[Json] | None) -> list[Problem]:
    """`fix_type` of what is no call; an unknown tool; `bad_arguments`. `tools`: those of the task, None if any may be called."""
    if not _is_call(call):
        return [problem("", "fix_type", wanted=messages.A_CALL)]
    if tools is None:
        return []
    tool = next((each for each in tools if isinstance(each, dict) and each.get("name") == call["name"]), None)
    if tool is None:
        return [problem("/name", "unknown_item")]
    parameters = tool.get("parameters", {})
    return [each.under("arguments") for each in _argument_problems(call["arguments"], parameters)]


def _is_call(call: Json) -> bool:
    if not isinstance(call, dict) or not call.keys() <= set(MEMBERS):
        return False
    named = all(isinstance(call.get(name, "-"), str) and call.get(name, "-") for name in ("id", "name"))
    return named and "name" in call and isinstance(call.get("arguments"), dict)


def _argument_problems(arguments: Mapping[str, Json], parameters: Mapping[str, Json]) -> Iterator[Problem]:
    known = parameters.get("properties")
    known = known if isinstance(known, dict) else {}
    closed = bool(known) and parameters.get("additionalProperties") is not True
    needed = parameters.get("required", [])
    for name in needed if isinstance(needed, list) else []:
        if name not in arguments:
            yield problem(pointer(name), "required")
    for name, value in arguments.items():
        if name in known:
            if not _fits(value, known[name]):
                yield problem(pointer(name), "bad_arguments")
        elif closed:
            yield problem(pointer(name), "bad_arguments")


def _fits(value: Json, parameter: Json) -> bool:
    """Of one of its types, and one of its values where they are listed."""
    if not isinstance(parameter, dict):
        return True
    kinds = parameter.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    listed = parameter.get("enum")
    if isinstance(listed, list) and value not in listed:
        return False
    return not kinds or any(_is_a(value, kind) for kind in kinds)


def _is_a(value: Json, kind: Json) -> bool:
    if kind in ("integer", "number"):
        return is_whole(value) if kind == "integer" else is_number(value)
    return isinstance(value, _KINDS.get(kind, object)) if isinstance(kind, str) else True
