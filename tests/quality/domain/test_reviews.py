"""Reviews: taken by somebody else, decided once, with every decision's consequences."""

import contextlib
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from annotation.domain import expiry, leases, tasks
from annotation.domain.answers import InvalidAnswer, submit
from annotation.models import Annotation, Assignment, Event, Project, Result, Task
from quality.domain import invariants, pipeline, review_queue, reviews
from quality.domain.decisions import Decision, NothingChosen, ReasonMissing, UnknownDecision
from quality.models import Evidence, Review
from tests.factories import grant_skill, make_answer, make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM, Actor
from workforce.models import Contributor, Earning, Notice

pytestmark = pytest.mark.django_db

WHY = {"reasons": ["wrong"], "note": "Look at the last sentence."}


def review_project(**more) -> Project:
    quality = {"overlap": {"min": 3, "max": 3}, "review": {"share": 0.0, "below_confidence": 0.99}}
    return make_project(quality=quality, **more)


def reviewer(grant: str = "review") -> Contributor:
    person = make_contributor()
    grant_skill(person, grant)
    return person


def waiting(*values: str, project: Project | None = None) -> Task:
    """A task whose answers do not agree enough, waiting for a review."""
    (task,) = make_tasks(project or review_project(), 1, seats=len(values), seats_max=len(values))
    for value in values:
        make_answer(task, make_contributor(), {"tone": value})
    pipeline.run(keys=[task.public_id])
    task.refresh_from_db()
    assert task.status == "in_review"
    return task


def take(task: Task, person: Contributor) -> leases.Taken:
    return review_queue.take(project_id=task.project_id, contributor_id=person.pk, by=SYSTEM)


def decide(taken: leases.Taken, person: Contributor, decision: str, **more) -> Review | None:
    return reviews.decide(
        assignment=taken.assignment,
        contributor_id=person.pk,
        epoch=taken.epoch,
        decision=Decision(decision, **more),
        active_ms=30_000,
        by=Actor("contributor", person.public_id),
    )


def answers(task: Task) -> list[Annotation]:
    return list(Annotation.objects.filter(task=task).order_by("id"))


def sound() -> bool:
    """No invariant but the numbering of events, which nobody has done yet, is violated."""
    return all(found.violations == 0 for found in map(invariants.check, invariants.ALL) if found.invariant.code != "I9")


@pytest.fixture
def case() -> tuple[Task, Contributor, leases.Taken]:
    task, person = waiting("good", "good", "bad"), reviewer()
    return task, person, take(task, person)


def test_an_accepted_answer_becomes_the_result(case):
    task, person, taken = case
    good, _, bad = answers(task)

    review = decide(taken, person, "accept", answer=good.public_id)

    assert (review.status, review.decision, review.annotation_id) == ("decided", "accept", good.pk)
    result = Result.objects.get(task=task)
    assert result.answers["tone"]["value"] == "good"
    assert result.answers["tone"]["method"] == "review"
    assert result.confidence >= 0.95
    assert result.provenance["reviews"] == [review.public_id]
    assert [row.status for row in answers(task)] == ["accepted", "accepted", "corrected"]
    assert Earning.objects.filter(kind="work", status="available").count() == 3
    assert sorted(Evidence.objects.filter(kind="review").values_list("annotation_id", "outcome")) == [
        (row.pk, float(row.pk != bad.pk)) for row in answers(task)
    ]
    codes = {notice.contributor_id: notice.code for notice in Notice.objects.all()}
    assert codes[good.contributor_id] == "answer_accepted_in_review"
    assert codes[bad.contributor_id] == "answer_corrected"
    said = Notice.objects.get(contributor=bad.contributor).params
    assert (said["yours"], said["accepted"]) == ({"tone": "bad"}, {"tone": "good"})
    assert person.public_id not in str(said)
    assert sound()


