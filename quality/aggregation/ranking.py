"""Items from best to worst: ranked pairs over the weighted majorities."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise, product
from typing import Any

from quality.aggregation.ranked_pairs import order_of
from quality.aggregation.votes import (
    EPSILON,
    Config,
    Doubt,
    Payload,
    Result,
    Vote,
    conclude,
    nothing,
    opted_out,
    ordered,
    share_of,
    shares,
)
from quality.agreement.ranks import tau_b

LEVEL = "distance"
ENOUGH = 0.6  # tau-b at which an answer to gold passes
Ranks = dict[str, int]
Groups = list[list[str]]


def ranks(value: Any) -> Ranks:
    """The place of each item, 0 = best; items in one group share it."""
    return {item: place for place, group in enumerate(value["order"]) for item in group}


def distance(a: Any, b: Any, _config: Config, _payload: Payload) -> float:
    """(1 - tau-b) / 2; all bad is alike only to itself."""
    if _all_bad(a) or _all_bad(b):
        return float(_all_bad(a) != _all_bad(b))
    return (1 - _tau(a, b)) / 2


def _all_bad(value: Any) -> bool:
    return bool(value.get("all_bad", False))


def _tau(a: Any, b: Any) -> float:
    mine, yours = ranks(a), ranks(b)
    items = sorted(mine.keys() | yours.keys())
    return tau_b(
        {item: mine.get(item, len(items)) for item in items}, {item: yours.get(item, len(items)) for item in items}
    )


def aggregate(votes: Sequence[Vote], config: Config, payload: Payload) -> Result:
    """All bad if more than half of the weight says so; else ranked pairs of the rest.

    confidence: mean share of the weight that sees neighbouring pairs as the result does, times the share of those who ranked.
    A tie in the result that no answer could hold (`ties` not allowed) is in doubt.
    """
    counted = ordered(votes)
    if not counted:
        return nothing("ranked_pairs")

    def between(a: Any, b: Any) -> float:
        return distance(a, b, config, payload)

    bad = share_of(counted, _all_bad)
    refused = opted_out(counted, bad, {"order": [], "all_bad": True}, between)
    if refused:
        return refused
    ranked = [vote for vote in counted if not _all_bad(vote.value)]
    ballots = list(zip([ranks(vote.value) for vote in ranked], shares(ranked), strict=True))
    groups = order_of(ballots)
    seen = [_share(pairs, ballots) for pairs in _neighbours(groups)]
    confidence = (sum(seen) / len(seen) if seen else 1.0) * (1 - bad)
    doubt = _doubt(groups, config)
    return conclude(counted, {"order": groups}, confidence, "ranked_pairs", between, doubt=doubt)


def _doubt(groups: Groups, config: Config) -> Doubt:
    open_to_ties = groups[config["top"] :] if "top" in config else []
    tied = [group for group in groups if len(group) > 1 and group not in open_to_ties]
    return "tie" if tied and not config.get("ties") else ""


def _neighbours(groups: Groups) -> Iterator[list[tuple[str, str, int]]]:
    """Pairs (item, item, 1 first ahead or 0 tied) that stand side by side: n - 1 places for n items."""
    for group in groups:
        together = [(a, b, 0) for a, b in combinations(group, 2)]
        yield from [together] * (len(group) - 1)
    for better, worse in pairwise(groups):
        yield [(a, b, 1) for a, b in product(better, worse)]


def _share(pairs: list[tuple[str, str, int]], ballots: list[tuple[Ranks, float]]) -> float:
    """Mean share of the weight that sees the pairs so."""
    return sum(sum(w for seen, w in ballots if _relation(seen, a, b) == how) for a, b, how in pairs) / len(pairs)


def _relation(seen: Ranks, a: str, b: str) -> int:
    last = len(seen)
    return (seen.get(a, last) < seen.get(b, last)) - (seen.get(a, last) > seen.get(b, last))


def passes(value: Any, expected: Any, config: Config, payload: Payload) -> tuple[bool, float]:
    """tau-b of at least 0.6. Score: 1 - distance."""
    score = 1 - distance(value, expected, config, payload)
    return 2 * score - 1 >= ENOUGH - EPSILON, score
