"""Exits: when they end a task, when a reviewer looks, who is paid."""

import pytest
from django.utils import timezone

from annotation.domain import tasks
from annotation.models import Annotation, Assignment, Queue, Task
from quality.domain import exits, gold, pipeline
from quality.domain.exits import Exit
from tests.factories import make_answer, make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM
from workforce.models import Earning

pytestmark = pytest.mark.django_db


def of(*kinds: str) -> list[Exit]:
    return [Exit(number, kind) for number, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("kinds", "broken", "cause"),
    [
        ((), False, ""),
        (("broken",), False, ""),
        (("broken", "broken"), True, ""),
        (("cannot_judge", "cannot_judge"), False, ""),
        (("cannot_judge",) * 3, False, "exit"),
        (("unsafe",), False, "unsafe"),
        (("broken", "cannot_judge", "unsafe"), False, "unsafe"),
    ],
)
def test_what_follows_from_exits(kinds, broken, cause):
    assert exits.broken(of(*kinds)) is broken
    assert exits.to_be_reviewed(of(*kinds)) == cause


def given(*kinds: str) -> list[Annotation]:
    (task,) = make_tasks(make_project())
    return [make_answer(task, make_contributor(), exit_=kind) for kind in kinds]


@pytest.mark.parametrize(
    ("kinds", "confirmed", "paid"),
    [
        (("broken",), "", [False]),
        (("broken", "broken"), "", [True, True]),
        (("broken", "cannot_judge"), "", [False, False]),
        (("broken", "cannot_judge"), "cannot_judge", [False, True]),
        (("unsafe",), "", [True]),
    ],
)
def test_confirmed_exits_are_paid_and_the_rest_set_aside(kinds, confirmed, paid):
    rows = given(*kinds)

    exits.close(exits={rows[0].task_id: [Exit(row.pk, row.exit) for row in rows]}, by=SYSTEM, confirmed=confirmed)

    for row, was_paid in zip(rows, paid, strict=True):
        row.refresh_from_db()
        assert row.status == ("accepted" if was_paid else "superseded")
        earning = Earning.objects.get(source_key=f"assignment:{row.assignment.public_id}")
        assert earning.status == ("available" if was_paid else "reversed")
        assert earning.reason == ("" if was_paid else "exit_not_confirmed")


def spend(annotation: Annotation, *, seconds: int, usual: int = 120) -> None:
    """So much time was spent on it; `usual`: the median seconds of an answer there."""
    Assignment.objects.filter(pk=annotation.assignment_id).update(active_ms=seconds * 1000)
    Queue.objects.filter(pk=annotation.task.queue_id).update(pace_median_s=usual)


def earned(annotation: Annotation) -> tuple[str, int, str]:
    earning = Earning.objects.get(source_key=f"assignment:{annotation.assignment.public_id}")
    return earning.status, earning.amount_minor, earning.reason


@pytest.mark.parametrize(
    ("seconds", "paid"),
    [(0, ("reversed", 40)), (12, ("available", 4)), (30, ("available", 10)), (3600, ("available", 10))],
)
def test_what_nobody_confirmed_is_paid_for_its_time_up_to_a_quarter(seconds, paid):
    project = make_project(price_minor=40)
    (task,) = make_tasks(project)
    row = make_answer(task, make_contributor(), exit_="broken")
    spend(row, seconds=seconds)

    exits.close(exits={task.pk: [Exit(row.pk, row.exit)]}, by=SYSTEM)

    assert earned(row) == (*paid, "exit_not_confirmed")


@pytest.mark.parametrize(
    ("ended", "kind", "paid"),
    [
        ("canceled", "broken", ("available", 20, "exit_cut_short")),
        ("failed", "cannot_judge", ("available", 20, "exit_cut_short")),
        ("completed", "cannot_judge", ("available", 10, "exit_not_confirmed")),
        ("canceled", "unsafe", ("available", 40, "")),
    ],
)
def test_exits_of_tasks_that_have_ended_are_paid_by_the_sweep(ended, kind, paid):
    project = make_project(price_minor=40)
    gone, live = make_tasks(project, 2)
    row, waiting = (make_answer(task, make_contributor(), exit_=kind) for task in (gone, live))
    spend(row, seconds=60)
    Task.objects.filter(pk=gone.pk).update(status=ended, completed_at=timezone.now())

    assert [exits.close_left() for _ in range(2)] == [1, 0]

    assert earned(row) == paid
    assert earned(waiting) == ("pending", 40, "")


def test_two_who_agreed_on_a_canceled_task_are_paid_in_full():
    (task,) = make_tasks(make_project(price_minor=40))
    rows = [make_answer(task, make_contributor(), exit_="broken") for _ in range(2)]
    tasks.cancel(task_id=task.pk, by=SYSTEM)

    pipeline.redrive()

    assert [earned(row) for row in rows] == [("available", 40, "")] * 2


def test_known_answers_are_left_to_be_scored():
    item = gold.plant(project=make_project(), payload={"text": "a"}, expected={"tone": "good"}, by=SYSTEM)
    row = make_answer(item.task, make_contributor(), exit_="broken")
    Task.objects.filter(pk=item.task_id).update(status="canceled", completed_at=timezone.now())

    assert exits.close_left() == 0
    row.refresh_from_db()
    assert row.status == "pending"
