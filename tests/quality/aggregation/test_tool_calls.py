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


def accepting(of: Any, *others: Any, **more: list[Any]) -> dict[str, Any]:
    """A call of something, and what else would be as right."""
    return {**calls(call(of=of)), "accept": [{**({"of": list(others)} if others else {}), **more}]}


@pytest.mark.parametrize(
    ("a", "b", "far"),
    [
        (accepting("Oslo", "Oslo, Norway"), calls(call(of="Oslo, Norway")), 0),
        (accepting("Oslo", "Oslo, Norway"), calls(call(of="Bergen")), 1),
        (accepting("Oslo", "Norway"), accepting("Bergen", "Norway"), 1),
        (accepting(1, 2), calls(call(of=2.0)), 0),
        (accepting(1, 2), calls(call(of="2")), 1),
        (accepting("x", to=["y"]), calls(call(of="x", to="y")), 0),
        (accepting("x", to=["y"]), calls(call(of="x")), 0),
        ({**calls(call(of="x", to="y")), "accept": [{"to": [""]}]}, calls(call(of="x")), 0),
        (calls(call(of="x", to="y")), calls(call(of="x")), 1),
        # side by side so that as many as can be agree, whatever their order
        ({"calls": [call(of=1), call(of=2)], "accept": [{"of": [2]}, {}]}, calls(call(of=2), call(of=1)), 0),
        ({"calls": [call(of=1), call(of=2)], "accept": [{"of": [2, 3]}, {}]}, calls(call(of=2), call(of=3)), 0),
        ({"calls": [call(of=1), call(of=2)], "accept": [{"of": [3]}, {}]}, calls(call(of=3), call(of=4)), 0.5),
    ],
)
def test_what_one_of_both_accepts_is_equal(a, b, far):
    assert distance(a, b, {}, {}) == distance(b, a, {}, {}) == far


def test_who_accepts_both_decides_between_them():
    found = aggregate(
        votes(calls(call(of="Oslo")), accepting("Oslo, Norway", "Oslo"), calls(call(of="Oslo, Norway"))), {}, {}
    )
    assert found.value["calls"] == [call(of="Oslo, Norway")]
    assert (found.confidence, found.dissent) == (1, [])


def test_two_who_name_a_value_make_it_accepted():
    """Of the third nobody knows but one."""
    given = (
        accepting("Oslo", "Oslo, Norway", "Kristiania"),
        accepting("Oslo", "Oslo, Norway", to=["south"]),
        accepting("Oslo", to=["south", "north"]),
    )
    found = aggregate(votes(*given), {}, {})
    assert found.value == {**calls(call(of="Oslo")), "accept": [{"of": ["Oslo, Norway"], "to": ["south"]}]}


def test_a_single_answer_keeps_what_it_accepts():
    assert aggregate(votes(accepting("Oslo", "Bergen")), {}, {}).value == accepting("Oslo", "Bergen")


def test_two_that_a_third_does_not_bring_together_are_a_tie():
    """Both accept the third, which is as much behind each of them; they do not accept each other."""
    left, right, both = accepting(1, 3), accepting(2, 3), calls(call(of=3))
    assert aggregate(votes(left, right), {}, {}).doubt == "tie"
    assert aggregate(votes(left, right, both), {}, {}).value["calls"] == [call(of=3)]


def test_gold_passes_with_an_accepted_value():
    expected = accepting("Oslo", "Oslo, Norway")
    assert passes(calls(call(of="Oslo, Norway")), expected, {}, {}) == (True, 1)
    assert passes(calls(call(of="Bergen")), expected, {}, {}) == (False, 0)
