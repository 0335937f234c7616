"""Exact bounds and sample sizes: published values, the tables of the quality page, and what must hold for all numbers."""

import numpy as np
import pytest
import scipy
from hypothesis import given
from hypothesis import strategies as st

from quality.agreement.bounds import (
    acceptance,
    clopper_pearson,
    exact_upper,
    hypergeometric_upper,
    lot_sample_size,
    sample_size,
    wilson,
)

FOUND = (0, 1, 2, 3, 5, 10)


@pytest.mark.parametrize(
    ("confidence", "error", "n"),
    [(0.95, 0.01, 299), (0.95, 0.05, 59), (0.9, 0.1, 22), (0.95, 0.02, 149), (0.99, 0.01, 459)],
)
def test_samples_without_an_error(confidence, error, n):
    """The success-run theorem: Hahn, Meeker, Statistical Intervals (1991)."""
    assert sample_size(error, confidence) == n


@pytest.mark.parametrize(
    ("error", "sizes"),
    [
        (0.1, (29, 46, 61, 76, 103, 167)),
        (0.05, (59, 93, 124, 153, 208, 336)),
        (0.02, (149, 236, 313, 386, 523, 845)),
        (0.01, (299, 473, 628, 773, 1049, 1693)),
        (0.005, (598, 947, 1258, 1549, 2100, 3389)),
    ],
)
def test_samples_with_errors(error, sizes):
    """What the quality page (section 8) promises by, exact and one-sided at 95 %."""
    assert tuple(sample_size(error, errors=x) for x in FOUND) == sizes


@pytest.mark.parametrize(
    ("n", "bounds"),
    [
        (50, (5.82, 9.14, 12.06, 14.78, 19.88, 31.56)),
        (100, (2.95, 4.66, 6.16, 7.57, 10.23, 16.37)),
        (200, (1.49, 2.35, 3.11, 3.83, 5.18, 8.33)),
        (300, (0.99, 1.57, 2.08, 2.56, 3.47, 5.59)),
        (500, (0.60, 0.95, 1.25, 1.54, 2.09, 3.37)),
    ],
)
def test_upper_bounds(n, bounds):
    """The quality page, section 8, in per cent."""
    assert [100 * exact_upper(x, n) for x in FOUND] == pytest.approx(bounds, abs=0.005)


@pytest.mark.parametrize(
    ("lot", "sizes"), [(200, (47, 90, 126)), (500, (54, 119, 196)), (1000, (56, 132, 238)), (5000, (58, 145, 284))]
)
def test_samples_from_a_lot(lot, sizes):
    """The quality page, section 8: no error found, drawn without replacement."""
    assert tuple(lot_sample_size(error, lot) for error in (0.05, 0.02, 0.01)) == sizes


@pytest.mark.parametrize(
    ("n", "accepted", "chances"),
    [
        (50, 1, (0.911, 0.736, 0.279)),
        (80, 2, (0.953, 0.784, 0.231)),
        (125, 3, (0.963, 0.759, 0.124)),
        (200, 5, (0.984, 0.787, 0.062)),
    ],
)
def test_single_plans(n, accepted, chances):
    """The quality page, section 8: the probability to pass at 1, 2 and 5 % bad."""
    assert [acceptance(n, accepted, error) for error in (0.01, 0.02, 0.05)] == pytest.approx(chances, abs=5e-4)


@pytest.mark.parametrize("errors", [0, 3])
def test_a_lot_that_is_seen_whole_has_no_doubt(errors):
    assert hypergeometric_upper(errors, 80, 80) == errors / 80


def test_nothing_seen_proves_nothing():
    assert (exact_upper(0, 0), hypergeometric_upper(0, 0, 50), hypergeometric_upper(0, 0, 0)) == (1, 1, 1)
    assert lot_sample_size(0.02, 0) == 0


def test_more_errors_than_a_lot_may_have_need_all_of_it():
    assert lot_sample_size(0.02, 100, errors=3) == 100


@given(st.integers(1, 400), st.data())
def test_the_bound_of_a_lot_is_the_largest_number_that_the_sample_allows(lot, data):
    n = data.draw(st.integers(1, lot))
    errors = data.draw(st.integers(0, n))
    confidence = data.draw(st.sampled_from([0.8, 0.95, 0.975]))
    bad = np.arange(errors, lot - n + errors + 1)
    allowed = bad[scipy.stats.hypergeom.cdf(errors, lot, bad, n) > 1 - confidence + 1e-9]
    assert hypergeometric_upper(errors, n, lot, confidence) == pytest.approx(allowed.max() / lot)


@given(st.integers(0, 200), st.integers(1, 300))
def test_a_lot_is_less_doubtful_than_an_endless_stream(errors, rest):
    n = errors + rest
    assert hypergeometric_upper(errors, n, 4 * n) <= exact_upper(errors, n) + 1e-9
    assert clopper_pearson(errors, n, 0.9)[1] == pytest.approx(exact_upper(errors, n))


@pytest.mark.parametrize("n", [1, 2, 5, 29, 100, 997])
def test_the_share_itself_is_inside_its_interval(n):
    """Also where rounding would put an end of it beyond: five of five, none of five."""
    for successes in range(n + 1):
        low, high = wilson(successes, n)
        assert 0 <= low <= successes / n <= high <= 1
