"""The one-coin model over many labels: what it finds, what it may not depend on, where there is little to find."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.aggregation import one_coin
from quality.aggregation.store import LabelStore
from tests.quality.aggregation.simulated import crowd, store_of

labels = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 2)), min_size=1, max_size=40)


def test_finds_the_truth_and_the_accuracies():
    rows, truth = crowd(1)
    fit = one_coin.fit(store_of(rows, 3))
    assert fit.converged
    assert (fit.label == truth).mean() > 0.93
    assert fit.accuracy == pytest.approx([0.9, 0.85, 0.8, 0.6, 0.4], abs=0.08)
    assert fit.posterior.sum(axis=1) == pytest.approx(1)


def test_agrees_with_the_posterior_of_one_task():
    rows, _ = crowd(2)
    fit = one_coin.fit(store_of(rows, 3), tol=0, max_iter=500)
    task = [str(label) for number, _, label in rows if number == 7]
    alone = one_coin.posterior(task, fit.accuracy.tolist(), ["0", "1", "2"])
    assert fit.posterior[7] == pytest.approx(list(alone.values()), abs=1e-6)


def test_gold_is_certain_and_teaches():
    rows, truth = crowd(3, tasks=30)
    lone = [*rows, (99, 9, 0)]
    store = store_of(lone, 3)
    gold = np.full(31, -1)
    gold[:10] = (truth[:10] + 1) % 3
    gold[30] = 2
    fit = one_coin.fit(store, gold=gold)
    assert (fit.label[:10] == gold[:10]).all()
    assert fit.posterior[0].max() == 1
    assert fit.accuracy[5] == pytest.approx(3 / 5)
    assert fit.accuracy[0] < one_coin.fit(store).accuracy[0]


@given(labels)
def test_objective_never_falls(rows):
    fit = one_coin.fit(store_of(rows, 3), tol=0, max_iter=60)
    for before, after in zip(fit.objective, fit.objective[1:], strict=False):
        assert after >= before - 1e-9 * abs(before)
    assert ((fit.accuracy > 0) & (fit.accuracy < 1)).all()


def test_stops_where_it_is_told():
    rows, _ = crowd(5)
    fit = one_coin.fit(store_of(rows, 3), max_iter=2)
    assert not fit.converged
    assert len(fit.objective) == 2


def test_a_label_must_be_a_class():
    with pytest.raises(ValueError, match="classes"):
        LabelStore.from_rows(["t"], ["w"], [2], 2)
