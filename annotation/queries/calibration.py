"""How forecasts came out."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from annotation.scheduling.forecast import LATEST

STEPS_A_QUARTER = 5  # of the twentieths by which forecasts are kept


@dataclass(frozen=True, slots=True)
class Outcome:
    """A forecast whose batch has ended: seconds it took, as it was made (p50, p80, p95), and the moments that were shown."""

    took_s: float
    made_s: list[float]
    shown: tuple[datetime, datetime, datetime]
    ended_at: datetime

    @property
    def inside(self) -> tuple[bool, ...]:
        """Whether the batch ended by each of the moments."""
        return tuple(self.ended_at <= moment for moment in self.shown)


# The first forecast of each quarter; a batch that grew afterwards tells nothing about it.
OUTCOMES = """
SELECT quarter, took, made_s, p50_at, p80_at, p95_at, ended_at FROM (
    SELECT first.*, row_number() OVER (PARTITION BY quarter ORDER BY ended_at DESC) AS place FROM (
        SELECT DISTINCT ON (f.batch_id, f.step / %(steps)s)
               f.step / %(steps)s AS quarter, f.made_s, f.p50_at, f.p80_at, f.p95_at, f.ended_at,
               extract(epoch FROM f.ended_at - f.made_at)::float8 AS took
          FROM forecast f
         WHERE f.ended_at > f.made_at AND f.made_s IS NOT NULL
           AND f.tasks = (SELECT max(o.tasks) FROM forecast o WHERE o.batch_id = f.batch_id)
         ORDER BY f.batch_id, f.step / %(steps)s, f.step) first) ranked
 WHERE place <= %(latest)s ORDER BY ended_at DESC
"""


def outcomes() -> dict[int, list[Outcome]]:
    """Of the latest 200 batches that have ended, the latest first, what was forecast in each quarter (0 to 3) of their work."""
    found: dict[int, list[Outcome]] = {}
    with connection.cursor() as cursor:
        cursor.execute(OUTCOMES, {"steps": STEPS_A_QUARTER, "latest": LATEST})
        for quarter, took, made, p50, p80, p95, ended in cursor.fetchall():
            found.setdefault(quarter, []).append(Outcome(took, made, (p50, p80, p95), ended))
    return found
