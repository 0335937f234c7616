"""Adaptive redundancy on labels that exist already: they come one by one, and a task takes no more once it is decided.

In rounds, as a running project has them: every open task gets one more label, and what is known of the workers is learned anew when there
are enough new labels, else kept.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from quality.aggregation import auto, one_coin
from quality.aggregation.calibration import Calibration
from quality.aggregation.decide import Policy, decide_question
from quality.aggregation.em import Floats, Integers, normalised, winners
from quality.aggregation.skills import Ballot, Skills, updates
from quality.aggregation.store import LabelStore
from quality.aggregation.votes import Result

AGAIN_SHARE = 0.01  # learned anew after so many new labels
EVEN = Calibration.even()


@dataclass(frozen=True, slots=True)
class Replayed:
    """Where each task ended. label i2[I], -1 = tie; confidence f8[I], of the likeliest label; used i8[I]: labels taken."""

    label: NDArray[np.int16]
    confidence: Floats
    used: Integers


def replay(store: LabelStore, arrival: Integers, *, target: float, least: int) -> Replayed:
    """Give every task `least` labels and one more at a time, until it is settled at the confidence `target` or has no more.

    store: worker ids are numbers. arrival i8[N]: in this order the labels come, those of a task one after the other. What is settled stays
    as it was; what has used up its labels is estimated once more at the end, when most is known.
    """
    given = np.bincount(store.task, minlength=len(store.tasks))
    crowd = _Crowd(store, _turns(store.task, arrival))
    used = np.minimum(given, least)
    belief = np.zeros((len(given), store.classes))
    settled = np.zeros(len(given), dtype=bool)
    tasks = np.arange(len(given))
    while len(tasks):
        belief[tasks] = crowd.posterior(tasks, used)
        policies = [Policy(int(min(least, most)), int(most), target) for most in given[tasks]]
        verdicts = _verdicts(belief[tasks], used[tasks].tolist(), policies)
        settled[tasks[verdicts == "settled"]] = True
        tasks = tasks[verdicts == "more"]
        used[tasks] += 1
    rest = np.flatnonzero(~settled)
    belief[rest] = crowd.posterior(rest, used, anew=True)
    return Replayed(winners(belief), belief.max(axis=1), used)


def _turns(task: NDArray[np.int32], arrival: Integers) -> Integers:
    """i8[N]: as the how-manieth of its task each label comes, from 0."""
    order = np.lexsort((arrival, task))
    turn = np.empty(len(task), dtype=np.int64)
    turn[order] = np.arange(len(task)) - np.searchsorted(task, task[order])
    return turn


def _verdicts(belief: Floats, used: list[int], policies: list[Policy]) -> NDArray[np.str_]:
    """What the product would decide on each task."""
    found = zip(winners(belief).tolist(), belief.max(axis=1).tolist(), used, policies, strict=True)
    return np.array([_verdict(*each) for each in found])


def _verdict(label: int, confidence: float, n: int, policy: Policy) -> str:
    tie = label < 0
    result = Result(None if tie else label, confidence, "auto", n, doubt="tie" if tie else "")
    return decide_question(result, n, policy).status


@dataclass(slots=True)
class _Crowd:
    """What is known of the workers, from the labels so far. turn i8[N]; seen i8[I]: labels of each task that were learned from."""

    store: LabelStore
    turn: Integers
    first: NDArray[np.int32] = field(init=False)
    seen: Integers = field(init=False)
    skills: Skills | None = None

    def __post_init__(self) -> None:
        self.first = self.store.first_rows()
        self.seen = np.zeros(len(self.store.tasks), dtype=np.int64)

    def posterior(self, tasks: Integers, used: Integers, *, anew: bool = False) -> Floats:
        """f8[n, K]: of these tasks. Learns first if there are enough new labels, or `anew` is said."""
        if self.skills and not anew and used.sum() - self.seen.sum() < AGAIN_SHARE * self.seen.sum():
            return updates([self._ballots(task, used[task]) for task in tasks.tolist()], self.skills, EVEN)
        so_far = self._so_far(used)
        if not so_far.comparable():
            newcomer = np.full(len(so_far.task), one_coin.mode(0.0, 0.0))
            return normalised(one_coin.log_likelihood(so_far, newcomer))[tasks]
        fit = auto.fit(so_far)
        self.skills, self.seen = fit.skills(), used.copy()
        return fit.mixed(EVEN)[tasks]

    def _so_far(self, used: Integers) -> LabelStore:
        """The labels that have come."""
        rows = self.turn < used[self.store.task]
        workers, worker = np.unique(self.store.worker[rows], return_inverse=True)
        return LabelStore(
            self.store.tasks,
            self.store.workers[workers],
            self.store.classes,
            self.store.task[rows],
            worker.astype(np.int32),
            self.store.label[rows],
        )

    def _ballots(self, task: int, used: int) -> list[Ballot]:
        """The votes on a task so far."""
        rows = np.arange(self.first[task], self.first[task + 1])
        rows = rows[self.turn[rows] < used]
        seen = self.turn[rows] < self.seen[task]
        workers = self.store.workers[self.store.worker[rows]]
        return [
            Ballot(*each) for each in zip(self.store.label[rows].tolist(), workers.tolist(), seen.tolist(), strict=True)
        ]
