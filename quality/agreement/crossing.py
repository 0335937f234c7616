"""Who has answered the same tasks as whom: pairs of people held against each other, and groups who have all done the same tasks."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from quality.agreement.kappa import weighted_kappa
from quality.agreement.resampling import bootstrap

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

TOGETHER = 20  # tasks that two people must have in common before their agreement says anything
MOST_PAIRS = 20  # those with most tasks in common
MOST_PEOPLE = 60  # who are looked at: those with most answers
DRAWS = 200


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people (keys): Cohen's kappa over their `n` common tasks, with a 95 % bootstrap interval over these."""

    first: int
    second: int
    kappa: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Crossed:
    """One answer per person and task. people: keys; place f8[J, I]: what each of them has answered, nan where nothing."""

    people: Integers
    place: Floats

    @classmethod
    def of(cls, task: Integers, person: Integers, place: Integers) -> "Crossed":
        """From columns of one length; of the people with most answers, the others are left out."""
        people, at, given = np.unique(person, return_inverse=True, return_counts=True)
        first = np.sort(np.argsort(-given, kind="stable")[:MOST_PEOPLE])
        row = np.full(len(people), -1)
        row[first] = np.arange(len(first))
        tasks, column = np.unique(task, return_inverse=True)
        kept = row[at] >= 0
        table = np.full((len(first), len(tasks)), np.nan)
        table[row[at][kept], column[kept]] = place[kept]
        return cls(people[first], table)

    def pairs(self, disagreement: Floats) -> list[Pair]:
        """Of the pairs with enough tasks in common, those who agree least first. disagreement f8[K, K]: as `weighted_kappa` takes it.

        Pairs of whom kappa is not defined are left out: both have always said the same one thing.
        """
        known = ~np.isnan(self.place)
        common = known.astype(np.int64) @ known.T
        enough = [(a, b) for a, b in combinations(range(len(self.people)), 2) if common[a, b] >= TOGETHER]
        enough = sorted(enough, key=lambda pair: -common[pair])[:MOST_PAIRS]
        found = [self._pair(a, b, disagreement) for a, b in enough]
        return sorted((pair for pair in found if not np.isnan(pair.kappa)), key=lambda pair: pair.kappa)

    def _pair(self, a: int, b: int, disagreement: Floats) -> Pair:
        both = self.place[:, ~np.isnan(self.place[[a, b]]).any(axis=0)][[a, b]].astype(np.int64)
        classes, n = len(disagreement), both.shape[1]
        cell = both[0] * classes + both[1]

        def kappa(drawn: Integers) -> float:
            table = np.bincount(cell[drawn], minlength=classes**2).reshape(classes, classes)
            return weighted_kappa(table, disagreement)

        low, high = bootstrap(kappa, n, draws=DRAWS)
        return Pair(int(self.people[a]), int(self.people[b]), kappa(np.arange(n)), low, high, n)

    def panel(self) -> Floats:
        """f8[R, U]: a group of people who have all answered the same tasks, enough of them; empty if there are no two.

        Begun with the two who have most in common; then whoever leaves most answers in the table, as long as somebody adds to it.
        """
        known = ~np.isnan(self.place)
        best: list[int] = []
        for group in self._growing(known):
            if not best or _cells(known, group) > _cells(known, best):
                best = group
        if not best:
            return np.empty((0, 0))
        return self.place[best][:, known[best].all(axis=0)]

    def _growing(self, known: NDArray[np.bool_]) -> Iterator[list[int]]:
        common = np.triu(known.astype(np.int64) @ known.T, 1)
        if not common.size or common.max() < TOGETHER:
            return
        group = [int(each) for each in np.unravel_index(common.argmax(), common.shape)]
        left = known[group].all(axis=0)
        while left.sum() >= TOGETHER:
            yield list(group)
            shared = (known & left).sum(axis=1)
            shared[group] = -1
            group.append(int(shared.argmax()))
            if shared.max() < TOGETHER:
                return
            left = known[group].all(axis=0)


def _cells(known: NDArray[np.bool_], group: list[int]) -> int:
    return len(group) * int(known[group].all(axis=0).sum())