def test_the_merged_value_can_be_accepted(case):
    task, person, taken = case
    decide(taken, person, "accept")
    assert Result.objects.get(task=task).answers["tone"]["value"] == "good"
    assert Review.objects.get(task=task).annotation is None


def test_there_may_be_nothing_to_merge():
    task, person = waiting("good", "bad"), reviewer()
    with pytest.raises(NothingChosen):
        decide(take(task, person), person, "accept")
    assert Task.objects.get(pk=task.pk).status == "in_review"


def test_a_correction_becomes_the_result_and_the_answers_stay(case):
    task, person, taken = case

    review = decide(taken, person, "correct", value={"tone": "mixed"}, note="Both tones are there.")

    assert review.value == {"tone": "mixed"}
    assert Result.objects.get(task=task).answers["tone"]["value"] == "mixed"
    assert {row.status for row in answers(task)} == {"corrected"}
    assert [row.answer["value"]["tone"] for row in answers(task)] == ["good", "good", "bad"]
    assert Earning.objects.filter(kind="work", status="available").count() == 3
    assert set(Evidence.objects.values_list("outcome", flat=True)) == {0.0}
    assert sound()


def test_a_correction_must_fit_the_schema(case):
    _task, person, taken = case
    with pytest.raises(InvalidAnswer):
        decide(taken, person, "correct", value={"tone": "purple"})
    assert Assignment.objects.get(public_id=taken.assignment).status == "leased"


def test_returned_work_goes_back_to_its_author_and_comes_back_to_the_reviewer(case):
    task, person, taken = case
    _, _, bad = answers(task)

    decide(
        taken,
        person,
        "return",
        answer=bad.public_id,
        comments=[{"path": "/tone", "text": "Read it again."}],
        reasons=["wrong"],
    )

    bad.refresh_from_db()
    assert bad.status == "superseded"
    offered = Assignment.objects.get(task=task, contributor=bad.contributor, round=2)
    assert (offered.status, offered.origin, offered.terms["price_minor"]) == ("offered", "return", 0)
    assert offered.offered_until > timezone.now() + timedelta(hours=47)
    assert offered.terms["brief"]["comments"] == [{"path": "/tone", "text": "Read it again."}]
    back = Task.objects.get(pk=task.pk)
    assert (back.status, back.stage, back.answers, back.seats_taken, back.seats) == ("collecting", "label", 2, 3, 3)
    assert Notice.objects.get(contributor=bad.contributor).code == "work_returned"
    assert sound()

    again = leases.take(project_id=task.project_id, contributor_id=bad.contributor_id, by=SYSTEM)
    assert again.task_id == task.pk
    assert again.draft["value"] == {"tone": "bad"}
    resubmit(again, bad.contributor, "good")
    assert pipeline.run(keys=[task.public_id]).review == 1

    second = Review.objects.get(task=task, status="requested")
    assert second.cause == "returned"
    offer = Assignment.objects.get(task=task, contributor=person, status="offered")
    assert (offer.stage, offer.round, offer.origin) == ("review", 2, "return")
    assert sound()
    decide(take(task, person), person, "accept")
    assert Task.objects.get(pk=task.pk).status == "completed"
    assert Earning.objects.filter(contributor=bad.contributor, kind="work", status="available").count() == 1
    assert sound()


def resubmit(taken: leases.Taken, person: Contributor, value: str) -> None:
    """Answer a lease as `answers.submit` does."""
    submit(
        assignment=taken.assignment,
        contributor_id=person.pk,
        epoch=taken.epoch,
        client_key=uuid4(),
        envelope={"schema_version": 1, "value": {"tone": value}},
        active_ms=1000,
        by=SYSTEM,
    )


def test_a_return_that_is_not_taken_up_opens_the_seat(case):
    task, person, taken = case
    bad = answers(task)[-1]
    decide(taken, person, "return", answer=bad.public_id, **WHY)

    expiry.lapse(now=timezone.now() + timedelta(hours=49))

    back = Task.objects.get(pk=task.pk)
    assert (back.seats_taken, back.claimable) == (2, True)
    assert Earning.objects.get(contributor=bad.contributor).status == "reversed"
    assert sound()


