"""What the pipeline judges, a hundred answers at a time."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from annotation.models import Project, Queue, Task
from workforce.models.public_id import encode


@dataclass(frozen=True, slots=True)
class Given:
    """An answer or exit of a task that is to be judged."""

    id: int
    annotation: str  # public id
    contributor_id: int
    schema_version: int
    answer: dict[str, Any]
    exit: str
    sha256: str
    origin: str  # of its assignment: `return` if a reviewer had sent it back


@dataclass(slots=True)
class Work:
    """A locked task, its counting answers and its exits."""

    task: Task
    given: list[Given] = field(default_factory=list)
    payload: dict[str, Any] = field(default_factory=dict)

    @property
    def answers(self) -> list[Given]:
        """The answers that count, oldest first."""
        return [each for each in self.given if not each.exit]

    @property
    def exits(self) -> list[Given]:
        """The exits, oldest first."""
        return [each for each in self.given if each.exit]


# Rows that another worker judges at this moment are left to it.
LOCK = """
SELECT t.id FROM task t
 WHERE t.public_id = ANY(%s) AND t.purpose = 'work' AND (t.status = 'deciding' OR t.status IN ('open', 'collecting') AND EXISTS (
       SELECT 1 FROM annotation n WHERE n.task_id = t.id AND n.exit <> '' AND n.status = 'pending'))
 ORDER BY t.id FOR NO KEY UPDATE OF t SKIP LOCKED
"""
GIVEN = """
SELECT n.task_id, n.id, n.public_id, n.contributor_id, n.schema_version, n.answer, n.exit, n.sha256, a.origin
  FROM task t JOIN annotation n ON n.task_id = t.id AND n.revision = t.revision JOIN assignment a ON a.id = n.assignment_id
 WHERE t.id = ANY(%s) AND (n.status = 'pending' OR n.exit = '' AND n.status IN ('accepted', 'corrected')) ORDER BY n.id
"""
# Of those that wait for one more answer: nobody holds a seat.
LOCK_IDLE = """
SELECT t.id FROM task t
 WHERE t.id = ANY(%s) AND t.status = 'collecting' AND t.stage = 'label' AND t.seats_taken = t.answers
 ORDER BY t.id FOR NO KEY UPDATE OF t SKIP LOCKED
"""
# Copies by which results are checked: their answers are in, or nobody is at work and somebody could not answer.
LOCK_AUDITS = """
SELECT t.id FROM task t
 WHERE t.id = ANY(%s) AND t.purpose = 'audit' AND (t.status = 'deciding' OR t.status IN ('open', 'collecting') AND t.seats_taken = t.answers
   AND EXISTS (SELECT 1 FROM annotation n WHERE n.task_id = t.id AND n.exit <> '' AND n.status = 'pending'))
 ORDER BY t.id FOR NO KEY UPDATE OF t SKIP LOCKED
"""
# Of tasks that have ended: exits that were given while they ended, or that their end came before. Not known answers, which are scored.
LOCK_LEFT = """
SELECT t.id, t.status FROM task t
 WHERE t.id IN (SELECT n.task_id FROM annotation n WHERE n.status = 'pending' AND n.exit <> '')
   AND t.status IN ('completed', 'failed', 'canceled')
   AND NOT EXISTS (SELECT FROM gold_item g WHERE g.task_id = t.id AND g.status <> 'retired')
 ORDER BY t.id LIMIT 200 FOR NO KEY UPDATE OF t SKIP LOCKED
"""
LEFT = (
    "SELECT task_id, id, exit FROM annotation WHERE task_id = ANY(%s) AND status = 'pending' AND exit <> '' ORDER BY id"
)
PAYLOADS = "SELECT task_id, body FROM task_payload WHERE task_id = ANY(%s)"


def lock_work(keys: Sequence[UUID]) -> list[Work]:
    """Lock those of the tasks that wait for a judgement, in key order, and read what it needs. Four statements and two small ones."""
    return _locked(LOCK, list(keys))


def lock_idle(task_ids: Sequence[int]) -> list[Work]:
    """Lock those of the tasks (keys) that wait for one more answer while nobody holds a seat, and read as `lock_work`."""
    return _locked(LOCK_IDLE, list(task_ids))


def lock_audits(task_ids: Sequence[int]) -> list[Work]:
    """Lock those of the audits' tasks (keys) that wait for a judgement, and read as `lock_work`."""
    return _locked(LOCK_AUDITS, list(task_ids))


