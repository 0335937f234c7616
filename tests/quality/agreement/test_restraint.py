"""Two independent reasons, each of enough observations; and how long it lasts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.agreement import conditions, restraint
from quality.agreement.conditions import KINDS


def few(kind: str, bar: float = 0.6) -> dict[str, object]:
    return {"fact": f"{kind}.share", "op": "<", "value": bar}


def seen(**counts: tuple[int, float]) -> dict[str, float]:
    return conditions.facts(counts)


BAD = seen(gold=(8, 2), peer=(9, 3), review=(6, 1), speed=(9, 1), drift=(8, 3.5), skips=(9, 8), spam=(40, 0.01))
BACK = {"fact": "skips.share", "op": ">", "value": 0.5}
SPAM = {"fact": "spam.score", "op": "<", "value": 0.05}
FELL = {"fact": "drift.score", "op": ">=", "value": 3}


@pytest.mark.parametrize(
    ("condition", "facts", "found"),
    [
        ({"all": [few("gold"), few("peer")]}, BAD, ["known", "tasks"]),
        ({"all": [few("gold"), few("review")]}, BAD, ["known", "tasks"]),
        ({"all": [few("gold"), few("speed")]}, BAD, ["clock", "known"]),
        ({"all": [few("review"), few("peer"), few("speed")]}, BAD, ["clock", "tasks"]),
        (few("speed"), BAD, ["clock"]),
        ({"all": [few("review"), few("peer")]}, BAD, ["tasks"]),  # both of the same tasks
        ({"all": [BACK, few("gold")]}, BAD, ["known"]),  # nobody has done wrong by giving tasks back
        (FELL, BAD, ["known"]),
        ({"all": [SPAM, few("peer")]}, BAD, ["tasks"]),  # both of the work of others
        ({"all": [SPAM, FELL, {"fact": "spam.score", "op": ">", "value": 0}]}, BAD, ["known", "tasks"]),
        ({"all": [few("gold"), {"not": {"fact": "spam.score", "op": ">=", "value": 0.1}}]}, BAD, ["known", "tasks"]),
        ({"all": [few("gold"), FELL]}, BAD, ["known"]),  # both of known answers
        ({"all": [FELL, few("peer")]}, BAD, ["known", "tasks"]),
        ({"all": [few("peer"), {"fact": "drift.score", "op": "<", "value": 9}]}, BAD, ["tasks"]),  # hardly a fall
        ({"all": [few("peer"), {"not": {"fact": "drift.score", "op": "<", "value": 3}}]}, BAD, ["known", "tasks"]),
        ({"all": [few("gold"), {"fact": "peer.n", "op": ">=", "value": 3}]}, BAD, ["known"]),  # a number says nothing
        ({"all": [few("gold"), {"fact": "peer.low", "op": ">", "value": 0.1}]}, BAD, ["known"]),  # nor does praise
        ({"all": [few("gold"), {"fact": "peer.low", "op": "<", "value": 0.6}]}, BAD, ["known"]),  # not known to be good
        (few("gold"), BAD, ["known"]),
        ({"any": [few("gold"), few("peer")]}, BAD, ["known", "tasks"]),
        ({"any": [few("gold"), few("peer")]}, seen(gold=(8, 2), peer=(9, 9)), ["known"]),
        ({"any": [few("peer"), {"all": [few("gold"), {"fact": "gold.n", "op": ">", "value": 20}]}]}, BAD, ["tasks"]),
        ({"not": {"any": [{"fact": "gold.share", "op": ">=", "value": 0.6}, few("peer", 0.1)]}}, BAD, ["known"]),
        ({"any": [few("peer"), {"not": few("gold")}]}, seen(peer=(9, 3)), ["tasks"]),  # known answers: not looked at
        ({"all": [few("gold"), {"fact": "peer.high", "op": "<=", "value": 0.7}]}, BAD, ["known", "tasks"]),
    ],
)
def test_what_a_condition_rests_on(condition, facts, found):
    assert conditions.holds(condition, facts)
    assert restraint.grounds(condition, facts) == found
    assert restraint.independent(found) is (len(found) == 2)


def test_a_collector_that_has_seen_little_is_not_heard():
    assert restraint.known({"gold": (4, 0.0), "peer": (5, 5.0)}) == {"peer": (5, 5.0)}


def test_every_collector_rests_on_something():
    assert {fact.split(".")[0] for fact in restraint.LOW | restraint.HIGH} == set(restraint.GROUNDS)
    assert not (restraint.LOW | restraint.HIGH) - set(conditions.FACTS)


PARTS = st.builds(
    lambda kind, name, op, value: {"fact": f"{kind}.{name}", "op": op, "value": value},
    st.sampled_from(KINDS),
    st.sampled_from(["n", "share", "low", "high"]),
    st.sampled_from(sorted(conditions.OPERATORS)),
    st.sampled_from([0.0, 0.3, 0.6, 0.9]),
)
CONDITIONS = st.recursive(
    PARTS,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=6,
)
COUNTS = st.dictionaries(st.sampled_from(KINDS), st.tuples(st.integers(1, 20), st.floats(0, 1)), max_size=3)


@given(condition=CONDITIONS, counts=COUNTS)
def test_it_rests_only_on_what_was_seen_and_never_on_right_answers(condition, counts):
    facts = conditions.facts({kind: (n, n * share) for kind, (n, share) in counts.items()})
    assert set(restraint.grounds(condition, facts)) <= {restraint.GROUNDS[kind] for kind in counts}
    flawless = conditions.facts({kind: (n, n) for kind, (n, _share) in counts.items()})
    assert restraint.grounds(condition, flawless) == []


@pytest.mark.parametrize(
    ("first", "ages", "lasts"),
    [
        (1, [], 1),
        (1, [2], 2),
        (1, [2, 5], 4),
        (1, [3, 6, 10], 6),
        (1, [30], 1),  # half a time
        (1, [30, 30], 2),
        (1, [400], 1),
        (7, [1], 14),
        (7, [1, 9, 20], 30),
        (90, [], 30),
        (1, [0.0] * 2_000, 30),
    ],
)
def test_how_long_it_lasts(first, ages, lasts):
    assert restraint.days(first, ages) == lasts
