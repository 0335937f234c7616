"""Calls of tools in answers: a name, and arguments that fit what the tool says of its parameters."""

from collections.abc import Sequence

from annotation.questions import messages
from annotation.questions.arguments import argument_problems
from annotation.questions.base import Json, Problem, problem

MEMBERS = ("id", "name", "arguments")


def call_problems(call: Json, tools: Sequence[Json] | None, unknown: str = "unknown_item") -> list[Problem]:
    """`fix_type` of what is no call; the code `unknown` of a tool that is not there; `required` and `bad_arguments` of its arguments.

    `tools`: those of the task, None if any may be called.
    """
    if not is_call(call):
        return [problem("", "fix_type", wanted=messages.A_CALL)]
    if tools is None:
        return []
    tool = tool_named(call["name"], tools)
    if tool is None:
        return [problem("/name", unknown)]
    return [each.under("arguments") for each in argument_problems(call["arguments"], tool.get("parameters"))]


def is_call(call: Json) -> bool:
    """Whether it has the outline of one."""
    if not isinstance(call, dict) or not call.keys() <= set(MEMBERS):
        return False
    named = all(isinstance(call.get(name, "-"), str) and call.get(name, "-") for name in ("id", "name"))
    return named and "name" in call and isinstance(call.get("arguments"), dict)


def tool_named(name: str, tools: Sequence[Json]) -> dict[str, Json] | None:
    """The first tool of this name."""
    return next((each for each in tools if isinstance(each, dict) and each.get("name") == name), None)
