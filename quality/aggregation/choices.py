"""Any of several options: each is a question of its own, yes or no."""

from collections.abc import Sequence
from typing import Any

from quality.aggregation.catalogue import entries
from quality.aggregation.choice import abstentions, code
from quality.aggregation.estimators import ONE_COIN, Estimator
from quality.aggregation.votes import EPSILON, Config, Doubt, Payload, Result, Vote, conclude, nothing, ordered
from quality.agreement.sets import jaccard, masi

LEVEL = "distance"
ENOUGH = 0.8  # Jaccard at which an answer to gold passes
KEEP = 0.5


def distance(a: Any, b: Any, _config: Config, _payload: Payload) -> float:
    """1 - MASI of the chosen sets."""
    return 1 - masi(_codes(a), _codes(b))


def _codes(value: Any) -> set[str]:
    return {code(each) for each in value}


def aggregate(votes: Sequence[Vote], config: Config, payload: Payload, estimator: Estimator = ONE_COIN) -> Result:
    """Keeps options with a probability over one half; an exclusive one wins alone or goes. soft: probability per option.

    confidence: that of the option decided least clearly. An answer with an abstaining option is no vote.
    """
    silent = abstentions(config)
    counted = [vote for vote in ordered(votes) if not _codes(vote.value) & silent]
    if not counted:
        return nothing(estimator.name)
    chosen = [_codes(vote.value) for vote in counted]
    offered = [option["key"] for option in entries(config, payload, "options") if option["key"] not in silent]
    keys = list(dict.fromkeys(offered + sorted(set().union(*chosen))))
    soft = {key: _probability(key, counted, chosen, estimator) for key in keys}
    kept = _legal([key for key in keys if soft[key] > KEEP + EPSILON], soft, config)
    words = {code(each): each for vote in counted for each in vote.value}
    return conclude(
        counted,
        [words[key] for key in kept],
        min((max(p, 1 - p) for p in soft.values()), default=1.0),
        estimator.name,
        lambda a, b: distance(a, b, config, payload),
        soft=soft,
        doubt=_doubt(kept, soft, config),
    )


def _probability(key: str, votes: list[Vote], chosen: list[set[str]], estimator: Estimator) -> float:
    labels = ["yes" if key in each else "no" for each in chosen]
    return estimator(votes, labels, ["yes", "no"]).soft["yes"]


def _legal(kept: list[str], soft: dict[str, float], config: Config) -> list[str]:
    """At most `max` of the likeliest, and an exclusive option against the rest."""
    alone = {option["key"] for option in config.get("options", ()) if option.get("exclusive")}
    single = max((key for key in kept if key in alone), key=lambda key: soft[key], default=None)
    rest = [key for key in kept if key not in alone]
    if single and soft[single] > max((soft[key] for key in rest), default=0.0):
        return [single]
    likeliest = sorted(rest, key=lambda key: -soft[key])[: config.get("max", len(rest))]
    return [key for key in rest if key in likeliest]


def _doubt(kept: list[str], soft: dict[str, float], config: Config) -> Doubt:
    """An option at one half, or a set that nobody may choose, is undecided."""
    tied = any(abs(p - KEEP) <= EPSILON for p in soft.values())
    lost = sum(p > KEEP + EPSILON for p in soft.values()) > len(kept)
    return "tie" if tied or lost or len(kept) < config.get("min", 0) else ""


def passes(value: Any, expected: Any, _config: Config, _payload: Payload) -> tuple[bool, float]:
    """Jaccard of at least 0.8; it is the score."""
    score = jaccard(_codes(value), _codes(expected))
    return score >= ENOUGH - EPSILON, score
