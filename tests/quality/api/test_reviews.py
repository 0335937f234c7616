"""A program reads the reviews of a task: what was decided, and why the answers differ; not who looked a second time."""

import pytest

from tests.annotation.api.calls import Caller
from tests.quality.domain import test_second_looks as twice
from tests.quality.domain.test_reviews import decide, reviewer, take, waiting

pytestmark = pytest.mark.django_db


def test_why_answers_differ_stands_with_the_review_and_the_result():
    task, person = waiting("good", "good", "bad"), reviewer()
    decide(take(task, person), person, "accept", disagreement="unclear_data")
    call = Caller(task.organization)
    (shown,) = call.get(f"tasks/{task.public_id}/reviews").json()["data"]
    assert (shown["decision"], shown["disagreement"]) == ("accept", "unclear_data")
    result = call.get(f"tasks/{task.public_id}/result").json()
    assert result["provenance"]["disagreement"] == "unclear_data"


def test_a_decision_at_which_somebody_looks_again_shows_nothing_yet():
    one, _other, _third = twice.holder("review"), twice.holder("review"), twice.holder("adjudicate")
    task = twice.waiting(twice.looked_at_twice())
    twice.decide(task, one, "accept", 0, disagreement="slip")
    assert Caller(task.organization).get(f"tasks/{task.public_id}/reviews").json()["data"] == []
