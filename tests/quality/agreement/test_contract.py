"""The accuracy contract: what is audited, what follows from it, and how often that is right in simulated batches."""

import numpy as np
import pytest

from quality.agreement.bounds import exact_upper, sample_size
from quality.agreement.contract import Promise, audit_size, judge, rework, strata
from quality.agreement.sampling import allocate

PROMISE = Promise(error=0.02, confidence=0.95)


def test_strata_by_confidence():
    assert strata([0.2, 0.9, 0.899, 0.97, 0.98, 0.99, 1.0]).tolist() == [0, 1, 0, 2, 2, 3, 3]


def test_all_attempts_together_have_the_doubt_of_the_promise():
    doubts = [1 - PROMISE.confidence_of(attempt) for attempt in range(1, 30)]
    assert doubts[:3] == pytest.approx([0.025, 0.0125, 0.00625])
    assert sum(doubts) <= 0.05


@pytest.mark.parametrize(
    ("expected", "finished", "n"),
    [
        (0.0, 10_000, sample_size(0.02, 0.975)),
        (0.004, 10_000, sample_size(0.02, 0.975, 2)),
        (0.01, 10_000, sample_size(0.02, 0.975, 8)),
        (0.01, 300, 300),
        (0.02, 5_000, 5_000),  # as many errors as promised: only a look at everything can show it
        (0.0, 0, 0),
    ],
)
def test_how_many_to_audit(expected, finished, n):
    assert audit_size(PROMISE, attempt=1, expected=expected, finished=finished) == n


def test_a_promise_is_kept_when_the_bound_is_low_enough():
    kept = judge(PROMISE, attempt=1, errors=[1, 0, 0, 0], drawn=[30, 60, 90, 120], sizes=[300, 600, 900, 1200])
    assert (kept.audited, kept.errors, kept.met) == (300, 1, True)
    assert kept.upper == pytest.approx(exact_upper(1, 300, 0.975))
    assert kept.shown.share == pytest.approx(1 / 300)
    later = judge(PROMISE, attempt=3, errors=[1, 0, 0, 0], drawn=[30, 60, 90, 120], sizes=[300, 600, 900, 1200])
    assert later.upper > 0.02
    assert not later.met


def test_a_batch_that_was_audited_whole_is_what_was_found():
    whole = judge(PROMISE, attempt=1, errors=[1, 0], drawn=[20, 30], sizes=[20, 30])
    assert whole.met
    assert (whole.upper, whole.shown.low, whole.shown.high) == pytest.approx((0.02, 0.02, 0.02))


def test_nothing_audited_keeps_no_promise():
    nothing = judge(PROMISE, attempt=1, errors=[0, 0], drawn=[0, 0], sizes=[20, 30])
    assert (nothing.upper, nothing.met) == (1, False)


def test_rework_begins_with_the_least_certain():
    confidence = [0.99, 0.6, 0.999, 0.8, 0.999]
    assert rework(Promise(0.05), confidence).tolist() == [
        1,
        3,
    ]  # 0.012 errors are expected of the rest, 0.125 are allowed
    assert rework(Promise(0.2), confidence).tolist() == [1]
    assert rework(PROMISE, [1.0, 1.0]).tolist() == []
    assert rework(PROMISE, []).tolist() == []


# --- A thousand batches ------------------------------------------------------------------------------------------------
WEIGHTS = {"as usual": [0.05, 0.1, 0.25, 0.6], "uncertain": [0.3, 0.3, 0.2, 0.2], "certain": [0.02, 0.03, 0.1, 0.85]}
PATTERNS = {  # how often each stratum errs, in proportion
    "the same everywhere": [1, 1, 1, 1],
    "as the confidence says": [8, 3, 1, 0.4],
    "the uncertain only": [1, 0, 0, 0],
    "the confident err": [1, 1, 1, 6],
    "both ends": [3, 0, 0, 1],
}


def batch(random, pattern, weights, error, finished):
    """(sizes, bad): of each stratum, with the nearest to this error rate that the strata can hold."""
    sizes = np.diff(np.round(np.cumsum([0, *weights]) * finished)).astype(int)
    rates = np.array(pattern) * error / (np.array(pattern) @ (sizes / finished))
    return sizes, random.binomial(sizes, np.minimum(rates, 0.9))


def audited(random, sizes, bad, n):
    drawn = allocate(sizes, n)
    return random.hypergeometric(bad, sizes - bad, drawn), drawn


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_interval_covers_the_truth_as_often_as_it_says(pattern):
    random = np.random.default_rng(20)
    shown, bound = [], []
    for _ in range(1000):
        finished = int(random.choice([200, 500, 1000, 5000, 20000]))
        weights = WEIGHTS[str(random.choice(list(WEIGHTS)))]
        sizes, bad = batch(random, PATTERNS[pattern], weights, random.uniform(0.004, 0.06), finished)
        n = int(random.choice([50, 149, 300, 500]))
        errors, drawn = audited(random, sizes, bad, min(n, finished * 2 // 3))
        audit = judge(PROMISE, attempt=1, errors=errors, drawn=drawn, sizes=sizes)
        truth = bad.sum() / finished
        shown.append(audit.shown.low <= truth <= audit.shown.high)
        bound.append(truth <= exact_upper(audit.errors, audit.audited, 0.95))
    assert 0.93 <= np.mean(shown) <= 0.97
    assert np.mean(bound) >= 0.95


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("weights", WEIGHTS)
def test_a_promise_that_is_not_kept_is_seldom_found_kept(pattern, weights):
    """At 1.25 times the promised error rate, in any of three attempts: at most one batch in twenty."""
    random, finished = np.random.default_rng(21), 4000
    sizes = np.diff(np.round(np.cumsum([0, *WEIGHTS[weights]]) * finished)).astype(int)
    sizes_of = {a: audit_size(PROMISE, attempt=a, expected=0.005, finished=finished) for a in (1, 2, 3)}
    met = 0
    for _ in range(200):
        bad = _spread(random, sizes, PATTERNS[pattern], round(0.025 * finished))
        for attempt, n in sizes_of.items():
            errors, drawn = audited(random, sizes, bad, n)
            if judge(PROMISE, attempt=attempt, errors=errors, drawn=drawn, sizes=sizes).met:
                met += 1
                break
    assert met / 200 <= 0.05


def _spread(random, sizes, pattern, bad):
    """So many bad items over the strata, by a pattern, none with more than it holds."""
    fair = np.array(pattern) * sizes
    first = np.minimum(np.floor(bad * fair / fair.sum()).astype(int), sizes)
    return first + random.multivariate_hypergeometric(sizes - first, bad - first.sum())
