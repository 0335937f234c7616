"""The mean of two models; and what a fit leaves behind, for one more task and for the next fit."""

import numpy as np
import pytest

from quality.aggregation import auto
from quality.aggregation.calibration import Calibration
from quality.aggregation.estimators import MAJORITY, ONE_COIN, Estimate, Fitted
from quality.aggregation.fitting import LEARNED, learn
from quality.aggregation.skills import Ballot, update
from quality.aggregation.store import LabelStore
from quality.aggregation.votes import Basis, Vote
from tests.quality.aggregation.simulated import accuracy, crowd, store_of


@pytest.mark.parametrize("share", [0, 0.5, 1])
def test_one_task_from_skills_is_as_in_the_fit(share):
    rows, _ = crowd(1)
    fit = auto.fit(store_of(rows, 3), tol=0, max_iter=1000)
    skills, posterior = fit.skills(), fit.posterior(share)
    for task in range(0, 200, 13):
        ballots = [Ballot(label, worker, seen=True) for t, worker, label in rows if t == task]
        assert update(ballots, skills, Calibration.even(share)) == pytest.approx(posterior[task], abs=1e-6)


@pytest.mark.parametrize("method", LEARNED)
def test_one_task_from_skills_is_as_in_the_calibrated_fit(method):
    """To the last digits where the fit has come to rest and votes are weighed as it weighs them; else it is nearly so."""
    rows, truth = crowd(9, tasks=300)
    gold = np.where(np.arange(300) < 60, truth, -1)
    fit = learn(store_of(rows, 3), method, gold=gold)
    calibration = fit.calibrated().calibration
    assert calibration.known == 60
    skills, posterior = fit.skills(), fit.mixed(calibration)
    for task in range(60, 300, 13):
        ballots = [Ballot(label, worker, seen=True) for t, worker, label in rows if t == task]
        tolerance = 0.03 if method in {"mace", "glad"} else 1e-3
        assert update(ballots, skills, calibration) == pytest.approx(posterior[task], abs=tolerance)
        assert update(ballots[::-1], skills, calibration) == pytest.approx(update(ballots, skills, calibration))


@pytest.mark.parametrize("share", [0, 1])
def test_nobody_is_judged_by_the_task_itself(share):
    """Of two who have answered nothing else, nothing is known: each weighs what a stranger weighs."""
    rows, _ = crowd(2, tasks=40)
    store = store_of([*rows, (99, 8, 1), (99, 9, 1)], 3)
    fit = auto.fit(store)
    alone = [Ballot(1, 8), Ballot(1, 9)]
    skills = fit.skills()
    strangers = [Ballot(1, 1001), Ballot(1, 1002)]
    assert fit.posterior(share)[-1] == pytest.approx(update(strangers, skills, Calibration.even(share)), abs=1e-9)
    assert update(alone, skills, Calibration.even(share))[1] > update(strangers, skills, Calibration.even(share))[1]


def test_the_mean_of_both():
    rows, truth = crowd(3)
    fit = auto.fit(store_of(rows, 3))
    assert fit.converged
    assert fit.posterior(0.5) == pytest.approx((fit.posterior(0) + fit.posterior(1)) / 2)
    assert accuracy(fit.posterior(0.5), truth) > 92


def test_gold_stays_certain():
    rows, truth = crowd(4, tasks=20)
    gold = np.where(np.arange(20) < 5, truth, -1)
    posterior = auto.fit(store_of(rows, 3), gold=gold).posterior(0.5)
    assert posterior[:5].max(axis=1) == pytest.approx(1)
    assert (posterior[:5].argmax(axis=1) == truth[:5]).all()


def test_no_votes_leave_what_was_before():
    skills = auto.fit(store_of(crowd(5)[0], 3)).skills()
    assert update([], skills, Calibration.even()) == pytest.approx((1 / 3 + skills.prior) / 2)


def test_a_warm_fit_decides_as_a_cold_one_and_sooner():
    rows, _ = crowd(6, tasks=1000)
    before = auto.fit(store_of(rows[:4900], 3)).skills()
    store = store_of(rows, 3)
    cold, warm = auto.fit(store), auto.fit(store, warm=before)
    same = cold.posterior(0.5).argmax(axis=1) == warm.posterior(0.5).argmax(axis=1)
    assert same.mean() >= 0.999
    assert len(warm.by_accuracy.objective) <= len(cold.by_accuracy.objective)


def test_blocks_make_no_difference(monkeypatch):
    rows, _ = crowd(7)
    fit = auto.fit(store_of(rows, 3))
    whole = fit.posterior(0)
    monkeypatch.setattr("quality.aggregation.store.BLOCK", 7)
    assert fit.posterior(0) == pytest.approx(whole)


@pytest.mark.parametrize(
    ("rows", "comparable"),
    [
        ([], False),
        ([(1, 1, 0), (2, 2, 0)], False),
        ([(1, 1, 0), (1, 2, 0), (2, 2, 0), (2, 3, 0)], False),
        ([(1, 1, 0), (1, 2, 0), (2, 1, 0), (2, 2, 1)], True),
    ],
    ids=["nothing", "nobody meets", "one task each pair", "two tasks in common"],
)
def test_comparable(rows, comparable):
    assert store_of(rows, 2).comparable() is comparable


def test_fitted_weighs_votes_by_their_authors():
    rows, _ = crowd(8, accuracies=(0.95, 0.95, 0.4))
    skills = auto.fit(store_of(rows, 3)).skills()
    fitted = Fitted("auto", "est_1", ("a", "b", "c"), skills, Calibration.even(), {"x": (0, False), "y": (2, False)})
    cast = [Vote("x", "a", 0.5), Vote("y", "b", 0.9)]
    found = fitted(cast, ["a", "b"], ["b", "a", "c"])
    assert (found.method, found.basis) == ("auto", Basis("est_1"))
    assert max(found.soft, key=found.soft.__getitem__) == "a"
    assert list(found.soft) == ["b", "a", "c"]
    fewer = fitted(cast, ["a", "b"], ["a", "b"]).soft
    assert fewer == pytest.approx({key: found.soft[key] / (1 - found.soft["c"]) for key in "ab"})


def test_fitted_says_nothing_of_other_classes():
    skills = auto.fit(LabelStore.from_rows([1, 1, 2, 2], [1, 2, 1, 2], [0, 0, 1, 1], 2)).skills()
    fitted = Fitted("auto", "est_1", ("a", "b"), skills, Calibration.even(), {"x": (1, False)})
    cast = [Vote("x", {"other": "Red"}, 0.75)]
    classes = ["a", "b", "other: red"]
    assert fitted(cast, ["other: red"], classes) == ONE_COIN(cast, ["other: red"], classes)
    assert MAJORITY(cast, ["other: red"], classes) == Estimate({"a": 0.0, "b": 0.0, "other: red": 1.0}, "majority")
