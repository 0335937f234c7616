"""Settle, ask one more, or review: the table, row by row."""

from dataclasses import replace

import pytest

from quality.aggregation.decide import Policy, decide, decide_question, task_agreement
from quality.aggregation.votes import Basis, Result

POLICY = Policy(least=2, most=4, confidence=0.9)


def result(confidence, *, value="a", doubt="", agreement=None):
    return Result(value, confidence, "one_coin", 3, doubt=doubt, agreement=agreement)


@pytest.mark.parametrize(
    ("found", "n", "below", "status", "reason"),
    [
        (result(0.99), 1, None, "more", "too_few"),
        (result(None, doubt="cannot_merge"), 1, None, "more", "too_few"),
        (result(0.9), 2, None, "settled", "confident"),
        (result(0.89), 3, None, "more", "low_confidence"),
        (result(0.5, value=None, doubt="tie"), 3, None, "more", "tie"),
        (result(0.95, doubt="tie"), 3, None, "more", "tie"),
        (result(0.95, doubt="spread"), 2, None, "review", "spread"),
        (result(None, doubt="cannot_merge"), 2, None, "review", "cannot_merge"),
        (result(0.89), 4, None, "review", "answers_used_up"),
        (result(0.95), 4, None, "settled", "confident"),
        (result(0.5, value=None, doubt="tie"), 4, None, "review", "tie"),
        (result(None, value=None), 4, None, "review", "answers_used_up"),
        (result(None, value=None), 3, None, "more", "low_confidence"),
        (result(0.7), 4, 0.6, "settled", "confident"),
        (result(0.7), 3, 0.6, "more", "low_confidence"),
        (result(0.59), 4, 0.6, "review", "answers_used_up"),
        (result(0.95), 3, 0.97, "review", "low_confidence"),
        (result(0.7, doubt="tie"), 4, 0.6, "review", "tie"),
        (result(None, value=None, doubt="apart"), 1, None, "more", "too_few"),
        (result(None, value=None, doubt="apart"), 2, 0.6, "plural", "apart"),
    ],
)
def test_question(found, n, below, status, reason):
    policy = Policy(least=2, most=4, confidence=0.9, below=below)
    decision = decide_question(found, n, policy)
    assert (decision.status, decision.reason) == (status, reason)


@pytest.mark.parametrize(
    ("confidence", "basis", "target"),
    [
        (0.9, Basis("est_1"), 0.9),
        (0.9, Basis(), 0.9),
        (None, Basis("est_1"), 0.99),
        (None, Basis(), 0.95),
        (None, Basis("est_1", calibrated=True), 0.95),
        (0.99, Basis("est_1", calibrated=True, ceiling=0.99), 0.99),
        (0.99, Basis("est_1", calibrated=True, ceiling=0.98), 0.97),
        (None, Basis("est_1", calibrated=True, ceiling=0.9), 0.85),
    ],
)
def test_a_fit_that_nothing_has_calibrated_must_be_surer_where_the_project_does_not_say(confidence, basis, target):
    policy = Policy(least=1, most=3, confidence=confidence)
    assert decide_question(replace(result(target), basis=basis), 1, policy).status == "settled"
    assert decide_question(replace(result(target - 0.001), basis=basis), 1, policy).status == "more"


def test_task_is_as_its_gravest_question():
    clear, low, hopeless = result(0.95), result(0.5), result(0.95, doubt="spread")
    assert decide({"x": clear}, 3, POLICY).status == "settled"
    assert decide({"x": clear, "y": low}, 3, POLICY).status == "more"
    decision = decide({"x": clear, "y": low, "z": hopeless}, 3, POLICY)
    assert (decision.status, decision.reason) == ("review", "spread")
    assert {name: each.status for name, each in decision.questions.items()} == {
        "x": "settled",
        "y": "more",
        "z": "review",
    }


def test_task_without_required_questions():
    assert decide({}, 1, POLICY).status == "more"
    assert decide({}, 2, POLICY).status == "settled"


def test_policy_from_a_project():
    assert Policy.of({}) == Policy(1, 1, None, None)
    quality = {"overlap": {"min": 2, "max": 5, "confidence": 0.9}, "review": {"share": 0.1, "below_confidence": 0.6}}
    assert Policy.of(quality) == Policy(2, 5, 0.9, 0.6)
    assert Policy.of({"overlap": {"min": 3}}).most == 3


def test_task_agreement():
    found = {"x": result(1, agreement=1.0), "y": result(1, agreement=0.5), "z": result(1)}
    assert task_agreement(found, {}) == 0.75
    assert task_agreement(found, {"x": 3}) == 0.875
    assert task_agreement(found, {"x": 0, "y": 0}) is None
    assert task_agreement({}, {}) is None
