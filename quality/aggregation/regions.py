"""Shapes on a picture: found again across the answers, then merged one by one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quality.aggregation.catalogue import entries
from quality.aggregation.clusters import clusters
from quality.aggregation.marks import HALF, Merged, finished
from quality.aggregation.shapes import Thing, frame, likeness, merged
from quality.aggregation.votes import (
    EPSILON,
    Config,
    Payload,
    Result,
    Vote,
    conclude,
    nothing,
    ordered,
    share_of,
    shares,
)
from quality.agreement.matching import f1, match

LEVEL = "distance"
IOU = 0.5  # from here on two regions are the same one, unless the question says otherwise
ENOUGH = 0.75  # F1 at which an answer to gold passes

Region = Mapping[str, Any]


def distance(a: Any, b: Any, config: Config, _payload: Payload) -> float:
    """1 - F1 of matching regions of one label and picture one to one, where their overlap reaches the question's `iou`."""
    return 1 - f1(len(matched(a, b, config)), len(a["regions"]), len(b["regions"]))


def matched(a: Any, b: Any, config: Config) -> list[tuple[int, int, float]]:
    """The regions of two answers that are the same ones: (place in a, place in b, intersection over union)."""
    mine, yours = a["regions"], b["regions"]
    if not mine or not yours:
        return []
    overlap = likeness(mine, yours, _same(mine, yours, ("label", "item", "page")))
    return [(i, j, float(overlap[i, j])) for i, j in match(overlap, config.get("iou", IOU))]


def _same(mine: Sequence[Region], yours: Sequence[Region], members: Sequence[str]) -> NDArray[np.bool_]:
    """bool[n, m]: pairs that agree on these members."""
    codes: dict[tuple[Any, ...], int] = {}
    sides = [
        np.array([codes.setdefault(tuple(region.get(key) for key in members), len(codes)) for region in side])
        for side in (mine, yours)
    ]
    alike: NDArray[np.bool_] = sides[0][:, None] == sides[1][None, :]
    return alike


def passes(value: Any, expected: Any, config: Config, payload: Payload) -> tuple[bool, float]:
    """F1 of at least 0.75; it is the score."""
    score = 1 - distance(value, expected, config, payload)
    return score >= ENOUGH - EPSILON, score


def aggregate(votes: Sequence[Vote], config: Config, payload: Payload) -> Result:
    """Regions that more than half of the weight drew, each merged from at most one of each person, in drawing order.

    People may differ in the label of one thing: the label of most weight wins. confidence: mean over the regions of the share
    of the weight that drew it with this label, times the mean overlap with the merged shape; if none is kept, the share of the
    empty answers. A region drawn by exactly half, or a label tied, is in doubt.
    """
    counted = ordered(votes)
    if not counted:
        return nothing("clusters")
    weights = shares(counted)
    groups = _groups(counted, weights, config)
    rank = {entry["key"]: place for place, entry in enumerate(entries(config, payload, "labels"))}
    enough = [group for group in groups if group.weight > HALF + EPSILON]
    shapes = merged([group.thing for group in enough], integer=config.get("integer", False))
    kept = [group.merged(shape, rank) for group, shape in zip(enough, shapes, strict=True)]
    value, undecided = finished([each.merged for each in kept], counted, weights, "regions", config, payload)
    tied = undecided or any(each.tied for each in kept) or any(abs(group.weight - HALF) <= EPSILON for group in groups)
    empty = share_of(counted, lambda value: not value["regions"])
    return conclude(
        counted,
        value if len(counted) > 1 else counted[0].value,
        sum(each.confidence for each in kept) / len(kept) if kept else empty,
        "clusters",
        lambda a, b: distance(a, b, config, payload),
        doubt="tie" if tied else "",
    )


@dataclass(slots=True)
class _Kept:
    """A merged region, how sure it is, and whether its label was tied."""

    merged: Merged
    confidence: float
    tied: bool


@dataclass(slots=True)
class _Group:
    """Regions of different people that mean one thing, as (place of the vote, region), with the weights of these people."""

    members: list[tuple[int, Region]]
    weights: list[float]

    @property
    def weight(self) -> float:
        return sum(self.weights)

    @property
    def thing(self) -> Thing:
        """What they drew."""
        return Thing([region for _, region in self.members], [place for place, _ in self.members], self.weights)

    def merged(self, shape: Mapping[str, Any], rank: Mapping[str, int]) -> _Kept:
        """shape: made of them all; rank: order of the labels, which breaks a tie for the eye; the result is in doubt then."""
        labels: dict[str, float] = defaultdict(float)
        for (_, region), weight in zip(self.members, self.weights, strict=True):
            labels[region["label"]] += weight
        top = max(labels.values())
        leaders = [label for label, weight in labels.items() if weight > top - EPSILON]
        label = min(leaders, key=lambda each: (rank.get(each, len(rank)), each))
        regions = [region for _, region in self.members]
        overlap = float(likeness([shape], regions)[0] @ np.array(self.weights)) / self.weight
        place = {key: regions[0][key] for key in ("item", "page") if key in regions[0]}
        mark = {"id": "", "label": label, **shape, **place}
        return _Kept(Merged(mark, self.members), labels[label] * overlap, len(leaders) > 1)


def _groups(votes: Sequence[Vote], weights: Sequence[float], config: Config) -> list[_Group]:
    """In drawing order: by the mean place in their authors' lists, then from the top left."""
    drawn = [
        (number, place, region)
        for number, vote in enumerate(votes)
        for place, region in enumerate(vote.value["regions"])
    ]
    if not drawn:
        return []
    owner = np.array([number for number, _, _ in drawn])
    regions = [region for _, _, region in drawn]
    wanted = _same(regions, regions, ("item", "page")) & (owner[:, None] < owner[None, :])
    iou = likeness(regions, regions, wanted)
    found = clusters(iou, owner.tolist(), [region["label"] for region in regions], config.get("iou", IOU))
    found.sort(key=lambda group: _drawing_order([drawn[each] for each in group]))
    return [
        _Group([(drawn[each][0], regions[each]) for each in group], [weights[drawn[each][0]] for each in group])
        for group in found
    ]


def _drawing_order(members: Sequence[tuple[int, int, Region]]) -> tuple[float, float, float]:
    x, y, *_ = frame(members[0][2])
    return sum(place for _, place, _ in members) / len(members), y, x
