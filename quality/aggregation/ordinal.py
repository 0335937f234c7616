"""Steps of a scale: each contributor reads it with a bias and a spread of their own, so that a near miss is no plain error.

An ordered probit with annotators, after Johnson and Albert (1999), Ordinal data modeling, chapter 5, and Lakshminarayanan and Teh (2013),
Inferring ground truth from multi-annotator ordinal data, arXiv:1305.0015: somebody before whom there is step k perceives
k + bias + spread x a standard normal number, and says the step nearest to that; now and then the hand slips. Beside such readers there are
people who say the same whatever they see, and people who guess.

Biases and spreads are those of a fixed list of kinds of people; how common each kind is, is learned from all, a bias upwards being as
common as the same bias downwards, which holds the scale in place. So somebody with few answers counts as one of the crowd. What is believed
of people and of tasks is improved in turn (variational Bayes), and the bound never falls. Assumes that errors are mostly to steps near by.
"""

from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from quality.aggregation import pooled
from quality.aggregation.confusions import ConfusionFit, Confusions, Crowd, Pairs
from quality.aggregation.em import (
    MOST_STEPS,
    TOLERANCE,
    Floats,
    Integers,
    Step,
    clamped,
    climb,
    known_classes,
    normalised,
    share_right,
)
from quality.aggregation.store import LabelStore

MOST_CLASSES = 21  # steps of a scale; on longer ones answers are better taken as numbers
SLIP = 0.02  # of the answers of careful readers, too, are anything
STRAY = 0.2  # of the answers of those who say always the same are anything
BIASES = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)  # steps, as far as half the scale reaches
SPREADS = tuple(2 ** (power / 2) for power in range(-4, 9))  # steps, as far as the scale reaches
PULL = 5.0  # people as which it counts that any kind may be as common as any other
FIRST = 0.35  # spread of everybody to begin with, in steps
ROUNDS = 3  # of climbing, with the shares of the kinds estimated anew before each
SHARING = 20  # steps of that


@dataclass(frozen=True, slots=True)
class Kinds:
    """G kinds of people on a scale of K steps. theta f8[G, K, K]: of kind g before truth k to say l; log_theta: its logarithm.

    twins i8[G]: kinds of the same number are equally common.
    """

    theta: Floats
    log_theta: Floats
    twins: Integers

    @property
    def even(self) -> Floats:
        """f8[G]: shares of the kinds of which nothing is known."""
        return self.shares(np.zeros(len(self.twins)))

    def shares(self, people: Floats) -> Floats:
        """f8[G] from so many people of each kind, as if there had been a few more, of all kinds alike."""
        together = np.bincount(self.twins, people).astype(np.float64)
        together += PULL / len(together)
        found: Floats = (together / together.sum() / np.bincount(self.twins))[self.twins]
        return found


@lru_cache(maxsize=64)
def kinds(steps: int) -> Kinds:
    """On a scale of so many steps."""
    reach = max(steps - 1, 1)
    spreads = [each for each in SPREADS if each <= reach]
    sizes = [(bias, spread) for bias in (0.0, *BIASES) if bias <= reach / 2 for spread in spreads]
    cells = [
        (sign * bias, spread, at) for at, (bias, spread) in enumerate(sizes) for sign in ((1, -1) if bias else (1,))
    ]
    bias, spread, twins = (np.array(column) for column in zip(*cells, strict=True))
    alike = (1 - STRAY) * np.eye(steps) + STRAY / steps
    theta = np.concatenate(
        [
            (1 - SLIP) * _perceived(steps, bias, spread) + SLIP / steps,
            np.repeat(alike[:, None, :], steps, axis=1),
            np.full((1, steps, steps), 1 / steps),
        ]
    )
    last = len(sizes)
    return Kinds(theta, np.log(theta), np.concatenate([twins, np.full(steps, last), [last + 1]]).astype(np.int64))


def _perceived(steps: int, bias: Floats, spread: Floats) -> Floats:
    """f8[G, K, K]: how likely each step is the nearest to what is perceived. bias, spread f8[G]."""
    place = np.arange(steps)
    edges = np.concatenate([[-np.inf], place[1:] - 0.5, [np.inf]])
    below = ndtr((edges - place[:, None] - bias[:, None, None]) / spread[:, None, None])
    return np.diff(below, axis=2)


