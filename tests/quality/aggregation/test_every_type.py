"""What holds for every question type, whatever the answers."""

import json
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.aggregation.registry import KINDS, for_type
from quality.aggregation.votes import Vote
from tests.quality.aggregation.cases import QUESTIONS, votes

VECTORS = Path(__file__).parents[2] / "vectors" / "questions"
MARKS = ("spans", "regions")  # merged marks get ids of their own
everything = pytest.mark.parametrize("name", QUESTIONS)


def test_each_type_has_a_case():
    assert {kind for kind, *_ in QUESTIONS.values()} == set(KINDS)


def test_unknown_type():
    with pytest.raises(KeyError):
        for_type("telepathy")


@everything
@given(data=st.data())
def test_distance(name, data):
    kind, config, payload, values = QUESTIONS[name]
    a, b = data.draw(values), data.draw(values)
    far = for_type(kind).distance(a, b, config, payload)
    assert 0 <= far <= 1
    assert far == pytest.approx(for_type(kind).distance(b, a, config, payload), abs=1e-12)
    assert for_type(kind).distance(a, a, config, payload) == 0


@everything
@given(data=st.data())
def test_gold_passes_itself_in_full(name, data):
    kind, config, payload, values = QUESTIONS[name]
    value, expected = data.draw(values), data.draw(values)
    assert for_type(kind).passes(value, value, config, payload) == (True, pytest.approx(1))
    passed, score = for_type(kind).passes(value, expected, config, payload)
    assert isinstance(passed, bool)
    assert 0 <= score <= 1


@everything
@given(data=st.data())
def test_result_does_not_depend_on_the_order_of_votes(name, data):
    kind, config, payload, values = QUESTIONS[name]
    weight = st.sampled_from([0.0, 0.5, 0.6, 0.8, 0.99, 1.0])
    cast = [
        Vote(f"c{index}", value, data.draw(weight))
        for index, value in enumerate(data.draw(st.lists(values, min_size=1, max_size=7)))
    ]
    result = for_type(kind).aggregate(cast, config, payload)
    assert for_type(kind).aggregate(data.draw(st.permutations(cast)), config, payload) == result
    assert result.n <= len(cast)
    for number in (result.confidence, result.agreement, *(result.soft or {}).values()):
        assert number is None or 0 <= number <= 1
    assert all(0 < each["distance"] <= 1 for each in result.dissent)


@everything
@given(data=st.data())
def test_unanimous_votes_are_the_result(name, data):
    kind, config, payload, values = QUESTIONS[name]
    value = data.draw(values)
    result = for_type(kind).aggregate(votes(value, value, value), config, payload)
    if result.n and result.method != "none":
        assert for_type(kind).distance(result.value, value, config, payload) == pytest.approx(0, abs=1e-9)
        assert kind in MARKS or result.value == value
        assert result.agreement == 1
        assert result.dissent == []
        assert result.confidence > 0.9


@everything
def test_no_votes(name):
    kind, config, payload, _ = QUESTIONS[name]
    result = for_type(kind).aggregate([], config, payload)
    assert (result.value, result.confidence, result.agreement, result.n) == (None, None, None, 0)


@everything
@given(data=st.data())
def test_one_vote(name, data):
    kind, config, payload, values = QUESTIONS[name]
    value = data.draw(values)
    result = for_type(kind).aggregate(votes(value), config, payload)
    assert result.n == 0 or result.value == value
    assert result.agreement is None


def published(kind):
    """Questions of the shared vectors with their valid answers: [(config, payload, values)]."""
    grouped = {}
    for row in json.loads((VECTORS / f"{kind}.json").read_text(encoding="utf-8")):
        question, value = row["question"], row["normalised"]
        if value is not None and "per" not in question and all(code.startswith("warning:") for code in row["codes"]):
            config, payload = question.get("config", {}), row["payload"]
            grouped.setdefault(json.dumps([config, payload]), (config, payload, []))[2].append(value)
    return list(grouped.values())


@pytest.mark.parametrize("kind", KINDS)
def test_every_valid_answer_of_the_shared_vectors(kind):
    module = for_type(kind)
    for config, payload, values in published(kind):
        for a, b in product(values, repeat=2):
            assert 0 <= module.distance(a, b, config, payload) <= 1
            assert module.passes(a, a, config, payload)[0]
            result = module.aggregate(votes(a, b, b), config, payload)
            assert result.n in (0, 1, 2, 3)
