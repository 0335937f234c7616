"""Batches are made, changed and canceled."""

import pytest

from annotation import subscriptions
from annotation.domain import batches, intake, outbox
from annotation.domain.tasks import WrongState
from annotation.models import Batch, Event, Task
from tests.factories import fresh, make_project, make_tasks
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db


def test_a_batch_is_made_and_changed_with_events() -> None:
    project = make_project()
    batch = batches.create(project=project, name="first", by=SYSTEM, metadata={"a": 1})
    changed = batches.change(batch=batch, by=SYSTEM, name="second", priority=90)
    assert (changed.name, fresh(batch).priority, fresh(batch).metadata) == ("second", 90, {"a": 1})
    events = Event.objects.filter(subject=batch.public_id).order_by("subject_seq")
    assert [event.type for event in events] == ["batch.created", "batch.updated"]


def test_a_name_is_used_once_in_a_project() -> None:
    project = make_project()
    batches.create(project=project, name="first", by=SYSTEM)
    other = batches.create(project=project, name="second", by=SYSTEM)
    with pytest.raises(batches.BatchNameTaken):
        batches.create(project=project, name="first", by=SYSTEM)
    with pytest.raises(batches.BatchNameTaken):
        batches.change(batch=other, by=SYSTEM, name="first")
    assert batches.create(project=make_project(), name="first", by=SYSTEM)


def test_an_archived_project_has_no_new_batch() -> None:
    with pytest.raises(WrongState):
        batches.create(project=make_project(status="archived"), name="first", by=SYSTEM)


def test_cancel_stops_the_live_tasks_and_may_be_repeated() -> None:
    project = make_project()
    batch = batches.create(project=project, name="first", by=SYSTEM)
    live, done = make_tasks(project, 2, batch=batch)
    Task.objects.filter(pk=done.pk).update(status="completed")
    for _ in range(2):
        assert batches.cancel(batch=batch, by=SYSTEM).status == "canceled"
    assert (fresh(live).status, fresh(done).status) == ("canceled", "completed")
    assert (
        Event.objects.filter(type="batch.canceled").count() == Event.objects.filter(type="task.canceled").count() == 1
    )


def finish(*tasks: Task, status: str = "completed") -> None:
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(status=status)


def kinds(batch: Batch) -> list[str]:
    return list(Event.objects.filter(subject=batch.public_id).order_by("subject_seq").values_list("type", flat=True))


def test_a_batch_ends_with_its_last_task_and_says_so_once() -> None:
    project = make_project()
    batch = batches.create(project=project, name="first", by=SYSTEM)
    other = batches.create(project=project, name="other", by=SYSTEM)
    first, second = make_tasks(project, 2, batch=batch)
    make_tasks(project, 1, batch=other)

    finish(first)
    assert batches.complete_ended(task_keys=[first.public_id]) == 0
    finish(second, status="failed")
    assert batches.complete_ended(task_keys=[first.public_id, second.public_id]) == 1
    assert batches.complete_ended(task_keys=[second.public_id]) == 0
    assert (fresh(batch).status, fresh(other).status) == ("completed", "in_progress")
    assert kinds(batch) == ["batch.created", "batch.completed"]


def test_the_sweep_ends_what_nobody_heard_of_but_no_empty_batch() -> None:
    project = make_project()
    batch, empty = (batches.create(project=project, name=name, by=SYSTEM) for name in ("first", "empty"))
    finish(*make_tasks(project, 1, batch=batch))
    assert batches.complete_ended() == 1
    assert (fresh(batch).status, fresh(empty).status) == ("completed", "in_progress")


def test_a_completed_batch_that_gets_tasks_is_in_progress_again() -> None:
    project = make_project()
    batch = batches.create(project=project, name="first", by=SYSTEM)
    finish(*make_tasks(project, 1, batch=batch))
    batches.complete_ended()
    intake.add(project=project, inputs=[{"payload": {"text": "One more"}, "batch": batch.public_id}], by=SYSTEM)
    assert fresh(batch).status == "in_progress"
    assert kinds(batch) == ["batch.created", "batch.completed", "batch.reopened"]


def test_the_end_of_a_task_leads_to_the_end_of_its_batch() -> None:
    project = make_project()
    batch = batches.create(project=project, name="first", by=SYSTEM)
    (task,) = make_tasks(project, 1, batch=batch)
    finish(task)
    subscriptions.complete_batches([outbox.Drained("task.completed", task.public_id, project.pk, task.public_id)])
    assert fresh(batch).status == "completed"
