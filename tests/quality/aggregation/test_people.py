"""Signals of people: what they must say of clear cases, and how well they tell bad contributors of recorded crowds."""

from functools import cache

import numpy as np
import pytest
from scipy.stats import rankdata

from benchmarks import recorded
from quality.aggregation import one_coin, pooled
from quality.aggregation.people import confusions, expected_cost, peer_agreement, saving, self_consistency, spam_score
from quality.aggregation.store import LabelStore
from tests.quality.aggregation.simulated import crowd, store_of

PERFECT, EVEN = np.eye(3), np.full((3, 3), 1 / 3)
SWAPPED = np.eye(3)[[1, 2, 0]]
SAME = np.tile([0.7, 0.2, 0.1], (3, 1))


@pytest.mark.parametrize(("confusion", "score"), [(PERFECT, 1), (SWAPPED, 1), (EVEN, 0), (SAME, 0)])
def test_spam_score_of_clear_cases(confusion, score):
    assert spam_score(confusion) == pytest.approx(score)


def test_spam_score_of_two_classes_is_the_square_of_youden():
    """Raykar and Yu 2012: (sensitivity + specificity - 1) squared."""
    assert spam_score([[0.8, 0.2], [0.3, 0.7]]) == pytest.approx((0.7 + 0.8 - 1) ** 2)


def test_spam_score_is_the_sum_over_pairs_of_classes():
    theta = np.random.default_rng(0).dirichlet([1, 1, 1, 1], 4)
    pairs = sum(((theta[c] - theta[d]) ** 2).sum() for c in range(4) for d in range(c + 1, 4))
    assert spam_score(theta) == pytest.approx(pairs / 12)


def test_one_class_depends_on_nothing():
    assert np.isnan(spam_score([[1.0]]))


@pytest.mark.parametrize(
    ("confusion", "saved"),
    [(PERFECT, 0.62), (SWAPPED, 0.62), (EVEN, 0), (SAME, 0)],
    ids=["perfect", "swapped", "even", "same"],
)
def test_saving_of_clear_cases(confusion, saved):
    """Shares .5 .3 .2: a label drawn from them is wrong with 1 - .25 - .09 - .04."""
    assert saving(confusion, [0.5, 0.3, 0.2]) == pytest.approx(saved)


def test_saving_by_hand_with_costs():
    costs = np.array([[0.0, 1.0], [10.0, 0.0]])
    before, given = 0.5 * 0.5 * 11, [0.8 * 0.2 * 11, 0.8 * 0.2 * 11]
    assert expected_cost(np.array([0.5, 0.5]), costs) == before
    assert saving([[0.8, 0.2], [0.2, 0.8]], [0.5, 0.5], costs) == pytest.approx(before - np.mean(given))


def test_confusions_of_everybody():
    store = store_of(crowd(3)[0], 3)
    fit = pooled.fit(store)
    each = list(confusions(fit.confusions, 6))
    assert [theta.shape for theta in each] == [(3, 3)] * 6
    for theta in each:
        assert theta.sum(axis=1) == pytest.approx(1)
    assert each[5] == pytest.approx(fit.confusions.crowd.phi)  # has no label
    consistent = [self_consistency(theta) for theta in each[:5]]
    assert consistent == pytest.approx([0.9, 0.85, 0.8, 0.6, 0.4], abs=0.1)


def test_peers():
    rows = [(task, worker, task % 2) for task in range(10) for worker in ("a", "b")]
    rows += [(task, "contrary", 1 - task % 2) for task in range(10)] + [(99, "lonely", 0)]
    store = store_of(rows, 2)
    gain = dict(zip(store.workers.tolist(), peer_agreement(store).tolist(), strict=True))
    assert gain["a"] == gain["b"] == pytest.approx(0.0, abs=0.05)
    assert gain["contrary"] == pytest.approx(-0.5, abs=0.05)
    assert np.isnan(gain["lonely"])


def test_nobody_has_no_signal():
    assert peer_agreement(store_of([], 2)).tolist() == []


# --- Recorded crowds ---------------------------------------------------------------------------------------------------
@cache
def told(name):
    """(signals f8[J] by name, who is bad bool[J]) of those with at least 10 answers whose truth is known."""
    data = recorded.load(name)
    task, worker, label = zip(*data.labels, strict=True)
    place = {key: number for number, key in enumerate(data.classes)}
    store = LabelStore.from_rows(task, worker, [place[each] for each in label], len(place))
    truth = np.array([place[data.truth[each]] if each in data.truth else -1 for each in store.tasks.tolist()])[
        store.task
    ]
    workers = len(store.workers)
    known = np.bincount(store.worker[truth >= 0], minlength=workers)
    accuracy = np.bincount(store.worker[store.label == truth], minlength=workers) / np.maximum(known, 1)
    judged = known >= 10
    bad = accuracy[judged] < (1 / len(place) + accuracy[judged].mean()) / 2
    fit = pooled.fit(store).confusions
    each = list(confusions(fit, workers))
    signals = {
        "peers": peer_agreement(store),
        "one-coin skill": one_coin.fit(store).accuracy,
        "self-consistency": np.array([self_consistency(theta) for theta in each]),
        "spam score": np.array([spam_score(theta) for theta in each]),
        "saving": np.array([saving(theta, fit.prior) for theta in each]),
    }
    return {key: signal[judged] for key, signal in signals.items()}, bad


def auc(signal, bad):
    """Probability that a good one has the higher signal."""
    good = (~bad).sum()
    return (rankdata(signal)[~bad].sum() - good * (good + 1) / 2) / (good * bad.sum())


@pytest.mark.parametrize(
    ("name", "people", "bad"),
    [("bluebirds", 39, 15), ("rte", 164, 17), ("weather_sentiment", 83, 5), ("music_genre", 30, 4)],
)
def test_who_is_bad(name, people, bad):
    """The quality page, section 10: under the midpoint of chance and the mean."""
    assert (len(told(name)[1]), told(name)[1].sum()) == (people, bad)


@pytest.mark.parametrize(
    ("name", "signal", "page"),
    [
        ("bluebirds", "peers", 0.964),
        ("bluebirds", "one-coin skill", 0.881),
        ("bluebirds", "self-consistency", 0.986),
        ("bluebirds", "spam score", 0.944),
        ("rte", "peers", 0.934),
        ("rte", "one-coin skill", 0.983),
        ("rte", "self-consistency", 0.986),
        ("rte", "spam score", 0.986),
        ("weather_sentiment", "peers", 0.913),
        ("weather_sentiment", "one-coin skill", 0.967),
        ("weather_sentiment", "self-consistency", 0.951),
        ("weather_sentiment", "spam score", 0.921),
        ("music_genre", "peers", 0.990),
        ("music_genre", "one-coin skill", 1.0),
        ("music_genre", "self-consistency", 1.0),
        ("music_genre", "spam score", 1.0),
    ],
)
def test_signals_find_bad_contributors(name, signal, page):
    """The quality page, section 10, from a fit of another strength of pooling: five bad people of 83 move the figure by .05."""
    signals, bad = told(name)
    assert auc(signals[signal], bad) >= page - 0.05


@pytest.mark.parametrize("name", ["bluebirds", "rte", "weather_sentiment", "music_genre"])
def test_what_an_answer_saves_tells_them_too(name):
    signals, bad = told(name)
    assert auc(signals["saving"], bad) >= 0.92
