"""Numbers: the truth is a number, and each contributor is off by a bias of their own and by a noise of their own.

Raykar, Yu, Zhao, Hermosillo Valadez, Florin, Bogoni and Moy (2010), Learning from crowds, JMLR 11, 1297-1322, their regression, with a bias
of each person: answer = truth + bias + noise x a standard normal number; truths are normal about a centre. Squared noise has an inverse
gamma prior, and a bias is normal in units of its person's noise, so that both have their likeliest values in closed form: somebody without
answers has the usual noise and no bias, and five answers weigh as much as that. Expectation-maximisation; the usual noise and the usual
size of biases are estimated anew between rounds. How far truths lie apart is taken from the means of the tasks and not learned: else all
that tells tasks apart could be put down to people. Assumes that errors are as likely upwards as downwards over all people together.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from quality.aggregation.calibration import ENOUGH
from quality.aggregation.em import MOST_STEPS, SLACK, TOLERANCE, Floats, Integers
from quality.aggregation.reliability import PARTS
from quality.aggregation.store import LabelStore

PULL = 5.0  # answers as which the usual noise counts in everybody's own
ROUNDS = 3
LEAST_LEAN = 0.01
MOST_SURPRISE = 9.0
ROUNDING = 1 / 12  # variance of what is lost when a number is rounded to a whole one


@dataclass(frozen=True, slots=True)
class Crowd:
    """centre, variance: of the truths. noise: the usual variance of an answer; lean: the usual squared bias, in units of it.

    doubt: by what variances of the truths are multiplied, as `known` tasks have shown; 0 of these: nothing has been shown.
    """

    centre: float
    variance: float
    noise: float
    lean: float
    doubt: float = 1.0
    known: int = 0


@dataclass(frozen=True, slots=True)
class Records:
    """What is known of people, by how far their answers are expected to be above the truth. n: answers; total: the sum; squares: that
    of the squares.
    """

    n: Floats
    total: Floats
    squares: Floats

    @classmethod
    def of(cls, off: Floats, variance: Floats, worker: Integers, workers: int) -> "Records":
        """off f8[N]: answers above the expected truth, of which this is the variance f8[N]."""
        sums = (np.bincount(worker, each, minlength=workers) for each in (np.ones_like(off), off, off**2 + variance))
        return cls(*(each.astype(np.float64) for each in sums))

    def at(self, rows: Integers) -> "Records":
        """Those of these people."""
        return Records(self.n[rows], self.total[rows], self.squares[rows])

    def without(self, off: Floats, variance: Floats, counts: Floats) -> "Records":
        """One answer less each, where `counts` is 1."""
        return Records(self.n - counts, self.total - counts * off, self.squares - counts * (off**2 + variance))

    def bias(self, crowd: Crowd) -> Floats:
        """Of each, in the unit of the answers."""
        found: Floats = self.total / (self.n + 1 / crowd.lean)
        return found

    def noise(self, crowd: Crowd) -> Floats:
        """Of each: variance of an answer beside the bias."""
        apart = np.maximum(self.squares - self.total * self.bias(crowd), 0)
        found: Floats = (PULL * crowd.noise + apart) / (PULL + self.n)
        return found


@dataclass(frozen=True, slots=True)
class Belief:
    """What the truths are: normal, f8[I] each."""

    mean: Floats
    variance: Floats


@dataclass(frozen=True, slots=True)
class Fit:
    """What all answers to a question say. belief: of the tasks, nobody being judged by the task itself; known ones are certain.

    objective: per iteration of the last round, never falling.
    """

    belief: Belief
    people: Records
    crowd: Crowd
    objective: list[float]
    converged: bool


@dataclass(frozen=True, slots=True)
class _Answers:
    """N answers to I tasks by J people. known f8[I]: true numbers, nan where there is none."""

    value: Floats
    task: Integers
    worker: Integers
    tasks: int
    workers: int
    known: Floats

    def summed(self, weights: Floats) -> Floats:
        """f8[I]: over the answers to each task."""
        return np.bincount(self.task, weights, minlength=self.tasks).astype(np.float64)


def fit(
    store: LabelStore,
    values: ArrayLike,
    *,
    gold: ArrayLike | None = None,
    tol: float = TOLERANCE,
    max_iter: int = MOST_STEPS,
) -> Fit:
    """Fit all answers to a question. Same rows in any order, same bytes.

    values f8[K]: the number that each class stands for, at least one. gold f8[I]: known truths in the order of `store.tasks`, nan = none;
    they teach what people's biases and noises are. Stops at a relative change of the objective below `tol`, else after `max_iter` steps.
    """
    numbers = np.asarray(values, dtype=np.float64)
    known = np.full(len(store.tasks), np.nan) if gold is None else np.asarray(gold, dtype=np.float64)
    sizes = len(store.tasks), len(store.workers)
    given = _Answers(numbers[store.label], store.task.astype(np.int64), store.worker.astype(np.int64), *sizes, known)
    if not len(given.value):
        nothing = np.zeros(0)
        return Fit(Belief(nothing, nothing), Records(nothing, nothing, nothing), Crowd(0, 1, 1, 1), [], converged=True)
    least = _least_noise(numbers)
    crowd = _first(given, least)
    for _ in range(ROUNDS):
        crowd, people, objective, converged = _climb(given, crowd, tol, max_iter)
        crowd = replace(crowd, noise=_usual_noise(people, crowd, least), lean=_usual_lean(people, crowd))
    seen = np.ones_like(given.value)
    belief = believe(given.value, given.task, given.tasks, people.at(given.worker), seen, crowd)
    return Fit(_clamped(belief, known), people, crowd, objective, converged)


def learn(store: LabelStore, values: ArrayLike, *, gold: ArrayLike | None = None) -> Fit:
    """As `fit`, and from fifty known tasks on as sure as it may be: variances are multiplied by how far off it was, on the mean, of those
    whose number it was not told, in units of its own deviation; a single one counts as three of these at most.
    """
    found = fit(store, values, gold=gold)
    known = np.full(len(store.tasks), np.nan) if gold is None else np.asarray(gold, dtype=np.float64)
    rows = np.flatnonzero(~np.isnan(known))
    if len(rows) < ENOUGH:
        return found
    rows = rows[np.argsort(known[rows], kind="stable")]  # the same parts, whatever the tasks are called
    surprise = np.concatenate([_surprise(store, values, known, rows[part::PARTS]) for part in range(PARTS)])
    crowd = replace(found.crowd, doubt=float(np.minimum(surprise, MOST_SURPRISE).mean()), known=len(rows))
    belief = replace(found.belief, variance=crowd.doubt * found.belief.variance)
    return replace(found, belief=belief, crowd=crowd)


def _surprise(store: LabelStore, values: ArrayLike, known: Floats, hidden: Integers) -> Floats:
    """f8: of tasks that are known, told to nobody: squared error over the variance that it should have."""
    others = known.copy()
    others[hidden] = np.nan
    belief = fit(store, values, gold=others).belief
    found: Floats = (belief.mean[hidden] - known[hidden]) ** 2 / belief.variance[hidden]
    return found


def believe(value: Floats, task: Integers, tasks: int, authors: Records, seen: Floats, crowd: Crowd) -> Belief:
    """Of tasks 0.., each from its answers. authors: of each answer; seen f8[N]: 1 where it is in its author's record, else 0.

    What a record owes to the task itself is taken out of it.
    """
    before = _posterior(value, task, tasks, authors, crowd)
    others = authors.without(value - before.mean[task], before.variance[task], seen)
    after = _posterior(value, task, tasks, others, crowd)
    return replace(after, variance=crowd.doubt * after.variance)


def _posterior(value: Floats, task: Integers, tasks: int, authors: Records, crowd: Crowd) -> Belief:
    weight = 1 / authors.noise(crowd)
    precision = 1 / crowd.variance + np.bincount(task, weight, minlength=tasks)
    pulled = np.bincount(task, weight * (value - authors.bias(crowd)), minlength=tasks)
    return Belief((crowd.centre / crowd.variance + pulled) / precision, 1 / precision)


def within(belief: Belief, low: Floats, high: Floats) -> Floats:
    """f8: how likely each truth lies between two numbers."""
    deviation = np.sqrt(np.maximum(belief.variance, np.finfo(float).tiny))
    found: Floats = ndtr((high - belief.mean) / deviation) - ndtr((low - belief.mean) / deviation)
    return found


def nearest(belief: Belief, values: Floats) -> Floats:
    """f8[I, K]: how likely each of these numbers f8[K] is the nearest to the truth. Of equal ones each has its part."""
    steps, place, count = np.unique(values, return_inverse=True, return_counts=True)
    edges = np.concatenate([[-np.inf], (steps[1:] + steps[:-1]) / 2, [np.inf]])
    one = Belief(belief.mean[:, None], belief.variance[:, None])
    found: Floats = (within(one, edges[:-1], edges[1:]) / count)[:, place]
    return found


def _clamped(belief: Belief, known: Floats) -> Belief:
    sure = ~np.isnan(known)
    return Belief(np.where(sure, known, belief.mean), np.where(sure, 0.0, belief.variance))


def _least_noise(numbers: Floats) -> float:
    """Nobody is more exact than numbers can be told apart."""
    gaps = np.diff(np.unique(numbers))
    return float(ROUNDING * gaps.min() ** 2) if len(gaps) else ROUNDING


def _first(given: _Answers, least: float) -> Crowd:
    """From the answers alone: how they vary about the mean of their task, and these means about each other."""
    count = given.summed(np.ones_like(given.value))
    mean = np.divide(given.summed(given.value), count, out=np.zeros(given.tasks), where=count > 0)
    inside = ((given.value - mean[given.task]) ** 2).sum() / max((count - 1).clip(0).sum(), 1)
    means = mean[count > 0]
    return Crowd(float(means.mean()), float(means.var()) + least, max(float(inside), least), 1.0)


def _climb(given: _Answers, crowd: Crowd, tol: float, max_iter: int) -> tuple[Crowd, Records, list[float], bool]:
    """Step until the objective changes by less than `tol` of itself. Raises ArithmeticError if it fell."""
    people = Records.of(np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64), given.workers)
    objective: list[float] = []
    while True:
        belief = _clamped(_posterior(given.value, given.task, given.tasks, people.at(given.worker), crowd), given.known)
        objective.append(_objective(given, people, crowd))
        if len(objective) > 1 and objective[-1] < objective[-2] - SLACK * max(abs(objective[-2]), 1):
            raise ArithmeticError("the objective fell")
        settled = len(objective) > 1 and objective[-1] - objective[-2] <= tol * abs(objective[-2])
        if settled or len(objective) >= max_iter:
            return crowd, people, objective, settled
        off = given.value - belief.mean[given.task]
        people = Records.of(off, belief.variance[given.task], given.worker, given.workers)
        crowd = replace(crowd, centre=float(belief.mean.mean()))


def _objective(given: _Answers, people: Records, crowd: Crowd) -> float:
    """Log-probability of the answers and the known truths, and of what is believed of people; constants left out."""
    noise, bias = people.noise(crowd), people.bias(crowd)
    variance, off = noise[given.worker], given.value - bias[given.worker]
    sure = ~np.isnan(given.known)
    truth = np.where(sure, given.known, 0.0)
    # about the centre, so that large numbers do not cancel
    apart = np.where(sure[given.task], off - truth[given.task], off - crowd.centre)
    each = -0.5 * (np.log(variance) + apart**2 / variance).sum()
    precision = 1 / crowd.variance + given.summed(1 / variance)
    pulled = given.summed(apart / variance)
    open_tasks = 0.5 * (pulled**2 / precision - np.log(crowd.variance * precision))
    closed = -0.5 * (np.log(crowd.variance) + (truth - crowd.centre) ** 2 / crowd.variance)
    prior = -0.5 * (PULL * np.log(noise) + (PULL * crowd.noise + bias**2 / crowd.lean) / noise).sum()
    return float(each + np.where(sure, closed, open_tasks).sum() + prior)


def _usual_noise(people: Records, crowd: Crowd, least: float) -> float:
    """Harmonic mean: what careful people have in common counts, not how far careless ones are off."""
    return max(float(1 / (1 / people.noise(crowd)).mean()), least)


def _usual_lean(people: Records, crowd: Crowd) -> float:
    found = people.bias(crowd) ** 2 / people.noise(crowd) + 1 / (people.n + 1 / crowd.lean)
    return max(float(found.mean()), LEAST_LEAN)
