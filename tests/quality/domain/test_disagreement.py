"""Why answers differ: said with a decision or not at all, kept with it and delivered with the result, and never told to an author."""

import pytest

from annotation.models import Annotation, Assignment, Event, Result
from annotation.queries import exports
from quality.domain.decisions import NothingDiffers, UnknownDecision
from quality.models import Review
from quality.queries import desk
from tests.annotation.queries.test_exports import lines, table
from tests.factories import make_answer, make_contributor, make_tasks
from tests.quality.domain import test_second_looks as twice
from tests.quality.domain.test_reviews import answers, decide, pipeline, review_project, reviewer, take, waiting
from workforce.models import Notice

pytestmark = pytest.mark.django_db

WHY = {"reasons": ["wrong"], "note": "Look at the last sentence."}


def test_it_is_kept_with_the_decision_and_delivered_with_the_result():
    task, person = waiting("good", "good", "bad"), reviewer()
    review = decide(take(task, person), person, "accept", disagreement="several_right")
    assert review.disagreement == "several_right"
    assert Result.objects.get(task=task).provenance["disagreement"] == "several_right"
    (line,) = lines(task.project)
    assert line["_meta"]["disagreement"] == "several_right"
    (row,) = table(task.project)
    assert row["_disagreement"] == "several_right"
    assert Event.objects.get(type="review.decided").data["review"]["disagreement"] == "several_right"


def test_nobody_has_to_say_it():
    task, person = waiting("good", "good", "bad"), reviewer()
    assert decide(take(task, person), person, "accept").disagreement == ""
    assert "disagreement" not in Result.objects.get(task=task).provenance
    (line,), (row,) = lines(task.project), table(task.project)
    assert "disagreement" not in line["_meta"]
    assert row["_disagreement"] == ""
    assert exports.PROVENANCE.keys() >= {"disagreement"}


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_no_author_is_told(decision):
    task, person = waiting("good", "good", "bad"), reviewer()
    bad = answers(task)[2]
    about = {"answer": bad.public_id, **WHY} if decision == "reject" else {}
    decide(take(task, person), person, decision, disagreement="slip", **about)
    told = Notice.objects.filter(contributor=bad.contributor)
    assert told.exists()
    assert "slip" not in str(list(told.values_list("params", flat=True)))
    assert "slip" not in str(Annotation.objects.get(pk=bad.pk).decision)


@pytest.mark.parametrize("said", ["boredom", "Slip", "slip "])
def test_it_is_one_of_a_closed_list(said):
    task, person = waiting("good", "good", "bad"), reviewer()
    seat = take(task, person)
    with pytest.raises(UnknownDecision, match="no such reason"):
        decide(seat, person, "accept", disagreement=said)
    assert Assignment.objects.get(public_id=seat.assignment).status == "leased"


def test_where_answers_agree_there_is_nothing_to_say():
    task, person = waiting("good"), reviewer()
    seat = take(task, person)
    with pytest.raises(NothingDiffers):
        decide(seat, person, "correct", value={"tone": "bad"}, disagreement="hard")
    assert Review.objects.get(task=task).status == "requested"
    assert decide(seat, person, "correct", value={"tone": "bad"}).status == "decided"


def test_an_exit_differs_from_an_answer():
    (task,) = make_tasks(review_project(), 1, seats=1, seats_max=1)
    make_answer(task, make_contributor(), {"tone": "good"})
    make_answer(task, make_contributor(), exit_="unsafe")
    pipeline.run(keys=[task.public_id])
    person = reviewer()
    assert decide(take(task, person), person, "accept", disagreement="unclear_data").disagreement == "unclear_data"


def test_each_of_two_instances_keeps_its_own_and_the_result_has_the_last():
    task, person, expert = waiting("good", "good", "bad"), reviewer(), reviewer("adjudicate")
    passed_on = decide(take(task, person), person, "escalate", disagreement="hard")
    seat = take(task, expert)
    (past,) = desk.desk(assignment=seat.assignment).history
    assert past.disagreement == "hard"
    decided = decide(seat, expert, "accept", disagreement="unclear_guidelines")
    passed_on.refresh_from_db()
    assert (passed_on.disagreement, decided.disagreement) == ("hard", "unclear_guidelines")
    assert Result.objects.get(task=task).provenance["disagreement"] == "unclear_guidelines"


def test_a_second_look_keeps_its_own_and_the_first_decision_is_delivered():
    one, other = twice.holder("review"), twice.holder("review")
    twice.holder("adjudicate")
    task = twice.waiting(twice.looked_at_twice())
    first = twice.decide(task, one, "accept", 0, disagreement="slip")
    assert (first.status, first.disagreement) == ("held", "slip")
    second = twice.decide(task, other, "accept", 0, disagreement="hard")
    assert second.disagreement == "hard"
    assert Result.objects.get(task=task).provenance["disagreement"] == "slip"
