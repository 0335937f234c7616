"""What holds of every estimator, whatever it assumes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.aggregation import voting
from quality.aggregation.fitting import METHODS, fit
from tests.quality.aggregation.simulated import accuracy, crowd, store_of

labels = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 2)), min_size=1, max_size=30)
every = pytest.mark.parametrize("method", METHODS)
nominal = pytest.mark.parametrize("method", sorted(METHODS.keys() - {"ordinal"}))


@nominal
def test_finds_the_truth(method):
    rows, truth = crowd(1)
    found = fit(store_of(rows, 3), method)
    assert found.converged
    assert accuracy(found.posterior, truth) > (85 if method == "majority" else 92)
    assert np.argsort(-found.accuracy).tolist() == [0, 1, 2, 3, 4]


@every
def test_same_rows_in_any_order_same_bytes(method):
    rows, _ = crowd(2, tasks=40)
    shuffled = [rows[place] for place in np.random.default_rng(0).permutation(len(rows))]
    one, other = fit(store_of(rows, 3), method), fit(store_of(shuffled, 3), method)
    assert one.posterior.tobytes() == other.posterior.tobytes()
    assert one.accuracy.tobytes() == other.accuracy.tobytes()
    assert one.objective == other.objective


@nominal
def test_names_do_not_matter(method):
    rows, _ = crowd(3, tasks=40)
    renamed = [(f"t{99 - task}", f"w{9 - worker}", (label + 1) % 3) for task, worker, label in rows]
    one, other = fit(store_of(rows, 3), method), fit(store_of(renamed, 3), method)
    assert other.posterior[::-1][:, [1, 2, 0]] == pytest.approx(one.posterior, abs=1e-9)
    assert other.accuracy[::-1] == pytest.approx(one.accuracy, abs=1e-9)


@every
def test_gold_is_certain_and_teaches(method):
    rows, truth = crowd(4, tasks=30)
    store = store_of(rows, 3)
    gold = np.full(30, -1)
    gold[:20] = (truth[:20] + 1) % 3
    found = fit(store, method, gold=gold)
    assert (found.label[:20] == gold[:20]).all()
    assert found.posterior[:20].max(axis=1) == pytest.approx(1)
    assert found.accuracy[0] < fit(store, method).accuracy[0]


@every
@settings(max_examples=15)
@given(rows=labels)
def test_objective_never_falls(method, rows):
    found = fit(store_of(rows, 3), method)
    for before, after in zip(found.objective, found.objective[1:], strict=False):
        assert after >= before - 1e-9 * abs(before)
    assert found.posterior.sum(axis=1) == pytest.approx(1)
    assert ((found.accuracy >= 0) & (found.accuracy <= 1)).all()


@every
@pytest.mark.parametrize(
    ("rows", "classes", "label"),
    [
        ([], 2, []),
        ([("t", "w", 1)], 2, [1]),
        ([("t", "w", 0)], 1, [0]),
        ([("t", "v", 0), ("t", "w", 1)], 2, [-1]),
        ([("t", "v", 0), ("t", "w", 0), ("u", "v", 0)], 1, [0, 0]),
        ([("t", "v", 1), ("t", "w", 1), ("u", "v", 1)], 3, [1, 1]),
        ([("t", "w", 1), ("u", "w", 0), ("v", "w", 0)], 2, [1, 0, 0]),
        ([("t", f"w{i}", i < 600) for i in range(1000)], 2, [1]),
    ],
    ids=[
        "nothing",
        "one label",
        "one class",
        "tie",
        "two of one class",
        "all equal",
        "one worker",
        "a thousand on one task",
    ],
)
def test_edges(method, rows, classes, label):
    found = fit(store_of(rows, classes), method)
    assert found.label.tolist() == label
    assert np.isfinite(found.posterior).all()
    assert np.isfinite(found.accuracy).all()


def test_an_unknown_name_is_refused():
    with pytest.raises(KeyError):
        fit(store_of([], 2), "wishful")


def test_weighted_believes_what_it_is_told():
    rows, truth = crowd(5)
    store = store_of(rows, 3)
    told = voting.weighted(store, [0.9, 0.85, 0.8, 0.6, 0.4])
    assert accuracy(told.posterior, truth) > accuracy(voting.majority(store).posterior, truth)
    assert told.accuracy.tolist() == [0.9, 0.85, 0.8, 0.6, 0.4]
    nobody = voting.weighted(store, [0.2, 1 / 3, 0, 0, 0])
    assert nobody.posterior == pytest.approx(1 / 3)
    gold = voting.weighted(store, [0.9] * 5, gold=np.full(200, 2))
    assert (gold.posterior[:, 2] == 1).all()
    with pytest.raises(ValueError, match="each worker"):
        voting.weighted(store, [0.5])
