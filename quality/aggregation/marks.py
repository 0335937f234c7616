"""What merged spans and regions share: votes on attributes and relations, and answers without a mark."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quality.aggregation.votes import EPSILON, Config, Payload, Vote, heaviest

Mark = Mapping[str, Any]
HALF = 0.5
ABSENT = ""


@dataclass(slots=True)
class Merged:
    """A mark made of several: what it is, and the marks behind it as (place of the vote, mark)."""

    mark: dict[str, Any]
    support: list[tuple[int, Mark]] = field(default_factory=list)


def empty(votes: Iterable[Vote], kind: str, config: Config) -> dict[str, Any]:
    """The value that marks nothing. kind: "spans" or "regions"."""
    confirmed = config.get("confirm_empty") or any(vote.value.get("none") for vote in votes)
    return {kind: [], "none": True} if confirmed else {kind: []}


def finished(
    merged: Sequence[Merged],
    votes: Sequence[Vote],
    weights: Sequence[float],
    kind: str,
    config: Config,
    payload: Payload,
) -> tuple[dict[str, Any], bool]:
    """The merged value with ids m1, m2, ..., attributes and relations; and whether a required attribute is undecided."""
    if not merged:
        return empty(votes, kind, config), False
    places: list[dict[str, int]] = [{} for _ in votes]
    for place, each in enumerate(merged):
        each.mark["id"] = _id(place)
        for vote, mark in each.support:
            places[vote].setdefault(mark["id"], place)
    tied = False
    for each in merged:
        said, undecided = _attributes(each, weights, places, config, payload)
        tied = tied or undecided
        if said:
            each.mark["attributes"] = said
    value: dict[str, Any] = {kind: [each.mark for each in merged]}
    lines = _relations(votes, weights, places, config)
    if lines:
        value["relations"] = lines
    return value, tied


def _id(place: int) -> str:
    return f"m{place + 1}"


def _attributes(
    merged: Merged, weights: Sequence[float], places: Sequence[Mapping[str, int]], config: Config, payload: Payload
) -> tuple[dict[str, Any], bool]:
    """By vote among the marks behind it. References to other marks of the same answer follow them into the merged one."""
    known = config.get("attributes", ())
    inward = {each["key"] for each in known if each["type"] == "ref" and each["to"] not in payload}
    ballots = [
        (weights[vote], _redirected(mark.get("attributes", {}), inward, places[vote])) for vote, mark in merged.support
    ]
    label = merged.mark["label"]
    required = {each["key"] for each in known if each.get("required") and label in each.get("labels", (label,))}
    return elected(ballots, required)


def _redirected(said: Mapping[str, Any], inward: set[str], places: Mapping[str, int]) -> dict[str, Any]:
    own = {key: _id(places[target]) for key, target in said.items() if key in inward and target in places}
    return {key: answer for key, answer in said.items() if key not in inward} | own


def elected(ballots: Sequence[tuple[float, Mapping[str, Any]]], required: set[str]) -> tuple[dict[str, Any], bool]:
    """For each key the value of most weight, absence being one; a tie leaves it out. True if a required key is tied."""
    result: dict[str, Any] = {}
    undecided = False
    for key in sorted({key for _, said in ballots for key in said}):
        weights: dict[str, float] = defaultdict(float)
        for weight, said in ballots:
            weights[json.dumps(said[key], sort_keys=True) if key in said else ABSENT] += weight
        winner, _ = heaviest(weights)
        undecided = undecided or (winner is None and key in required)
        if winner:
            result[key] = json.loads(winner)
    return result, undecided


def _relations(
    votes: Sequence[Vote], weights: Sequence[float], places: Sequence[Mapping[str, int]], config: Config
) -> list[dict[str, Any]]:
    """Relations whose ends were kept and that hold more than half of the weight."""
    directed = {each["key"] for each in config.get("relations", ()) if each.get("directed")}
    support: dict[tuple[str, int, int], dict[int, Mark]] = defaultdict(dict)
    for number, vote in enumerate(votes):
        for line in vote.value.get("relations", ()):
            start, end = (places[number].get(line[side], -1) for side in ("from", "to"))
            if line["type"] not in directed:
                start, end = sorted((start, end))
            if min(start, end) >= 0 and start != end:
                support[line["type"], start, end][number] = line
    kept: list[dict[str, Any]] = []
    for (kind, start, end), lines in sorted(support.items(), key=lambda item: (item[0][1:], item[0][0])):
        if sum(weights[number] for number in lines) > HALF + EPSILON:
            said, _ = elected([(weights[number], line.get("attributes", {})) for number, line in lines.items()], set())
            line = {"id": f"e{len(kept) + 1}", "type": kind, "from": _id(start), "to": _id(end)}
            kept.append(line | ({"attributes": said} if said else {}))
    return kept
