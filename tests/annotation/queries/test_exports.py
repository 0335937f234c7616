"""Results on their way out."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from annotation.domain import batches, intake
from annotation.domain.results import Settlement, settle
from annotation.models import Project, Result, Task
from annotation.queries import exports
from tests.factories import make_answer, make_contributor, make_project
from workforce.domain.actor import SYSTEM
from workforce.models.public_id import encode

pytestmark = pytest.mark.django_db


def settled(project: Project, *texts: str, value: Any = "good", **options: Any) -> list[Result]:
    """Results of new tasks with these texts."""
    inputs = [{"payload": {"text": text}, "unique_id": f"id {text}"[:250], **options} for text in texts]
    added = intake.add(project=project, inputs=inputs, by=SYSTEM)
    tasks = list(
        Task.objects.select_related("project").filter(public_id__in=[each.task for each in added]).order_by("id")
    )
    for task in tasks:
        make_answer(task, make_contributor(), {"tone": "good"})
    answers = {"tone": {"value": value, "confidence": 0.9, "method": "majority", "n": 1, "status": "settled"}}
    return settle(settlements=[Settlement(task, answers, 0.9) for task in tasks], by=SYSTEM)


def lines(project: Project, **wanted: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in b"".join(exports.jsonl(exports.Wanted(project, **wanted))).splitlines()]


def table(project: Project, **wanted: Any) -> list[dict[str, str]]:
    text = b"".join(exports.csv(exports.Wanted(project, **wanted))).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_line_holds_task_payload_result_and_provenance() -> None:
    project = make_project()
    batch = batches.create(project=project, name="b", by=SYSTEM)
    text = 'Quoted "x"\\ \n\t\x1e\x1d 中文'
    (result,) = settled(project, text, batch=batch.public_id, tags=["t"], metadata={"a": 1})
    (line,) = lines(project, include=frozenset({"payload", "annotations"}))
    task = result.task
    annotation = task.annotations.get()
    alias = annotation.contributor.aliases.get().public_id
    assert line["task"] == {
        "id": task.public_id, "batch": batch.public_id, "unique_id": f"id {text}", "schema_version": 1, "tags": ["t"],
        "metadata": {"a": 1},
    }  # fmt: skip
    assert line["payload"] == {"text": text}
    assert line["result"]["id"] == result.public_id
    assert (line["result"]["answers"], line["result"]["confidence"]) == (result.answers, 0.9)
    assert line["_meta"]["annotations"] == [annotation.public_id]
    assert (line["_meta"]["contributors"], line["_meta"]["schema_sha256"]) == ([alias], "0" * 64)
    (answer,) = line["annotations"]
    assert (answer["id"], answer["contributor"], answer["answer"]) == (annotation.public_id, alias, annotation.answer)


def test_a_row_of_csv_is_harmless_in_a_spreadsheet() -> None:
    project = make_project()
    texts = ['=HYPERLINK("x")', "-1.5", 'a "b",\nc', "@x", "中文"]
    settled(project, *texts)
    rows = table(project)
    assert [row["field.text"] for row in rows] == ["'" + texts[0], "-1.5", texts[2], "'@x", "中文"]
    assert {row["tone"] for row in rows} == {"good"}
    assert (rows[0]["tone.confidence"], rows[0]["tone.n"], rows[0]["tone.method"]) == ("0.9", "1", "majority")
    assert (rows[0]["task"][:4], rows[0]["batch"], rows[0]["_schema_version"]) == ("tsk_", "", "1")
    assert rows[0]["_contributors"].startswith("ctr_")


def test_pages_follow_each_other_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "PAGE", 2)
    project = make_project()
    settled(make_project(project.organization), "other")
    results = settled(project, *"abcde")
    assert [line["result"]["id"] for line in lines(project)] == [each.public_id for each in results]
    assert [line["result"]["id"] for line in lines(project, after=results[2].pk)] == [
        each.public_id for each in results[3:]
    ]
    assert len(table(project)) == 5


def test_filters_choose_batch_and_time() -> None:
    project = make_project()
    batch = batches.create(project=project, name="b", by=SYSTEM)
    settled(project, "a")
    (chosen,) = settled(project, "b", batch=batch.public_id)
    now = timezone.now()
    assert [line["result"]["id"] for line in lines(project, batch=batch.pk)] == [chosen.public_id]
    assert lines(project, since=now + timedelta(hours=1)) == lines(project, until=now - timedelta(hours=1)) == []
    assert len(lines(project, since=now - timedelta(hours=1), until=now + timedelta(hours=1))) == 2


def test_a_result_that_was_replaced_and_one_that_may_be_overtaken_are_left_out() -> None:
    project = make_project()
    (result,) = settled(project, "a")
    assert exports.safe_end(exports.Wanted(project)) is None
    Task.objects.filter(pk=result.task_id).update(revision=2)
    assert lines(project) == []


def test_the_cursor_stays_behind_the_youngest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "LATE_S", -1)
    project = make_project()
    _first, second = settled(project, "a", "b")
    safe = exports.safe_end(exports.Wanted(project))
    assert safe is not None
    assert encode("res", safe) == second.public_id
    assert exports.safe_end(exports.Wanted(project, after=second.pk)) is None
