"""Conditions of rules: `all`, `any` and `not` over comparisons of a fact with a number, as data."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from quality.agreement.bounds import wilson

EVIDENCE = ("gold", "review", "peer")
SPEED, DRIFT = "speed", "drift"
SPAM = "spam"  # how much somebody's answers depend on the task, 0..1, by the present fit
SKIPS, ROW, EXITS = "skips", "row", "exits"  # tasks given back, and how many of them in a row; tasks left for a reason
VOLUME = "volume"  # answers, and the active minutes that they took
HIGHEST = frozenset({DRIFT, ROW})  # of what these have seen the highest counts, of all others the sum
# What is observed of an answer: whether it was right, by known answers, reviews, the consensus; and whether it took long enough.
KINDS = (*EVIDENCE, SPEED)
FACTS = (
    *(f"{kind}.{name}" for kind in KINDS for name in ("n", "share", "low", "high")),
    "drift.score",
    "spam.score",
    "skips.n",
    "skips.share",
    "skips.row",
    "exits.n",
    "exits.share",
    "volume.answers",
    "volume.minutes",
)
OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a condition, and where: a JSON pointer. code: not_a_condition, too_deep, empty, fact, operator or number."""

    path: str
    code: str


def problems(condition: Any, path: str = "", depth: int = 1) -> list[Problem]:
    """Everything that is wrong with a condition, each with its place."""
    if depth > DEEPEST:
        return [Problem(path, "too_deep")]
    match condition:
        case {"all": [*parts], **rest} | {"any": [*parts], **rest} if not rest:
            name = next(iter(condition))
            inside = (problems(part, f"{path}/{name}/{at}", depth + 1) for at, part in enumerate(parts))
            return [*chain.from_iterable(inside)] if parts else [Problem(f"{path}/{name}", "empty")]
        case {"not": part, **rest} if not rest:
            return problems(part, f"{path}/not", depth + 1)
        case {"fact": fact, "op": op, "value": value, **rest} if not rest:
            return _of_comparison(fact, op, value, path)
        case _:
            return [Problem(path, "not_a_condition")]


def _of_comparison(fact: Any, op: Any, value: Any, path: str) -> list[Problem]:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    checks = (("fact", fact in FACTS, "fact"), ("op", op in OPERATORS, "operator"), ("value", number, "number"))
    return [Problem(f"{path}/{name}", code) for name, good, code in checks if not good]


def kinds(condition: Mapping[str, Any]) -> set[str]:
    """The collectors that a condition asks."""
    match condition:
        case {"all": parts} | {"any": parts}:
            return set().union(*map(kinds, parts))
        case {"not": part}:
            return kinds(part)
        case _:
            return {condition["fact"].split(".")[0]}


def holds(condition: Mapping[str, Any], facts: Mapping[str, float]) -> bool:
    """Is it so? Nothing holds because of a fact of which nothing is known, nor its contrary: who was not looked at is not judged.

    condition: without problems.
    """
    return truth(condition, facts) is True


def truth(condition: Mapping[str, Any], facts: Mapping[str, float]) -> bool | None:
    """Whether it is so; None where that hangs on what nobody knows (Kleene's logic of three values)."""
    match condition:
        case {"all": parts}:
            found = [truth(part, facts) for part in parts]
            return False if False in found else None if None in found else True
        case {"any": parts}:
            found = [truth(part, facts) for part in parts]
            return True if True in found else None if None in found else False
        case {"not": part}:
            turned = truth(part, facts)
            return None if turned is None else not turned
        case _:
            known = facts.get(condition["fact"])
            return None if known is None else OPERATORS[condition["op"]](known, condition["value"])


def enough(seen: Mapping[str, tuple[int, float]], least: int) -> dict[str, tuple[int, float]]:
    """What was seen, without the collectors of fewer observations. What looks at checked answers has seen all of these together."""
    checked = sum(seen[kind][0] for kind in EVIDENCE if kind in seen)
    return {
        kind: (n, value)
        for kind, (n, value) in seen.items()
        if (checked if kind in (*KINDS, DRIFT, SPAM) else n) >= least
    }


def facts(seen: Mapping[str, tuple[int, float]], days: int = 1) -> dict[str, float]:
    """{fact: value} from {kind: (observations, how many of them right)}: number, share right, and its 95 % interval after Wilson.

    Of the watch over known answers (drift) the second is the highest that its sum has come to; of spam the score; of tasks taken and
    answers given, how many were given back or left, and the longest row of tasks given back; of volume the active minutes. days: in
    which it was seen; volume is per day.
    """
    found: dict[str, float] = {}
    for kind, (n, value) in seen.items():
        if n:
            found |= _facts(kind, n, value, days)
    return found


def _facts(kind: str, n: int, value: float, days: int) -> dict[str, float]:
    match kind:
        case "drift" | "spam":
            return {f"{kind}.score": value}
        case "row":
            return {"skips.row": value}
        case "skips" | "exits":
            return {f"{kind}.n": n, f"{kind}.share": value / n}
        case "volume":
            return {"volume.answers": n / days, "volume.minutes": value / days}
        case _:
            low, high = wilson(value, n)
            return {f"{kind}.n": n, f"{kind}.share": value / n, f"{kind}.low": low, f"{kind}.high": high}
