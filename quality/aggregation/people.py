"""What the labels say of each contributor, apart from how often they are right: signals that they help, or answer without looking."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from quality.aggregation.confusions import Confusions, Crowd
from quality.aggregation.em import Floats, votes
from quality.aggregation.skills import Skill
from quality.aggregation.store import LabelStore


def confusions(fitted: Confusions, workers: int) -> Iterator[Floats]:
    """f8[K, K] (truth, label) of each worker 0..J-1 in turn, as drawn towards the crowd by the fit. Who has no label is the crowd."""
    strength, phi = fitted.crowd.strength, fitted.crowd.phi
    edges = np.searchsorted(fitted.worker, np.arange(workers + 1))
    for first, end in pairwise(edges.tolist()):
        counts = fitted.counts[first:end]
        theta = strength * phi
        theta[:, fitted.label[first:end]] += counts.T
        yield theta / (counts.sum(axis=0) + strength)[:, None]


def confusion(skill: Skill, crowd: Crowd) -> Floats:
    """f8[K, K] (truth, label) of somebody of whom a fit has left this behind, drawn towards the crowd as there."""
    theta = crowd.strength * crowd.phi
    theta[:, list(skill.labels)] += skill.counts.T
    drawn: Floats = theta / theta.sum(axis=1, keepdims=True)
    return drawn


def spam_score(confusion: ArrayLike) -> float:
    """How much the labels depend on the truth: 0 = not at all, 1 = fully, though perhaps wrongly (Raykar, Yu 2012).

    confusion: f[K, K], rows of truth that sum to 1: the mean squared distance between two of them, halved. nan for one class.
    """
    rows = np.asarray(confusion, dtype=np.float64)
    classes = len(rows)
    if classes < 2:
        return float("nan")
    return float((classes * (rows**2).sum() - (rows.sum(axis=0) ** 2).sum()) / (classes * (classes - 1)))


def self_consistency(confusion: ArrayLike) -> float:
    """Mean probability of the right label over the classes, each counting alike."""
    return float(np.diagonal(np.asarray(confusion, dtype=np.float64)).mean())


def expected_cost(belief: Floats, costs: Floats) -> float:
    """Of a label drawn from what is believed, f8[K]. costs f8[K, K]: of taking row for column (Ipeirotis, Provost, Wang 2010)."""
    return float(belief @ costs @ belief)


def saving(confusion: ArrayLike, prior: ArrayLike, costs: ArrayLike | None = None) -> float:
    """By how much one answer of somebody lowers the expected cost of misclassification, in units of `costs` (None: 1 each).

    0 for answers that do not depend on the truth; answers that are wrong in a known way are worth as much as right ones.
    confusion: f[K, K] (truth, label); prior: f[K], shares of the classes.
    """
    theta, shares = np.asarray(confusion, dtype=np.float64), np.asarray(prior, dtype=np.float64)
    price = 1 - np.eye(len(shares)) if costs is None else np.asarray(costs, dtype=np.float64)
    together = shares[:, None] * theta
    chance = together.sum(axis=0)
    after = np.divide(together, chance, out=np.zeros_like(together), where=chance > 0)
    cost_after: float = sum(
        p * expected_cost(belief, price) for p, belief in zip(chance.tolist(), after.T, strict=True)
    )
    return expected_cost(shares, price) - cost_after


def peer_agreement(store: LabelStore) -> Floats:
    """f8[J]: share of the other answers to the same tasks that are equal, minus what chance would give; nan for who has no peers.

    Chance: somebody else's answers to other tasks. Needs no model, so it speaks after a few answers.
    """
    alike = votes(store, np.ones(len(store.label)))[store.task, store.label] - 1
    others = np.bincount(store.task, minlength=len(store.tasks))[store.task] - 1
    met = others > 0
    workers = len(store.workers)
    shared = np.bincount(store.worker[met], minlength=workers)
    agreed = np.bincount(store.worker[met], alike[met] / others[met], minlength=workers)
    share = np.bincount(store.label, minlength=store.classes) / max(len(store.label), 1)
    by_chance = np.bincount(store.worker[met], share[store.label[met]], minlength=workers)
    gain: Floats = np.divide(agreed - by_chance, shared, out=np.full(workers, np.nan), where=shared > 0)
    return gain
