"""One of several options: a posterior over them."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from quality.aggregation.catalogue import entries
from quality.aggregation.estimators import ONE_COIN, Estimator
from quality.aggregation.votes import Config, Payload, Result, Vote, conclude, heaviest, nothing, ordered
from quality.agreement.strings import fold

LEVEL = "nominal"


def code(answer: Any) -> str:
    """The class of an answer: its option key, or the person's own words, spelling apart."""
    return answer if isinstance(answer, str) else f"other: {fold(answer['other'])}"


def abstentions(config: Config) -> frozenset[str]:
    """Options that are an answer but no vote."""
    return frozenset(option["key"] for option in config.get("options", ()) if option.get("abstain"))


def classes(config: Config) -> list[str]:
    """What can be learned of: the written options that are votes, those with an order in it; none if the options come with the task."""
    silent = abstentions(config)
    return list(numbers(config)) or [
        option["key"] for option in config.get("options", ()) if option["key"] not in silent
    ]


def numbers(config: Config) -> dict[str, float]:
    """Where each option that is a vote stands, in rising order; empty if they have no order, or come with the task."""
    if config.get("measure", "nominal") == "nominal" or "options" not in config:
        return {}
    return dict(sorted(_scale(config, {}).items(), key=itemgetter(1)))


def distance(a: Any, b: Any, config: Config, payload: Payload) -> float:
    """Nominal: 0 or 1. Ordinal and interval: squared difference of rank or value over the squared range of the options."""
    mine, yours = code(a), code(b)
    if mine == yours:
        return 0.0
    if config.get("measure", "nominal") == "nominal":
        return 1.0
    scale = _scale(config, payload)
    if mine not in scale or yours not in scale:
        return 1.0
    span = max(scale.values()) - min(scale.values())
    return ((scale[mine] - scale[yours]) / span) ** 2 if span else 0.0


def _scale(config: Config, payload: Payload) -> dict[str, float]:
    """Where each option that is a vote stands: its value, else its place; ordinal: the rank of that."""
    options = [option for option in entries(config, payload, "options") if not option.get("abstain")]
    values = {option["key"]: float(option.get("value", place)) for place, option in enumerate(options)}
    if config["measure"] == "interval":
        return values
    steps = {value: float(rank) for rank, value in enumerate(sorted(set(values.values())))}
    return {key: steps[value] for key, value in values.items()}


def aggregate(votes: Sequence[Vote], config: Config, payload: Payload, estimator: Estimator = ONE_COIN) -> Result:
    """The likeliest class by the estimator. soft: its probabilities, own words as `other: ...`. A tie has no value."""
    silent = abstentions(config)
    counted = [vote for vote in ordered(votes) if code(vote.value) not in silent]
    if not counted:
        return nothing(estimator.name)
    labels = [code(vote.value) for vote in counted]
    classes = [option["key"] for option in entries(config, payload, "options") if option["key"] not in silent]
    found = estimator(counted, labels, list(dict.fromkeys(classes + sorted(labels))))
    winner, confidence = heaviest(found.soft)
    value = next((vote.value for vote, label in zip(counted, labels, strict=True) if label == winner), winner)
    return conclude(
        counted,
        value,
        confidence,
        found.method,
        lambda a, b: distance(a, b, config, payload),
        soft=found.soft,
        doubt="" if winner else "tie",
        basis=found.basis,
    )


def passes(value: Any, expected: Any, config: Config, payload: Payload) -> tuple[bool, float]:
    """Equal. Score: 1 - distance."""
    return code(value) == code(expected), 1 - distance(value, expected, config, payload)
