"""Calls of tools: a vote over the answers that most of the weight agrees with. The order of the calls means nothing, for they are made at
the same time. Two arguments agree if they are equal, or if one of the answers says that it would accept what the other gives.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from quality.aggregation.votes import EPSILON, Config, Payload, Result, Vote, conclude, nothing, ordered, shares

LEVEL = "distance"
METHOD = "vote"
OTHER_REASON = 0.5  # between two who call nothing, each for a reason of their own
LEFT_OUT = json.dumps("")  # among accepted values: the argument may be left out
NAMED = 2  # people who accept a value, before the merged answer does


def distance(a: Any, b: Any, _config: Config, _payload: Payload) -> float:
    """Share of the calls that the other does not make: of the same tool, with arguments that agree."""
    most = max(len(a["calls"]), len(b["calls"]))
    if most == 0:
        return 0.0 if a["no_call"] == b["no_call"] else OTHER_REASON
    return 1 - len(_pairs(a, b)) / most


# --- Calls that agree -----------------------------------------------------------------------------------------------
def _pairs(a: Any, b: Any) -> list[tuple[int, int]]:
    """As many calls of both as can be put side by side in agreement, by their places."""
    if not a["calls"] or not b["calls"]:
        return []
    mine, yours = _open(a), _open(b)
    agree = np.array([[_agree(one, other) for other in yours] for one in mine])
    rows, columns = linear_sum_assignment(agree, maximize=True)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if agree[i, j]]


Open = tuple[str, Mapping[str, str], Mapping[str, set[str]]]  # name; text by argument; accepted texts by argument


def _open(value: Any) -> list[Open]:
    accept = value.get("accept") or [{}] * len(value["calls"])
    return [
        (
            call["name"],
            {name: _text(each) for name, each in call["arguments"].items()},
            {name: set(map(_text, each)) for name, each in others.items()},
        )
        for call, others in zip(value["calls"], accept, strict=True)
    ]


def _agree(a: Open, b: Open) -> bool:
    """The same tool, and every argument of either."""
    if a[0] != b[0]:
        return False
    nothing_there: set[str] = set()
    for name in a[1].keys() | b[1].keys():
        mine, yours = a[1].get(name), b[1].get(name)
        if mine == yours:
            continue
        accepted = (yours or LEFT_OUT) in a[2].get(name, nothing_there) or (mine or LEFT_OUT) in b[2].get(
            name, nothing_there
        )
        if not accepted:
            return False
    return True


def _text(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True)


def _plain(value: Any) -> Any:
    """Numbers of one size written alike: 1 for 1.0."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


# --- What is said together ------------------------------------------------------------------------------------------
def aggregate(votes: Sequence[Vote], config: Config, payload: Payload) -> Result:
    """The answer that most of the weight agrees with; of several that agree the heaviest. confidence: that weight's share."""
    counted = ordered(votes)
    if not counted:
        return nothing(METHOD)

    def far(a: Any, b: Any) -> float:
        return distance(a, b, config, payload)

    weights = shares(counted)
    behind = [
        sum(weight for vote, weight in zip(counted, weights, strict=True) if _same(vote.value, each.value))
        for each in counted
    ]
    leaders = [vote for vote, weight in zip(counted, behind, strict=True) if weight > max(behind) - EPSILON]
    tied = any(not _same(leaders[0].value, vote.value) for vote in leaders)
    return conclude(
        counted, None if tied else _put(leaders, counted), max(behind), METHOD, far, doubt="tie" if tied else ""
    )


def _same(a: Any, b: Any) -> bool:
    return distance(a, b, {}, {}) == 0


def _put(leaders: Sequence[Vote], counted: Sequence[Vote]) -> Any:
    """As the heaviest puts it; of equally heavy ones the longest, then by its letters, so that no name decides.

    Other values are accepted where two of those who agree with it name them, or the only one.
    """
    most = max(vote.weight for vote in leaders)
    texts = {_text(vote.value): vote.value for vote in leaders if vote.weight > most - EPSILON}
    said = texts[max(texts, key=lambda text: (len(text), text))]
    agreeing = [vote.value for vote in counted if _same(vote.value, said)]
    if not any("accept" in value for value in agreeing) or len(agreeing) < NAMED:
        return said
    accept = [_accepted(said, place, agreeing) for place in range(len(said["calls"]))]
    rest = {name: each for name, each in said.items() if name != "accept"}
    return {**rest, **({"accept": accept} if any(accept) else {})}


def _accepted(said: Any, place: int, agreeing: Sequence[Any]) -> dict[str, list[Any]]:
    """The values besides the given one that so many people named for each argument of a call, most often named first."""
    named: dict[str, Counter[str]] = {}
    for value in agreeing:
        (other,) = [j for i, j in _pairs(said, value) if i == place]
        call, accept = value["calls"][other], (value.get("accept") or [{}] * len(value["calls"]))[other]
        for name in said["calls"][place]["arguments"].keys() | call["arguments"].keys() | accept.keys():
            given = _text(call["arguments"][name]) if name in call["arguments"] else LEFT_OUT
            named.setdefault(name, Counter()).update({given, *map(_text, accept.get(name, []))})
    own = {name: _text(each) for name, each in said["calls"][place]["arguments"].items()}
    lists = {
        name: [
            json.loads(text)
            for text, n in sorted(counts.items(), key=_often)
            if n >= NAMED and text != own.get(name, LEFT_OUT)
        ]
        for name, counts in sorted(named.items())
    }
    return {name: each for name, each in lists.items() if each}


def _often(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]


def passes(value: Any, expected: Any, config: Config, payload: Payload) -> tuple[bool, float]:
    """All calls as expected or accepted, or none for the same reason. Score: 1 - distance."""
    far = distance(value, expected, config, payload)
    return far == 0, 1 - far
