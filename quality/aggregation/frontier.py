"""What a result costs against how often it is right: a pilot's answers, dealt again in many orders, under every rule a project could take.

In each order the first 1, 2, .. answers of every task are fitted once; from these beliefs every rule of redundancy is read off, for the
rule only says where to stop. So a rule costs a comparison, not a fit. People are known from the pilot alone, which is less than a running
project knows: what is shown is rather too low.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quality.aggregation import fitting
from quality.aggregation.em import Floats, Integers
from quality.aggregation.store import LabelStore
from quality.agreement.bounds import wilson

ORDERS = 20
WORTH = 0.005  # of accuracy: less is no reason to pay more
REVIEWER = 0.95  # a reviewer is right so often
METHODS = ("majority", "auto")
CONFIDENCES = (0.8, 0.9, 0.95, 0.99)
REVIEWED = (0.0, 0.1, 0.25, 0.5)


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """How many answers a task gets, what they are merged by, and how many results, the least certain first, a reviewer looks at.

    confidence: no more than `least` answers once it is reached; 1 if always `most` are taken.
    """

    least: int
    most: int
    confidence: float
    method: str
    reviewed: float


@dataclass(frozen=True, slots=True)
class Point:
    """What a rule comes to. answers: per task; accuracy with its 95 % interval over tasks (Wilson), 0..1.

    below: results less sure than this are the ones reviewed; 0 if none is.
    """

    rule: Rule
    answers: float
    below: float
    accuracy: float
    low: float
    high: float

    def price(self, answer: float, review: float) -> float:
        """Per task, in the unit of what an answer and a review cost."""
        return self.answers * answer + self.rule.reviewed * review


def rules(most: int) -> list[Rule]:
    """Every rule that is tried where tasks have up to `most` answers."""
    fixed = [(n, n, 1.0, method) for n in range(1, most + 1) for method in METHODS]
    until = [
        (least, upto, confidence, "auto")
        for least in range(1, most)
        for upto in range(least + 1, most + 1)
        for confidence in CONFIDENCES
    ]
    return [Rule(*each, reviewed) for each in (*fixed, *until) for reviewed in REVIEWED]


def frontier(
    store: LabelStore, truth: Integers, *, answer: float, review: float, orders: int = ORDERS, seed: int = 0
) -> list[Point]:
    """The rules that no other beats: none is cheaper and at least as accurate. Cheapest first. Same rows in any order, same points.

    truth: i8[I], the class of each task. Every task is dealt as many answers as the one that has fewest. answer, review: their prices.
    """
    if not len(store.tasks):
        return []
    most = int(np.bincount(store.task, minlength=len(store.tasks)).min())
    tried = rules(most)
    sums, right = np.zeros((len(tried), 2)), np.zeros((len(tried), len(store.tasks)))
    random = np.random.default_rng(seed)
    for _ in range(orders):
        dealt = _Dealt.of(store, random.random(len(store.task)), most)
        for at, rule in enumerate(tried):
            used, below, correct = dealt.under(rule, truth)
            sums[at] += used, below
            right[at] += correct
    points = [_point(rule, sums[at] / orders, right[at] / orders) for at, rule in enumerate(tried)]
    return pareto(points, answer, review)


def pareto(points: Iterable[Point], answer: float, review: float) -> list[Point]:
    """Cheapest first, each more accurate than all before it by as much as is worth a price; of equals the simplest rule."""
    best: list[Point] = []
    for point in sorted(points, key=lambda each: (each.price(answer, review), -each.accuracy, each.rule)):
        if not best or point.accuracy > best[-1].accuracy + WORTH:
            best.append(point)
    return best


def _point(rule: Rule, means: Floats, right: Floats) -> Point:
    low, high = wilson(float(right.sum()), len(right))
    answers, below = means.tolist()
    return Point(rule, answers, below, float(right.mean()), low, high)


@dataclass(frozen=True, slots=True)
class _Dealt:
    """One order. By method, belief f8[n, I, K] after 1 to n answers of every task."""

    beliefs: dict[str, Floats]

    @classmethod
    def of(cls, store: LabelStore, arrival: Floats, most: int) -> "_Dealt":
        """Fitted with every method after each answer."""
        order = np.lexsort((arrival, store.task))
        turn = np.empty(len(order), dtype=np.int64)
        turn[order] = np.arange(len(order)) - np.searchsorted(store.task, store.task[order])
        so_far = [_first(store, turn < n) for n in range(1, most + 1)]
        return cls({name: np.array([fitting.fit(each, name).posterior for each in so_far]) for name in METHODS})

    def under(self, rule: Rule, truth: Integers) -> tuple[float, float, Floats]:
        """Answers per task, the confidence below which results are reviewed, and f8[I]: how likely each result is right."""
        beliefs = self.beliefs[rule.method][rule.least - 1 : rule.most]
        enough = beliefs.max(axis=2) >= rule.confidence
        enough[-1] = True
        stop = enough.argmax(axis=0)
        belief = beliefs[stop, np.arange(len(stop))]
        right, sure = _right(belief, truth), belief.max(axis=1)
        looked = np.argsort(sure, kind="stable")[: round(rule.reviewed * len(right))]
        right[looked] = REVIEWER
        return rule.least + float(stop.mean()), float(sure[looked].max(initial=0.0)), right


def _right(belief: Floats, truth: Integers) -> Floats:
    """f8[I]: a tie is right as often as one of the tied is."""
    top = belief >= belief.max(axis=1, keepdims=True) - 1e-9
    found: Floats = top[np.arange(len(truth)), truth] / top.sum(axis=1)
    return found


def _first(store: LabelStore, rows: NDArray[np.bool_]) -> LabelStore:
    """The labels that have come."""
    workers, worker = np.unique(store.worker[rows], return_inverse=True)
    return LabelStore(
        store.tasks, store.workers[workers], store.classes, store.task[rows], worker.astype(np.int32), store.label[rows]
    )
