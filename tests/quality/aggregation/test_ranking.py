"""Rankings: ranked pairs, circles, ties, all bad."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.aggregation import ranking
from quality.aggregation.ranked_pairs import order_of
from quality.aggregation.votes import Vote
from tests.quality.aggregation.cases import KEYS, rankings, votes

TIES = {"ties": True}


def order(text):
    """ "a bc" -> a first, b and c tied behind."""
    return {"order": [list(group) for group in text.split()]}


@pytest.mark.parametrize(
    ("answers", "merged"),
    [
        (["a b c"], "a b c"),
        (["a b c", "a c b", "b a c"], "a b c"),
        (["a b", "b a"], "ab"),
        (["a b c", "b c a", "c a b"], "abc"),
        (["a b c", "a b c", "b c a", "c a b"], "a b c"),
        (["ab c", "ab c", "c a b"], "a b c"),
        (["a b c d", "b a d c"], "ab cd"),
    ],
    ids=[
        "one",
        "majority",
        "even",
        "circle",
        "weakest of a circle dropped",
        "one margin is enough",
        "two pairs of ties",
    ],
)
def test_merge(answers, merged):
    result = ranking.aggregate(votes(*map(order, answers)), TIES, {})
    assert result.value == order(merged)


def test_textbook_election():
    """Tennessee: 42 M N C K, 26 N C K M, 15 C K N M, 17 K C N M. Nashville beats each of the others."""
    ballots = [("mnck", 42), ("nckm", 26), ("cknm", 15), ("kcnm", 17)]
    ranked = [({city: place for place, city in enumerate(names)}, count) for names, count in ballots]
    assert order_of(ranked) == [["n"], ["c"], ["k"], ["m"]]


def test_confidence_is_the_share_on_neighbouring_pairs():
    result = ranking.aggregate(votes(order("a b c"), order("a c b"), order("a b c")), TIES, {})
    assert result.confidence == pytest.approx((1 + 2 / 3) / 2)


def test_all_bad():
    bad = {"order": [], "all_bad": True}
    assert ranking.aggregate(votes(bad, bad, order("a b")), TIES, {}).value == bad
    assert ranking.aggregate(votes(bad, order("a b")), TIES, {}).doubt == "tie"
    result = ranking.aggregate(votes(bad, order("a b"), order("a b")), TIES, {})
    assert (result.value, result.confidence) == (order("a b"), pytest.approx(2 / 3))
    assert ranking.distance(bad, order("a b"), TIES, {}) == 1


def test_a_tie_that_no_answer_may_hold_is_in_doubt():
    even = votes(order("a b c"), order("b a c"))
    assert ranking.aggregate(even, TIES, {}).doubt == ""
    assert ranking.aggregate(even, {}, {}).doubt == "tie"
    best_two = votes(order("a b cd"), order("a b cd"))
    assert ranking.aggregate(best_two, {"top": 2}, {}).doubt == ""
    assert ranking.aggregate(votes(order("a bcd"), order("a bcd")), {"top": 1}, {}).doubt == ""


def test_gold():
    assert ranking.passes(order("a b c d"), order("a b d c"), TIES, {}) == (True, pytest.approx(5 / 6))
    assert not ranking.passes(order("a b c"), order("a c b"), TIES, {})[0]


@given(
    st.lists(st.tuples(rankings, st.sampled_from([0.5, 0.75, 1.0])), min_size=1, max_size=5),
    st.permutations(KEYS),
)
def test_item_names_do_not_matter(cast, renamed):
    new = dict(zip(KEYS, renamed, strict=True))
    before = ranking.aggregate([Vote(f"c{i}", value, w) for i, (value, w) in enumerate(cast)], TIES, {})
    cast = [({"order": [[new[key] for key in group] for group in value["order"]]}, w) for value, w in cast]
    after = ranking.aggregate([Vote(f"c{i}", value, w) for i, (value, w) in enumerate(cast)], TIES, {})
    assert [set(group) for group in after.value["order"]] == [
        {new[key] for key in group} for group in before.value["order"]
    ]
    assert after.confidence == pytest.approx(before.confidence)
