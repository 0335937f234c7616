"""What no database can keep: NUL, halves of surrogate pairs, numbers that are not finite, nesting without end."""

from collections.abc import Iterable
from math import isfinite
from typing import Any

from annotation.questions.base import Json, Problem, pointer, problem

MAX_DEPTH = 64


def storable(value: Json, depth: int = 0) -> bool:
    """Whether all of it can be stored, `depth` levels down. Made to be quick: it is asked of every task and answer."""
    kind = type(value)
    if kind is str:
        return _storable_text(value)
    if kind is dict:
        return depth < MAX_DEPTH and all(map(_storable_text, value)) and _all_storable(value.values(), depth + 1)
    if kind is list:
        return depth < MAX_DEPTH and _all_storable(value, depth + 1)
    return kind is not float or isfinite(value)


def _all_storable(values: Iterable[Json], depth: int) -> bool:
    for each in values:  # noqa: SIM110  a generator takes twice as long
        if not storable(each, depth):
            return False
    return True


def _storable_text(text: str) -> bool:
    if "\x00" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def storage_problems(value: Json, path: str = "") -> list[Problem]:
    """Where it cannot be stored. Names of members are reported at their object."""
    if storable(value):
        return []
    found: list[Problem] = []
    stack: list[tuple[Any, str, int]] = [(value, path, 0)]
    while stack:
        each, at, depth = stack.pop()
        if isinstance(each, str):
            found.extend([] if _storable_text(each) else [problem(at, "bad_character")])
        elif isinstance(each, float):
            found.extend([] if storable(each) else [problem(at, "not_finite")])
        elif isinstance(each, dict | list) and depth >= MAX_DEPTH:
            found.append(problem(at, "too_deep"))
        elif isinstance(each, dict):
            found.extend(problem(at, "bad_character") for name in each if not _storable_text(name))
            stack.extend((inner, at + pointer(name), depth + 1) for name, inner in each.items() if _storable_text(name))
        elif isinstance(each, list):
            stack.extend((inner, f"{at}/{place}", depth + 1) for place, inner in enumerate(each))
    return found[:100]
