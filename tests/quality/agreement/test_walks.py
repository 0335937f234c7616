"""Alpha of runs that are judged element by element."""

from math import isnan

import pytest

from quality.agreement.alpha import alpha
from quality.agreement.walks import alpha_with_interval

NAN = float("nan")


def run(*raters):
    """ "0 1 -" -> what each rater gave to the elements a, b, c; - nothing."""
    return [{key: float(n) for key, n in zip("abc", rater.split(), strict=False) if n != "-"} for rater in raters]


def test_it_is_the_alpha_of_all_elements():
    runs = [run("0 0 1", "0 1 1", "0 0 -"), run("1 0", "1 0"), run("0 1")]
    value, low, high, n = alpha_with_interval(runs, "nominal")
    same = [[0, 0, 1, 1, 0, 0, 1], [0, 1, 1, 1, 0, NAN, NAN], [0, 0, NAN, NAN, NAN, NAN, NAN]]
    assert value == pytest.approx(alpha(same, "nominal"))
    assert low <= value <= high
    assert n == 2, "nobody has met anybody in the third"


def test_distant_verdicts_count_more_on_a_scale():
    near, far = ([run("0 2 1", other), run("0 2 2", "0 2 2")] for other in ("0 1 1", "0 0 1"))
    assert alpha_with_interval(near, "interval")[0] > alpha_with_interval(far, "interval")[0]


@pytest.mark.parametrize("runs", [[], [run("0 1")], [run("1 1", "1 1")]])
def test_where_it_is_not_defined(runs):
    assert isnan(alpha_with_interval(runs, "nominal")[0])
