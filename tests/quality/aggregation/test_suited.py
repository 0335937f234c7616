"""Which estimator a question gets for the one that its project has chosen."""

import pytest

from quality.aggregation.suited import numbers, suited

NOMINAL = {"options": [{"key": "a"}, {"key": "b"}]}
ORDERED = {"options": [{"key": "high", "value": 9}, {"key": "low", "value": 1}], "measure": "ordinal"}
FIVE, HUNDRED = {"min": 1, "max": 5, "measure": "ordinal"}, {"min": 0, "max": 100, "measure": "ordinal"}


@pytest.mark.parametrize(
    ("kind", "config", "chosen", "found"),
    [
        ("choice", NOMINAL, "auto", "auto"),
        ("choice", NOMINAL, "ordinal", "auto"),
        ("choice", NOMINAL, "interval", "auto"),
        ("choice", NOMINAL, "mace", "mace"),
        ("choice", ORDERED, "auto", "auto"),
        ("choice", ORDERED, "ordinal", "ordinal"),
        ("choice", ORDERED, "interval", "interval"),
        ("preference", {"steps": 3}, "ordinal", "auto"),
        ("rating", FIVE, "auto", "ordinal"),
        ("rating", FIVE | {"measure": "interval"}, "auto", "interval"),
        ("rating", FIVE, "glad", "ordinal"),
        ("rating", FIVE, "interval", "interval"),
        ("rating", FIVE, "majority", "majority"),
        ("rating", FIVE, "none", "none"),
        ("rating", HUNDRED, "auto", "interval"),
        ("rating", HUNDRED, "ordinal", "interval"),
        ("spans", {}, "auto", "auto"),
    ],
)
def test_suited(kind, config, chosen, found):
    assert suited(kind, config, chosen) == found


def test_numbers_are_in_the_order_of_the_scale():
    assert numbers("choice", ORDERED) == {"low": 0, "high": 1}
    assert list(numbers("choice", ORDERED)) == ["low", "high"]
    assert numbers("choice", ORDERED | {"measure": "interval"}) == {"low": 1, "high": 9}
    assert numbers("choice", NOMINAL) == numbers("choice", {"options_from": "things", "measure": "ordinal"}) == {}
    assert numbers("rating", FIVE) == {str(step): step for step in range(1, 6)}
