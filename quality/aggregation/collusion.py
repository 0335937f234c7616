"""Do two people copy from each other, or from one source? Shared errors tell: whoever works alone seldom errs in the same way."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy  # its parts load when first used
from numpy.typing import NDArray
from scipy.sparse import csr_array, triu

from quality.aggregation.em import Floats, Integers, votes, winners
from quality.aggregation.store import LabelStore
from quality.agreement.discoveries import discovered

LEAST = 10  # equal wrong answers: fewer accuse nobody
FALSE_DISCOVERIES = 0.01  # share of innocent pairs among those named, at most
OTHERS = 2.0  # answers of others that the crowd's usual errors count for, on each task
WORKERS = 512  # compared with everybody at once
NEGLIGIBLE = 1e-9


@dataclass(frozen=True, slots=True)
class Pair:
    """Two workers, by place in `store.workers`, first < second. shared: tasks that both answered; equal_wrong: alike and wrong.

    expected: so many if both worked alone; p: probability of as many or more then.
    """

    first: int
    second: int
    shared: int
    equal_wrong: int
    expected: float
    p: float


def collusion(store: LabelStore, posterior: Floats) -> list[Pair]:
    """Pairs that err alike far more often than chance allows, the clearest first: evidence for a person, not a verdict.

    posterior: f8[I, K] of a fit; its winners are taken for the truth, ties for unknown. Hard tasks make innocent people err alike, so the
    errors that each is expected to make on a task follow those of everybody else on it. One-sided binomial test of each pair with at least
    10 tasks in common, by the procedure of Benjamini and Hochberg (1995) over all these.
    """
    errors = _Errors.of(store, winners(posterior))
    suspects, tests = _suspects(errors)
    pairs = sorted((errors.pair(*suspect) for suspect in suspects), key=lambda pair: (pair.p, pair.first, pair.second))
    found = discovered([pair.p for pair in pairs], FALSE_DISCOVERIES, tests)
    return [pair for pair, clear in zip(pairs, found.tolist(), strict=True) if clear]


@dataclass(frozen=True, slots=True)
class _Errors:
    """Answers to tasks whose truth is taken as known. task i8[R], label i8[R], sorted by worker and task; edges i8[J+1]: of each worker.

    truth i8[I], -1 = unknown; given f8[I, K]: answers to each task, with those that the crowd usually gives where this is true.
    leaning f8[J, K]: by how much the odds that somebody wrongly says a class are above those of others on the same tasks, as a factor.
    """

    classes: int
    task: Integers
    label: Integers
    edges: Integers
    truth: Integers
    given: Floats
    leaning: Floats

    @classmethod
    def of(cls, store: LabelStore, winner: NDArray[np.int16]) -> "_Errors":
        """From all labels and what wins on each task."""
        truth = winner.astype(np.int64)
        rows = np.lexsort((store.task, store.worker))
        rows = rows[truth[store.task[rows]] >= 0]
        worker, task, label = (column[rows].astype(np.int64) for column in (store.worker, store.task, store.label))
        given = _given(store, truth)
        leaning = _leaning(worker, task, label, truth, given, len(store.workers))
        edges = np.searchsorted(worker, np.arange(len(store.workers) + 1))
        return cls(store.classes, task, label, edges, truth, given, leaning)

    def rows_of(self, worker: int) -> slice:
        """The answers of a worker."""
        return slice(int(self.edges[worker]), int(self.edges[worker + 1]))

    def pair(self, first: int, second: int) -> Pair:
        """Compare two workers."""
        one, other = self.rows_of(first), self.rows_of(second)
        tasks, here, there = np.intersect1d(self.task[one], self.task[other], return_indices=True)
        mine, yours = self.label[one][here], self.label[other][there]
        equal = int(((mine == yours) & (mine != self.truth[tasks])).sum())
        every = np.arange(len(tasks))
        others = self.given[tasks]
        np.subtract.at(others, (every, mine), 1)
        np.subtract.at(others, (every, yours), 1)
        odds = others / (others.sum(axis=1, keepdims=True) - others)
        odds[every, self.truth[tasks]] = 0
        chances = [factor / (1 + factor) for factor in (self.leaning[first] * odds, self.leaning[second] * odds)]
        expected = float((chances[0] * chances[1]).sum())
        p = float(scipy.special.bdtrc(equal - 1, len(tasks), min(expected / len(tasks), 1.0)))
        return Pair(first, second, len(tasks), equal, expected, p)


def _given(store: LabelStore, truth: Integers) -> Floats:
    """f8[I, K]: number of answers of each class to each task, OTHERS more than were given."""
    counts = votes(store, np.ones(len(store.label)))
    of_truth = np.full((store.classes, store.classes), 1 / store.classes)
    np.add.at(of_truth, truth[truth >= 0], counts[truth >= 0])
    counts += OTHERS * (of_truth / of_truth.sum(axis=1, keepdims=True))[truth]
    return counts


def _leaning(worker: Integers, task: Integers, label: Integers, truth: Integers, given: Floats, workers: int) -> Floats:
    """f8[J, K]: see `_Errors`. Drawn towards 1 as if two more answers were like those of others."""
    classes = given.shape[1]
    rest = given.sum(axis=1) - 1  # without the worker's own answer
    shares = given / rest[:, None]
    known = np.nonzero(truth >= 0)[0]
    shares[known, truth[known]] = 0
    answered = csr_array((np.ones(len(worker)), (worker, task)), shape=(workers, len(truth)))
    wrong = label != truth[task]
    cell = worker * classes + label
    made = np.bincount(cell[wrong], minlength=workers * classes).reshape(workers, classes)
    own = np.bincount(cell[wrong], 1 / rest[task[wrong]], minlength=workers * classes).reshape(workers, classes)
    true_there = np.bincount(worker * classes + truth[task], minlength=workers * classes).reshape(workers, classes)
    asked = np.diff(answered.indptr)[:, None] - true_there
    usual = np.clip((answered @ shares - own) / np.maximum(asked, 1), NEGLIGIBLE, 1 - NEGLIGIBLE)
    rate = (made + OTHERS * usual) / (asked + OTHERS)
    factor: Floats = rate * (1 - usual) / (usual * (1 - rate))
    return factor


def _suspects(errors: _Errors) -> tuple[list[tuple[int, int]], int]:
    """Pairs with enough equal wrong answers, and the number of pairs with enough tasks in common to have them."""
    size = len(errors.edges) - 1
    workers = np.repeat(np.arange(size), np.diff(errors.edges))
    wrong = errors.label != errors.truth[errors.task]
    answer = errors.task * errors.classes + errors.label
    pairs: list[tuple[int, int]] = []
    tests = 0
    for first, second, count in _alike(workers[wrong], answer[wrong], size):
        pairs += zip(first[count >= LEAST].tolist(), second[count >= LEAST].tolist(), strict=True)
    for _, _, count in _alike(workers, errors.task, size):
        tests += int((count >= LEAST).sum())
    return pairs, tests


def _alike(worker: Integers, thing: Integers, size: int) -> Iterator[tuple[Integers, Integers, Integers]]:
    """(first, second, count): how many things two workers have in common, in pieces, for those that have any."""
    things, place = np.unique(thing, return_inverse=True)
    held = csr_array((np.ones(len(worker), np.int32), (worker, place)), shape=(size, len(things)))
    for start in range(0, size, WORKERS):
        common = triu(held[start : start + WORKERS] @ held.T, k=start + 1).tocoo()
        yield common.row + start, common.col, common.data
