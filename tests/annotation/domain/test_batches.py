"""Batches are made, changed and canceled."""

import pytest

from annotation.domain import batches
from annotation.domain.tasks import WrongState
from annotation.models import Event, Task
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
