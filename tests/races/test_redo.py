"""Redo against a submit, a reviewer, a cancel, the pipeline and another worker: one after the other, whichever comes first."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from annotation.domain import answers, leases, task_changes
from annotation.models import Annotation, Task
from quality.domain import invariants, pipeline, redo, review_queue, reviews
from quality.domain.decisions import Decision
from quality.models import Redo
from tests.factories import fresh, grant_skill, make_answer, make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor, Earning

pytestmark = pytest.mark.races
TIMES = range(3)
QUALITY = {"overlap": {"min": 2, "max": 3, "confidence": 0.6}, "review": {"share": 0.0}, "gold": {"share": 0.0}}


def asked(task: Task, person: Contributor) -> Redo:
    now = timezone.now()
    return Redo.objects.create(
        project=task.project, contributor=person, since=now - timedelta(days=1), until=now, actor_kind="system"
    )


def given(person: Contributor) -> tuple[Task, Redo]:
    """A task to which two answers are wanted, and this person has given the first."""
    (task,) = make_tasks(make_project(quality=QUALITY), 1, seats=2, seats_max=3)
    make_answer(task, person, {"tone": "good"})
    return fresh(task), asked(task, person)


def sound() -> bool:
    """No invariant is violated but that events have no number yet."""
    return {found.invariant.code for found in map(invariants.check, invariants.ALL) if found.violations} <= {"I9"}


@pytest.mark.parametrize("_time", TIMES)
def test_another_submits_and_the_task_is_judged(together, _time):
    person, other = make_contributor(), make_contributor()
    task, row = given(person)
    taken = leases.take(project_id=task.project_id, contributor_id=other.pk, by=SYSTEM)

    def submit() -> None:
        answers.submit(
            assignment=taken.assignment, contributor_id=other.pk, epoch=taken.epoch, client_key=uuid.uuid4(),
            envelope={"schema_version": 1, "value": {"tone": "good"}}, active_ms=1000, by=SYSTEM,
        )  # fmt: skip
        pipeline.run(keys=[task.public_id])

    outcomes = together(submit, lambda: redo.run(redo_id=row.pk), lambda: redo.run(redo_id=row.pk))

    assert outcomes == [None] * 3
    assert (fresh(row).status, row.answers) == ("done", 1)
    assert Annotation.objects.get(contributor=person).status == "superseded"
    assert (fresh(task).status, task.seats, task.seats_taken, task.answers) == ("collecting", 2, 1, 1)
    assert Earning.objects.get(contributor=person).status == "available"
    assert sound()


@pytest.mark.parametrize("_time", TIMES)
def test_it_is_settled_meanwhile(together, _time):
    person = make_contributor()
    task, row = given(person)
    make_answer(task, make_contributor(), {"tone": "good"})

    together(lambda: pipeline.run(keys=[task.public_id]), lambda: redo.run(redo_id=row.pk))

    assert (fresh(row).answers, fresh(task).answers) == (1, 1)
    assert task.status == "collecting"
    assert row.delivered == task.revision
    assert sound()


@pytest.mark.parametrize("_time", TIMES)
def test_a_reviewer_decides(together, _time):
    person, reviewer = make_contributor(), make_contributor()
    quality = {"overlap": {"min": 2, "max": 2}, "review": {"below_confidence": 0.99}}
    (task,) = make_tasks(make_project(quality=quality), 1, seats=2, seats_max=2)
    for author, tone in ((person, "bad"), (make_contributor(), "good")):
        make_answer(task, author, {"tone": tone})
    row = asked(task, person)
    pipeline.run(keys=[task.public_id])
    grant_skill(reviewer, "review")
    taken = review_queue.take(project_id=task.project_id, contributor_id=reviewer.pk, by=SYSTEM)
    chosen = Annotation.objects.filter(task=task).order_by("id").last()

    decided, _ = together(
        lambda: reviews.decide(
            assignment=taken.assignment, contributor_id=reviewer.pk, epoch=taken.epoch, active_ms=1000, by=SYSTEM,
            decision=Decision("accept", answer=chosen.public_id),
        ),
        lambda: redo.run(redo_id=row.pk),
    )  # fmt: skip

    assert not isinstance(decided, Exception)
    assert (fresh(task).status, Annotation.objects.get(contributor=person).status) == ("completed", "corrected")
    assert (fresh(row).answers, sum(row.left.values())) == (0, 1)
    assert row.left.keys() <= {"in_review", "judged"}
    assert sound()


@pytest.mark.parametrize("_time", TIMES)
def test_the_customer_cancels(together, _time):
    person = make_contributor()
    task, row = given(person)

    together(lambda: task_changes.cancel(task_id=task.pk, by=SYSTEM), lambda: redo.run(redo_id=row.pk))

    assert fresh(task).status == "canceled"
    assert (fresh(row).answers, row.left) in [(1, {}), (0, {"ended": 1})]
    assert sound()
