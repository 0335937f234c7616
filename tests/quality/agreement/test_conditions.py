"""Conditions of rules: read with the place of each mistake, and held against what is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.agreement.conditions import FACTS, OPERATORS, Problem, enough, facts, holds, kinds, problems

POOR = {"fact": "gold.high", "op": "<", "value": 0.6}
MANY = {"fact": "review.n", "op": ">=", "value": 5}


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (POOR, []),
        ({"all": [POOR, {"not": {"any": [MANY]}}]}, []),
        ({"all": []}, [("/all", "empty")]),
        ({"any": [POOR, {"fact": "mood", "op": "~", "value": "x"}]}, [
            ("/any/1/fact", "fact"), ("/any/1/op", "operator"), ("/any/1/value", "number"),
        ]),
        ({"not": {"fact": "gold.n", "op": "<", "value": True}}, [("/not/value", "number")]),
        ({"all": [POOR], "any": [POOR]}, [("", "not_a_condition")]),
        ({**POOR, "and": 1}, [("", "not_a_condition")]),
        ("gold", [("", "not_a_condition")]),
        ({"not": {"not": {"not": {"not": {"not": POOR}}}}}, [("/not/not/not/not/not", "too_deep")]),
    ],
)  # fmt: skip
def test_every_mistake_is_named_with_its_place(condition, found):
    assert problems(condition) == [Problem(*each) for each in found]


def test_which_collectors_a_condition_asks():
    assert kinds(POOR) == {"gold"}
    assert kinds({"all": [POOR, {"not": {"any": [MANY]}}]}) == {"gold", "review"}


def test_facts_are_numbers_shares_and_their_interval():
    found = facts({"gold": (10, 5.0), "peer": (0, 0.0)})
    assert (found["gold.n"], found["gold.share"]) == (10, 0.5)
    assert found["gold.low"] < 0.3 < 0.7 < found["gold.high"]
    assert not any(name.startswith("peer") for name in found)


def test_a_fall_is_its_highest_sum():
    assert facts({"drift": (4, 2.5)}) == {"drift.score": 2.5}
    assert facts({"drift": (0, 0.0), "spam": (40, 0.25)}) == {"spam.score": 0.25}


def test_tasks_given_back_and_left_are_shares_without_an_interval():
    found = facts({"skips": (10, 3.0), "row": (10, 2.0), "exits": (4, 1.0)})
    assert found == {"skips.n": 10, "skips.share": 0.3, "skips.row": 2.0, "exits.n": 4, "exits.share": 0.25}


def test_volume_is_per_day():
    assert facts({"volume": (60, 90.0)}, 30) == {"volume.answers": 2.0, "volume.minutes": 3.0}


def test_what_looks_at_evidence_has_seen_all_of_it_together():
    seen = {"gold": (3, 1.0), "peer": (2, 2.0), "speed": (1, 0.0), "drift": (1, 0.5), "spam": (90, 0.5)}
    assert enough(seen, 5) == seen
    assert enough(seen, 6) == {}
    assert enough({**seen, "skips": (7, 1.0)}, 6) == {"skips": (7, 1.0)}


def test_what_nobody_has_looked_at_is_not_held_against_anybody():
    assert not holds(MANY, {})
    low = {"fact": "review.share", "op": "<", "value": 0.9}
    for condition in (low, {"not": low}, {"not": {"not": low}}, {"all": [low, MANY]}, {"not": {"any": [low, MANY]}}):
        assert not holds(condition, facts({"gold": (9, 1.0)}))
    assert holds({"any": [low, {"fact": "gold.n", "op": ">", "value": 8}]}, facts({"gold": (9, 1.0)}))


comparisons = st.fixed_dictionaries(
    {"fact": st.sampled_from(FACTS), "op": st.sampled_from(sorted(OPERATORS)), "value": st.floats(0, 50)}
)
trees = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=6,
)
known = st.dictionaries(st.sampled_from(FACTS), st.floats(0, 50))


@given(trees, known, st.floats(0, 50))
def test_not_turns_it_round_and_what_can_be_read_can_be_held(condition, seen, others):
    if not problems(condition):
        assert not (holds({"not": condition}, seen) and holds(condition, seen))
        assert holds({"all": [condition, condition]}, seen) is holds({"any": [condition]}, seen)
        everything = dict.fromkeys(FACTS, others) | seen
        assert holds({"not": condition}, everything) is not holds(condition, everything)
        if holds(condition, seen):
            assert holds(condition, everything)  # what is learned later changes nothing of what was sure
