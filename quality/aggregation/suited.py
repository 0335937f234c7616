"""Which estimator a question really gets: steps of a scale and numbers have their own, names that are merely different have others.

A rating that is left to the default gets `ordinal`, or `interval` if its steps are equally far apart by its settings: on simulated and on
recorded ratings both come nearer to the truth than the median and the mean. A choice whose options have an order keeps the default: on the
recorded web sites (adult2) it is better than `ordinal`, for options are more often mixed up for what they mean than for being neighbours.
"""

from collections.abc import Callable, Mapping

from quality.aggregation import choice, rating
from quality.aggregation.ordinal import MOST_CLASSES
from quality.aggregation.votes import Config

ORDINAL, INTERVAL, AUTO = "ordinal", "interval", "auto"
COUNTED = frozenset({"majority", "weighted", "none"})  # nothing is learned
NUMBERS: Mapping[str, Callable[[Config], dict[str, float]]] = {"choice": choice.numbers, "rating": rating.numbers}


def numbers(kind: str, config: Config) -> dict[str, float]:
    """Where each class of a question stands, in rising order; empty where classes have no order. kind: the question type."""
    return NUMBERS[kind](config) if kind in NUMBERS else {}


def suited(kind: str, config: Config, chosen: str) -> str:
    """The estimator for a question of which the project has chosen this one."""
    steps = len(numbers(kind, config))
    if chosen in COUNTED:
        return chosen
    if not steps:
        return AUTO if chosen in (ORDINAL, INTERVAL) else chosen
    if kind == "rating" and chosen not in (ORDINAL, INTERVAL):
        chosen = str(config.get("measure", ORDINAL))
    return INTERVAL if chosen == ORDINAL and steps > MOST_CLASSES else chosen
