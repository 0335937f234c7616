"""Silence is acceptance: what nobody judges in time is accepted and paid; the task goes on as if nothing had happened."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotation.domain import answers, expiry, judgements, leases, projects
from annotation.models import Annotation, Event, Project, Result, Task
from quality.domain import customer_decisions, gold, invariants, pipeline, review_queue, reviews, second_looks, silence
from quality.domain.decisions import Decision
from quality.models import Evidence, Review
from quality.queries import desk
from quality.tasks import accept_unjudged
from tests.factories import fresh, grant_skill, make_answer, make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor, Earning

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)
WHY = {"reasons": ["wrong"], "note": "Look at the last sentence."}


def later(by: timedelta = WEEK) -> time_machine.travel:
    """A minute after so long."""
    return time_machine.travel(timezone.now() + by + timedelta(minutes=1), tick=True)


def sweep() -> int:
    return silence.accept_unjudged(now=timezone.now())


def answered(project: Project | None = None, **fields) -> Annotation:
    """One answer to a task that wants three."""
    (task,) = make_tasks(project or make_project(), **fields)
    return make_answer(task, make_contributor(), {"tone": "good"})


def reviewer(grant: str = "review") -> Contributor:
    person = make_contributor()
    grant_skill(person, grant)
    return person


def in_review(second: float = 0.0) -> Task:
    """Three answers that differ; a reviewer is asked."""
    quality = {"overlap": {"min": 3, "max": 3}, "review": {"below_confidence": 0.99, "second": second}}
    (task,) = make_tasks(make_project(quality=quality), 1, seats=3, seats_max=3)
    for tone in ("good", "bad", "mixed"):
        make_answer(task, make_contributor(), {"tone": tone})
    pipeline.run(keys=[task.public_id])
    return fresh(task)


def given(task: Task) -> list[Annotation]:
    return list(Annotation.objects.filter(task=task).order_by("id"))


def decide(task: Task, person: Contributor, decision: str, at: int, **more) -> Review | None:
    taken = review_queue.take(project_id=task.project_id, contributor_id=person.pk, by=SYSTEM)
    return reviews.decide(
        assignment=taken.assignment, contributor_id=person.pk, epoch=taken.epoch, active_ms=1000, by=SYSTEM,
        decision=Decision(decision, answer=given(task)[at].public_id, **more),
    )  # fmt: skip


def sound() -> bool:
    found = [found for found in map(invariants.check, invariants.ALL) if found.invariant.code != "I9"]
    assert [(each.invariant.code, each.examples) for each in found if each.violations] == []
    return True


# --- The sweep --------------------------------------------------------------------------------------------------------
def test_what_nobody_judges_in_a_week_is_accepted_and_paid_and_the_task_goes_on():
    answer = answered()
    before = Task.objects.filter(pk=answer.task_id).values().get()
    assert sweep() == 0

    with later():
        accept_unjudged()
        assert sweep() == 0

    answer.refresh_from_db()
    assert (answer.status, answer.decision["by"]) == ("accepted", "auto")
    assert Earning.objects.get(contributor=answer.contributor).status == "available"
    assert Task.objects.filter(pk=answer.task_id).values().get() == before
    assert not Result.objects.exists()
    event = Event.objects.get(type="annotation.accepted")
    assert (event.subject, event.data["decision"]["by"]) == (answer.public_id, "auto")
    assert sound()


def test_each_answer_has_the_time_of_its_project():
    soon, late = (answered(make_project(auto_accept_s=days * 86_400)) for days in (1, 30))
    with later():
        assert sweep() == 1
    assert [fresh(each).status for each in (soon, late)] == ["accepted", "pending"]


def test_the_time_is_what_the_lease_promised():
    project, person = make_project(auto_accept_s=86_400), make_contributor()
    make_tasks(project)
    taken = leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)
    projects.configure(project=project, changes=projects.Changes(terms={"auto_accept_s": 10 * 86_400}), by=SYSTEM)
    answers.submit(
        assignment=taken.assignment, contributor_id=person.pk, epoch=taken.epoch, client_key=uuid4(), active_ms=1000, by=SYSTEM,
        envelope={"schema_version": 1, "value": {"tone": "good"}},
    )  # fmt: skip
    answer = Annotation.objects.get()
    assert abs(answer.judge_by - answer.submitted_at - timedelta(days=1)) < timedelta(seconds=1)
    assert fresh(project).lease_terms["auto_accept_s"] == 10 * 86_400


def test_the_time_cannot_be_moved_afterwards():
    answer = answered()
    with pytest.raises(DatabaseError, match="judge_by"), transaction.atomic():
        Annotation.objects.filter(pk=answer.pk).update(judge_by=timezone.now())


@pytest.mark.parametrize("status", ["deciding", "canceled", "failed"])
def test_it_does_not_matter_where_the_task_stands(status):
    answer = answered()
    Task.objects.filter(pk=answer.task_id).update(status=status)
    Project.objects.update(status="paused")
    with later():
        assert sweep() == 1
    assert Task.objects.get(pk=answer.task_id).status == status


def test_an_accepted_answer_still_counts_when_the_others_come():
    answer = answered()
    with later():
        sweep()
    for _ in range(2):
        make_answer(answer.task, make_contributor(), {"tone": "good"})
    pipeline.run(keys=[answer.task.public_id])
    result = Result.objects.get(task=answer.task_id)
    assert (result.answers["tone"]["value"], len(result.provenance["annotations"])) == ("good", 3)
    assert Earning.objects.filter(status="available").count() == 3
    assert sound()


def test_silence_confirms_no_exit():
    left = make_answer(make_tasks(make_project())[0], make_contributor(), exit_="broken")
    with later():
        assert sweep() == 0
        judgements.check_in_time(annotation=left, at=timezone.now())
    assert fresh(left).status == "pending"


def test_known_answers_wait_for_their_score_unless_nobody_will_give_it():
    project = make_project()
    items = [gold.plant(project=project, payload={"text": n}, expected={"tone": "good"}, by=SYSTEM) for n in "ab"]
    used, retired = (make_answer(item.task, make_contributor(), {"tone": "bad"}) for item in items)
    gold.retire(item=items[1], by=SYSTEM)
    with later():
        assert sweep() == 1
    assert [fresh(each).status for each in (used, retired)] == ["pending", "accepted"]
    pipeline.redrive()
    assert fresh(used).status == "accepted"
    assert Evidence.objects.get().annotation_id == used.pk


def test_chunks_go_on_until_nothing_is_due(monkeypatch):
    monkeypatch.setattr(silence, "CHUNK", 2)
    project = make_project()
    for _ in range(5):
        answered(project)
    with later():
        assert sweep() == 5


def test_the_number_of_statements_does_not_depend_on_the_number_of_answers():
    counts = []
    for count in (1, 3):
        project = make_project()
        for _ in range(count):
            answered(project)
        with later(), CaptureQueriesContext(connection) as queries:
            assert sweep() == count
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- Reviewers who come too late --------------------------------------------------------------------------------------
@pytest.mark.parametrize("swept", [True, False])
def test_a_reviewer_who_comes_late_can_no_longer_reject_but_still_decide(swept):
    task, person = in_review(), reviewer()
    with later():
        assert not swept or sweep() == 3
        with pytest.raises(judgements.TooLateToReject), transaction.atomic():
            decide(task, person, "reject", 1, **WHY)
        decide(task, person, "accept", 0)
    assert Result.objects.get(task=task).answers["tone"]["value"] == "good"
    assert {row.status for row in given(task)} == ({"accepted"} if swept else {"accepted", "corrected"})
    assert Earning.objects.filter(kind="work", status="available").count() == 3
    assert Evidence.objects.get(annotation=given(task)[1]).outcome == 0.0
    assert sound()


def test_what_silence_has_paid_may_still_be_returned_and_stays_paid():
    task, person = in_review(), reviewer()
    with later():
        sweep()
        decide(task, person, "return", 1, **WHY)
        expiry.lapse(now=timezone.now() + timedelta(hours=49))
    assert given(task)[1].status == "superseded"
    assert Earning.objects.filter(kind="work", status="available").count() == 3
    assert sound()


def test_the_desk_knows_what_can_be_rejected():
    task, person = in_review(), reviewer()
    taken = review_queue.take(project_id=task.project_id, contributor_id=person.pk, by=SYSTEM)
    assert [each.rejectable for each in desk.desk(assignment=taken.assignment).answers] == [True] * 3
    with later():
        assert [each.rejectable for each in desk.desk(assignment=taken.assignment).answers] == [False] * 3


@pytest.mark.parametrize("swept", [True, False])
def test_a_customer_who_comes_late_can_no_longer_reject(swept):
    answer = answered()
    with later():
        assert not swept or sweep() == 1
        with pytest.raises(judgements.TooLateToReject):
            customer_decisions.reject(annotation=answer, by=SYSTEM, **WHY)
        assert customer_decisions.accept(annotation=answer, by=SYSTEM).decision["by"] == (
            "auto" if swept else "customer"
        )


# --- Decisions that were given in time and wait -----------------------------------------------------------------------
def test_a_rejection_given_in_time_waits_for_its_second_look_and_is_carried_out():
    task, one, other = in_review(second=1.0), reviewer(), reviewer()
    reviewer("adjudicate")
    first = decide(task, one, "reject", 1, **WHY)
    assert first.status == "held"
    with later():
        assert sweep() == 0
        decide(task, other, "reject", 1, **WHY)
        assert [row.status for row in given(task)] == ["pending", "rejected", "pending"]
        assert sweep() == 2
    assert fresh(first).status == "decided"
    assert sound()


def test_it_is_carried_out_too_if_nobody_looks_again():
    task, one = in_review(second=1.0), reviewer()
    reviewer("adjudicate")
    reviewer()
    decide(task, one, "reject", 1, **WHY)
    with later():
        assert second_looks.carry_out_overdue(now=timezone.now()) == 1
    assert given(task)[1].status == "rejected"
    assert sound()


def test_an_expert_asked_about_two_who_differ_is_bound_by_the_time():
    task, one, other, expert = in_review(second=1.0), reviewer(), reviewer(), reviewer("adjudicate")
    decide(task, one, "reject", 1, **WHY)
    decide(task, other, "accept", 0)
    with later():
        assert sweep() == 3
        with pytest.raises(judgements.TooLateToReject), transaction.atomic():
            decide(task, expert, "reject", 1, **WHY)
        decide(task, expert, "accept", 0)
    assert Earning.objects.filter(kind="work", status="available").count() == 3
    assert sound()


# --- Always -----------------------------------------------------------------------------------------------------------
def test_the_invariant_sees_who_waits_too_long_and_who_was_accepted_too_soon():
    (invariant,) = [each for each in invariants.ALL if each.code == "I23"]
    early, late = answered(), answered(make_project(auto_accept_s=-7200))
    assert invariants.check(invariant).violations == 0
    customer_decisions.accept(annotation=answered(), by=SYSTEM)  # something has happened since
    assert invariants.check(invariant).violations == 1
    judgements.accept(annotations=[early.pk, late.pk], by=SYSTEM, how="auto")
    assert invariants.check(invariant).violations == 1
    Earning.objects.filter(contributor=late.contributor).update(status="reversed")
    assert invariants.check(invariant).violations == 2
