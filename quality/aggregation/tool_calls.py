"""Calls of tools: a vote over the classes of equal answers. The order of the calls means nothing, for they are made at the same time."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from quality.aggregation.votes import (
    EPSILON,
    Config,
    Payload,
    Result,
    Vote,
    conclude,
    heaviest,
    nothing,
    ordered,
    shares,
)

LEVEL = "distance"
METHOD = "vote"
OTHER_REASON = 0.5  # between two who call nothing, each for a reason of their own


def distance(a: Any, b: Any, _config: Config, _payload: Payload) -> float:
    """Share of the calls that the other does not make: of the same tool, with equal arguments."""
    mine, yours = _calls(a), _calls(b)
    most = max(mine.total(), yours.total())
    if most == 0:
        return 0.0 if a["no_call"] == b["no_call"] else OTHER_REASON
    return 1 - (mine & yours).total() / most


def _calls(value: Any) -> Counter[str]:
    """How often each call is made."""
    return Counter(_text({"name": call["name"], "arguments": _plain(call["arguments"])}) for call in value["calls"])


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _plain(value: Any) -> Any:
    """Numbers of one size written alike: 1 for 1.0."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _class(value: Any) -> str:
    """The same text for answers that say the same; what should be asked instead of a call may be put in any words."""
    return value["no_call"] if "no_call" in value else _text(sorted(_calls(value).elements()))


def aggregate(votes: Sequence[Vote], config: Config, payload: Payload) -> Result:
    """The answer of most weight; of equal ones as the heaviest vote puts it. confidence: its share of the weight."""
    counted = ordered(votes)
    if not counted:
        return nothing(METHOD)
    weights: dict[str, float] = defaultdict(float)
    for vote, weight in zip(counted, shares(counted), strict=True):
        weights[_class(vote.value)] += weight
    winner, confidence = heaviest(weights)
    return conclude(
        counted,
        None if winner is None else _put([vote for vote in counted if _class(vote.value) == winner]),
        confidence,
        METHOD,
        lambda a, b: distance(a, b, config, payload),
        doubt="tie" if winner is None else "",
    )


def _put(votes: Sequence[Vote]) -> Any:
    """As the heaviest of equal answers puts it; of equally heavy ones the longest, then by its letters, so that no name decides."""
    most = max(vote.weight for vote in votes)
    texts = {_text(vote.value): vote.value for vote in votes if vote.weight > most - EPSILON}
    return texts[max(texts, key=lambda text: (len(text), text))]


def passes(value: Any, expected: Any, config: Config, payload: Payload) -> tuple[bool, float]:
    """All calls as expected, or none for the same reason. Score: 1 - distance."""
    return _class(value) == _class(expected), 1 - distance(value, expected, config, payload)
