"""The hours that people have worked, counted for the forecasts."""

from datetime import datetime

from django.db import connection, transaction

from annotation.models import WorkedHour
from annotation.queries.crowd import KNOWN

# From the hour before the last one that was counted: answers of a moment ago may have come to it since.
COUNT = """
INSERT INTO worked_hour (contributor_id, hour, project_id, seconds)
SELECT n.contributor_id, date_trunc('hour', n.submitted_at), n.project_id, sum(n.active_ms) / 1000.0 FROM annotation n
 WHERE n.submitted_at >= coalesce((SELECT max(hour) FROM worked_hour) - interval '1 hour', date_trunc('hour', %s::timestamptz))
   AND n.active_ms > 0
 GROUP BY 1, 2, 3
ON CONFLICT (contributor_id, hour, project_id) DO UPDATE SET seconds = excluded.seconds WHERE worked_hour.seconds <> excluded.seconds
"""


@transaction.atomic
def count(*, now: datetime) -> int:
    """Bring the hours up to date, and forget what is older than twelve weeks; how many have changed. Any number of times."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [now - KNOWN])
        changed = int(cursor.rowcount)
    WorkedHour.objects.filter(hour__lt=now - KNOWN).delete()
    return changed
