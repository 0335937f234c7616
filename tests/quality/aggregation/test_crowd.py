"""Recorded crowds: how often each estimator is right. The bars are those that it was measured to reach, not wishes."""

from functools import cache

import numpy as np
import pytest

from benchmarks import recorded
from quality.aggregation import auto
from quality.aggregation.fitting import LEARNED, fit
from quality.aggregation.store import LabelStore
from tests.quality.aggregation.simulated import accuracy


@cache
def read(name):
    """(store, truth by number of task)."""
    crowd = recorded.load(name)
    task, worker, label = zip(*crowd.labels, strict=True)
    workers = {key: number for number, key in enumerate(sorted(set(worker)))}
    place = {key: number for number, key in enumerate(crowd.classes)}
    store = LabelStore.from_rows(task, [workers[each] for each in worker], [place[each] for each in label], len(place))
    return store, np.array([place[crowd.truth[each]] if each in crowd.truth else -1 for each in store.tasks.tolist()])


@cache
def fitted(name):
    """(fit, truth by number of task)."""
    store, truth = read(name)
    return auto.fit(store), truth


@pytest.mark.parametrize(
    ("name", "tasks", "workers", "labels"),
    [
        ("bluebirds", 108, 39, 4212),
        ("rte", 800, 164, 8000),
        ("music_genre", 700, 44, 2945),
        ("weather_sentiment", 300, 110, 6030),
        ("adult2", 11040, 825, 92721),
    ],
)
def test_the_sets_are_whole(name, tasks, workers, labels):
    store, _ = read(name)
    assert (len(store.tasks), len(store.workers), len(store.task)) == (tasks, workers, labels)


@pytest.mark.parametrize(
    ("name", "estimator", "least"),
    [
        ("bluebirds", "auto", 79.5),
        ("rte", "auto", 92.5),
        ("music_genre", "auto", 79.4),
        ("weather_sentiment", "auto", 83.5),
        ("bluebirds", "one_coin", 72.2),
        ("rte", "one_coin", 92.5),
        ("music_genre", "one_coin", 79.4),
        ("weather_sentiment", "one_coin", 85.0),
        ("bluebirds", "pooled_dawid_skene", 88.5),
        ("rte", "pooled_dawid_skene", 92.5),
    ],
)
def test_accuracy(name, estimator, least):
    found, truth = fitted(name)
    assert accuracy(found.posterior(LEARNED[estimator].share), truth) >= least - 0.05


@pytest.mark.parametrize(
    ("name", "method", "least"),
    [
        ("bluebirds", "majority", 75.9),
        ("rte", "majority", 89.7),
        ("music_genre", "majority", 70.4),
        ("weather_sentiment", "majority", 85.3),
        ("adult2", "majority", 76.0),
        ("bluebirds", "dawid_skene", 88.9),
        ("rte", "dawid_skene", 92.8),
        ("music_genre", "dawid_skene", 76.9),
        ("weather_sentiment", "dawid_skene", 84.0),
        ("bluebirds", "mace", 86.1),
        ("rte", "mace", 92.6),
        ("music_genre", "mace", 79.6),
        ("weather_sentiment", "mace", 85.7),
        ("bluebirds", "glad", 72.2),
        ("rte", "glad", 92.5),
        ("music_genre", "glad", 79.6),
        ("weather_sentiment", "glad", 85.3),
        ("adult2", "one_coin", 76.3),
        ("adult2", "auto", 77.0),
    ],
)
def test_accuracy_of_all_estimators(name, method, least):
    store, truth = read(name)
    assert accuracy(fit(store, method).posterior, truth) >= least - 0.05


def test_no_model_wins_everywhere():
    """Why the default is a mean: each of the two loses somewhere by much."""
    birds, weather = fitted("bluebirds"), fitted("weather_sentiment")
    assert accuracy(birds[0].posterior(0), birds[1]) > accuracy(birds[0].posterior(1), birds[1]) + 10
    assert accuracy(weather[0].posterior(1), weather[1]) > accuracy(weather[0].posterior(0), weather[1]) + 1