@dataclass(frozen=True, slots=True)
class Readers(Crowd):
    """All who read a scale. share f8[G]: how common each kind is. phi, strength: the crowd as `pooled` sees it."""

    share: Floats

    @property
    def kinds(self) -> Kinds:
        """Of its scale."""
        return kinds(len(self.phi))

    def log_likelihood(self, label: Integers, evidence: Floats) -> Floats:
        """f8[V, K]: log-probability of each label if each step were true. evidence f8[V, G]: of what kind its author is."""
        kind = normalised(evidence + np.log(self.share))
        found = np.empty((len(label), len(self.phi)))
        for each in np.unique(label):
            rows = label == each
            found[rows] = np.log(kind[rows] @ self.kinds.theta[:, :, each])
        return found

    def evidence(self, label: Integers, belief: Floats) -> Floats:
        """f8[V, G]: what each label says of its author, if this is believed of its task. belief f8[V, K]."""
        found = np.empty((len(label), len(self.share)))
        for each in np.unique(label):
            rows = label == each
            found[rows] = belief[rows] @ self.kinds.log_theta[:, :, each].T
        return found


def fit(
    store: LabelStore,
    *,
    gold: ArrayLike | None = None,
    warm: Floats | None = None,
    tol: float = TOLERANCE,
    max_iter: int = MOST_STEPS,
) -> ConfusionFit:
    """Fit all labels of a question whose classes are the steps of a scale, in their order. Same rows in any order, same bytes.

    gold, warm, tol, max_iter: as `pooled.fit` takes them. The scale turned round gives the posteriors turned round.
    """
    known, pairs = known_classes(gold, store), Pairs.of(store)
    belief = _beginning(pairs, known) if warm is None else warm.astype(np.float64, copy=False)
    for _ in range(ROUNDS if warm is None else 1):
        share = _shares(store.classes, _evidence(pairs, belief))
        ascent = climb(belief, known, partial(_step, pairs, share), tol=tol, max_iter=max_iter)
        belief = ascent.posterior
    counts = pairs.counts(belief)
    crowd = pooled.the_crowd(pairs, counts)
    readers = Readers(crowd.phi, crowd.strength, _shares(store.classes, _evidence(pairs, belief)))
    confusions = Confusions(readers, pooled.class_shares(belief), pairs.worker, pairs.label, counts)
    return ConfusionFit(belief, share_right(store, belief), ascent.objective, ascent.converged, confusions)


def _beginning(pairs: Pairs, known: Integers) -> Floats:
    """f8[I, K]: where a climb begins: nobody leans, and most answers are within a step."""
    even = (1 - SLIP) * _perceived(pairs.classes, np.zeros(1), np.array([FIRST]))[0] + SLIP / pairs.classes
    return clamped(normalised(pairs.table @ np.log(even)[:, pairs.label].T), known)


def _evidence(pairs: Pairs, belief: Floats) -> Floats:
    """f8[J, G]: log-probability of all labels of each worker if they were of each kind."""
    found = np.zeros((len(pairs.first), pairs.classes, pairs.classes))
    found[pairs.worker, :, pairs.label] = pairs.counts(belief)
    evidence: Floats = np.tensordot(found, kinds(pairs.classes).log_theta, axes=((1, 2), (1, 2)))
    return evidence


def _shares(steps: int, evidence: Floats) -> Floats:
    """f8[G]: how common the kinds are, as these people make it likeliest."""
    found = kinds(steps)
    share = found.even
    for _ in range(SHARING):
        share = found.shares(normalised(evidence + np.log(share)).sum(axis=0))
    return share


def _step(pairs: Pairs, share: Floats, belief: Floats) -> Step:
    kind = normalised(_evidence(pairs, belief) + np.log(share))
    surprise = np.sum(kind * (np.log(np.maximum(kind, np.finfo(float).tiny)) - np.log(share)))
    expected = np.tensordot(kind, kinds(pairs.classes).log_theta, axes=1)
    prior = np.log(pooled.class_shares(belief))
    return Step(pairs.table @ expected[pairs.worker, :, pairs.label] + prior, float(prior.sum() - surprise))


def held_out(store: LabelStore, confusions: Confusions, belief: Floats) -> Floats:
    """f8[I, K]: posteriors in which each label weighs what its author's other labels show, as a fit believes of these."""
    crowd, pairs = confusions.crowd, Pairs.of(store)
    if not isinstance(crowd, Readers):
        raise TypeError("these confusions are not of a scale")
    score, evidence = np.empty_like(belief), _evidence(pairs, belief)
    for tasks, rows in store.blocks(len(crowd.share)):
        label = store.label[rows].astype(np.int64)
        others = evidence[store.worker[rows]] - crowd.evidence(label, belief[store.task[rows]])
        first = np.searchsorted(store.task[rows], np.arange(tasks.start, tasks.stop))
        score[tasks] = np.add.reduceat(crowd.log_likelihood(label, others), first)
    return normalised(score + np.log(confusions.prior))
