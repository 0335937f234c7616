"""Pooled Dawid-Skene over many labels: what it finds, what it may not depend on, where there is little to find."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.aggregation import pooled
from tests.quality.aggregation.simulated import accuracy, crowd, store_of

labels = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 2)), min_size=1, max_size=40)


def swappers(seed=1, tasks=400):
    """Two of five people always take class 1 for 2: (rows, truth)."""
    rows, truth = crowd(seed, tasks, 3, (0.9, 0.9, 0.9, 0.95, 0.95))
    return [(t, w, 2 if w > 2 and label == 1 else label) for t, w, label in rows], truth


def test_finds_the_truth_and_who_takes_what_for_what():
    rows, truth = swappers()
    fit = pooled.fit(store_of(rows, 3))
    assert fit.converged
    assert accuracy(fit.posterior, truth) > 95
    found = fit.confusions
    swapped = found.counts[(found.worker == 4) & (found.label == 2)][0]
    assert swapped[1] == pytest.approx(swapped[2], rel=0.2)
    assert not ((found.worker == 4) & (found.label == 1)).any()
    assert found.crowd.phi.sum(axis=1) == pytest.approx(1)
    assert found.prior.sum() == pytest.approx(1)


def test_strength_follows_how_alike_people_are():
    alike, _ = crowd(2, 300, 2, (0.8,) * 8)
    apart, _ = swappers()
    assert pooled.fit(store_of(alike, 2)).confusions.crowd.strength == 50
    assert pooled.fit(store_of(apart, 3)).confusions.crowd.strength <= 5


def test_gold_is_certain_and_teaches():
    rows, truth = crowd(3, tasks=30)
    store = store_of(rows, 3)
    gold = np.full(30, -1)
    gold[:20] = (truth[:20] + 1) % 3
    fit = pooled.fit(store, gold=gold)
    assert (fit.label[:20] == gold[:20]).all()
    assert fit.confusions.crowd.phi.trace() < pooled.fit(store).confusions.crowd.phi.trace()


@settings(max_examples=40)
@given(labels)
def test_objective_never_falls(rows):
    fit = pooled.fit(store_of(rows, 3), tol=0, max_iter=30)
    for before, after in zip(fit.objective, fit.objective[1:], strict=False):
        assert after >= before - 1e-9 * abs(before)
    assert fit.posterior.sum(axis=1) == pytest.approx(1)


def test_stops_where_it_is_told():
    rows, _ = crowd(5)
    fit = pooled.fit(store_of(rows, 3), tol=0, max_iter=2)
    assert not fit.converged
    assert len(fit.objective) == 2


def test_further_steps_change_nothing():
    rows, _ = crowd(6)
    store = store_of(rows, 3)
    further = pooled.fit(store, tol=0, max_iter=400)
    assert (pooled.fit(store).label == further.label).mean() >= 0.999


def test_many_classes_and_few_labels_are_no_worse_than_counting():
    """70 % good, 20 % weak, 10 % spammers, fifty classes, five labels a task: where plain Dawid-Skene falls apart."""
    draw = np.random.default_rng(7)
    truth = draw.integers(0, 50, 1000)
    skill = np.repeat([0.7, 0.3, 0.02], [175, 50, 25])
    rows = []
    for task, right in enumerate(truth):
        for worker in draw.choice(250, 5, replace=False):
            label = right if draw.random() < skill[worker] else draw.integers(0, 50)
            rows.append((task, int(worker), int(label)))
    store = store_of(rows, 50)
    counted = np.bincount(store.task * 50 + store.label, minlength=50_000).reshape(-1, 50).astype(float)
    assert accuracy(pooled.fit(store).posterior, truth) >= accuracy(counted, truth)
