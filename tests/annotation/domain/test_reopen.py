"""Asking once more: a completed task is answered anew by others, and what was there stays."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from annotation.domain import answers, batches, intake, leases, task_changes
from annotation.domain.tasks import WrongState
from annotation.models import Annotation, Batch, Event, Result, Task
from annotation.queries import spending
from quality.domain import invariants, pipeline
from tests.factories import make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM
from workforce.domain.pay import PLATFORM
from workforce.models import Earning

pytestmark = pytest.mark.django_db
QUALITY = {"overlap": {"min": 2, "max": 3, "confidence": 0.6}, "review": {"share": 0.0}, "gold": {"share": 0.0}}


@pytest.fixture
def project():
    return make_project(quality=QUALITY)


def answered(project, people, tone="good"):
    for person in people:
        taken = leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)
        answers.submit(
            assignment=taken.assignment, contributor_id=person.pk, epoch=taken.epoch, client_key=uuid.uuid4(),
            envelope={"schema_version": 1, "value": {"tone": tone}}, active_ms=1000, by=SYSTEM,
        )  # fmt: skip
    pipeline.redrive()


def test_others_answer_it_anew_and_both_results_stay(project):
    (task,) = make_tasks(project, 1, seats=2)
    first, second = [make_contributor() for _ in range(2)], [make_contributor() for _ in range(2)]
    answered(project, first)
    task_changes.reopen(task_id=task.pk, by=SYSTEM, reason="we doubt it")
    task.refresh_from_db()
    assert (task.status, task.revision, task.seats, task.seats_taken, task.answers) == ("collecting", 1, 2, 0, 0)
    for person in first:
        with pytest.raises(leases.NothingToLabel):
            leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)
    answered(project, second, "bad")
    task.refresh_from_db()
    assert (task.status, task.revision) == ("completed", 2)
    tones = [row.answers["tone"]["value"] for row in Result.objects.order_by("revision")]
    assert tones == ["good", "bad"]
    assert Annotation.objects.filter(status="accepted").count() == 4
    assert Earning.objects.exclude(status="reversed").count() == 4
    assert Event.objects.filter(type="task.reopened", data__reason="we doubt it").exists()
    assert [each.invariant.code for each in map(invariants.check, invariants.ALL) if each.violations] == []


def test_only_a_completed_task_and_only_for_a_while(project):
    (task,) = make_tasks(project, 1, seats=2)
    with pytest.raises(WrongState):
        task_changes.reopen(task_id=task.pk, by=SYSTEM)
    answered(project, [make_contributor() for _ in range(2)])
    Task.objects.update(completed_at=timezone.now() - timedelta(days=31))
    with pytest.raises(task_changes.TooLate):
        task_changes.reopen(task_id=task.pk, by=SYSTEM)


def test_its_batch_goes_on_and_a_spent_budget_makes_it_wait(project):
    batch = batches.create(project=project, name="Small", by=SYSTEM, budget_minor=15)
    intake.add(project=project, inputs=[{"payload": {"text": "One"}}], batch=batch, by=SYSTEM)
    task = Task.objects.get()
    answered(project, [make_contributor() for _ in range(2)])  # 10 of 15
    batches.complete_ended()
    assert Batch.objects.get().status == "completed"
    task_changes.reopen(task_id=task.pk, by=SYSTEM)
    task.refresh_from_db()
    assert (task.status, task.waits_for) == ("queued", "budget")
    assert Batch.objects.get().status == "in_progress"
    batches.change(batch=Batch.objects.get(), by=SYSTEM, budget_minor=100)
    task.refresh_from_db()
    assert task.status == "open"
    answered(project, [make_contributor() for _ in range(2)])
    assert Result.objects.count() == 2


def test_what_is_done_again_at_anothers_cost_takes_nothing_of_the_budget(project):
    batch = batches.create(project=project, name="June", by=SYSTEM, budget_minor=20)
    for text in ("a", "b"):
        intake.add_one(project=project, given={"payload": {"text": text}}, by=SYSTEM, batch=batch)
    answered(project, [make_contributor() for _ in range(2)])
    first = Task.objects.get(status="completed")
    assert spending.spent(batch.pk) == 10
    again = task_changes.redo(
        task_ids=[task.pk for task in batch.tasks.all()], payer=PLATFORM, by=SYSTEM, reason="accuracy"
    )
    assert [task.pk for task in again] == [first.pk]
    first.refresh_from_db()
    assert (first.status, first.queue.payer, first.seats, first.seats_taken, first.answers) == (
        "collecting",
        "platform",
        2,
        0,
        0,
    )
    assert spending.committed(batch.pk) == 10
    answered(project, [make_contributor() for _ in range(2)])
    assert Earning.objects.filter(payer_key="platform").count() == 2
    assert spending.spent(batch.pk) == 10
    assert Event.objects.filter(type="task.reopened", data__reason="accuracy").count() == 1
