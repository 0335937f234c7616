"""Tool calls: what is equal, how far apart, who wins, what passes."""

from typing import Any

import pytest

from quality.aggregation.tool_calls import aggregate, distance, passes
from quality.aggregation.votes import Vote
from tests.quality.aggregation.cases import votes


def call(name: str = "find", **arguments: Any) -> dict[str, Any]:
    return {"name": name, "arguments": arguments}


def calls(*made: dict[str, Any]) -> dict[str, Any]:
    return {"calls": list(made)}


def none(reason: str, **more: str) -> dict[str, Any]:
    return {"calls": [], "no_call": reason, **more}


@pytest.mark.parametrize(
    ("a", "b", "far"),
    [
        (calls(call(of="x")), calls(call(of="x")), 0),
        (calls(call(of=1, to=2)), calls(call(to=2.0, of=1.0)), 0),
        (calls(call(of=1), call(of=2)), calls(call(of=2), call(of=1)), 0),
        (calls(call(of=[1, {"a": 2}])), calls(call(of=[1.0, {"a": 2.0}])), 0),
        (calls(call(of=[1, 2])), calls(call(of=[2, 1])), 1),
        (calls(call(of=1)), calls(call(of=True)), 1),
        (calls(call(of=1)), calls(call("get", of=1)), 1),
        (calls(call(of=1), call(of=2)), calls(call(of=1)), 0.5),
        (calls(call(of=1), call(of=1)), calls(call(of=1), call(of=2)), 0.5),
        (calls(call(of=1)), none("unfit"), 1),
        (none("unfit"), none("unfit", clarify="What?"), 0),
        (none("unfit"), none("unclear"), 0.5),
    ],
)
def test_distance(a, b, far):
    assert distance(a, b, {}, {}) == distance(b, a, {}, {}) == far


def test_equal_answers_win_together_whatever_the_order_of_their_calls():
    one, other = calls(call(of=1), call(of=2)), calls(call(of=2.0), call(of=1))
    result = aggregate(votes(one, calls(call(of=3)), other), {}, {})
    assert result.value in (one, other)
    assert result.confidence == pytest.approx(2 / 3)
    assert [each["contributor"] for each in result.dissent] == ["c1"]


def test_weight_decides_and_a_tie_has_no_value():
    right, wrong = calls(call(of=1)), calls(call(of=2))
    found = aggregate([Vote("a", right, 0.9), Vote("b", wrong, 0.4), Vote("c", wrong, 0.4)], {}, {})
    assert found.value == right
    tie = aggregate(votes(right, wrong), {}, {})
    assert (tie.value, tie.doubt, tie.agreement) == (None, "tie", 0)


def test_of_equal_answers_the_heaviest_is_put_then_the_one_that_says_most():
    short, long = none("unclear", clarify="Where?"), none("unclear", clarify="Where do you live?")
    assert aggregate(votes(short, long), {}, {}).value == long
    assert aggregate([Vote("a", short, 0.9), Vote("b", long, 0.5)], {}, {}).value == short


@pytest.mark.parametrize(
    ("value", "passed", "score"),
    [
        (calls(call(of=2.0), call(of=1)), True, 1),
        (calls(call(of=1)), False, 0.5),
        (none("unfit"), False, 0),
    ],
)
def test_gold(value, passed, score):
    assert passes(value, calls(call(of=1), call(of=2)), {}, {}) == (passed, score)
