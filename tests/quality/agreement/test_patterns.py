"""Alpha of patterns is alpha of the units behind them, and its interval that of drawing units."""

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.agreement.alpha import alpha_of_counts
from quality.agreement.patterns import alpha_of_patterns
from quality.agreement.resampling import bootstrap

PATTERNS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 5)), min_size=1, max_size=6)


@given(PATTERNS, st.sampled_from(["nominal", "ordinal", "interval"]))
def test_it_is_alpha_of_all_units(patterns, level):
    counts, times = np.array([[a, b] for a, b, _ in patterns], dtype=float), np.array([n for *_, n in patterns])
    classes = np.array([1.0, 4.0])
    value, low, high = alpha_of_patterns(counts, times, level, classes, draws=20)
    whole = alpha_of_counts(np.repeat(counts, times, axis=0), level, classes)
    assert value == pytest.approx(whole, nan_ok=True)
    assert isnan(low) or low <= high


def test_the_interval_is_that_of_drawing_units():
    counts, times = np.array([[3.0, 0], [2, 1], [0, 3]]), np.array([40, 30, 30])
    value, low, high = alpha_of_patterns(counts, times, "nominal", np.arange(2.0))
    units = np.repeat(counts, times, axis=0)
    drawn = bootstrap(lambda places: alpha_of_counts(units[places]), 100)
    assert low < value < high
    assert (low, high) == pytest.approx(drawn, abs=0.03)


def test_nothing_is_known_of_no_units():
    assert all(
        isnan(each) for each in alpha_of_patterns(np.empty((0, 2)), np.array([], dtype=int), "nominal", np.arange(2.0))
    )
