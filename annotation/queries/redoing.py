"""Which answers of somebody can be done again by others, at what cost, and which are left, and why."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection

from annotation.models import COUNTING, Annotation, Batch
from annotation.queries import spending

BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Given:
    """A counting answer. delivered: its task has a result. minor: what others' answers cost in its place at most, at the present price.

    left: why it stays as it is, empty if it can be done again.
    """

    id: int
    task_id: int
    batch_id: int | None
    delivered: bool
    minor: int
    left: str


@dataclass(frozen=True, slots=True)
class Span:
    """Answers of somebody (key) to a project (key), from `since` until before `until`."""

    project_id: int
    contributor_id: int
    since: datetime
    until: datetime


@dataclass(slots=True)
class Preview:
    """What doing them again would come to: answers, each of a task of its own; of these with a result; minor units at most; how many
    are left, by why.
    """

    answers: int = 0
    delivered: int = 0
    minor: int = 0
    left: Counter[str] = field(default_factory=Counter)

    def add(self, each: Given) -> None:
        """Count one."""
        if each.left:
            self.left[each.left] += 1
        else:
            self.answers += 1
            self.delivered += each.delivered
            self.minor += each.minor


# The answers that count for the present result, or for the one that is being collected. What a person has decided stands, and who is about
# to decide sees them all. People who must be there together would never come for a single seat.
ANSWERS = """
SELECT n.id, n.task_id, t.batch_id, t.status = 'completed',
       CASE WHEN t.status = 'completed'
            THEN greatest(t.seats_max, coalesce((p.quality #>> '{{overlap,min}}')::int, 1), others.n + 1) - others.n
            WHEN q.payer = '' THEN 1 ELSE 0 END * (p.terms ->> 'price_minor')::bigint,
       CASE WHEN p.status = 'archived' OR b.status = 'canceled' OR t.status IN ('canceled', 'failed') THEN 'ended'
            WHEN n.status = 'corrected' OR n.decision ->> 'by' IN ('review', 'customer', 'appeal')
              OR coalesce(jsonb_array_length(r.provenance -> 'reviews'), 0) > 0 THEN 'judged'
            WHEN t.status NOT IN ('collecting', 'deciding', 'completed') THEN 'in_review'
            WHEN t.completed_at < now() - interval '30 days' THEN 'too_old'  -- task_changes.REOPEN_FOR
            WHEN p.requirements ? 'together' OR q.requirements ? 'together' THEN 'together' ELSE '' END AS stays
  FROM annotation n JOIN task t ON t.id = n.task_id JOIN queue q ON q.id = t.queue_id JOIN project p ON p.id = t.project_id
  LEFT JOIN batch b ON b.id = t.batch_id
  LEFT JOIN result r ON r.task_id = t.id AND r.revision = t.revision AND t.status = 'completed'
 CROSS JOIN LATERAL (
       SELECT count(*)::int AS n FROM annotation k WHERE k.task_id = t.id AND k.id <> n.id AND k.revision = n.revision AND k.exit = ''
          AND k.status IN ('pending', 'accepted', 'corrected')) others
 WHERE t.purpose = 'work' AND n.exit = '' AND n.status IN ('pending', 'accepted', 'corrected')
   AND n.revision = t.revision - CASE WHEN t.status = 'completed' THEN 1 ELSE 0 END AND {which}
"""
ONE = ANSWERS.format(which="n.id = %s")
THEIRS = """EXISTS (
       SELECT FROM unnest(%(people)s::bigint[], %(since)s::timestamptz[], %(until)s::timestamptz[]) AS v (contributor_id, since, until)
        WHERE v.contributor_id = n.contributor_id AND n.submitted_at >= v.since AND n.submitted_at < v.until)
   AND n.project_id = %(project)s AND n.contributor_id = ANY(%(people)s)"""
ALL = f"{ANSWERS.format(which=THEIRS)} ORDER BY n.id"


def one(annotation_id: int) -> Given | None:
    """The answer (key) as it stands now; None if it does not count any more."""
    with connection.cursor() as cursor:
        cursor.execute(ONE, [annotation_id])
        row = cursor.fetchone()
    return Given(*row) if row else None


def following(span: Span, *, after: int, most: int) -> list[int]:
    """The next counting answers (keys) of the span behind `after`, in key order."""
    theirs = Annotation.objects.filter(
        project=span.project_id,
        contributor=span.contributor_id,
        submitted_at__gte=span.since,
        submitted_at__lt=span.until,
    )
    counting = theirs.filter(pk__gt=after, exit="", status__in=COUNTING)
    return list(counting.order_by("pk").values_list("pk", flat=True)[:most])


def preview(span: Span) -> Preview:
    """What doing the answers of the span again would come to now. Three statements, and one for each batch with a budget."""
    found = _all([span])
    limited = Batch.objects.filter(pk__in={each.batch_id for each in found}, budget_minor__isnull=False)
    room = {batch.pk: (batch.budget_minor or 0) - spending.committed(batch.pk) for batch in limited}
    seen = Preview()
    for each in found:
        seen.add(_afforded(each, room))
    return seen


def _afforded(each: Given, room: dict[int, int]) -> Given:
    """With the budget of its batch as a reason, if that is used up."""
    if each.left or each.batch_id not in room:
        return each
    if room[each.batch_id] < each.minor:
        return replace(each, left=BUDGET)
    room[each.batch_id] -= each.minor
    return each


def count(spans: Sequence[Span]) -> int:
    """How many answers of these spans of one project could be done again now, each counted once. One statement."""
    return sum(not each.left for each in _all(spans)) if spans else 0


def _all(spans: Sequence[Span]) -> list[Given]:
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "project": spans[0].project_id,
            "people": [span.contributor_id for span in spans],
            "since": [span.since for span in spans],
            "until": [span.until for span in spans],
        }
        cursor.execute(ALL, values)
        return [Given(*row) for row in cursor.fetchall()]
