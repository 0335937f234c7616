"""Choice, choices and preference: posteriors, ties, abstentions, names."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.aggregation import choice, choices, one_coin, preference
from quality.aggregation.estimators import MAJORITY, ONE_COIN
from quality.aggregation.votes import Vote
from tests.quality.aggregation.cases import KEYS, options, votes

FOUR = {"options": options(*KEYS)}


def test_posterior_by_hand():
    """Two right at .8, one wrong at .6, two classes: .8^2 x .4 against .2^2 x .6."""
    soft = one_coin.posterior(["a", "a", "b"], [0.8, 0.8, 0.6], ["a", "b"])
    assert soft["a"] == pytest.approx(0.256 / (0.256 + 0.024))


def test_posterior_of_one_vote_is_the_accuracy():
    soft = one_coin.posterior(["b"], [0.7], ["a", "b", "c", "d"])
    assert soft == pytest.approx({"a": 0.1, "b": 0.7, "c": 0.1, "d": 0.1})


def test_a_thousand_labels_do_not_underflow():
    soft = one_coin.posterior(["a"] * 600 + ["b"] * 400, [0.9] * 1000, ["a", "b"])
    assert soft["a"] == pytest.approx(1)
    assert one_coin.posterior(["a"] * 500 + ["b"] * 500, [0.9] * 1000, ["a", "b"])["a"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("answers", "value", "n", "doubt"),
    [
        ([], None, 0, ""),
        (["d", "d"], None, 0, ""),
        (["a", "d"], "a", 1, ""),
        (["a", "b"], None, 2, "tie"),
        (["a", "b", "a"], "a", 3, ""),
        ([{"other": "Red"}, {"other": " red"}, "a"], {"other": "Red"}, 3, ""),
        (["gone", "gone", "a"], "gone", 3, ""),
    ],
    ids=["none", "all abstain", "one abstains", "tie", "two to one", "own words", "option of an older schema"],
)
@pytest.mark.parametrize("estimator", [ONE_COIN, MAJORITY], ids=lambda each: each.name)
def test_choice(answers, value, n, doubt, estimator):
    config = {"options": options(*KEYS, abstain="d"), "other": True}
    result = choice.aggregate(votes(*answers), config, {}, estimator)
    assert (result.value, result.n, result.doubt, result.method) == (value, n, doubt, estimator.name)
    assert "d" not in (result.soft or {})
    assert result.soft is None or isclose(sum(result.soft.values()), 1)


def test_trust_outweighs_numbers_except_for_majority():
    cast = [Vote("x", "a", 0.55), Vote("y", "a", 0.55), Vote("z", "b", 0.95)]
    two = {"options": options("a", "b")}
    assert choice.aggregate(cast, two, {}).value == "b"
    result = choice.aggregate(cast, two, {}, MAJORITY)
    assert (result.value, result.confidence) == ("a", pytest.approx(2 / 3))


def test_nobody_better_than_chance_leaves_a_tie():
    result = choice.aggregate(votes("a", "a", weight=0.2), FOUR, {})
    assert (result.value, result.confidence, result.doubt) == (None, 0.25, "tie")


def test_dissent_names_who_differs():
    result = choice.aggregate(votes("a", "b", "a"), FOUR, {})
    assert result.dissent == [{"contributor": "c1", "distance": 1.0}]
    assert result.agreement == pytest.approx(1 / 3)


@given(
    st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from([0.5, 0.7, 0.9])), min_size=1, max_size=6),
    st.permutations(KEYS),
)
def test_class_names_do_not_matter(cast, renamed):
    new = dict(zip(KEYS, renamed, strict=True))
    before = choice.aggregate([Vote(f"c{i}", key, w) for i, (key, w) in enumerate(cast)], FOUR, {})
    after = choice.aggregate([Vote(f"c{i}", new[key], w) for i, (key, w) in enumerate(cast)], FOUR, {})
    assert after.value == (before.value and new[before.value])
    assert {new[key]: p for key, p in before.soft.items()} == pytest.approx(after.soft)


@pytest.mark.parametrize(
    ("measure", "a", "b", "expected"),
    [
        ("nominal", "low", "high", 1),
        ("ordinal", "low", "mid", 1 / 4),
        ("ordinal", "low", "high", 1),
        ("interval", "low", "mid", 1 / 100),
        ("interval", "mid", "high", 81 / 100),
        ("interval", "mid", "unsure", 1),
        ("ordinal", "unsure", "unsure", 0),
    ],
)
def test_distance_of_choices_on_a_scale(measure, a, b, expected):
    listed = [{"key": "low", "value": 0}, {"key": "high", "value": 10}, {"key": "mid", "value": 1}]
    config = {"measure": measure, "options": [*listed, {"key": "unsure", "abstain": True}]}
    assert choice.distance(a, b, config, {}) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("answers", "value", "doubt"),
    [
        ([["a", "b"], ["a"], ["a", "c"]], ["a"], ""),
        ([["none"], ["none"], ["a"]], ["none"], ""),
        ([["a"], ["none"], ["a", "b"]], ["a"], ""),
        ([["a"], ["b"]], [], "tie"),
        ([["a"], ["b"], ["c"]], [], "tie"),
        ([["a", "b"], ["b", "c"], ["a", "c"]], ["a", "b"], "tie"),
        ([["skip", "a"], ["b"]], ["b"], ""),
        ([["skip"]], None, ""),
    ],
    ids=[
        "majority",
        "exclusive wins",
        "exclusive loses",
        "even",
        "too few left",
        "too many kept",
        "abstains",
        "nobody",
    ],
)
def test_choices(answers, value, doubt):
    config = {"options": options("a", "b", "c", "none", "skip", exclusive="none", abstain="skip"), "min": 1, "max": 2}
    result = choices.aggregate(votes(*answers), config, {})
    assert (result.value, result.doubt) == (value, doubt)


def test_choices_confidence_is_that_of_the_least_clear_option():
    result = choices.aggregate(votes(["a"], ["a", "b"], ["a"]), {"options": options("a", "b")}, {})
    assert result.value == ["a"]
    assert result.confidence == pytest.approx(1 - result.soft["b"])
    assert result.soft["b"] == pytest.approx(0.2)


def test_choices_pass_from_a_jaccard_of_four_fifths():
    config = {"options": options(*"abcde")}
    assert choices.passes(["a", "b", "c", "d"], ["a", "b", "c", "d", "e"], config, {}) == (True, 0.8)
    assert choices.passes(["a", "b", "c"], ["a", "b", "c", "d"], config, {}) == (False, 0.75)


@pytest.mark.parametrize(
    ("scores", "value", "doubt"),
    [
        ([-1, -3, -3], {"score": -3}, ""),
        ([-1, -3], {"score": -2}, ""),
        ([-2, -3], {"score": -2}, ""),
        ([2, 3, -1], {"score": 2}, ""),
        ([0, 0, 3], {"score": 0}, ""),
        ([1, -1], None, "tie"),
        ([1, 0, -1], None, "tie"),
        (["bad", "bad", 1], {"score": 0, "both_bad": True}, ""),
        (["bad", 1], None, "tie"),
        (["bad", 1, 2], {"score": 1}, ""),
    ],
)
def test_preference(scores, value, doubt):
    answers = [{"score": 0, "both_bad": True} if score == "bad" else {"score": score} for score in scores]
    result = preference.aggregate(votes(*answers), {"steps": 3, "ties": True, "both_bad": True}, {})
    assert (result.value, result.doubt) == (value, doubt)


def test_preference_confidence():
    cast = votes({"score": -1}, {"score": -1}, {"score": 1})
    with_ties = preference.aggregate(cast, {"steps": 1, "ties": True}, {})
    assert with_ties.soft == pytest.approx({"first": 64 / 73, "tie": 1 / 73, "second": 8 / 73})
    assert with_ties.confidence == pytest.approx(64 / 73)
    without = preference.aggregate(cast, {"steps": 1}, {})
    assert set(without.soft) == {"first", "second"}
    assert without.confidence == pytest.approx(0.8)


def test_distance_of_preferences():
    config = {"steps": 3}
    bad = {"score": 0, "both_bad": True}
    assert preference.distance({"score": -3}, {"score": 3}, config, {}) == 1
    assert preference.distance({"score": 1}, {"score": 2}, config, {}) == pytest.approx(1 / 36)
    assert preference.distance(bad, {"score": 0}, config, {}) == 0.25
    assert preference.distance(bad, {"score": 3}, config, {}) == 0.25


def test_a_preference_passes_in_the_same_direction():
    config = {"steps": 3, "both_bad": True}
    assert preference.passes({"score": 1}, {"score": 3}, config, {})[0]
    assert not preference.passes({"score": 0}, {"score": 1}, config, {})[0]
    assert not preference.passes({"score": 0}, {"score": 0, "both_bad": True}, config, {})[0]
