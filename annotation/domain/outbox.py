"""The drainer: gives committed events their number, and says what must follow. Safe anywhere, any number of times."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from annotation.queries.events import INTERNAL

BATCH = 1000

# One drainer per organization at a time: the advisory lock belongs to the transaction. A row whose transaction commits after a higher id
# simply gets the next number: readers page by `seq`, so nothing is skipped.
PENDING = "SELECT DISTINCT organization_id FROM (SELECT organization_id FROM event WHERE seq IS NULL ORDER BY id LIMIT 10000) e"
LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('event_drain'), %s::int)"
NUMBER = """
WITH batch AS (
    SELECT id, row_number() OVER (ORDER BY id) AS n FROM (
        SELECT id FROM event WHERE seq IS NULL AND organization_id = %(organization)s ORDER BY id LIMIT %(limit)s) e
), last AS (SELECT coalesce(max(seq), 0) AS seq FROM event WHERE organization_id = %(organization)s)
UPDATE event e SET seq = last.seq + batch.n FROM batch, last WHERE e.id = batch.id
RETURNING e.id, e.type, e.subject, e.project_id, e.data ->> 'task', e.mode
"""
DELIVER = """
INSERT INTO webhook_delivery (organization_id, endpoint_id, event_id, status, attempts, attempt, next_attempt_at)
SELECT w.organization_id, w.id, e.id, 'pending', '[]'::jsonb, 0, now()
  FROM webhook_endpoint w JOIN event e ON e.organization_id = w.organization_id AND e.mode = w.mode
 WHERE w.organization_id = %s AND w.status = 'enabled' AND e.id = ANY(%s) AND e.type <> ALL(%s)
   AND (w.project_id IS NULL OR w.project_id = e.project_id)
   AND EXISTS (SELECT 1 FROM unnest(w.types) AS pattern WHERE pattern = '*' OR pattern = e.type OR e.type LIKE replace(pattern, '*', '%%'))
ON CONFLICT (endpoint_id, event_id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Drained:
    """One event that has just got its number."""

    type: str
    subject: str
    project_id: int | None
    task: str  # public id of the task it speaks of, or empty


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of draining did."""

    events: list[Drained]
    deliveries: int


Listener = Callable[[list[Drained]], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Register who is told of drained events: called once per round with all of them, after their commit. Must be idempotent."""
    _listeners.append(listener)


def drain() -> Round:
    """Number every committed event, one organization after another, write the webhook deliveries in the same transaction, tell all."""
    with connection.cursor() as cursor:
        cursor.execute(PENDING)
        organizations = [row[0] for row in cursor.fetchall()]
    events: list[Drained] = []
    deliveries = 0
    for organization in organizations:
        while True:
            rows, sent = _drain_batch(organization)
            events += [Drained(kind, subject, project_id, task or "") for _, kind, subject, project_id, task, _ in rows]
            deliveries += sent
            if len(rows) < BATCH:
                break
    if events:
        for listener in _listeners:
            listener(events)
    return Round(events, deliveries)


@transaction.atomic
def _drain_batch(organization: int) -> tuple[list[tuple[Any, ...]], int]:
    """Up to BATCH events of one organization; none if another drainer is at work there."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [organization])
        if not cursor.fetchone()[0]:
            return [], 0
        cursor.execute(NUMBER, {"organization": organization, "limit": BATCH})
        rows = cursor.fetchall()
        if not rows:
            return [], 0
        cursor.execute(DELIVER, [organization, [row[0] for row in rows], list(INTERNAL)])
        return rows, cursor.rowcount


def oldest_unnumbered_s() -> float:
    """Age of the oldest event without a number, in seconds; 0 if there is none. Over 10 something is wrong."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0) FROM event WHERE seq IS NULL")
        return float(cursor.fetchone()[0])
