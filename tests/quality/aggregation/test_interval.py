"""Numbers with a bias and a noise of each person: how near, how sure, and the same from what a fit leaves behind."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.aggregation import interval
from quality.aggregation.estimators import ONE_COIN, Gauged
from quality.aggregation.store import LabelStore
from quality.aggregation.votes import Basis, Vote

rows = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(-3, 3)), min_size=1, max_size=30)


def measured(seed, *, tasks=150, people=12, answers=4):
    """Store, values and truths: half of the people are three times as noisy, one says anything."""
    draw = np.random.default_rng(seed)
    truth = draw.normal(50, 10, tasks)
    task = np.repeat(np.arange(tasks), answers)
    person = np.concatenate([draw.choice(people, answers, replace=False) for _ in range(tasks)])
    noise = np.where(np.arange(people) % 2, 1.5, 4.5)
    said = truth[task] + draw.normal(0, 3, people)[person] + noise[person] * draw.normal(size=len(task))
    said = np.where(person == 0, draw.uniform(0, 100, len(task)), said).round(1)
    values, label = np.unique(said, return_inverse=True)
    return LabelStore.from_rows(task, person, label, len(values)), values, truth


def test_nearer_to_the_truth_than_mean_and_median_and_as_sure_as_it_says():
    inside = []
    for seed in range(3):
        store, values, truth = measured(seed)
        found = interval.fit(store, values)
        said = [values[store.label[store.task == task]] for task in range(len(truth))]
        error = np.sqrt(((found.belief.mean - truth) ** 2).mean())
        for usual in (np.mean, np.median):
            assert error < 0.75 * np.sqrt(((np.array([usual(each) for each in said]) - truth) ** 2).mean())
        inside += (abs(found.belief.mean - truth) < 1.96 * np.sqrt(found.belief.variance)).tolist()
        assert found.converged
    assert np.mean(inside) == pytest.approx(0.95, abs=0.04)


def test_who_says_anything_is_noisy_and_who_leans_is_biased():
    store, values, _ = measured(3)
    found = interval.fit(store, values)
    noise = found.people.noise(found.crowd)
    assert noise.argmax() == 0
    assert noise[2::2].mean() > 3 * noise[1::2].mean()


def test_the_same_rows_in_any_order_same_bytes_and_names_do_not_matter():
    store, values, _ = measured(4, tasks=30)
    order = np.random.default_rng(0).permutation(len(store.label))
    again = LabelStore.from_rows(store.task[order], store.worker[order], store.label[order], store.classes)
    one, other = interval.fit(store, values), interval.fit(again, values)
    assert one.belief.mean.tobytes() == other.belief.mean.tobytes()
    renamed = LabelStore.from_rows(99 - store.task, 99 - store.worker, store.label, store.classes)
    assert interval.fit(renamed, values).belief.mean[::-1] == pytest.approx(one.belief.mean)


def test_units_do_not_matter():
    store, values, _ = measured(5, tasks=30)
    one, other = interval.fit(store, values, tol=1e-12), interval.fit(store, 1000 * values - 7, tol=1e-12)
    assert other.belief.mean == pytest.approx(1000 * one.belief.mean - 7, rel=1e-4)
    assert other.belief.variance == pytest.approx(1e6 * one.belief.variance, rel=1e-3)


@settings(max_examples=25)
@given(rows=rows)
def test_the_objective_never_falls(rows):
    task, person, value = zip(*rows, strict=True)
    store = LabelStore.from_rows(task, person, [each + 3 for each in value], 7)
    found = interval.fit(store, np.arange(-3, 4))  # it raises if it fell
    assert np.isfinite(found.belief.mean).all()
    assert (found.belief.variance > 0).all()
    assert (found.belief.mean >= -10).all()
    assert (found.belief.mean <= 10).all()


def test_gold_is_certain_and_teaches():
    """Everybody says two too much."""
    task, person = np.divmod(np.arange(60), 3)
    store = LabelStore.from_rows(task, person, task, 20)
    gold = np.where(np.arange(20) < 10, np.arange(20) - 2.0, np.nan)
    found = interval.fit(store, np.arange(20), gold=gold)
    assert found.belief.mean[:10].tolist() == gold[:10].tolist()
    assert (found.belief.variance[:10] == 0).all()
    assert found.belief.mean[10:] == pytest.approx(np.arange(10, 20) - 2, abs=0.5)


def test_one_task_from_records_is_as_in_the_fit():
    store, values, _ = measured(6)
    found = interval.fit(store, values, tol=0, max_iter=500)
    for task in range(0, 150, 17):
        at = store.task == task
        authors, said = found.people.at(store.worker[at]), values[store.label[at]]
        zeros, seen = np.zeros(at.sum(), dtype=np.int64), np.ones(at.sum())
        one = interval.believe(said, zeros, 1, authors, seen, found.crowd)
        assert one.mean[0] == pytest.approx(found.belief.mean[task])
        assert one.variance[0] == pytest.approx(found.belief.variance[task])


def test_known_tasks_say_how_sure_it_may_be():
    """People who misread a task together, which a model of single people cannot foresee."""
    store, values, truth = measured(7, tasks=200)
    misread = truth + np.random.default_rng(8).normal(0, 4, 200)
    gold = np.where(np.arange(200) < 100, misread, np.nan)
    plain, found = interval.fit(store, values, gold=gold), interval.learn(store, values, gold=gold)
    assert (found.crowd.known, plain.crowd.known) == (100, 0)
    assert found.crowd.doubt > 2
    z = [(misread - each.belief.mean)[100:] / np.sqrt(each.belief.variance[100:]) for each in (plain, found)]
    assert (abs(z[0]) < 1.96).mean() < 0.85 < (abs(z[1]) < 1.96).mean()
    few = np.where(np.arange(200) < 49, misread, np.nan)
    assert interval.learn(store, values, gold=few).crowd.doubt == 1


def test_numbers_of_one_task_as_an_estimator():
    crowd = interval.Crowd(centre=3, variance=4, noise=0.25, lean=0.1, doubt=2, known=60)
    authors = {"x": ((100.0, 100.0, 110.0), False), "y": ((0.0, 0.0, 0.0), False)}
    gauged = Gauged("est_1", crowd, {"1": 1.0, "2": 2.0, "3": 3.0, "4": 4.0}, authors)
    cast = [Vote("x", 3, 0.5), Vote("y", 2, 0.9)]
    found = gauged(cast, ["3", "2"], ["1", "2", "3", "4"])
    assert found.number.mean == pytest.approx(2, abs=0.1)  # x always says one too much
    assert max(found.soft, key=found.soft.get) == "2"
    assert (found.method, found.basis) == ("interval", Basis("est_1", calibrated=True))
    other = ["3", "2", "other: none"]
    assert gauged(cast, ["3", "2"], other) == ONE_COIN(cast, ["3", "2"], other)


@pytest.mark.parametrize(
    ("rows", "mean"),
    [([], []), ([("t", "w", 1)], [1]), ([("t", "v", 1), ("t", "w", 1), ("u", "v", 1)], [1, 1])],
    ids=["nothing", "one answer", "all equal"],
)
def test_edges(rows, mean):
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    found = interval.fit(LabelStore.from_rows(*columns, 3), np.arange(3))
    assert found.belief.mean == pytest.approx(mean)


def test_the_nearest_number():
    belief = interval.Belief(np.array([2.0]), np.array([0.25]))
    share = interval.nearest(belief, np.array([1, 2, 4, 4]))
    assert share.sum() == pytest.approx(1)
    assert share[0].tolist() == pytest.approx([0.1587, 0.8186, 0.0114, 0.0114], abs=1e-4)
    certain = interval.Belief(np.array([2.0]), np.array([0.0]))
    assert interval.within(certain, np.array([1.0]), np.array([3.0])) == pytest.approx(1)
