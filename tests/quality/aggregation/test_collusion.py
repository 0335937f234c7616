"""Shared errors: copies are found, crowds that worked alone are not accused."""

import numpy as np
import pytest
from scipy.stats import binom

from benchmarks import recorded
from quality.aggregation import one_coin
from quality.aggregation.collusion import LEAST, collusion
from quality.aggregation.em import vote_shares
from tests.quality.aggregation.simulated import store_of

SETS = ("bluebirds", "rte", "weather_sentiment", "music_genre")


def rows_of(name):
    """(rows, number of classes) of a recorded crowd."""
    data = recorded.load(name)
    place = {key: number for number, key in enumerate(data.classes)}
    return [(task, worker, place[label]) for task, worker, label in data.labels], len(place)


def named(rows, classes):
    """Pairs of workers by id, as `collusion` names them, with the rows it gives."""
    store = store_of(rows, classes)
    ids = store.workers.tolist()
    return {(ids[pair.first], ids[pair.second]): pair for pair in collusion(store, one_coin.fit(store).posterior)}


@pytest.mark.parametrize("name", SETS)
def test_people_who_worked_alone_are_not_accused(name):
    """By each person's own error rates, without regard to how hard a task is, 94 of the 741 pairs of bluebirds would be."""
    assert named(*rows_of(name)) == {}


@pytest.mark.parametrize(
    ("name", "least"), [("bluebirds", 0.3), ("rte", 0.5), ("weather_sentiment", 1.0), ("music_genre", 0.5)]
)
def test_copies_are_found(name, least):
    """Of the twelve busiest people, each with somebody who takes over nine of ten of their answers. Who never errs leaves no trace."""
    rows, classes = rows_of(name)
    random, found = np.random.default_rng(1), []
    workers, answers = np.unique([worker for _, worker, _ in rows], return_counts=True)
    for worker in workers[np.argsort(-answers)[:12]]:
        source = [(task, label) for task, author, label in rows if str(author) == str(worker)]
        copied = np.where(
            random.random(len(source)) < 0.9, [label for _, label in source], random.integers(0, classes, len(source))
        )
        pairs = named(
            rows + [(task, "copy", int(label)) for (task, _), label in zip(source, copied, strict=True)], classes
        )
        assert all("copy" in pair for pair in pairs)
        found.append(any(str(worker) in map(str, pair) for pair in pairs))
    assert np.mean(found) >= least


def alone(seed, people=60, tasks=600, classes=4, each=15):
    """People of different skill on tasks of different difficulty, each of which has wrong answers that suggest themselves."""
    random = np.random.default_rng(seed)
    truth, skill, hard = random.integers(0, classes, tasks), random.beta(8, 3, people), random.beta(2, 2, tasks)
    lures = random.dirichlet([0.5] * classes, tasks)
    lures[np.arange(tasks), truth] = 0
    lures /= lures.sum(axis=1, keepdims=True)
    rows = []
    for task in range(tasks):
        for person in random.choice(people, each, replace=False).tolist():
            right = random.random() < skill[person] * (1 - 0.8 * hard[task] ** 2)
            rows.append((task, person, int(truth[task] if right else random.choice(classes, p=lures[task]))))
    return rows


@pytest.mark.parametrize("seed", range(5))
def test_hard_tasks_make_nobody_suspect(seed):
    assert named(alone(seed), 4) == {}


def test_who_always_says_the_same_is_a_spammer_but_alone():
    rows = alone(7) + [(task, person, 2) for task in range(600) for person in (100, 101)]
    assert named(rows, 4) == {}


def test_a_ring_of_three():
    rows = alone(8)
    source = [(task, label) for task, person, label in rows if person == 5]
    assert set(named(rows + [(task, copy, label) for copy in (100, 101) for task, label in source], 4)) == {
        (5, 100),
        (5, 101),
        (100, 101),
    }


def test_what_is_said_of_a_pair():
    rows = alone(9)
    rows += [(task, 100, label) for task, person, label in rows if person == 5]
    store = store_of(rows, 4)
    posterior = one_coin.fit(store).posterior
    (pair,) = collusion(store, posterior)
    truth = posterior.argmax(axis=1)
    own = [(task, label) for task, person, label in rows if person == 5]
    assert (pair.first, pair.second, pair.shared) == (5, 60, len(own))
    assert pair.equal_wrong == sum(truth[task] != label for task, label in own) >= LEAST
    assert 0 < pair.expected < pair.equal_wrong / 2
    assert pair.p == pytest.approx(binom.sf(pair.equal_wrong - 1, pair.shared, pair.expected / pair.shared))


def test_far_apart_workers_meet_too():
    """More workers than are compared at once."""
    rows = [(task, 1000 + task, 0) for task in range(700)] + [(task, 2000 + task, 0) for task in range(700)]
    rows += [(task, person, 1 if task < 30 else 0) for task in range(200) for person in (0, 9999)]
    store = store_of(rows, 2)
    truth = np.tile([1.0, 0.0], (len(store.tasks), 1))
    (pair,) = collusion(store, truth)
    assert (pair.first, pair.second, pair.shared, pair.equal_wrong) == (0, len(store.workers) - 1, 200, 30)


@pytest.mark.parametrize(
    ("rows", "classes"),
    [
        ([], 2),
        ([(0, 0, 0)], 1),
        ([(task, 0, task % 2) for task in range(50)], 2),
        ([(task, worker, worker) for task in range(50) for worker in (0, 1)], 2),  # all ties
        ([(task, worker, 0) for task in range(50) for worker in (0, 1)], 1),
        ([(task, worker, 0) for task in range(50) for worker in (0, 1)], 2),
    ],
    ids=["nothing", "one answer", "one worker", "ties", "one class", "all right"],
)
def test_nothing_to_say(rows, classes):
    store = store_of(rows, classes)
    assert collusion(store, vote_shares(store, np.full(len(store.tasks), -1))) == []
