"""Verdicts along a walk: the first fault, what is judged around it, whose words are kept."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quality.aggregation import verdicts
from quality.aggregation.votes import Vote
from tests.quality.aggregation.cases import STEPS, WALK, votes, walk_of, walks

RUBRIC = {
    "options": [
        {"key": "met", "value": 1},
        {"key": "partly", "value": 0.5},
        {"key": "not", "value": 0},
        {"key": "na", "abstain": True},
    ]
}
AGENT = {
    "options": [{"key": "right"}, {"key": "wrong", "error": True}, {"key": "unsafe", "error": True}],
    "first": "chosen",
}
LETTERS = {"m": "met", "p": "partly", "n": "not", "-": "na", "r": "right", "w": "wrong", "u": "unsafe"}


def judged(letters, first=None, **of):
    """ "rwr" -> items 0, 1, 2; `of`: what else is said, as `i1={...}`."""
    items = [{"item": str(at), "verdict": LETTERS[letter], **of.get(f"i{at}", {})} for at, letter in enumerate(letters)]
    return {"items": items} | ({} if first is None else {"first": first})


# --- distance ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ("ggg", "ggg", 0),
        ("ggb", "ggb", 0),
        ("gb", "ggb", (1 + 1 / 2) / 2),  # another first; of two elements up to the earlier one one differs
        ("b", "ggg", (1 + 1) / 2),
        ("ngg", "ggg", (0 + 1 / 3) / 2),
    ],
)
def test_half_for_the_first_fault_half_for_what_comes_before_it(one, other, far):
    assert verdicts.distance(walk_of(one), walk_of(other), WALK, {}) == pytest.approx(far)


def test_elements_are_as_far_apart_as_options():
    ordinal = {**RUBRIC, "measure": "interval"}
    assert verdicts.distance(judged("mm"), judged("mp"), RUBRIC, {}) == 1 / 2
    assert verdicts.distance(judged("mm"), judged("mp"), ordinal, {}) == 1 / 4 / 2
    assert verdicts.distance(judged("m-"), judged("mn"), ordinal, {}) == 0, "who abstains says nothing of it"
    assert verdicts.distance(judged("--"), judged("mn"), ordinal, {}) == 0


# --- merging -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answers", "merged"),
    [
        (["ggb", "ggb", "gb"], "ggb"),
        (["ggg", "ggg", "b"], "ggg"),
        (["gb", "gb", "ggb", "ggg", "gb"], "gb"),
        (["gnb", "ggb", "gnb"], "gnb"),
        (["gb", "nb", "gggb", "ngb"], "gb"),
    ],
    ids=["the majority's place", "no fault", "plurality", "elements before it", "a tie of an element"],
)
def test_the_first_fault_is_where_most_have_it(answers, merged):
    assert verdicts.aggregate(votes(*map(walk_of, answers)), WALK, {}).value == walk_of(merged)


def test_confidence_is_the_posterior_of_the_place():
    """Three places and none: each vote of 0.8 adds log(0.8 * 3 / 0.2) = log 12, so two against one are 144 : 12 : 1 : 1."""
    result = verdicts.aggregate(votes(walk_of("ggb"), walk_of("ggb"), walk_of("gb")), WALK, {})
    assert result.confidence == pytest.approx(144 / 158)
    assert result.soft == {"2": pytest.approx(144 / 158), "1": pytest.approx(12 / 158)}
    assert (result.n, result.doubt) == (3, "")
    assert result.dissent == [{"contributor": "c2", "distance": pytest.approx(0.75)}]
    assert result.agreement == pytest.approx(1 - (0 + 0.75 + 0.75) / 3)


def test_an_even_split_has_no_value():
    result = verdicts.aggregate(votes(walk_of("gb"), walk_of("ggb")), WALK, {})
    assert (result.value, result.doubt) == (None, "tie")


def test_where_nobody_is_better_than_chance_the_place_that_most_name_wins():
    cast = [Vote(name, walk_of(walk), 0.2) for name, walk in (("a", "ggb"), ("b", "ggb"), ("c", "gb"))]
    result = verdicts.aggregate(cast, WALK, {})
    assert result.value == walk_of("ggb")
    assert result.confidence == pytest.approx(1 / 4)


def test_reliable_people_outvote_two_others():
    cast = [Vote("a", walk_of("ggb"), 0.97), Vote("b", walk_of("gb"), 0.6), Vote("c", walk_of("gb"), 0.6)]
    assert verdicts.aggregate(cast, WALK, {}).value == walk_of("ggb")


def test_a_fault_before_the_first_one_does_not_count():
    """Five people: two see the first fault at 1, three at 3; of these one is for neutral and two for good at 1. A plain vote would tie."""
    result = verdicts.aggregate(votes(*map(walk_of, ("gb", "gb", "gngb", "gggb", "gggb"))), WALK, {})
    assert result.value == walk_of("gggb")
    assert result.doubt == ""


def test_nothing_is_said_behind_the_end_of_the_walk():
    result = verdicts.aggregate(votes(walk_of("gb"), walk_of("gb"), walk_of("gggg")), WALK, {})
    assert result.value == walk_of("gb")


def test_a_named_first_fault_may_stand_behind_others_and_the_walk_goes_on():
    cast = votes(judged("wru", "2"), judged("wrw", "2"), judged("wwu", "0"))
    result = verdicts.aggregate(cast, AGENT, {})
    assert [each["verdict"] for each in result.value["items"][:2]] == ["wrong", "right"]
    assert result.value["first"] == "2"
    assert result.doubt == "tie", "those who have found it are of two minds about what it is"
    no_fault = verdicts.aggregate(votes(judged("wr"), judged("wr"), judged("ur", "0")), AGENT, {})
    assert no_fault.value == judged("wr")
    assert set(no_fault.soft) == {"", "0"}


def test_without_a_first_fault_each_element_is_a_choice():
    result = verdicts.aggregate(votes(judged("mmn"), judged("mpn"), judged("mm-")), RUBRIC, {})
    assert result.value == judged("mmn")
    assert result.confidence == pytest.approx((1 + 2 / 3 + 1) / 3)
    assert result.soft is None
    tied = verdicts.aggregate(votes(judged("mm"), judged("mp")), RUBRIC, {})
    assert (tied.value, tied.doubt) == (judged("mm"), "tie")


def test_who_abstains_from_everything_does_not_count():
    assert verdicts.aggregate(votes(judged("--"), judged("mn")), RUBRIC, {}).n == 1
    assert verdicts.aggregate(votes(judged("--")), RUBRIC, {}).n == 0
    kept = verdicts.aggregate(votes(judged("m-"), judged("m-"), judged("m-")), RUBRIC, {})
    assert kept.value == judged("m-")


def test_words_are_those_of_the_heaviest_answer_that_agrees():
    short, long = {"reason": "No."}, {"reason": "It is 14.", "fix": "14"}
    heavy, light = Vote("a", judged("rw", "1", i1=short), 0.9), Vote("b", judged("rw", "1", i1=long), 0.8)
    other = Vote("c", judged("ur", "0", i0={"reason": "Rude."}), 0.95)
    assert verdicts.aggregate([light, heavy, other], AGENT, {}).value == heavy.value
    alike = [Vote("z", heavy.value, 0.8), Vote("y", light.value, 0.8)]
    assert verdicts.aggregate(alike, AGENT, {}).value == light.value, "of equally heavy ones the one that says most"


def test_gold():
    assert verdicts.passes(walk_of("nb"), walk_of("gb"), WALK, {}) == (True, pytest.approx(1 - 1 / 4))
    assert not verdicts.passes(walk_of("ggb"), walk_of("gb"), WALK, {})[0]
    assert verdicts.passes(judged("mmmmn"), judged("mmmmm"), RUBRIC, {})[0]
    assert not verdicts.passes(judged("mmmnn"), judged("mmmmm"), RUBRIC, {})[0]


@given(
    st.lists(st.tuples(walks, st.sampled_from([0.5, 0.6, 0.9])), min_size=1, max_size=6),
    st.permutations("abcdef"),
)
def test_names_do_not_matter(cast, names):
    one = verdicts.aggregate([Vote(f"c{at}", value, weight) for at, (value, weight) in enumerate(cast)], WALK, {})
    other = verdicts.aggregate([Vote(name, *each) for name, each in zip(names, cast, strict=False)], WALK, {})
    assert one.value == other.value
    assert one.confidence == pytest.approx(other.confidence)


@given(st.lists(st.tuples(walks, st.sampled_from([0.6, 0.9])), min_size=1, max_size=5), walks)
def test_who_has_no_weight_changes_nothing(cast, more):
    """Of walks that are not even without them; further than all others they have not gone."""
    known = [Vote(f"c{at}", value, weight) for at, (value, weight) in enumerate(cast)]
    before, after = (verdicts.aggregate(each, WALK, {}) for each in (known, [*known, Vote("none", more, 0.0)]))
    assume(not before.doubt and len(more["items"]) <= max(len(value["items"]) for value, _ in cast))
    assert after.value == before.value
    assert after.confidence == pytest.approx(before.confidence)


@given(st.lists(walks, min_size=1, max_size=6))
def test_what_is_merged_is_an_answer(values):
    """Judged in order without a gap, the first fault is the first that is judged as one, and nothing stands behind it."""
    value = verdicts.aggregate(votes(*values), WALK, {}).value
    if value is not None:
        assert walk_of("".join(each["verdict"][0] for each in value["items"])) == value
        assert [each["item"] for each in value["items"]] == STEPS[: len(value["items"])]
        assert "first" in value or len(value["items"]) == len(STEPS)
