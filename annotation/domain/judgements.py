"""What becomes of an answer: accepted, corrected, rejected, replaced. Pay follows in the same transaction.

All acts work on sets. The caller holds the locks of the tasks, so no answer is judged twice at once.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotation.domain import part_pay
from annotation.domain.events import Fact, publish
from annotation.models import COUNTING, Annotation
from workforce.domain import pay
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal
from workforce.models.public_id import encode

REDO = "redo"  # by what an answer is set aside whose task others answer again


class TooLateToReject(Refusal):
    """The time in which the answer could be rejected, as its author was promised it, is over."""

    code = "too_late_to_reject"
    message = _("This answer can no longer be rejected: nobody judged it in time, so it is accepted and paid.")
    remedy = _("If it is wrong, accept another answer or correct the result: that is what counts.")


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer that has just moved."""

    id: int
    annotation: str
    task_id: int
    task: str
    contributor_id: int


def accept(*, annotations: Iterable[int], by: Actor, how: str, note: str = "") -> list[Judged]:
    """Accept those of the answers (keys) that are pending, and credit what their rounds earned. `how`: policy, auto, review or customer."""
    moved = _move(annotations, Annotation.Status.ACCEPTED, by=by, decision={"by": how, "note": note})
    pay.credit(source_keys=source_keys(moved))
    return moved


def correct(*, annotations: Iterable[int], by: Actor, note: str = "") -> list[Judged]:
    """A reviewer decided on another value: the original answers stay, their authors are paid in full."""
    moved = _move(annotations, Annotation.Status.CORRECTED, by=by, decision={"by": "review", "note": note})
    pay.credit(source_keys=source_keys(moved))
    return moved


def check_in_time(*, annotation: Annotation, at: datetime) -> None:
    """Raises TooLateToReject for an answer that nobody had judged when it was due, whether or not the sweep has come by."""
    pending = annotation.status == Annotation.Status.PENDING
    if (pending and not annotation.rejectable(at)) or (annotation.decision or {}).get("by") == "auto":
        raise TooLateToReject(judge_by=annotation.judge_by.isoformat())


def reject(*, annotations: Iterable[int], by: Actor, how: str, reasons: Sequence[str], note: str) -> list[Judged]:
    """Reject answers with closed reasons: they will not be paid. What was decided already does not move."""
    decision = {"by": how, "reasons": list(reasons), "note": note}
    moved = _move(annotations, Annotation.Status.REJECTED, by=by, decision=decision)
    pay.reverse(source_keys=source_keys(moved), reason="rejected")
    return moved


def supersede(*, annotations: Iterable[int]) -> int:
    """A later round takes the place of these answers; money follows the last round."""
    live = Annotation.objects.filter(pk__in=list(annotations), status__in=COUNTING)
    return live.update(status=Annotation.Status.SUPERSEDED)


def set_aside(*, annotations: Iterable[int], by: Actor) -> list[Judged]:
    """Somebody else answers these tasks again, without blame for what is set aside: what was pending is paid now, the rest is paid."""
    before = (Annotation.Status.PENDING, Annotation.Status.ACCEPTED)
    moved = _move(annotations, Annotation.Status.SUPERSEDED, by=by, decision={"by": REDO}, before=before)
    pay.credit(source_keys=source_keys(moved))
    return moved


def drop(*, annotations: Iterable[int], reason: str, most: float) -> list[Judged]:
    """Exits that nobody confirmed by the time their task was done: set aside without blame, with the reason code.

    Their time is paid, at most this part of the price.
    """
    moved = _move(annotations, Annotation.Status.SUPERSEDED, by=None, decision={"by": "policy", "note": reason})
    rounds = [key.removeprefix("assignment:") for key in source_keys(moved)]
    part_pay.lower(assignments=rounds, most=most, reason=reason)
    return moved


MOVE = """
UPDATE annotation n SET status = %s, decision = coalesce(n.decision, '{}') || %s::jsonb FROM task t, project p
 WHERE n.id = ANY(%s) AND n.status = ANY(%s) AND t.id = n.task_id AND p.id = n.project_id
RETURNING n.id, n.public_id, n.task_id, t.public_id, n.contributor_id, n.organization_id, n.project_id, p.mode
"""


def _move(
    annotations: Iterable[int],
    status: Annotation.Status,
    *,
    by: Actor | None,
    decision: dict[str, Any],
    before: Sequence[Annotation.Status] = (Annotation.Status.PENDING,),
) -> list[Judged]:
    """Move answers that are in one of the states `before` to `status` and, if there is an actor, publish it."""
    decided = {**decision, "at": timezone.now().isoformat()}
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [status.value, json.dumps(decided), list(annotations), [each.value for each in before]])
        rows = sorted(cursor.fetchall())
    moved = [_judged(row) for row in rows]
    if by is not None:
        kind = f"annotation.{status.value}"
        publish(*(_fact(kind, row, judged, decided) for row, judged in zip(rows, moved, strict=True)), by=by)
    return moved


def _judged(row: tuple[Any, ...]) -> Judged:
    pk, key, task_id, task_key, contributor_id, *_ = row
    return Judged(pk, encode("ann", key), task_id, encode("tsk", task_key), contributor_id)


def _fact(kind: str, row: tuple[Any, ...], judged: Judged, decided: dict[str, Any]) -> Fact:
    *_, organization_id, project_id, mode = row
    data = {"annotation": judged.annotation, "task": judged.task, "decision": decided}
    return Fact(organization_id, mode, project_id, kind, judged.annotation, data)


ROUNDS = """
SELECT a.public_id FROM unnest(%s::bigint[], %s::bigint[]) AS w (task_id, contributor_id)
  JOIN assignment a ON a.task_id = w.task_id AND a.contributor_id = w.contributor_id AND a.stage = 'label'
"""


def source_keys(judged: Sequence[Judged]) -> list[str]:
    """The source keys of all rounds that led to these answers."""
    if not judged:
        return []
    with connection.cursor() as cursor:
        cursor.execute(ROUNDS, [[row.task_id for row in judged], [row.contributor_id for row in judged]])
        keys: list[UUID] = [row[0] for row in cursor.fetchall()]
    return [f"assignment:{encode('asg', key)}" for key in keys]