@pytest.mark.parametrize("end", ["given back", "ran out"])
def test_a_return_that_is_opened_and_left_is_not_paid_either(case, end):
    task, person, taken = case
    bad = answers(task)[-1]
    decide(taken, person, "return", answer=bad.public_id, **WHY)
    again = leases.take(project_id=task.project_id, contributor_id=bad.contributor_id, by=SYSTEM)

    if end == "given back":
        mine = {"assignment": again.assignment, "contributor_id": bad.contributor_id, "epoch": again.epoch}
        expiry.release(**mine, reason="not_for_me", by=SYSTEM)
    else:
        expiry.expire(now=timezone.now() + timedelta(hours=2))

    assert Task.objects.get(pk=task.pk).claimable
    assert Earning.objects.get(contributor=bad.contributor).status == "reversed"
    assert sound()


def test_a_return_that_comes_late_is_paid_after_all(case):
    task, person, taken = case
    bad = answers(task)[-1]
    decide(taken, person, "return", answer=bad.public_id, **WHY)
    again = leases.take(project_id=task.project_id, contributor_id=bad.contributor_id, by=SYSTEM)
    expiry.expire(now=timezone.now() + timedelta(hours=2))

    resubmit(again, bad.contributor, "good")

    assert answers(task)[-1].status == "pending"
    earning = Earning.objects.get(contributor=bad.contributor)
    assert (earning.status, earning.settled_at, earning.reason) == ("pending", None, "")
    assert sound()


def test_a_rejected_answer_frees_its_seat_for_somebody_else(case):
    task, person, taken = case
    bad = answers(task)[-1]

    decide(taken, person, "reject", answer=bad.public_id, **WHY)

    bad.refresh_from_db()
    assert bad.status == "rejected"
    assert bad.decision["reasons"] == ["wrong"]
    assert bad.decision["note"] == WHY["note"]
    back = Task.objects.get(pk=task.pk)
    assert (back.status, back.answers, back.seats_taken, back.seats, back.claimable) == ("collecting", 2, 2, 3, True)
    assert Earning.objects.get(contributor=bad.contributor).status == "reversed"
    assert Notice.objects.get(contributor=bad.contributor).code == "answer_rejected"
    assert Evidence.objects.get(annotation=bad).outcome == 0.0
    with pytest.raises(leases.NothingToLabel):
        leases.take(project_id=task.project_id, contributor_id=bad.contributor_id, by=SYSTEM)
    assert leases.take(project_id=task.project_id, contributor_id=make_contributor().pk, by=SYSTEM).task_id == task.pk
    assert sound()


@pytest.mark.parametrize("decision", ["return", "reject"])
@pytest.mark.parametrize("said", [{}, {"reasons": ["wrong"]}, {"note": "No."}, {"reasons": ["wrong"], "note": "  "}])
def test_the_author_is_told_why(case, decision, said):
    task, person, taken = case
    with pytest.raises(ReasonMissing):
        decide(taken, person, decision, answer=answers(task)[0].public_id, **said)
    assert Review.objects.get().status == "requested"


def test_decisions_outside_the_list_are_refused(case):
    _, person, taken = case
    for decision, more in (("delete", {}), ("return", {"reasons": ["ugly"], "note": "x"}), ("escalate", {"to": "mum"})):
        with pytest.raises(UnknownDecision):
            decide(taken, person, decision, **more)


def test_an_answer_of_another_task_cannot_be_meant(case):
    _, person, taken = case
    foreign = answers(waiting("good", "good", "bad"))[0]
    with pytest.raises(NothingChosen):
        decide(taken, person, "accept", answer=foreign.public_id)


