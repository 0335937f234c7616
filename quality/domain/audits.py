"""Audits: copies of finished tasks are answered anew by two people each, who know nothing of the result, and the result is held against
what they say. A third person decides where they differ.

To whoever answers, a copy is a task like any other. What they say never enters the consensus, a result or an export.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from annotation.domain import intake, judgements, queues, tasks
from annotation.models import Purpose, Queue, Stage, Task, TaskPayload
from annotation.queries.schemas import compiled
from quality.domain import consensus, exits, review_queue
from quality.domain.review_queue import Request
from quality.models import AccuracyContract, AuditItem
from quality.queries import contracts as reads
from quality.queries.work import Work, lock_audits
from workforce.domain import pay
from workforce.domain.actor import SYSTEM, Actor

log = structlog.get_logger(__name__)

CHUNK = 100
SEATS = 2
DIFFER = "answers_used_up"  # why a third person is asked: what they would read of any other task
DOUBT = 0.5

Outcome = AuditItem.Outcome


@dataclass(frozen=True, slots=True)
class Drawn:
    """A result that was drawn: its task (key) and revision, its stratum, and the probability with which it was drawn."""

    task: int
    revision: int
    stratum: int
    pi: float


# --- Asking -----------------------------------------------------------------------------------------------------------
COPY = """
WITH copies AS (
    INSERT INTO task (organization_id, project_id, queue_id, status, stage, purpose, copy_of_id, priority, rank, seats, seats_max,
                      seats_taken, answers, recycled, revision, failure, schema_version)
    SELECT o.organization_id, o.project_id, %(queue)s, 'open', 'label', 'audit', o.id, o.priority, %(rank)s, %(seats)s, %(seats)s,
           0, 0, false, 0, '', o.schema_version
      FROM task o WHERE o.id = ANY(%(tasks)s) ORDER BY o.id
    RETURNING id, copy_of_id
), payloads AS (
    INSERT INTO task_payload (task_id, body, sha256, tags, metadata)
    SELECT c.id, p.body, p.sha256, '{}', '{}' FROM copies c JOIN task_payload p ON p.task_id = c.copy_of_id
)
INSERT INTO audit_item (contract_id, attempt, task_id, revision, audit_task_id, stratum, pi, outcome, truths)
SELECT %(contract)s, %(attempt)s, v.task_id, v.revision, c.id, v.stratum, v.pi, '', '[]'
  FROM unnest(%(tasks)s::bigint[], %(revisions)s::int[], %(strata)s::int[], %(pi)s::float8[]) AS v (task_id, revision, stratum, pi)
  JOIN copies c ON c.copy_of_id = v.task_id ORDER BY v.task_id
