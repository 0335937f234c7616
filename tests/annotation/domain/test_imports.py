"""Import jobs: chunks, resumption, the end."""

import json
from typing import Any

import pytest

from annotation.domain import imports
from annotation.domain.tasks import WrongState
from annotation.models import Event, ImportJob, ImportRow, Task
from tests.factories import fresh, make_project
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db


def rows(*texts: Any) -> list[dict[str, Any]]:
    return [{"payload": {"text": text}} for text in texts]


def begun(**options: Any) -> ImportJob:
    return imports.begin(project=make_project(), by=SYSTEM, **options)


def send(job: ImportJob, inputs: list[Any], first: int) -> list[tuple[int, str]]:
    added = imports.add_rows(job=job, inputs=inputs, first_row=first, by=SYSTEM)
    return [(each.row, each.status) for each in added]


def test_a_chunk_stores_tasks_results_and_place_together() -> None:
    job = begun()
    assert send(job, [*rows("a", 7), {"payload": {"text": "b"}, "unique_id": "x\ty\\z"}], 0) == [
        (0, "created"),
        (1, "invalid"),
        (2, "created"),
    ]
    job = fresh(job)
    assert (job.next_row, job.created, job.existing, job.failed) == (3, 2, 0, 1)
    (told,) = imports.stored_lines(job=job, first_row=2, until=3)
    stored = json.loads(told)
    assert (stored["unique_id"], Task.objects.filter(public_id=stored["id"]).count()) == ("x\ty\\z", 1)
    assert list(ImportRow.objects.values_list("row", "status")) == [(1, "invalid")]
    assert ImportRow.objects.get(job=job, row=1).error["errors"][0]["pointer"] == "/payload/text"


def test_rows_sent_again_come_back_with_the_results_they_had() -> None:
    job = begun()
    first = imports.add_rows(job=job, inputs=rows("a", 7), first_row=0, by=SYSTEM)
    again = imports.add_rows(job=job, inputs=rows("a", 7, "c"), first_row=0, by=SYSTEM)
    assert again[:2] == first
    assert (again[2].row, again[2].status, Task.objects.count()) == (2, "created", 2)
    assert send(job, rows("a"), 0) == [(0, "created")]


def test_a_gap_is_refused_with_the_place_to_go_on() -> None:
    job = begun()
    send(job, rows("a"), 0)
    with pytest.raises(imports.WrongRow) as refusal:
        send(job, rows("c"), 2)
    assert refusal.value.params == {"next_row": 1}


def test_stop_keeps_the_rows_before_the_first_faulty_one() -> None:
    job = begun(on_error="stop")
    assert send(job, rows("a", 7, "c"), 0) == [(0, "created"), (1, "invalid")]
    assert (fresh(job).next_row, fresh(job).status, Task.objects.count()) == (1, "open", 1)
    assert send(job, rows("b", "c"), 1) == [(1, "created"), (2, "created")]
    assert send(begun(on_error="stop"), rows(7), 0) == [(0, "invalid")]


def test_finish_and_abort_are_final_and_told_once() -> None:
    job, other = begun(), begun()
    send(job, rows("a"), 0)
    for _ in range(2):
        assert imports.finish(job=job, by=SYSTEM).status == "finished"
        assert imports.abort(job=other, by=SYSTEM, problem="no CSV").problem == "no CSV"
    events = Event.objects.filter(type__startswith="intake.").order_by("id")
    assert [event.type for event in events] == ["intake.finished", "intake.aborted"]
    assert events[0].data["counts"] == {"created": 1, "existing": 0, "failed": 0}
    for act in (imports.abort, lambda **a: imports.add_rows(inputs=rows("b"), first_row=1, **a)):
        with pytest.raises(WrongState):
            act(job=job, by=SYSTEM)


def test_an_archived_project_begins_nothing() -> None:
    with pytest.raises(WrongState):
        imports.begin(project=make_project(status="archived"), by=SYSTEM)
