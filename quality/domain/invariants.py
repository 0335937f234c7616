"""What must always be true, and whether it is. `manage.py verify` asks it of a live or idle system."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import connection, transaction

from quality.queries import breaches
from workforce.models.public_id import decode

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Invariant:
    """`sql` selects one text column: what violates it, one row per violation."""

    code: str
    says: str
    sql: str


@dataclass(frozen=True, slots=True)
class Finding:
    """How many rows violate an invariant, the first few of them, and how long it took to see."""

    invariant: Invariant
    violations: int
    examples: list[str]
    seconds: float


ALL = (
    Invariant("I2", "one answer per assignment, one live assignment and one counting answer per person and task", breaches.ONE_ANSWER),
    Invariant("I3", "counters of tasks equal their rows; never more seats than wanted", breaches.COUNTERS),
    Invariant("I4", "an answer counts only under the epoch of its lease", breaches.FENCED),
    Invariant("I5", "nobody judges own work", breaches.INDEPENDENT),
    Invariant("I6", "no lease without its terms and requirements", breaches.ELIGIBLE),
    Invariant("I7", "one result per completed revision, made of its answers", breaches.RESULTS),
    Invariant("I8", "states move along the table, and the database guards it", breaches.MOVES),
    Invariant("I9", "events are numbered without gaps", breaches.OUTBOX),
    Invariant("I10", "the ledger sums to zero and equals what was earned", breaches.LEDGER),
    Invariant("I12", "no row links two organizations, or one that is gone", f"{breaches.TENANTS} UNION ALL {breaches.ORPHANS}"),
    Invariant("I13", "a known answer leaves no trace outside", breaches.GOLD_OUTSIDE),
    Invariant("I15", "a rejection names its reason and its decider; a granted appeal is paid and counts against nobody", breaches.REASONS),
    Invariant("I16", "nothing waits where nobody looks, no lease lasts past its cap", breaches.LEASES),
    Invariant("I17", "scorecards equal their evidence", breaches.RECOUNTS),
    Invariant("I18", "no budget is exceeded, and what waits says for what", breaches.WAITING),
    Invariant("I21", "audits are blind, stay inside, and no batch ends before its promise is decided", breaches.AUDITS),
    Invariant("I22", "who is restricted has been told, and gets no new tasks for just so long", breaches.RESTRICTED),
    Invariant("I23", "silence is acceptance: no answer waits past its time, none is accepted so before it, or unpaid", breaches.UNJUDGED),
)  # fmt: skip


def check(invariant: Invariant) -> Finding:
    """Run one invariant in a transaction of its own without a time limit."""
    started = time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(invariant.sql)
        rows = [row[0] for row in cursor.fetchmany(EXAMPLES)]
        found = len(rows) + sum(1 for _ in cursor)
    return Finding(invariant, found, rows, time.monotonic() - started)


ACKNOWLEDGED = Invariant("I1", "every acknowledged answer is there, byte for byte", "")
STORED = """
SELECT a.public_id, n.sha256 FROM assignment a JOIN annotation n ON n.assignment_id = a.id WHERE a.public_id = ANY(%s)
"""


def check_acknowledged(path: Path) -> Finding:
    """I1 against a client's own record: JSON lines of {assignment, sha256} for every submit that was answered with success."""
    started, examples, violations = time.monotonic(), list[str](), 0
    lines = _lines(path)
    while chunk := list(islice(lines, 5_000)):
        with connection.cursor() as cursor:
            cursor.execute(STORED, [[decode("asg", assignment) for assignment, _ in chunk]])
            stored = dict(cursor.fetchall())
        for assignment, sha256 in chunk:
            if stored.get(decode("asg", assignment)) != sha256:
                violations += 1
                examples.append(assignment)
    return Finding(ACKNOWLEDGED, violations, examples[:EXAMPLES], time.monotonic() - started)


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield row["assignment"], row["sha256"]
