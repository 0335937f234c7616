"""trajectory: what an agent did, step by step, to reach a goal. Key = step `id`, else its index."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from annotation.questions import messages
from annotation.questions.base import Json, Problem, element_key, elements_of
from annotation.questions.fields import parts
from annotation.questions.shapes import Model

NAME = "trajectory"
KEYED = True
MARKABLE = False
ACTORS = frozenset({"system", "user", "agent", "tool", "environment"})
POINTERS = frozenset({"click", "double_click", "right_click", "move", "drag_from", "drag_to", "scroll"})
CORNERS = 4  # numbers of a box: x, y, width, height


class Config(Model):
    """Settings of a trajectory. `syntax` of actions and observations; `collapse_over`: characters from which an observation is folded."""

    syntax: str | None = None
    show_thought: bool | None = None
    collapse_over: Annotated[int, Field(ge=1)] | None = None


def _check_place(value: Json, path: str, problems: list[Problem]) -> Json:
    return parts.check_members(value, _PLACE, ("x", "y"), path, problems)


def _check_pointer(value: Json, path: str, problems: list[Problem]) -> Json:
    return parts.check_list(value, _check_place, path, problems)


def _check_box(value: Json, path: str, problems: list[Problem]) -> Json:
    if not isinstance(value, list) or len(value) != CORNERS:
        return parts.wrong(path, messages.A_LIST, problems, value)
    return parts.check_list(value, parts.check_number, path, problems)


def _check_boxes(value: Json, path: str, problems: list[Problem]) -> Json:
    return parts.check_list(value, _check_box, path, problems)


def _check_steps(value: Json, path: str, problems: list[Problem]) -> Json:
    return parts.check_elements(value, _check_step, path, problems)


def _check_step(value: Json, path: str, problems: list[Problem]) -> Json:
    return parts.check_members(value, _STEP, ("actor",), path, problems)


_PLACE: Mapping[str, parts.Check] = {
    "x": parts.check_number,
    "y": parts.check_number,
    "kind": parts.one_of(POINTERS),
}
_STEP: Mapping[str, parts.Check] = {
    "id": parts.check_key,
    "actor": parts.one_of(ACTORS),
    "text": parts.check_text,
    "thought": parts.check_text,
    "action": parts.check_text,
    "calls": parts.check_calls,
    "call_id": parts.check_plain,
    "call_name": parts.check_plain,
    "observation": parts.check_text,
    "screenshot": parts.check_image,
    "pointer": _check_pointer,
    "boxes": _check_boxes,
    "state_diff": parts.check_text,
    "ms": parts.check_count,
    "tokens": parts.check_count,
    "error": parts.check_boolean,
    "meta": parts.check_object,
}
_MEMBERS: Mapping[str, parts.Check] = {
    "goal": parts.check_text,
    "policy": parts.check_text,
    "steps": _check_steps,
    "result": parts.check_object,
}


def check(value: Json, _config: Any, path: str, problems: list[Problem]) -> Json:
    """The goal, at least one step, and perhaps the rules that held and the result."""
    return parts.check_members(value, _MEMBERS, ("goal", "steps"), path, problems)


def text(value: Json, item: str | None) -> str | None:
    """What was said in a step."""
    for place, step in enumerate(elements_of(value)):
        if element_key(step, place) == item:
            said = step.get("text") if isinstance(step, dict) else None
            return said if isinstance(said, str) else None
    return None


def media(value: Json, _config: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Screenshots of the steps."""
    for place, step in enumerate(elements_of(value)):
        if isinstance(step, dict):
            yield from parts.media_in(step.get("screenshot"), f"/steps/{place}/screenshot")
