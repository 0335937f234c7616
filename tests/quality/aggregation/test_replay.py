"""Labels one by one: who stops when."""

import numpy as np
import pytest

from quality.aggregation import auto
from quality.aggregation.replay import _turns, replay
from tests.quality.aggregation.simulated import accuracy, crowd, store_of


def shuffled(store, seed=0):
    return np.random.default_rng(seed).permutation(len(store.task))


def test_turns_count_per_task_in_order_of_arrival():
    task = np.array([0, 0, 0, 1, 1], dtype=np.int32)
    assert _turns(task, np.array([30, 10, 20, 5, 4])).tolist() == [2, 0, 1, 1, 0]


def test_stops_when_it_is_sure_and_not_before():
    rows, truth = crowd(1, 300, 3, (0.95, 0.9, 0.9, 0.9, 0.85, 0.8, 0.8, 0.6))
    store = store_of(rows, 3)
    found = replay(store, shuffled(store), target=0.99, least=2)
    assert found.used.min() == 2
    assert 2.2 < found.used.mean() < 5
    assert (found.confidence[found.used < 8] >= 0.99 - 1e-9).all()
    assert (found.label == truth).mean() > 0.95
    further = replay(store, shuffled(store), target=0.999, least=2)
    assert further.used.mean() > found.used.mean()


def test_with_all_labels_it_is_the_whole_fit():
    rows, truth = crowd(2)
    store = store_of(rows, 3)
    found = replay(store, shuffled(store), target=1.0, least=5)
    posterior = auto.fit(store).posterior(0.5)
    assert found.used.tolist() == [5] * 200
    assert found.confidence == pytest.approx(posterior.max(axis=1))
    assert accuracy(posterior, truth) == pytest.approx(100 * (found.label == truth).mean())


def test_one_long_task_does_not_learn_anew_for_each_of_its_labels():
    rows, _ = crowd(3, 100)
    rows += [(100, worker, worker % 2) for worker in range(5, 300)]
    store = store_of(rows, 3)
    found = replay(store, np.arange(len(store.task)), target=1.0, least=1)
    assert found.used[100] == 295
    assert found.used[:100].tolist() == [5] * 100
