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


def test_does_not_depend_on_order_ids_or_class_names():
    rows, _ = crowd(4, tasks=50)
    fit = one_coin.fit(store_of(rows, 3))
    shuffled = [rows[i] for i in np.random.default_rng(0).permutation(len(rows))]
    again = one_coin.fit(store_of(shuffled, 3))
    assert fit.posterior.tobytes() == again.posterior.tobytes()
    assert fit.objective == again.objective
    renamed = [(f"t{99 - task}", f"w{9 - worker}", (label + 1) % 3) for task, worker, label in rows]
    other = one_coin.fit(store_of(renamed, 3))
    assert other.accuracy[::-1] == pytest.approx(fit.accuracy, abs=1e-9)
    assert other.posterior[::-1][:, [1, 2, 0]] == pytest.approx(fit.posterior, abs=1e-9)


@given(labels)
def test_objective_never_falls(rows):
    fit = one_coin.fit(store_of(rows, 3), tol=0, max_iter=60)
    for before, after in zip(fit.objective, fit.objective[1:], strict=False):
        assert after >= before - 1e-9 * abs(before)
    assert ((fit.accuracy > 0) & (fit.accuracy < 1)).all()


@pytest.mark.parametrize(
    ("rows", "classes", "label"),
    [
        ([], 2, []),
        ([("t", "w", 1)], 2, [1]),
        ([("t", "w", 0)], 1, [0]),
        ([("t", "v", 0), ("t", "w", 1)], 2, [-1]),
        ([("t", "v", 1), ("t", "w", 1), ("u", "v", 1)], 3, [1, 1]),
        ([("t", f"w{i}", i < 600) for i in range(1000)], 2, [1]),
    ],
    ids=["nothing", "one label", "one class", "tie", "all equal", "a thousand on one task"],
)
def test_edges(rows, classes, label):
    fit = one_coin.fit(store_of(rows, classes))
    assert fit.label.tolist() == label
    assert np.isfinite(fit.posterior).all()


def test_stops_where_it_is_told():
    rows, _ = crowd(5)
    fit = one_coin.fit(store_of(rows, 3), max_iter=2)
    assert not fit.converged
    assert len(fit.objective) == 2


def test_a_label_must_be_a_class():
    with pytest.raises(ValueError, match="classes"):
        LabelStore.from_rows(["t"], ["w"], [2], 2)
