"""Why the answers of a project differ, as reviewers have said it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from annotation.models import Project
from quality.agreement.bounds import wilson
from quality.models import Review
from quality.queries.agreement import Share

RECENT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Told:
    """One reason: of `share.n` tasks of which somebody has said why their answers differ, it is that of `n`."""

    code: str
    n: int
    share: Share


# A task counts once: by the last word on it, and by a hidden second look only where nobody else has said one. A decision that is held
# is not known to anybody yet, and audits are of results, not of answers.
SAID = """
SELECT disagreement, count(*)::int FROM (
    SELECT DISTINCT ON (r.task_id) r.disagreement
      FROM review r JOIN task t ON t.id = r.task_id AND t.purpose = 'work'
     WHERE r.project_id = %s AND r.decided_at >= %s AND r.disagreement <> '' AND r.status <> 'held'
     ORDER BY r.task_id, r.second_of_id IS NOT NULL, r.id DESC) said
 GROUP BY disagreement
"""


def disagreements(project: Project, now: datetime) -> list[Told]:
    """Every reason of the last 90 days, most frequent first; nothing if none was said. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(SAID, [project.pk, now - RECENT])
        counts = dict[str, int](cursor.fetchall())
    total = sum(counts.values())
    if not total:
        return []
    told = [_told(code, counts.get(code, 0), total) for code in Review.Disagreement.values]
    return sorted(told, key=lambda each: -each.n)


def _told(code: str, n: int, total: int) -> Told:
    return Told(code, n, Share(n / total, *wilson(n, total), total))
