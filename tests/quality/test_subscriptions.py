"""An answer leads to the pipeline and is counted, and nothing else is."""

from collections.abc import Iterator

import pytest
from django.db import connection

from annotation.domain.outbox import Drained
from annotation.models import Event, Task
from config.celery import app
from quality import subscriptions
from quality.domain import estimators
from quality.models import EstimatorRun
from tests.factories import make_answer, make_contributor, make_project, make_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_once() -> Iterator[None]:
    """Tasks run where they are called."""
    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield
    app.conf.update(task_always_eager=False, task_eager_propagates=False)


def answered() -> Task:
    project = make_project(quality={"overlap": {"min": 1, "max": 1}, "review": {"below_confidence": 0.0}})
    (task,) = make_tasks(project, seats=1, seats_max=1)
    make_answer(task, make_contributor(), {"tone": "good"})
    return task


def drained(task: Task, kind: str) -> Drained:
    return Drained(kind, "ann_x", task.project_id, task.public_id)


def test_a_drained_answer_is_judged():
    task = answered()
    subscriptions.judge_answers([drained(task, "annotation.submitted"), drained(task, "annotation.submitted")])
    task.refresh_from_db()
    assert task.status == "completed"
    assert Event.objects.filter(type="task.completed").count() == 1


def test_other_events_judge_nothing():
    task = answered()
    subscriptions.judge_answers([drained(task, "assignment.leased"), Drained("project.created", "prj_x", None, "")])
    task.refresh_from_db()
    assert task.status == "deciding"


def test_answers_are_counted_until_there_are_enough_to_learn_from():
    task = answered()
    estimators.refit(project_id=task.project_id)
    given = [drained(task, "annotation.submitted")] * 3 + [drained(task, "annotation.readmitted")]
    subscriptions.count_answers([*given, drained(task, "assignment.leased"), Drained("key.created", "key_x", None, "")])
    assert EstimatorRun.objects.get().fresh == 4


def test_the_sweep_of_exits_reads_its_index():
    (task,) = make_tasks(make_project())
    make_answer(task, make_contributor(), exit_="broken")
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT task_id FROM annotation n WHERE n.exit <> '' AND n.status = 'pending'")
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("RESET enable_seqscan")
    assert "annotation_exits" in plan
