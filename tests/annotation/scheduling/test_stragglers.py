import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from annotation.scheduling.stragglers import left_s


def left(passed, median=100.0, sigma=0.7):
    return float(left_s(passed_s=np.array([passed]), median_s=np.array([median]), sigma=np.array([sigma]))[0])


@pytest.mark.parametrize("passed", [1e-6, 50.0, 100.0, 400.0, 1_000.0])
def test_it_is_the_mean_of_what_is_left(passed):
    times = stats.lognorm(s=0.7, scale=100.0)
    mean, _error = integrate.quad(times.sf, passed, np.inf, limit=200)
    assert left(passed) == pytest.approx(mean / times.sf(passed), rel=1e-6)


def test_at_the_beginning_it_is_the_mean():
    assert left(0.0) == pytest.approx(100 * np.exp(0.7**2 / 2))


@given(st.floats(2, 1e7), st.floats(0.1, 2.0))
def test_it_never_ends_soon_for_a_straggler_and_is_always_a_number(times, sigma):
    value = left(100.0 * times, sigma=sigma)
    assert np.isfinite(value)
    assert value > 0
