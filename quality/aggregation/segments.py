"""Stretches of a recording: transcripts by their words, everything else by the time that is marked alike."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from quality.aggregation import rover
from quality.aggregation.stretches import HALF, MEMBERS, majority, overlap_of, time_f1
from quality.aggregation.votes import (
    EPSILON,
    Config,
    Payload,
    Result,
    Vote,
    conclude,
    nothing,
    ordered,
    shares,
)
from quality.agreement.strings import spoken, word_error_rate, word_share

LEVEL = "distance"
METHOD = "time_vote"
COLLAR = 0.25  # seconds
FEW_ERRORS = 0.15  # word error rate at which a transcript passes
ENOUGH = 0.8  # time F1 at which other marks pass


def transcript(value: Any) -> str:
    """All that is said, in the order of time."""
    return " ".join(segment["text"] for segment in value["segments"] if segment.get("text"))


def _has_words(config: Config, *values: Any) -> bool:
    return config.get("transcript", "none") != "none" and any(map(transcript, values))


def _collar(config: Config) -> float:
    return float(config.get("collar", COLLAR))


def distance(a: Any, b: Any, config: Config, _payload: Payload) -> float:
    """Edits of words over those of the longer transcript, of letters in scripts without spaces; without any, 1 - F1 of the time."""
    if _has_words(config, a, b):
        return word_share(transcript(a), transcript(b))
    return 1 - time_f1(a, b, _collar(config))


def passes(value: Any, expected: Any, config: Config, payload: Payload) -> tuple[bool, float]:
    """A word error rate of 15 % at most; without transcripts a time F1 of at least 0.8. Score: 1 - distance."""
    score = 1 - distance(value, expected, config, payload)
    if _has_words(config, value, expected):
        return word_error_rate(transcript(value), transcript(expected)) <= FEW_ERRORS, score
    return score >= ENOUGH - EPSILON, score


def aggregate(votes: Sequence[Vote], config: Config, payload: Payload) -> Result:
    """Transcripts: the one nearest to all others; where all cut the recording alike, its words by ROVER. Else the time that more than
    half of the weight says the same of.

    confidence: 1 - mean distance of the others; mean share of the words; 1 - mean distance of all.
    """
    counted = ordered(votes)
    if not counted:
        return nothing(METHOD)
    if _has_words(config, *(vote.value for vote in counted)):
        return _transcribed(counted, config, payload)
    return _timed(counted, config, payload)


# --- Transcripts ----------------------------------------------------------------------------------------------------
def _transcribed(votes: Sequence[Vote], config: Config, payload: Payload) -> Result:
    weights: dict[str, float] = defaultdict(float)
    values = {_plain(vote.value): vote.value for vote in votes}
    for vote, share in zip(votes, shares(votes), strict=True):
        weights[_plain(vote.value)] += share
    far = {
        text: sum(weight * distance(value, values[other], config, payload) for other, weight in weights.items())
        for text, value in values.items()
    }
    texts = sorted(far, key=lambda text: (round(far[text], 9), text))
    best, others = values[texts[0]], 1 - weights[texts[0]]
    value, method, confidence = best, "medoid", 1 - far[texts[0]] / others if others > EPSILON else 1.0
    if len(texts) > 1 and _cut_alike(list(values.values()), _collar(config)):
        method = "rover"
        value, confidence = _word_by_word([(values[text], weights[text]) for text in texts])
    return conclude(votes, value, confidence, method, lambda a, b: distance(a, b, config, payload))


def _plain(value: Any) -> str:
    """The same text for answers that are equal but for the ids."""
    segments = [{name: each for name, each in segment.items() if name != "id"} for segment in value["segments"]]
    return json.dumps(segments, ensure_ascii=False, sort_keys=True)


def _cut_alike(values: Sequence[Any], collar: float) -> bool:
    """Whether all have the same stretches, but for their ends' being a little off."""
    first = values[0]["segments"]
    return all(
        len(value["segments"]) == len(first)
        and all(
            abs(mine[end] - yours[end]) <= collar + EPSILON
            for mine, yours in zip(first, value["segments"], strict=True)
            for end in ("start", "end")
        )
        for value in values[1:]
    )


def _word_by_word(answers: Sequence[tuple[Any, float]]) -> tuple[Any, float]:
    """The best answer with the words of all, the best first; and the mean share of the words."""
    found, slots = [], []
    for place, segment in enumerate(answers[0][0]["segments"]):
        weights: dict[str, float] = defaultdict(float)
        for value, weight in answers:
            weights[value["segments"][place].get("text", "")] += weight
        merged, sure = rover.merge([(spoken(text), weight) for text, weight in weights.items()])
        text = merged if len(weights) > 1 else next(iter(weights))
        kept = {name: each for name, each in segment.items() if name != "text"}
        found.append({**kept, "text": text} if text else kept)
        slots += sure
    return {"segments": found}, rover.sure(slots)


# --- Marks of time --------------------------------------------------------------------------------------------------
def _timed(votes: Sequence[Vote], config: Config, payload: Payload) -> Result:
    def far(a: Any, b: Any) -> float:
        return distance(a, b, config, payload)

    weighed = list(zip(votes, shares(votes), strict=True))
    value = votes[0].value
    if any(_plain(vote.value) != _plain(value) for vote in votes):
        runs = majority([(vote.value, share) for vote, share in weighed], config.get("min_seconds", 0))
        value = _value(runs, weighed)
    confidence = 1 - sum(share * far(vote.value, value) for vote, share in weighed)
    return conclude(votes, value, confidence, METHOD, far)


def _value(runs: Sequence[dict[str, Any]], weighed: Sequence[tuple[Vote, float]]) -> dict[str, Any]:
    """The runs with ids and tags of their own; without any, what is said of there being none."""
    if not runs:
        confirmed = any(vote.value.get("none") for vote, _ in weighed)
        return {"segments": [], "none": True} if confirmed else {"segments": []}
    return {"segments": [{"id": f"m{place}", **run, **_tags(run, weighed)} for place, run in enumerate(runs, 1)]}


def _tags(run: dict[str, Any], weighed: Sequence[tuple[Vote, float]]) -> dict[str, list[str]]:
    """Tags that more than half of the weight gives to stretches of this kind that fill half of the run."""
    weights: dict[str, float] = defaultdict(float)
    for vote, share in weighed:
        given = {
            tag
            for segment in vote.value["segments"]
            if all(segment.get(name) == run.get(name) for name in MEMBERS)
            and overlap_of(segment, run["start"], run["end"]) >= HALF * (run["end"] - run["start"])
            for tag in segment.get("tags", ())
        }
        for tag in given:
            weights[tag] += share
    kept = sorted(tag for tag, weight in weights.items() if weight > HALF + EPSILON)
    return {"tags": kept} if kept else {}
