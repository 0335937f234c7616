"""What a batch or an organization has spent and may yet have to: for budgets and quotas. Minor units; answers that count, of people."""

from django.db import connection

# Answers that count, at the price of their lease, and those that were set aside to be done again, which stay paid; what the platform pays
# for, by the lease or by a later decision, is at no charge.
GIVEN = """
SELECT coalesce(sum((a.terms ->> 'price_minor')::bigint), 0)
  FROM annotation n JOIN assignment a ON a.id = n.assignment_id JOIN task t ON t.id = n.task_id
 WHERE (n.status IN ('pending', 'accepted', 'corrected') OR n.status = 'superseded' AND n.decision ->> 'by' = 'redo') AND n.exit = ''
   AND coalesce(n.decision ->> 'payer', a.terms ->> 'payer') <> 'platform' AND {which}
"""
# The answers that open tasks may still get, at the present price; who holds a lease of a higher one is paid that.
HELD = """
SELECT coalesce(sum((t.seats_max - t.answers) * (p.terms ->> 'price_minor')::bigint + coalesce(l.more, 0)), 0)
  FROM task t JOIN project p ON p.id = t.project_id JOIN queue q ON q.id = t.queue_id AND q.payer = ''
  LEFT JOIN LATERAL (
      SELECT sum(greatest((a.terms ->> 'price_minor')::bigint - (p.terms ->> 'price_minor')::bigint, 0)) AS more
        FROM assignment a WHERE a.task_id = t.id AND a.status = 'leased') l ON true
 WHERE t.stage = 'label' AND t.purpose = 'work' AND t.phase IN ('open', 'deciding') AND {which}
"""
SPENT = GIVEN.format(which="t.batch_id = %s")
COMMITTED = f"SELECT ({SPENT}) + ({HELD.format(which='t.batch_id = %s')})"
TODAY = (
    f"SELECT ({GIVEN.format(which='n.organization_id = %(organization)s AND n.submitted_at >= date_trunc(%(day)s, now())')})"
    f" + ({HELD.format(which='p.organization_id = %(organization)s AND p.mode = %(mode)s')})"
)
LIVE = """
SELECT count(*) FILTER (WHERE t.phase <> 'queued'), count(*) FROM task t JOIN project p ON p.id = t.project_id
 WHERE p.organization_id = %s AND p.mode = %s AND t.purpose = 'work' AND t.phase NOT IN ('completed', 'failed', 'canceled')
"""


def spent(batch_id: int) -> int:
    """What the answers of a batch cost so far: those that count or are still being checked."""
    return _one(SPENT, [batch_id])


def committed(batch_id: int) -> int:
    """That, and what its open tasks may still cost at most."""
    return _one(COMMITTED, [batch_id, batch_id])


def today(*, organization_id: int, mode: str) -> int:
    """What an organization's answers of this day (UTC) cost, and what its open tasks may still cost at most."""
    return _one(TODAY, {"organization": organization_id, "mode": mode, "day": "day"})


def tasks(*, organization_id: int, mode: str) -> tuple[int, int]:
    """Tasks of an organization that are open to be worked on, and those with the ones that wait to be."""
    with connection.cursor() as cursor:
        cursor.execute(LIVE, [organization_id, mode])
        opened, live = cursor.fetchone()
    return int(opened), int(live)


def _one(statement: str, values: list[int] | dict[str, int | str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])