def lock_left() -> dict[str, dict[int, list[tuple[int, str]]]]:
    """Lock some of the ended tasks with exits that nobody has judged: {status: {task key: exits as (key, kind)}}."""
    found: dict[str, dict[int, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    with connection.cursor() as cursor:
        cursor.execute(LOCK_LEFT)
        statuses = dict(cursor.fetchall())
        cursor.execute(LEFT, [list(statuses)])
        for task_id, pk, kind in cursor.fetchall():
            found[statuses[task_id]][task_id].append((pk, kind))
    return found


def _locked(statement: str, keys: list[Any]) -> list[Work]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [keys])
        ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return []
        cursor.execute(GIVEN, [ids])
        given = defaultdict(list)
        for task_id, pk, key, contributor, version, answer, *rest in cursor.fetchall():
            given[task_id].append(Given(pk, encode("ann", key), contributor, version, json.loads(answer), *rest))
        cursor.execute(PAYLOADS, [ids])
        payloads = {task_id: json.loads(body) for task_id, body in cursor.fetchall()}
    tasks = list(Task.objects.filter(pk__in=ids).order_by("id"))
    projects = Project.objects.in_bulk({task.project_id for task in tasks})
    queues = Queue.objects.in_bulk({task.queue_id for task in tasks})
    for task in tasks:
        task.project, task.queue = projects[task.project_id], queues[task.queue_id]
    return [Work(task, given[task.pk], payloads.get(task.pk, {})) for task in tasks]


@dataclass(frozen=True, slots=True)
class GoldAnswer:
    """An answer to a task whose answer is known. familiar: its author had answered the same as ordinary work, before it was promoted."""

    id: int
    project_id: int
    contributor_id: int
    schema_version: int
    answer: dict[str, Any]
    exit: str
    item_id: int
    expected: dict[str, Any]
    payload: dict[str, Any]
    disputed: bool
    training: bool
    familiar: bool


TO_GOLD = """
SELECT n.id, n.project_id, n.contributor_id, n.schema_version, n.answer, n.exit, g.id, g.expected, p.body,
       g.status = 'quarantined', g.training, g.origin_id IS NOT NULL AND EXISTS (
           SELECT FROM annotation k WHERE k.task_id = g.origin_id AND k.contributor_id = n.contributor_id)
  FROM task t JOIN annotation n ON n.task_id = t.id JOIN gold_item g ON g.task_id = t.id JOIN task_payload p ON p.task_id = t.id
 WHERE {which} ORDER BY n.id
"""
GOLD = (
    TO_GOLD.format(which="t.public_id = ANY(%s) AND t.purpose IN ('gold', 'train') AND n.status = 'pending'")
    + "FOR NO KEY UPDATE OF n SKIP LOCKED"
)
GIVEN_TO = TO_GOLD.format(which="g.id = %s AND n.status <> 'pending'")


def lock_gold(keys: Sequence[UUID]) -> list[GoldAnswer]:
    """Lock the pending answers to gold tasks among these, in key order."""
    return _gold_answers(GOLD, list(keys))


def given_to(item_id: int) -> list[GoldAnswer]:
    """All answers to one item that have been scored, in key order."""
    return _gold_answers(GIVEN_TO, item_id)


def _gold_answers(statement: str, which: Any) -> list[GoldAnswer]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [which])
        rows = cursor.fetchall()
    return [
        GoldAnswer(
            pk,
            project,
            person,
            version,
            json.loads(answer),
            exit_,
            item,
            json.loads(expected),
            json.loads(body),
            *known,
        )
        for pk, project, person, version, answer, exit_, item, expected, body, *known in rows
    ]


# What a lost wake-up may have left behind.
WAITING = """
(SELECT t.public_id FROM task t WHERE t.phase = 'deciding' ORDER BY t.id LIMIT %(limit)s)
UNION
(SELECT t.public_id FROM annotation n JOIN task t ON t.id = n.task_id
  WHERE n.exit <> '' AND n.status = 'pending' AND t.status IN ('open', 'collecting') AND t.seats_taken = t.answers LIMIT %(limit)s)
UNION
(SELECT t.public_id FROM gold_item g JOIN task t ON t.id = g.task_id
  WHERE g.status <> 'retired' AND EXISTS (SELECT 1 FROM annotation n WHERE n.task_id = t.id AND n.status = 'pending') LIMIT %(limit)s)
"""


def waiting(limit: int = 2000) -> list[UUID]:
    """Tasks that wait for the pipeline."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, {"limit": limit})
        return [row[0] for row in cursor.fetchall()]
