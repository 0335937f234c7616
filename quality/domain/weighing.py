"""Weighing: by which estimator the answers to a question are merged, as the project has chosen and as far as something has been learned."""

from collections.abc import Mapping
from typing import Any

from annotation.questions.base import Question
from quality.aggregation.estimators import MAJORITY, ONE_COIN, WEIGHTED, Estimator
from quality.aggregation.peers import Peers
from quality.aggregation.suited import INTERVAL, numbers, suited
from quality.queries.skills import Gauge, Known

APART = "none"  # the answers stay as they are, side by side
UNLEARNED: Mapping[str, Estimator] = {"majority": MAJORITY, "weighted": WEIGHTED, APART: MAJORITY}
Authors = Mapping[str, tuple[int, int]]  # per vote, who gave it and with which answer (keys)


def chosen(quality: Mapping[str, Any], question: str) -> str:
    """The estimator of a question, by name."""
    return str(quality.get("aggregate_for", {}).get(question) or quality.get("aggregate", "auto"))


def estimator(
    question: Question,
    config: Mapping[str, Any],
    method: str,
    authors: Authors,
    known: Known | None,
    near: Peers | Gauge | None,
) -> Estimator | None:
    """Of those that learn, the present fit; until there is one, what is known of people's accuracy. None: a rating is simply counted.

    known, near: the present fits of the question.
    """
    model, values = suited(question.type, config, method), numbers(question.type, config)
    rated = question.type == "rating"
    if model == INTERVAL and isinstance(near, Gauge):
        return near.estimator(authors, values)
    if model not in (*UNLEARNED, INTERVAL) and known and not (rated and values.keys() - set(known.classes)):
        return known.estimator(authors)
    return None if rated else UNLEARNED.get(model, ONE_COIN)
