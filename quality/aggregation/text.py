"""Free text: a vote where texts can be equal, the most central one where they can be near, one made of their words where all write down the
same, nothing where they are all different.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from quality.aggregation import rover
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
from quality.agreement.strings import edit_share, fold, spoken, word_error_rate, word_share

LEVEL = "distance"
COMPARE = "none"
MERGED = ("edit_distance", "words")  # by how near they are to each other
SAME_WORDS = 0.15  # word error rate at which a transcript passes


def distance(a: Any, b: Any, config: Config, _payload: Payload) -> float:
    """By `compare`: exact or normalised (case, width, space), 0 or 1; edit_distance, words: edits of letters or words over the longer text.

    `none` says that differing texts cannot be compared: then only equal ones are near.
    """
    compare = config.get("compare", COMPARE)
    if compare == "edit_distance":
        return edit_share(a, b)
    if compare == "words":
        return word_share(a, b)
    return float(fold(a) != fold(b)) if compare == "normalised" else float(a != b)


def aggregate(votes: Sequence[Vote], config: Config, payload: Payload) -> Result:
    """exact, normalised: the text of most weight; edit_distance: the text nearest to all others; words: of each word the one of most
    weight, beginning with the text nearest to all others; none: no value.

    confidence: share of the text; 1 - mean distance of the others; mean share of the words; None. A single text under `none` is its own
    value, and as all of these in doubt: somebody must read it.
    """
    counted = ordered(votes)
    compare = config.get("compare", COMPARE)
    if not counted:
        return nothing(compare)
    if compare == "none":
        value = counted[0].value if len(counted) == 1 else None
        return Result(value, None, "none", len(counted), doubt="cannot_merge")
    merged = {"edit_distance": _medoid, "words": _word_by_word}.get(compare, _vote)
    return merged(counted, config, payload)


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
    far = _far(votes, config, payload)
    value = min(far, key=lambda text: (round(far[text], 9), text))
    others = 1 - sum(weight for vote, weight in zip(votes, shares(votes), strict=True) if vote.value == value)
    confidence = 1 - far[value] / others if others > EPSILON else 1.0
    return conclude(votes, value, confidence, "medoid", lambda a, b: distance(a, b, config, payload))


def _far(votes: list[Vote], config: Config, payload: Payload) -> dict[str, float]:
    """Mean distance of each text to all."""
    others = list(zip(votes, shares(votes), strict=True))
    texts = dict.fromkeys(vote.value for vote in votes)
    return {text: sum(w * distance(text, other.value, config, payload) for other, w in others) for text in texts}


def _word_by_word(votes: list[Vote], config: Config, payload: Payload) -> Result:
    weights: dict[str, float] = defaultdict(float)
    for vote, weight in zip(votes, shares(votes), strict=True):
        weights[vote.value] += weight
    far = _far(votes, config, payload)
    texts = sorted(far, key=lambda text: (round(far[text], 9), text))
    if len(texts) == 1:
        value, sure = texts[0], 1.0
    else:
        value, slots = rover.merge([(spoken(text), weights[text]) for text in texts])
        sure = rover.sure(slots)
    return conclude(votes, value, sure, "rover", lambda a, b: distance(a, b, config, payload))


def passes(value: Any, expected: Any, config: Config, _payload: Payload) -> tuple[bool, float]:
    """Equal to the reference, or to any of a list, but for case, width and space; with `words`, at a word error rate of 15 % at most.
    Score: 1 - edits over the longer text.

    Where free text is asked, a text that does not pass is not wrong: somebody must read it.
    """
    references = [expected] if isinstance(expected, str) else list(expected)
    score = max((1 - edit_share(fold(value), fold(each)) for each in references), default=0.0)
    if config.get("compare") == "words":
        return any(word_error_rate(value, each) <= SAME_WORDS for each in references), score
    return any(fold(value) == fold(each) for each in references), score
