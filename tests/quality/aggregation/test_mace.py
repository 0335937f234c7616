"""MACE: it finds those who guess, and begins at more than one place."""

from quality.aggregation import mace
from quality.aggregation.em import known_classes
from tests.quality.aggregation.simulated import accuracy, crowd, store_of


def with_spammers(seed=1):
    """Three of five always say class 0: (rows, truth)."""
    rows, truth = crowd(seed, 300, 3, (0.8, 0.8, 0.8, 0.8, 0.5, 0.5, 0.5))
    return [(task, worker, 0 if worker > 3 else label) for task, worker, label in rows], truth


def test_who_always_says_the_same_is_not_heard():
    rows, truth = with_spammers()
    fit = mace.fit(store_of(rows, 3))
    assert fit.converged
    assert accuracy(fit.posterior, truth) > 88
    assert min(fit.accuracy[:4]) > 0.7
    assert max(fit.accuracy[4:]) < 0.45


def test_the_starts_differ_and_the_best_is_taken():
    store = store_of(crowd(2, tasks=40, accuracies=(0.6, 0.5, 0.5, 0.4, 0.4))[0], 3)
    beliefs = [belief.tobytes() for belief, _ in mace.starts(store, known_classes(None, store), 0, 10)]
    assert len(set(beliefs)) == 10
    one, ten = mace.fit(store, restarts=1), mace.fit(store)
    assert ten.objective[-1] >= one.objective[-1]


def test_the_priors_count_to_the_end(monkeypatch):
    store = store_of(with_spammers()[0][:70], 3)
    weak = mace.fit(store, restarts=1).posterior
    monkeypatch.setattr(mace, "HABIT", 0.1)
    assert abs(weak - mace.fit(store, restarts=1).posterior).max() > 0.001


def test_further_steps_change_nothing():
    store = store_of(crowd(3)[0], 3)
    further = mace.fit(store, restarts=1, tol=0, max_iter=400)
    assert (mace.fit(store, restarts=1).label == further.label).mean() >= 0.995


def test_same_seed_same_bytes():
    store = store_of(with_spammers()[0][:210], 3)
    assert mace.fit(store, seed=7).posterior.tobytes() == mace.fit(store, seed=7).posterior.tobytes()
