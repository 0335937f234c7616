"""Guidelines are read: a breaking one before the next lease."""

from django.db import connection, transaction

from annotation.models import QueueCursor

READ = """
INSERT INTO project_contributor AS p (project_id, contributor_id, status, guideline_read, reason)
SELECT g.project_id, %(contributor)s, 'open', g.number, '' FROM guideline g
 WHERE g.project_id = %(project)s AND g.number = %(number)s
ON CONFLICT (project_id, contributor_id) DO UPDATE SET guideline_read = greatest(p.guideline_read, excluded.guideline_read)
"""
UNREAD = "guideline_unread"
OUTDATED = -1  # no facts have this number: the verdict is computed anew at the next claim


@transaction.atomic
def read(*, project_id: int, contributor_id: int, number: int) -> None:
    """Note that a contributor has read a version; what was refused for it is judged again. An unknown number changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(READ, {"project": project_id, "contributor": contributor_id, "number": number})
    QueueCursor.objects.filter(project=project_id, contributor=contributor_id, verdict=UNREAD).update(
        facts_version=OUTDATED
    )
