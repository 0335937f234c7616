"""Free text: a vote where texts can be equal, the most central one where they can be near, nothing where they are all different."""

from collections import defaultdict
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
from quality.agreement.strings import edit_share, fold

LEVEL = "distance"
COMPARE = "none"


def distance(a: Any, b: Any, config: Config, _payload: Payload) -> float:
    """By `compare`: exact or normalised (case, width, space), 0 or 1; edit_distance: edits over the longer text.

    `none` says that differing texts cannot be compared: then only equal ones are near.
    """
    compare = config.get("compare", COMPARE)
    if compare == "edit_distance":
        return edit_share(a, b)
    return float(fold(a) != fold(b)) if compare == "normalised" else float(a != b)


def aggregate(votes: Sequence[Vote], config: Config, payload: Payload) -> Result:
    """exact, normalised: the text of most weight; edit_distance: the text nearest to all others; none: no value.

    confidence: share of the text; 1 - mean distance of the others; None. A single text under `none` is its own value, and
    as all of these in doubt: somebody must read it.
    """
    counted = ordered(votes)
    compare = config.get("compare", COMPARE)
    if not counted:
        return nothing(compare)
    if compare == "none":
        value = counted[0].value if len(counted) == 1 else None
        return Result(value, None, "none", len(counted), doubt="cannot_merge")
    return _medoid(counted, config, payload) if compare == "edit_distance" else _vote(counted, config, payload)


def _vote(votes: list[Vote], config: Config, payload: Payload) -> Result:
    same = fold if config["compare"] == "normalised" else str
    classes: dict[str, float] = defaultdict(float)
    spellings: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for vote, weight in zip(votes, shares(votes), strict=True):
        classes[same(vote.value)] += weight
        spellings[same(vote.value)][vote.value] += weight
    winner, confidence = heaviest(classes)
    # Spellings of one class are equally right: the commonest, then the first in the alphabet.
    value = (
        None if winner is None else min(spellings[winner], key=lambda text: (-round(spellings[winner][text], 9), text))
    )
    return conclude(
        votes,
        value,
        confidence,
        "vote",
        lambda a, b: distance(a, b, config, payload),
        doubt="tie" if winner is None else "",
    )


def _medoid(votes: list[Vote], config: Config, payload: Payload) -> Result:
    weights = shares(votes)
    far = {
        vote.value: sum(
            w * distance(vote.value, other.value, config, payload) for other, w in zip(votes, weights, strict=True)
        )
        for vote in votes
    }
    value = min(far, key=lambda text: (round(far[text], 9), text))
    others = 1 - sum(weight for vote, weight in zip(votes, weights, strict=True) if vote.value == value)
    confidence = 1 - far[value] / others if others > EPSILON else 1.0
    return conclude(votes, value, confidence, "medoid", lambda a, b: distance(a, b, config, payload))


def passes(value: Any, expected: Any, _config: Config, _payload: Payload) -> tuple[bool, float]:
    """Equal to the reference, or to any of a list, but for case, width and space. Score: 1 - edits over the longer text.

    Where free text is asked, a text that does not pass is not wrong: somebody must read it.
    """
    references = [expected] if isinstance(expected, str) else list(expected)
    score = max((1 - edit_share(fold(value), fold(each)) for each in references), default=0.0)
    return any(fold(value) == fold(each) for each in references), score
