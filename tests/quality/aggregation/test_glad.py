"""GLAD: it finds hard tasks and those who err on purpose, along a gradient that is right."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from quality.aggregation import glad
from quality.aggregation.em import known_classes
from tests.quality.aggregation.simulated import accuracy, crowd, store_of


def test_hard_tasks_are_found():
    rows, truth = crowd(1, 300, 3, (0.9,) * 7)
    draw = np.random.default_rng(1)
    rows = [(task, worker, int(draw.integers(3)) if task < 60 else label) for task, worker, label in rows]
    fit = glad.fit(store_of(rows, 3))
    assert fit.converged
    assert accuracy(fit.posterior[60:], truth[60:]) > 98
    assert np.median(fit.ease[:60]) < np.median(fit.ease[60:]) / 2


def test_who_errs_on_purpose_is_heard_the_other_way():
    rows, truth = crowd(2, 200, 2, (0.9, 0.9, 0.9, 0.1))
    fit = glad.fit(store_of(rows, 2))
    assert fit.ability[3] < 0 < min(fit.ability[:3])
    assert accuracy(fit.posterior, truth) > 95


def test_all_classes_are_not_exchanged():
    """Nothing but the priors says which way is right; a bold first step would take every class for another."""
    for seed in range(4):
        rows, truth = crowd(seed, 50, 2, (0.8, 0.7, 0.7, 0.7, 0.65))
        assert accuracy(glad.fit(store_of(rows, 2)).posterior, truth) > 60


@pytest.mark.parametrize("gold", [None, [1, -1, -1, 0, -1, 2]])
def test_the_gradient_is_that_of_the_objective(gold):
    store = store_of(crowd(3, tasks=6)[0], 3)
    surface = glad._Surface(store, known_classes(gold, store))
    point = np.random.default_rng(0).normal(0.5, 1, 11)
    numeric = approx_fprime(point, lambda at: surface.slope(at)[0], 1e-6)
    assert surface.slope(point)[1] == pytest.approx(numeric, abs=1e-4)
