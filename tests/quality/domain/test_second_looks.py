"""Second looks: some decisions wait for another reviewer, who does not know it; where the two differ, a third decides."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotation.domain import leases
from annotation.models import Annotation, Event, Project, Result, Task
from quality.domain import customer_decisions, invariants, pipeline, review_queue, reviews, second_looks
from quality.domain.decisions import Decision, NothingChosen
from quality.models import Review, ReviewerEvidence
from quality.queries import desk
from tests.factories import fresh, grant_skill, make_answer, make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor, Earning

pytestmark = pytest.mark.django_db

WHY = {"reasons": ["wrong"], "note": "Look at the last sentence."}


def looked_at_twice(second: float = 1.0) -> Project:
    quality = {"overlap": {"min": 3, "max": 3}, "review": {"share": 0.0, "below_confidence": 0.99, "second": second}}
    return make_project(quality=quality)


def holder(*grants: str) -> Contributor:
    person = make_contributor()
    for grant in grants:
        grant_skill(person, grant)
    return person


def waiting(project: Project, *, first: Contributor | None = None) -> Task:
    """A task to be reviewed, with three answers; `first`: who gave the first of them."""
    (task,) = make_tasks(project, 1, seats=3, seats_max=3)
    for person, tone in (
        (first or make_contributor(), "good"),
        (make_contributor(), "bad"),
        (make_contributor(), "mixed"),
    ):
        make_answer(task, person, {"tone": tone})
    pipeline.run(keys=[task.public_id])
    return fresh(task)


def decide(task: Task, person: Contributor, decision: str, at: int | None = None, **more) -> Review:
    """By this person, about the answer at this place."""
    taken = review_queue.take(project_id=task.project_id, contributor_id=person.pk, by=SYSTEM)
    answer = "" if at is None else Annotation.objects.filter(task=task).order_by("id")[at].public_id
    return reviews.decide(
        assignment=taken.assignment,
        contributor_id=person.pk,
        epoch=taken.epoch,
        decision=Decision(decision, answer=answer, **more),
        active_ms=1000,
        by=SYSTEM,
    )


def sound() -> bool:
    found = [found for found in map(invariants.check, invariants.ALL) if found.invariant.code != "I9"]
    assert [(each.invariant.code, each.examples) for each in found if each.violations] == []
    return True


@pytest.fixture
def one() -> Contributor:
    return holder("review")


@pytest.fixture
def other() -> Contributor:
    return holder("review")


@pytest.fixture
def third() -> Contributor:
    return holder("adjudicate")


@pytest.fixture
def task(one, other, third) -> Task:
    return waiting(looked_at_twice())


def outcomes() -> list[tuple[int, str, float, str]]:
    rows = ReviewerEvidence.objects.order_by("review_id")
    return [(row.reviewer_id, row.kind, row.outcome, row.fault) for row in rows]


def test_a_decision_waits_and_nobody_is_told(task, one):
    review = decide(task, one, "accept", 0)

    assert (review.status, review.second_p) == ("held", 1.0)
    second = Review.objects.get(second_of=review)
    assert (second.status, second.cause, second.risk) == ("requested", review.cause, review.risk)
    assert fresh(task).status == "in_review"
    assert not Result.objects.exists()
    assert Earning.objects.get(contributor=one).status == "available"
    assert not Event.objects.filter(type="review.decided").exists()
    assert sound()


def test_the_first_reviewer_never_gets_it_again(task, one):
    decide(task, one, "accept", 0)
    with pytest.raises(leases.NothingToLabel):
        decide(task, one, "accept", 0)


def test_the_second_reviewer_sees_nothing_of_it(task, one, other):
    first = decide(task, one, "accept", 0)
    taken = review_queue.take(project_id=task.project_id, contributor_id=other.pk, by=SYSTEM)
    shown = desk.desk(assignment=taken.assignment)
    assert shown.history == []
    assert shown.review.cause == first.cause


def test_where_both_agree_the_first_decision_stands(task, one, other):
    first = decide(task, one, "accept", 0)
    second = decide(task, other, "correct", value={"tone": "good"})

    assert (fresh(first).status, second.status) == ("decided", "decided")
    assert Result.objects.get(task=task).provenance["reviews"] == [first.public_id]
    assert outcomes() == [(one.pk, "second", 1.0, ""), (other.pk, "second", 1.0, "")]
    assert Earning.objects.filter(contributor=other, kind="review", status="available").count() == 1
    assert Event.objects.filter(type="review.decided").count() == 1
    assert sound()


def test_a_rejection_is_carried_out_when_it_is_confirmed(task, one, other):
    decide(task, one, "reject", 2, **WHY)
    bad = Annotation.objects.filter(task=task).order_by("id")[2]
    assert bad.status == "pending"

    decide(task, other, "reject", 2, **WHY)

    assert fresh(bad).status == "rejected"
    assert fresh(task).stage == "label"
    assert sound()


def test_where_they_differ_a_third_decides(task, one, other, third):
    decide(task, one, "reject", 0, **WHY)
    decide(task, other, "accept", 0)
    assert fresh(task).stage == "adjudicate"
    assert not ReviewerEvidence.objects.exists()
    assert sound()

    taken = review_queue.take(project_id=task.project_id, contributor_id=third.pk, by=SYSTEM)
    shown = desk.desk(assignment=taken.assignment)
    assert [review.decision for review in shown.history] == ["reject", "accept"]
    decide_held(taken, third, "accept", task)

    assert Result.objects.get(task=task).answers["tone"]["value"] == "good"
    assert outcomes() == [(one.pk, "adjudication", 0.0, "false_reject"), (other.pk, "adjudication", 1.0, "")]
    assert sound()


def decide_held(taken: leases.Taken, person: Contributor, decision: str, task: Task) -> Review:
    answer = Annotation.objects.filter(task=task).order_by("id").first()
    return reviews.decide(
        assignment=taken.assignment,
        contributor_id=person.pk,
        epoch=taken.epoch,
        decision=Decision(decision, answer=answer.public_id),
        active_ms=1000,
        by=SYSTEM,
    )


def test_without_an_expert_left_the_first_decision_stands(one):
    both = holder("review", "adjudicate")
    holder("review")
    task = waiting(looked_at_twice())
    first = decide(task, one, "accept", 0)
    second = decide(task, both, "accept", 1)
    assert (fresh(first).status, second.status) == ("decided", "decided")
    assert Result.objects.get(task=task).answers["tone"]["value"] == "good"
    assert outcomes() == []
    assert sound()


def test_who_let_through_what_was_wrong(task, one, other, third):
    decide(task, one, "accept", 1)
    decide(task, other, "accept", 0)
    decide(task, third, "accept", 0)
    assert outcomes() == [(one.pk, "adjudication", 0.0, "missed_error"), (other.pk, "adjudication", 1.0, "")]


def test_the_second_reviewer_may_pass_it_on(task, one, other, third):
    first = decide(task, one, "accept", 0)
    decide(task, other, "escalate", to="expert")
    assert fresh(first).status == "escalated"
    assert fresh(task).stage == "adjudicate"

    decide(task, third, "accept", 1)

    assert outcomes() == [(one.pk, "adjudication", 0.0, "missed_error")]
    assert sound()


def test_where_nobody_looks_in_time_the_first_decision_is_carried_out(task, one):
    first = decide(task, one, "accept", 0)
    assert second_looks.carry_out_overdue(now=timezone.now() + timedelta(hours=23)) == 0

    assert second_looks.carry_out_overdue(now=timezone.now() + timedelta(hours=25)) == 1
    assert second_looks.carry_out_overdue(now=timezone.now() + timedelta(hours=25)) == 0

    assert fresh(first).status == "decided"
    assert Review.objects.get(second_of=first).status == "withdrawn"
    assert fresh(task).status == "completed"
    assert not ReviewerEvidence.objects.exists()
    assert sound()


def test_an_expert_decides_where_the_customer_has_accepted_what_was_to_be_rejected(task, one, third):
    first = decide(task, one, "reject", 1, **WHY)
    customer_decisions.accept(annotation=Annotation.objects.filter(task=task).order_by("id")[1], by=SYSTEM)

    assert second_looks.carry_out_overdue(now=timezone.now() + timedelta(hours=25)) == 1

    assert (fresh(first).status, Review.objects.get(status="requested").stage) == ("escalated", "adjudicate")
    assert decide(task, third, "accept", 1).status == "decided"
    assert sound()


def test_who_has_it_in_hand_is_waited_for(task, one, other):
    decide(task, one, "accept", 0)
    review_queue.take(project_id=task.project_id, contributor_id=other.pk, by=SYSTEM)
    assert second_looks.carry_out_overdue(now=timezone.now() + timedelta(hours=25)) == 0


def test_what_is_canceled_is_not_carried_out(task, one):
    first = decide(task, one, "accept", 0)
    Task.objects.filter(pk=task.pk).update(status="canceled")
    assert review_queue.withdraw() == 2
    assert fresh(first).status == "withdrawn"


def test_a_decision_that_means_nothing_is_refused_before_it_waits(task, one):
    with pytest.raises(NothingChosen):
        decide(task, one, "reject", **WHY)
    assert not Review.objects.exclude(second_of=None).exists()


@pytest.mark.parametrize("others", [(), ("review",), ("adjudicate",), ("review+adjudicate",)])
def test_without_others_who_could_look_and_decide_nothing_waits(one, others):
    for grants in others:
        holder(*grants.split("+"))
    task = waiting(looked_at_twice())
    review = decide(task, one, "accept", 0)
    assert (review.status, review.second_p) == ("decided", None)


def test_the_chance_is_kept_and_new_reviewers_have_twice_as_much(one, other, third, monkeypatch):
    project = looked_at_twice(0.05)
    assert decide(waiting(project), one, "accept", 0).second_p == 0.1
    monkeypatch.setattr(second_looks, "NEW", 1)
    assert decide(waiting(project), one, "accept", 0).second_p == 0.05


def test_experts_and_second_opinions_are_not_looked_at_again(task, one, other, third):
    decide(task, one, "escalate", to="expert")
    assert decide(task, third, "accept", 0).second_p is None

    again = waiting(task.project)
    decide(again, one, "escalate", to="peer")
    assert decide(again, other, "accept", 0).second_p is None


@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 1.0])
def test_so_many_are_drawn_and_the_same_ones_again(share):
    keys = [f"rev_{number}" for number in range(4000)]
    first = [second_looks.drawn(key, share) for key in keys]
    assert first == [second_looks.drawn(key, share) for key in keys]
    assert sum(first) / len(keys) == pytest.approx(share, abs=0.03)