def test_an_expert_decides_what_was_escalated(case):
    task, person, taken = case

    review = decide(taken, person, "escalate", note="I am not sure.")

    assert review.status == "escalated"
    moved = Task.objects.get(pk=task.pk)
    assert (moved.status, moved.stage, moved.seats_taken) == ("in_review", "adjudicate", 0)
    assert Review.objects.get(status="requested").cause == "escalated"
    with pytest.raises(leases.NothingToLabel):
        take(task, reviewer())
    with pytest.raises(leases.NothingToLabel):
        take(task, person)
    expert = reviewer("adjudicate")
    seat = take(task, expert)
    with pytest.raises(tasks.WrongState):
        decide(seat, expert, "escalate")
    decide(seat, expert, "accept", answer=answers(task)[0].public_id)
    assert Task.objects.get(pk=task.pk).status == "completed"
    assert len(Result.objects.get(task=task).provenance["reviews"]) == 1
    assert sound()


def test_a_second_opinion_comes_from_somebody_else(case):
    task, person, taken = case
    decide(taken, person, "escalate", to="peer")

    assert Review.objects.get(status="requested").cause == "second_opinion"
    with pytest.raises(leases.NothingToLabel):
        take(task, person)
    other = reviewer()
    decide(take(task, other), other, "accept")
    assert Task.objects.get(pk=task.pk).status == "completed"
    assert sound()


def test_a_review_is_paid_whatever_it_says(case):
    _task, person, taken = case
    decide(taken, person, "escalate")
    earning = Earning.objects.get(contributor=person)
    assert (earning.kind, earning.amount_minor, earning.status) == ("review", 3, "available")


def test_an_exit_can_be_accepted():
    (task,) = make_tasks(review_project(), 1, seats=3, seats_max=3)
    honest = make_answer(task, make_contributor(), {"tone": "good"})
    exits = [make_answer(task, make_contributor(), exit_="cannot_judge") for _ in range(3)]
    pipeline.run(keys=[task.public_id])
    person = reviewer()

    decide(take(task, person), person, "accept", answer=exits[0].public_id)

    closed = Task.objects.get(pk=task.pk)
    assert (closed.status, closed.failure) == ("failed", "cannot_judge")
    assert {row.status for row in answers(task)} == {"accepted"}
    assert honest.pk in {row.pk for row in answers(task)}
    assert sound()


def test_an_exit_can_be_rejected_and_the_task_goes_on():
    (task,) = make_tasks(review_project(), 1, seats=3, seats_max=3)
    left = make_answer(task, make_contributor(), exit_="unsafe")
    pipeline.run(keys=[task.public_id])
    person = reviewer()

    decide(take(task, person), person, "reject", answer=left.public_id, reasons=["other"], note="It is a recipe.")

    back = Task.objects.get(pk=task.pk)
    assert (back.status, back.stage, back.seats, back.answers, back.claimable) == ("collecting", "label", 1, 0, True)
    assert pipeline.run(keys=[task.public_id]) == pipeline.Outcome()
    assert not Evidence.objects.exists()
    assert sound()


def test_nobody_reviews_own_work():
    task = waiting("good", "good", "bad")
    author = answers(task)[0].contributor
    grant_skill(author, "review")
    with pytest.raises(leases.NothingToLabel):
        take(task, author)


def test_own_work_is_refused_even_with_a_lease_in_hand(case):
    task, person, taken = case
    row = answers(task)[0].assignment
    Assignment.objects.filter(pk=row.pk).update(contributor=person, round=7)
    with pytest.raises(reviews.NotIndependent):
        decide(taken, person, "accept")


def test_reviews_need_the_grant():
    task = waiting("good", "good", "bad")
    with pytest.raises(leases.NothingToLabel):
        take(task, make_contributor())


def test_deciding_again_returns_what_was_decided(case):
    _task, person, taken = case
    first = decide(taken, person, "accept")
    second = decide(taken, person, "correct", value={"tone": "mixed"})
    assert second.pk == first.pk
    assert second.decision == "accept"
    assert Result.objects.count() == 1
    assert Earning.objects.filter(kind="review").count() == 1


