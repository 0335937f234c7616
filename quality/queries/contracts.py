"""How contracts stand: what is shown of them, what is ready for the next step, and the results that they are about."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from annotation.domain.tasks import LIVE
from annotation.models import Batch, Result, Task
from quality.agreement.contract import EDGES
from quality.models import AccuracyContract, AuditItem

STRATA = len(EDGES) + 1
# Of the batch in the outer statement. Shares 0..1; `strata`, the least certain first: results, those drawn, looked at and found wrong.
SHOWN = """
(SELECT jsonb_build_object(
        'status', c.status, 'error', c.error, 'confidence', c.confidence, 'attempt', c.attempt, 'drawn', s.drawn, 'audited', s.audited,
        'wrong', s.wrong, 'upper', c.upper, 'share', c.share, 'low', c.low, 'high', c.high, 'decided_at', c.decided_at,
        'planned', jsonb_build_object('answers', c.planned_answers, 'seconds', c.planned_s, 'cost_minor', c.planned_minor),
        'strata', s.strata)
   FROM accuracy_contract c CROSS JOIN LATERAL (
     SELECT coalesce(sum(k.drawn), 0)::int AS drawn, coalesce(sum(k.audited), 0)::int AS audited, coalesce(sum(k.wrong), 0)::int AS wrong,
            coalesce(jsonb_agg(jsonb_build_object('from', k.low, 'results', k.results, 'drawn', k.drawn, 'audited', k.audited,
                                                  'wrong', k.wrong) ORDER BY k.low), '[]') AS strata
       FROM (SELECT (ARRAY[<edges>])[z.place] AS low, z.results, count(i.id) AS drawn,
                    count(i.id) FILTER (WHERE i.outcome IN ('right', 'wrong')) AS audited,
                    count(i.id) FILTER (WHERE i.outcome = 'wrong') AS wrong
               FROM unnest(c.sizes) WITH ORDINALITY AS z (results, place)
               LEFT JOIN audit_item i ON i.contract_id = c.id AND i.attempt = c.attempt AND i.stratum = z.place - 1
              GROUP BY z.place, z.results) k) s
  WHERE c.batch_id = batch.id)
""".replace("<edges>", ", ".join(map(str, (0.0, *EDGES))))


def shown() -> RawSQL:
    """What is shown of the contract of a batch; null without one."""
    return RawSQL(SHOWN, [], models.JSONField())  # noqa: S611  a constant


def undecided() -> Exists:
    """Whether a batch's accuracy has been promised and is still to be shown."""
    return Exists(AccuracyContract.objects.filter(batch=OuterRef("pk"), decided_at=None))


# --- What is ready ----------------------------------------------------------------------------------------------------
def open_contracts(project_ids: Iterable[int] | None = None) -> QuerySet[AccuracyContract]:
    """Those that are still to be shown, in these projects or everywhere."""
    found = AccuracyContract.objects.filter(decided_at=None).order_by("id")
    return found if project_ids is None else found.filter(batch__project__in=list(project_ids))


def promised_in(project_ids: Iterable[int]) -> list[int]:
    """Those of the projects (keys) where something is still to be shown."""
    wanted = list(project_ids)
    return sorted(set(open_contracts(wanted).values_list("batch__project", flat=True))) if wanted else []


def ready_to_decide(contracts: QuerySet[AccuracyContract]) -> QuerySet[AccuracyContract]:
    """All results that were drawn have been looked at."""
    waiting = AuditItem.objects.filter(contract=OuterRef("pk"), outcome="")
    return contracts.filter(~Exists(waiting), status=AccuracyContract.Status.AUDITING)


def ready_to_sample(contracts: QuerySet[AccuracyContract]) -> QuerySet[AccuracyContract]:
    """All tasks of the batch have ended, for the first time or after some were done again."""
    of = Task.objects.filter(batch=OuterRef("batch"))
    wanted = contracts.filter(status__in=[AccuracyContract.Status.PROMISED, AccuracyContract.Status.REWORKING])
    return wanted.filter(Exists(of), ~Exists(of.filter(phase__in=LIVE)), batch__status=Batch.Status.IN_PROGRESS)


def called_off(contracts: QuerySet[AccuracyContract]) -> QuerySet[AccuracyContract]:
    """The batch was canceled before it was known."""
    return contracts.filter(batch__status=Batch.Status.CANCELED)


def waiting_audits(contracts: QuerySet[AccuracyContract]) -> list[int]:
    """Keys of the tasks whose answers are in, or that somebody could not answer, in key order."""
    answered = Q(audit_task__phase=Task.Status.DECIDING)
    idle = Q(audit_task__phase=Task.Status.OPEN, audit_task__seats_taken=F("audit_task__answers"))
    left = Exists(
        Task.objects.filter(pk=OuterRef("audit_task"), annotations__status="pending").exclude(annotations__exit="")
    )
    items = AuditItem.objects.filter(contract__in=contracts, outcome="").filter(answered | idle & Q(left))
    return list(items.order_by("audit_task").values_list("audit_task", flat=True))


# --- Results ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Delivered:
    """The present result of a task. `outcome`: what an audit found of this very result, empty if none has."""

    task: int
    revision: int
    confidence: float | None
    audited: bool  # the task has been in a sample
    outcome: str


DELIVERED = """
SELECT t.id, t.revision, r.confidence, EXISTS (SELECT FROM audit_item i WHERE i.contract_id = %(contract)s AND i.task_id = t.id),
       coalesce((SELECT i.outcome FROM audit_item i WHERE i.contract_id = %(contract)s AND i.task_id = t.id AND i.revision = t.revision
                  ORDER BY i.attempt DESC LIMIT 1), '')
  FROM task t JOIN result r ON r.task_id = t.id AND r.revision = t.revision
 WHERE t.batch_id = %(batch)s AND t.purpose = 'work' AND t.phase = 'completed' ORDER BY t.id
"""


def delivered(contract: AccuracyContract) -> list[Delivered]:
    """The results of the batch in key order. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(DELIVERED, {"contract": contract.pk, "batch": contract.batch_id})
        return [Delivered(*row) for row in cursor.fetchall()]


@dataclass(slots=True)
class Counts:
    """Of the present sample, i[STRATA] each. `held`: results that it stands for, without the share of which nobody could tell."""

    held: list[int]
    audited: list[int] = field(default_factory=lambda: [0] * STRATA)
    errors: list[int] = field(default_factory=lambda: [0] * STRATA)


def counts(contract: AccuracyContract) -> Counts:
    """What the present audit has found. One statement."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    items = AuditItem.objects.filter(contract=contract, attempt=contract.attempt)
    for stratum, outcome, n in items.values_list("stratum", "outcome").annotate(models.Count("id")).order_by():
        found[stratum][outcome] = n
    result = Counts(list(contract.sizes))
    for stratum, by in found.items():
        drawn = sum(by.values())
        result.audited[stratum] = by["right"] + by["wrong"]
        result.errors[stratum] = by["wrong"]
        result.held[stratum] -= round(contract.sizes[stratum] * by["void"] / drawn)
    return result


def values_of(rows: Iterable[tuple[int, int]]) -> dict[int, dict[str, Any]]:
    """{task: {question: value}} of the results (task, revision). One statement."""
    wanted = dict(rows)
    found = Result.objects.filter(task__in=wanted).values_list("task", "revision", "answers")
    return {
        task: {name: part["value"] for name, part in answers.items()}
        for task, revision, answers in found
        if wanted[task] == revision
    }
