"""The outbox: what happened is written with what happened; delivery comes later and elsewhere."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.db import connection, transaction

from workforce.domain.actor import Actor


@dataclass(frozen=True, slots=True)
class Fact:
    """One event to be: type as in the catalogue (`task.created`), subject a public id, data the changed keys."""

    organization_id: int
    mode: str
    project_id: int | None
    type: str
    subject: str
    data: dict[str, Any] = field(default_factory=dict)


# One statement for any number of facts: the driver keeps it ready, and need not read it anew each time.
INSERT = """
INSERT INTO event (organization_id, mode, project_id, type, subject, subject_seq, actor_kind, actor, data, request_id)
SELECT v.organization_id, v.mode, v.project_id, v.type, v.subject,
       v.n + coalesce((SELECT max(e.subject_seq) FROM event e WHERE e.subject = v.subject), 0), %s, %s, v.data, %s
  FROM jsonb_to_recordset(%s::jsonb)
       AS v (organization_id bigint, mode text, project_id bigint, type text, subject text, n int, data jsonb)
"""

_wake: Callable[[], None] | None = None


def on_publish(wake: Callable[[], None]) -> None:
    """Register what is called after a commit that published something. It may be lost: the sweep finds the rows."""
    global _wake  # noqa: PLW0603  set once, when the apps are ready
    _wake = wake


def publish(*facts: Fact, by: Actor) -> None:
    """Insert the events in the caller's transaction, whose act holds the lock on each subject: so `subject_seq` has no gaps.

    After the commit the registered wake-up is called once per transaction.
    """
    if not facts:
        return
    seen: Counter[str] = Counter()
    rows = []
    for fact in facts:
        seen[fact.subject] += 1
        rows.append(
            {
                "organization_id": fact.organization_id,
                "mode": fact.mode,
                "project_id": fact.project_id,
                "type": fact.type,
                "subject": fact.subject,
                "n": seen[fact.subject],
                "data": fact.data,
            }
        )
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [by.kind, by.id, request_id(), json.dumps(rows)])
    announce()


def request_id() -> str:
    """Of the request that this thread serves; empty outside of requests."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def announce() -> None:
    """Call the wake-up after the commit; for acts that insert their events set-based."""
    if _wake is not None and _wake not in _waiting():
        transaction.on_commit(_wake, robust=True)


def _waiting() -> list[Any]:
    """The callables that this transaction already runs after its commit."""
    return [entry[1] for entry in connection.run_on_commit]
