"""Alpha for unitizing, against the worked example of Krippendorff."""

from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.agreement.unitizing import (
    Disagreement,
    alpha_with_interval,
    disagreement,
    of_label,
    unitizing_alpha,
    units_of,
)

# Krippendorff, Content Analysis, 2nd edition (2004), p. 254: two observers, a continuum of 300 that begins at 150. The values there, and
# in DKPro Statistics after it: c .7286 of .0144 and .0532, k 1.0 of 0 and .0490, both .8591 (from rounded numbers).
BEGIN, LENGTH = 150, 300
FIRST = {"c": [(225, 295), (370, 400)], "k": [(180, 240), (300, 350)]}
SECOND = {"c": [(220, 300), (355, 375), (400, 420)], "k": [(180, 240), (300, 350)]}


def shifted(units):
    return {label: [(start - BEGIN, end - BEGIN) for start, end in runs] for label, runs in units.items()}


def test_published():
    one, other = shifted(FIRST), shifted(SECOND)
    found = {label: of_label(LENGTH, one[label], other[label]) for label in "ck"}
    assert found["c"].observed == pytest.approx(0.0144, abs=5e-5)
    assert found["c"].expected == pytest.approx(0.0532, abs=5e-5)
    assert found["c"].alpha == pytest.approx(0.7286, abs=5e-5)
    assert found["k"].expected == pytest.approx(0.0490, abs=5e-5)
    assert found["k"].alpha == 1
    assert disagreement(LENGTH, [one, other]).alpha == pytest.approx(0.8591, abs=5e-4)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ((225, 295), (220, 300), 50),
        ((370, 400), (355, 375), 850),
        ((5, 11), (5, 7), 16),
        ((5, 11), (7, 9), 8),
        ((5, 11), (5, 11), 0),
        ((5, 11), (11, 13), 36 + 4),
    ],
)
def test_differences_by_the_same_book(one, other, apart):
    """Pages 254 and following; units that do not meet lie in gaps of one another."""
    assert of_label(LENGTH, [one], [other]).observed * LENGTH**2 == pytest.approx(apart)


def test_nothing_marked_is_not_defined():
    assert isnan(unitizing_alpha([]))
    assert isnan(unitizing_alpha([(100, [{}, {}])]))
    assert disagreement(100, [{"a": [(0, 5)]}]) == Disagreement()


def test_all_the_same_is_one_and_chance_is_near_zero():
    same = {"a": [(3, 9), (20, 28)], "b": [(9, 12)]}
    assert unitizing_alpha([(100, [same, same, same]), (50, [same, same])]) == 1
    apart = [{"a": [(start, start + 5)]} for start in range(0, 95, 5)]
    assert unitizing_alpha([(100, apart)]) == pytest.approx(0, abs=0.15)


def test_the_interval_is_over_texts():
    texts = [(100, [{"a": [(0, 10)]}, {"a": [(shift, 10 + shift)]}]) for shift in (0, 0, 1, 5, 20)] + [(80, [{}, {}])]
    value, low, high, n = alpha_with_interval(texts)
    assert (value, n) == (pytest.approx(unitizing_alpha(texts)), 5)
    assert low < value < high <= 1
    assert alpha_with_interval([(80, [{}, {}])])[3] == 0


def test_one_missing_of_three():
    """Mean over the pairs: one agrees, two hold a unit of ten against a gap."""
    unit, nothing = {"a": [(10, 20)]}, {}
    alone, agreed = of_label(100, [(10, 20)], []), of_label(100, [(10, 20)], [(10, 20)])
    found = disagreement(100, [unit, nothing, unit])
    assert found.observed == pytest.approx((2 * 100 / 100**2 + 0) / 3)
    assert found.expected == pytest.approx((2 * alone.expected + agreed.expected) / 3)


def test_units():
    assert units_of([("a", 5, 9), ("b", 1, 2), ("a", 0, 3), ("a", 8, 12)]) == {"a": [(0, 3), (5, 12)], "b": [(1, 2)]}


some_units = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 40), st.integers(1, 10)), max_size=5).map(
    lambda spans: units_of((label, start, start + size) for label, start, size in spans)
)


@given(some_units, some_units)
def test_who_is_first_does_not_matter(one, other):
    found, back = disagreement(50, [one, other]), disagreement(50, [other, one])
    assert found.observed == pytest.approx(back.observed)
    assert found.expected == pytest.approx(back.expected)
    assert found.observed >= 0
    assert found.expected >= 0
    assert disagreement(50, [one, one]).observed == 0


def test_expected_by_hand():
    """Units of 5 and 6, gaps of 45 and 44."""
    chance = sum(
        1 / 3 * (2 * unit**3 - 3 * unit**2 + unit) + unit**2 * sum(gap - unit + 1 for gap in (45, 44))
        for unit in (5, 6)
    )
    expected = 2 / 50 * chance / (100 * 99 - 5 * 4 - 6 * 5)
    assert unitizing_alpha([(50, [{"a": [(0, 5)]}, {"a": [(0, 6)]}])]) == pytest.approx(1 - (1 / 50**2) / expected)
