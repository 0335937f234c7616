"""Fair shares: the active minutes that each customer and each service class has used lately, brought up to date by a sweep."""

from datetime import datetime

from django.db import connection, transaction

from annotation.scheduling.fairshare import HALF_LIFE_S, WINDOW_S

# Answers are counted in the order of their keys, each once: where the last count ended is kept with the sums.
COUNT = """
WITH mark AS (SELECT coalesce(max(upto), 0) AS upto FROM fair_share),
fresh AS MATERIALIZED (
    SELECT n.id, n.organization_id, n.task_id, n.active_ms / 60000.0 AS minutes FROM annotation n, mark
     WHERE n.id > mark.upto AND n.submitted_at < %(now)s::timestamptz - interval '5 seconds' ORDER BY n.id LIMIT 200000
), used AS (
    SELECT 'org:' || organization_id AS key, sum(minutes) AS minutes FROM fresh GROUP BY organization_id
    UNION ALL
    SELECT 'class:' || q.service_class, sum(f.minutes) FROM fresh f JOIN task t ON t.id = f.task_id JOIN queue q ON q.id = t.queue_id
     GROUP BY q.service_class
)
INSERT INTO fair_share AS s (key, minutes, at, upto)
SELECT u.key, u.minutes, %(now)s, (SELECT max(id) FROM fresh) FROM used u ORDER BY u.key
ON CONFLICT (key) DO UPDATE SET upto = excluded.upto, at = excluded.at,
    minutes = excluded.minutes + s.minutes * 2 ^ (-extract(epoch FROM excluded.at - s.at)
              / CASE WHEN starts_with(s.key, 'org:') THEN %(week)s ELSE %(hour)s END)
"""
LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('fair_share'), 0)"


@transaction.atomic
def count(*, now: datetime) -> int:
    """Add what was answered since the last count; how many customers and classes it touched. One at a time: a second one does nothing."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(COUNT, {"now": now, "week": HALF_LIFE_S, "hour": WINDOW_S})
        return int(cursor.rowcount)
