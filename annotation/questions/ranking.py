"""ranking: items in order, best first; several in a group = a tie."""

from typing import Annotated, Literal

from pydantic import Field

from annotation.questions import messages
from annotation.questions.base import Around, Context, Json, Problem, Seen, element_keys, pointer, problem
from annotation.questions.options import not_lower
from annotation.questions.shapes import Model

NAME = "ranking"
FIELDS: frozenset[str] | None = frozenset({"items"})
TEXT = MANY = False


class Config(Model):
    """Settings of a ranking. `top`: only the best k are ordered, the rest share the last place."""

    ties: bool = False
    top: Annotated[int, Field(ge=1)] | None = None
    all_bad: bool = False


class Value(Model):
    """Groups of item keys, best first."""

    order: list[list[str]]
    all_bad: Literal[True] | None = None


def normalise(value: Json, config: Config, context: Context) -> Json:
    """Payload order inside a group; with `top` the rest forms one last group."""
    if not isinstance(value, dict):
        return value
    kept = {name: each for name, each in value.items() if each is not None}
    if kept == {"all_bad": True}:
        return {"order": [], "all_bad": True}
    order = kept.get("order")
    if _shape(kept) or not isinstance(order, list):
        return kept
    keys = _keys(context)
    place = {key: index for index, key in enumerate(keys)}
    groups = [sorted(group, key=lambda key: place.get(key, len(place))) for group in order]
    return {**kept, "order": _cut(groups, keys, config.top)}


def _cut(groups: list[list[str]], keys: list[str], top: int | None) -> list[list[str]]:
    """The groups that hold the best `top` items, and one group of the rest; unchanged if fewer are ordered or a key is unknown."""
    named = [key for group in groups for key in group]
    if top is None or not set(named) <= set(keys) or len(named) != len(set(named)):
        return groups
    best: list[list[str]] = []
    count = 0
    for group in groups:
        if count >= top:
            break
        best.append(group)
        count += len(group)
    if count < min(top, len(keys)):
        return groups
    ranked = {key for group in best for key in group}
    rest = [key for key in keys if key not in ranked]
    return [*best, rest] if rest else best


def _keys(context: Context) -> list[str]:
    return element_keys(context.payload.get(context.question.on[0]))


def validate(value: Json, config: Config, context: Context) -> list[Problem]:
    """`unknown_item`, `missing_item`, `duplicate`, `ties_not_allowed`, `all_bad_not_allowed`, `contradiction`."""
    found = _shape(value)
    if found:
        return found
    if "all_bad" in value:
        if not config.all_bad:
            return [problem("/all_bad", "all_bad_not_allowed")]
        return [problem("", "contradiction")] if value["order"] else []
    keys = _keys(context)
    return _items(value["order"], keys) + _ties(value["order"], config, len(keys))


def _shape(value: Json) -> list[Problem]:
    if not isinstance(value, dict):
        return [problem("", "type", wanted=messages.AN_OBJECT)]
    found = [
        problem(pointer(name), "type", wanted=messages.NOTHING) for name in value if name not in ("order", "all_bad")
    ]
    if value.get("all_bad", True) is not True:
        found.append(problem("/all_bad", "type", wanted=messages.TRUE))
    order = value.get("order")
    if not isinstance(order, list):
        return [*found, problem("/order", "type", wanted=messages.A_LIST)]
    for place, group in enumerate(order):
        if not isinstance(group, list) or not group:
            found.append(problem(f"/order/{place}", "type", wanted=messages.A_LIST))
        else:
            found.extend(
                problem(f"/order/{place}/{index}", "type", wanted=messages.A_KEY)
                for index, key in enumerate(group)
                if not isinstance(key, str)
            )
    return found


def _items(order: list[list[str]], keys: list[str]) -> list[Problem]:
    found, seen_keys, known = [], set(), set(keys)
    for place, group in enumerate(order):
        for index, key in enumerate(group):
            if key not in known:
                found.append(problem(f"/order/{place}/{index}", "unknown_item"))
            elif key in seen_keys:
                found.append(problem(f"/order/{place}/{index}", "duplicate"))
            seen_keys.add(key)
    found.extend(problem("/order", "missing_item", item=key) for key in keys if key not in seen_keys)
    return found


def _ties(order: list[list[str]], config: Config, count: int) -> list[Problem]:
    """Groups of several; with `top` the group of the rest is none."""
    if config.ties:
        return []
    found, before = [], 0
    for place, group in enumerate(order):
        rest = config.top is not None and config.top <= before and before + len(group) == count
        if len(group) > 1 and not rest:
            found.append(problem(f"/order/{place}", "ties_not_allowed"))
        before += len(group)
    return found


def answered(value: Json, _config: Config) -> bool:
    """An empty order is no answer, unless all are bad."""
    return bool(value != {"order": []})


def seen(value: Json, _config: Config) -> Seen:
    """The keys of the first group, and the number of groups."""
    order = value["order"]
    return Seen(keys=frozenset(order[0] if order else ()), count=len(order))


def lint(_config: Config, _around: Around) -> list[Problem]:
    """Nothing can be wrong."""
    return []


def suits(_config: Config, context: Context) -> list[Problem]:
    """At least two items."""
    name = context.question.on[0]
    return [] if len(context.elements(name)) > 1 else [problem(pointer(name), "too_few", min=2)]


def widened(old: Config, new: Config) -> bool:
    """At least the same answers."""
    return not_lower(old.top, new.top) and new.ties >= old.ties and new.all_bad >= old.all_bad
