"""Simulated crowds, and how well a posterior names what is true."""

import numpy as np

from quality.aggregation.store import LabelStore


def store_of(rows, classes):
    task, worker, label = zip(*rows, strict=True) if rows else ((), (), ())
    return LabelStore.from_rows(task, worker, label, classes)


def crowd(seed, tasks=200, classes=3, accuracies=(0.9, 0.85, 0.8, 0.6, 0.4)):
    """Labels of people of given accuracies, each of every task: (rows, truth)."""
    draw = np.random.default_rng(seed)
    truth = draw.integers(0, classes, tasks)
    wrong = (truth[:, None] + draw.integers(1, classes, (tasks, len(accuracies)))) % classes
    given = np.where(draw.random((tasks, len(accuracies))) < accuracies, truth[:, None], wrong)
    return [(t, w, int(given[t, w])) for t in range(tasks) for w in range(len(accuracies))], truth


def accuracy(posterior, truth):
    """Share of right winners in per cent; a tie counts as what a draw would bring. truth i[I], -1 where it is not known."""
    top = posterior >= posterior.max(axis=1, keepdims=True) - 1e-9
    known = truth >= 0
    right = top[known, truth[known]] / top[known].sum(axis=1)
    return 100 * right.mean()
