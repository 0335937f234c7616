"""Verdicts along a walk: the first fault by a vote over the places, then what is judged before and behind it, element by element."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quality.aggregation import choice
from quality.aggregation.estimators import ONE_COIN
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
METHOD = "walk_vote"
ENOUGH = 0.8  # share of the elements of gold that must be judged alike where there is no first fault
NOWHERE = ""  # the place of the first fault of who has found none; no key is empty

Judged = Mapping[str, Any]


def distance(a: Any, b: Any, config: Config, payload: Payload) -> float:
    """Mean distance of the elements that both have judged, as options of a choice; who abstains from one says nothing of it.

    With a first fault: half of that up to the earlier one, and half if it is another one.
    """
    keys = _keys([a, b])
    if not _walks(config):
        return _apart(a, b, keys, config, payload)
    firsts = [value["first"] for value in (a, b) if "first" in value]
    end = min((keys.index(key) for key in firsts if key in keys), default=len(keys))
    differ = a.get("first") != b.get("first")
    return float(differ) / 2 + _apart(a, b, keys[: end + 1], config, payload) / 2


def _walks(config: Config) -> bool:
    return bool(config.get("first", "none") != "none")


def _keys(values: Iterable[Any]) -> list[str]:
    """Elements in the order of the walk: as the longest answer has them, for a walk that stops early has fewer."""
    longest = sorted(values, key=lambda value: -len(value["items"]))
    return list(dict.fromkeys(judged["item"] for value in longest for judged in value["items"]))


def _verdicts(value: Any) -> dict[str, str]:
    return {judged["item"]: judged["verdict"] for judged in value["items"]}


def _apart(a: Any, b: Any, keys: Sequence[str], config: Config, payload: Payload) -> float:
    mine, yours, silent = _verdicts(a), _verdicts(b), choice.abstentions(config)
    pairs = [(mine[key], yours[key]) for key in keys if key in mine and key in yours]
    far = [choice.distance(one, other, config, payload) for one, other in pairs if not {one, other} & silent]
    return sum(far) / len(far) if far else 0.0


def passes(value: Any, expected: Any, config: Config, payload: Payload) -> tuple[bool, float]:
    """The same first fault; where there is none, four of five elements judged alike. Score: 1 - distance."""
    score = 1 - distance(value, expected, config, payload)
    if _walks(config):
        return value.get("first") == expected.get("first"), score
    given, known = _verdicts(value), _verdicts(expected)
    alike = sum(given.get(key) == verdict for key, verdict in known.items())
    return alike >= ENOUGH * len(known) - EPSILON, score


def numbers(value: Any, config: Config) -> dict[str, float]:
    """What is judged, by element, as numbers for alpha: where the verdict stands on the scale, else its place among the options."""
    scaled = config.get("measure", "nominal") != "nominal"
    voting = [option for option in config["options"] if not option.get("abstain")]
    at = {option["key"]: float(option.get("value", place) if scaled else place) for place, option in enumerate(voting)}
    return {key: at[verdict] for key, verdict in _verdicts(value).items() if verdict in at}


def aggregate(votes: Sequence[Vote], config: Config, payload: Payload) -> Result:
    """The likeliest place of the first fault; everywhere else what most of the weight says.

    soft: probability of each place that somebody named, `""` for no fault. confidence: that of the place; where none is asked for, the mean
    share over the elements.
    Reasons, better versions and evidence are those of the heaviest answer with the same verdict. Who abstains everywhere does not count.
    """
    silent = choice.abstentions(config)
    counted = [vote for vote in ordered(votes) if not set(_verdicts(vote.value).values()) <= silent]
    if not counted:
        return nothing(METHOD)
    walk = _Walk(counted, config)
    place, soft = _first(counted, walk.keys) if _walks(config) else (NOWHERE, None)
    value, confidence, tied = (None, 0.0, True) if place is None else walk.merged(place)
    return conclude(
        counted,
        value,
        confidence if soft is None else max(soft.values()),
        METHOD,
        lambda a, b: distance(a, b, config, payload),
        soft=soft,
        doubt="tie" if tied else "",
    )


def _first(votes: Sequence[Vote], keys: Sequence[str]) -> tuple[str | None, dict[str, float] | None]:
    """The likeliest place, of equally likely ones that of most weight, None if several have it; and how likely each is that was named."""
    labels = [vote.value.get("first", NOWHERE) for vote in votes]
    posterior = ONE_COIN(votes, labels, list(dict.fromkeys([NOWHERE, *keys, *labels]))).soft
    most = max(posterior.values())
    weights: dict[str, float] = defaultdict(float)
    for place, weight in zip(labels, shares(votes), strict=True):
        weights[place] += weight
    leading = {place: weight for place, weight in weights.items() if posterior[place] > most - EPSILON}
    return heaviest(leading)[0], {place: posterior[place] for place in weights}


@dataclass(frozen=True, slots=True)
class _Cast:
    """What one answer says of an element. weight: share of all answers."""

    judged: Judged
    vote: Vote
    weight: float


class _Walk:
    """All answers, element by element."""

    def __init__(self, votes: Sequence[Vote], config: Config) -> None:
        self.config = config
        self.silent = choice.abstentions(config)
        self.faults = _flagged(config, "error")
        self.stops = _flagged(config, "stop") if config.get("stop_at_first") else set()
        self.barred = self.stops | (self.faults if config.get("first") == "derived" else set())
        self.keys = _keys(vote.value for vote in votes)
        self.cast: dict[str, list[_Cast]] = defaultdict(list)
        for vote, weight in zip(votes, shares(votes), strict=True):
            for judged in vote.value["items"]:
                self.cast[judged["item"]].append(_Cast(judged, vote, weight))

    def merged(self, first: str) -> tuple[dict[str, Any], float, bool]:
        """The value with its first fault there, the mean confidence of its elements, and whether one of them is a tie."""
        items: list[Judged] = []
        total, tied, behind = 0.0, False, False
        for key in self.keys:
            verdict, share, even = self._verdict(self._heard(key, first, behind=behind))
            items.append(self._said(key, verdict, first))
            total, tied = total + share, tied or even
            behind = behind or key == first
            if verdict in self.stops:
                break
        value: dict[str, Any] = {"items": items} | ({"first": first} if first != NOWHERE else {})
        return value, total / len(items), tied

    def _heard(self, key: str, first: str, *, behind: bool) -> list[_Cast]:
        """Whose verdict on an element fits the first fault: there, who has found it; in front of it, who sees no earlier one."""
        cast = self.cast[key]
        if key == first:
            return [each for each in cast if each.vote.value.get("first") == first]
        if _walks(self.config) and not behind:
            cast = [each for each in cast if each.judged["verdict"] not in self.barred] or cast
        return [each for each in cast if each.judged["verdict"] not in self.silent] or cast

    def _verdict(self, heard: Sequence[_Cast]) -> tuple[str, float, bool]:
        """The verdict of most weight, its share, and whether another has as much; then it is the first of them in the schema."""
        weights = dict.fromkeys((option["key"] for option in self.config["options"]), 0.0)
        for each in heard:
            verdict = each.judged["verdict"]
            weights[verdict] = weights.get(verdict, 0.0) + each.weight
        winner, most = heaviest(weights)
        leader = next(key for key, weight in weights.items() if weight > most - EPSILON)
        return leader, most / sum(weights.values()), winner is None

    def _said(self, key: str, verdict: str, first: str) -> Judged:
        """An element as the heaviest answer with this verdict has it; of equally heavy ones as the one that says most."""
        alike = [each for each in self.cast[key] if each.judged["verdict"] == verdict]
        finders = [each for each in alike if key != first or each.vote.value.get("first") == first]
        return max(finders, key=lambda each: (each.weight, *_length(each.judged))).judged


def _flagged(config: Config, flag: str) -> set[str]:
    return {option["key"] for option in config["options"] if option.get(flag)}


def _length(judged: Judged) -> tuple[int, str]:
    """How much is said, and the words themselves, so that no name decides."""
    words = json.dumps(judged, ensure_ascii=False, sort_keys=True)
    return len(words), words
