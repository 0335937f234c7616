"""Findings among many tests."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from quality.agreement.discoveries import discovered

# Benjamini and Hochberg 1995, section 3.2: fifteen hypotheses on two treatments after a heart attack.
PUBLISHED = [
    0.0001,
    0.0004,
    0.0019,
    0.0095,
    0.0201,
    0.0278,
    0.0298,
    0.0344,
    0.0459,
    0.3240,
    0.4262,
    0.5719,
    0.6528,
    0.7590,
    1.0,
]


def test_the_published_example():
    assert discovered(PUBLISHED, 0.05).tolist() == [True] * 4 + [False] * 11
    assert discovered(PUBLISHED[::-1], 0.05).tolist() == [False] * 11 + [True] * 4


def test_tests_that_found_nothing_count():
    assert discovered(PUBLISHED[:4], 0.05, tests=15).sum() == 4
    assert discovered(PUBLISHED[:4], 0.05, tests=150).sum() == 2


@pytest.mark.parametrize("tests", [None, 0, 7])
def test_no_tests(tests):
    assert discovered([], 0.01, tests).tolist() == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.floats(0.01, 0.5))
def test_it_is_the_procedure_of_scipy(values, rate):
    adjusted = false_discovery_control(values)
    clear = np.abs(adjusted - rate) > 1e-9
    assert (discovered(values, rate) == (adjusted <= rate))[clear].all()