"""


def ask(*, contract: AccuracyContract, drawn: Sequence[Drawn], payer: str) -> None:
    """Open a copy of each of these tasks to two people who may audit and have not had it, at the cost of `payer` (empty: the customer)."""
    held = {
        task.pk: task
        for task in Task.objects.select_related("queue", "project").filter(pk__in=[each.task for each in drawn])
    }
    lines: dict[int, list[Drawn]] = defaultdict(list)
    for each in drawn:
        lines[_queue(held[each.task], payer).pk].append(each)
    found = Queue.objects.in_bulk(lines)
    for key, own in sorted(lines.items()):
        rank = intake.due(queue=found[key], created_at=timezone.now(), priority=20, deadline=None)
        values: dict[str, Any] = {
            "queue": key,
            "rank": rank,
            "seats": SEATS,
            "contract": contract.pk,
            "attempt": contract.attempt,
            "tasks": [each.task for each in own],
            "revisions": [each.revision for each in own],
            "strata": [each.stratum for each in own],
            "pi": [each.pi for each in own],
        }
        with connection.cursor() as cursor:
            cursor.execute(COPY, values)
        queues.opened(queue_id=key, lowest_rank=rank)


def _queue(task: Task, payer: str) -> Queue:
    """Where copies of the task wait: for those who may do such tasks, and may audit."""
    before = task.queue
    own = before.requirements if before.stage == Stage.LABEL else task.project.requirements
    return queues.queue_for(
        project=task.project,
        service_class=before.service_class,
        purpose=Purpose.AUDIT,
        payer=payer,
        requirements=own,
    )


def again(*, contract: AccuracyContract, drawn: Sequence[Drawn]) -> None:
    """Hold results that were done again against what is known of their tasks already: nobody is asked twice."""
    known = {
        item.task_id: item
        for item in AuditItem.objects.filter(contract=contract)
        .order_by("attempt")
        .select_related("audit_task__payload")
    }
    values = reads.values_of((each.task, each.revision) for each in drawn)
    AuditItem.objects.bulk_create(_item(contract, each, known[each.task], values[each.task]) for each in drawn)


def _item(contract: AccuracyContract, drawn: Drawn, known: AuditItem, value: dict[str, Any]) -> AuditItem:
    return AuditItem(
        contract=contract,
        attempt=contract.attempt,
        task_id=drawn.task,
        revision=drawn.revision,
        audit_task=known.audit_task,
        stratum=drawn.stratum,
        pi=drawn.pi,
        outcome=_outcome(known.audit_task, known.audit_task.payload.body, value, known.truths),
        truths=known.truths,
    )


# --- Judging ----------------------------------------------------------------------------------------------------------
def score(*, contracts: QuerySet[AccuracyContract]) -> int:
    """Hold the results against the answers that are in, of all audits of these contracts; how many found their outcome."""
    _give_up(contracts)
    waiting = reads.waiting_audits(contracts)
    return sum(_score(waiting[start : start + CHUNK]) for start in range(0, len(waiting), CHUNK))


def _give_up(contracts: QuerySet[AccuracyContract]) -> None:
    """Of a copy that was closed because it cannot be answered nobody can tell."""
    ended = [Task.Status.FAILED, Task.Status.CANCELED]
    items = AuditItem.objects.filter(contract__in=contracts, outcome=Outcome.OPEN, audit_task__phase__in=ended)
    AuditItem.objects.filter(pk__in=items.values("pk")).update(outcome=Outcome.VOID)


@dataclass(slots=True)
class _Case:
    """A copy with its answers, and the item that it is for."""

    row: Work
    item: AuditItem
    value: dict[str, Any]  # of the result

    @property
    def left(self) -> list[exits.Exit]:
        return [exits.Exit(each.id, each.exit) for each in self.row.exits]


@transaction.atomic
def _score(task_ids: Sequence[int]) -> int:
    """One round: lock, compare, write. The number of statements does not depend on the number of tasks."""
    rows = lock_audits(task_ids)
    items = {
        item.audit_task_id: item
        for item in AuditItem.objects.filter(audit_task__in=[row.task.pk for row in rows], outcome="")
    }
    values = reads.values_of((item.task_id, item.revision) for item in items.values())
    cases = [_Case(row, items[row.task.pk], values[items[row.task.pk].task_id]) for row in rows if row.task.pk in items]
    done, doubted = list[_Case](), list[Request]()
    for case in cases:
        cause = _judge(case)
        if case.item.outcome:
            done.append(case)
        elif cause:
            doubted.append(Request(case.row.task, cause, DOUBT))
    with pay.together():
        _conclude(done)
        review_queue.request(requests=doubted, by=SYSTEM, stage=Stage.ADJUDICATE)
    return len(done)


def _judge(case: _Case) -> str:
    """Give the item its outcome; else why a third person is to be asked, empty if another answer is awaited."""
    task = case.row.task
    if exits.broken(case.left):
        case.item.outcome = Outcome.VOID
        return ""
    if cause := exits.to_be_reviewed(case.left):
        return cause
    if task.status != Task.Status.DECIDING:
        return ""
    truths = [each.answer.get("value", {}) for each in case.row.answers]
    version = max(each.schema_version for each in case.row.answers)
    if not _agree(task.project_id, version, case.row.payload, truths):
        return DIFFER
    case.item.truths = truths
    case.item.outcome = _outcome(task, case.row.payload, case.value, truths)
    return ""


def _agree(project_id: int, version: int, payload: dict[str, Any], truths: Sequence[dict[str, Any]]) -> bool:
    """Whether all say the same; answers that cannot be compared do not."""
    schema = compiled(project_id, version)
    try:
        return all(
            consensus.meets(schema, payload, one, other) for one in truths for other in truths if one is not other
        )
    except Exception:
        log.exception("audit_not_compared", project=project_id)
        return False


def _outcome(task: Task, payload: dict[str, Any], value: dict[str, Any], truths: Sequence[dict[str, Any]]) -> str:
    """Right is what meets every one of them."""
    if not truths:
        return Outcome.VOID
    schema = compiled(task.project_id, task.schema_version)
    return Outcome.RIGHT if all(consensus.meets(schema, payload, value, truth) for truth in truths) else Outcome.WRONG


def _conclude(cases: Sequence[_Case]) -> None:
    """Pay the answers, close the copies, and write the outcomes down."""
    exits.close(exits={case.row.task.pk: case.left for case in cases if case.row.exits}, by=SYSTEM)
    given = [each.id for case in cases for each in case.row.answers]
    judgements.accept(annotations=given, by=SYSTEM, how="policy")
    tasks.close(task_ids=[case.row.task.pk for case in cases])
    AuditItem.objects.bulk_update([case.item for case in cases], ["outcome", "truths"])


def adjudicated(*, task: Task, right: Iterable[int], wrong: Iterable[int], value: dict[str, Any], by: Actor) -> None:
    """A third person has said what is right (`value`) of a locked copy: the authors of these answers are paid, nothing is delivered."""
    judgements.accept(annotations=right, by=by, how="review")
    judgements.correct(annotations=wrong, by=by)
    tasks.close(task_ids=[task.pk])
    item = AuditItem.objects.filter(audit_task=task, outcome=Outcome.OPEN).first()
    if item is None:
        return
    payload = TaskPayload.objects.get(pk=task.pk).body
    item.truths = [value]
    item.outcome = _outcome(task, payload, reads.values_of([(item.task_id, item.revision)])[item.task_id], item.truths)
    item.save(update_fields=["truths", "outcome"])
