"""What no database can keep: NUL, halves of surrogate pairs, numbers that are not finite, nesting without end."""

from typing import Any

from annotation.questions.base import Json, Problem, pointer, problem

MAX_DEPTH = 64
_INFINITE = (float("inf"), float("-inf"))


def storable(value: Json) -> bool:
    """Whether all of it can be stored. Made to be quick: it is asked of every task and answer."""
    stack: list[tuple[Any, int]] = [(value, 0)]
    while stack:
        each, depth = stack.pop()
        kind = type(each)
        if kind is str:
            if not _storable_text(each):
                return False
        elif kind is dict or kind is list:
            if depth >= MAX_DEPTH:
                return False
            depth += 1
            if kind is dict:
                stack.extend((name, depth) for name in each)
                each = each.values()
            stack.extend((inner, depth) for inner in each)
        elif kind is float and (each != each or each in _INFINITE):  # the first: not a number
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