def test_a_lost_lease_decides_nothing(case):
    _task, person, taken = case
    Assignment.objects.filter(public_id=taken.assignment).update(leased_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(leases.LeaseLost):
        decide(taken, person, "accept")
    with pytest.raises(leases.LeaseLost):
        reviews.decide(
            assignment="nonsense",
            contributor_id=person.pk,
            epoch=1,
            decision=Decision("accept"),
            active_ms=0,
            by=SYSTEM,
        )


def test_an_old_tab_is_fenced_off(case):
    task, person, taken = case
    resumed = review_queue.resume(project_id=task.project_id, contributor_id=person.pk, by=SYSTEM)
    assert resumed.epoch == taken.epoch + 1
    with pytest.raises(leases.LeaseLost):
        decide(taken, person, "accept")
    assert decide(resumed, person, "accept").decision == "accept"


def test_a_task_that_ended_meanwhile_is_not_judged_but_the_reviewer_is_paid(case):
    task, person, taken = case
    tasks.cancel(task_id=task.pk, by=SYSTEM)

    assert decide(taken, person, "accept") is None

    assert Earning.objects.get(contributor=person).status == "available"
    assert review_queue.withdraw() == 1
    assert Review.objects.get().status == "withdrawn"
    assert Task.objects.get(pk=task.pk).status == "canceled"


def test_the_decision_is_an_event(case):
    task, person, taken = case
    review = decide(taken, person, "accept")
    event = Event.objects.get(type="review.decided")
    assert event.subject == review.public_id
    assert event.data["task"] == task.public_id
    assert event.data["review"]["decision"] == "accept"


def test_riskier_tasks_are_reviewed_first():
    project = review_project()
    calm = waiting("good", "good", "bad", project=project)
    risky = waiting("good", "bad", "mixed", project=project)
    person = reviewer()
    assert take(calm, person).task_id == risky.pk


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_two_reviewers_take_two_tasks_and_a_third_finds_nothing():
    project = review_project()
    found = [waiting("good", "good", "bad", project=project) for _ in range(2)]
    people = [reviewer() for _ in range(3)]
    barrier, taken = threading.Barrier(3), []

    def work(person: Contributor) -> None:
        barrier.wait()
        try:
            taken.append(take(found[0], person).task_id)
        except leases.NothingToLabel:
            taken.append(0)
        connection.close()

    threads = [threading.Thread(target=work, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == [0, *sorted(task.pk for task in found)]


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_the_same_seat_decided_twice_at_once_counts_once():
    task, person = waiting("good", "good", "bad"), reviewer()
    taken = take(task, person)
    barrier, outcomes = threading.Barrier(2), []

    def work(decision: str, more: dict) -> None:
        barrier.wait()
        outcomes.append(decide(taken, person, decision, **more).decision)
        connection.close()

    threads = [
        threading.Thread(target=work, args=["accept", {}]),
        threading.Thread(target=work, args=["correct", {"value": {"tone": "mixed"}}]),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(outcomes)) == 1
    assert Result.objects.count() == 1
    assert Earning.objects.filter(kind="review").count() == 1
    assert sound()


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_a_cancel_during_a_decision_leaves_one_outcome():
    task, person = waiting("good", "good", "bad"), reviewer()
    taken = take(task, person)
    barrier = threading.Barrier(2)

    def cancel() -> None:
        barrier.wait()
        with contextlib.suppress(tasks.WrongState):
            tasks.cancel(task_id=task.pk, by=SYSTEM)
        connection.close()

    def judge() -> None:
        barrier.wait()
        decide(taken, person, "accept")
        connection.close()

    threads = [threading.Thread(target=cancel), threading.Thread(target=judge)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    ended = Task.objects.get(pk=task.pk)
    assert ended.status in ("completed", "canceled")
    assert Result.objects.count() == (ended.status == "completed")
    review_queue.withdraw()
    assert sound()
