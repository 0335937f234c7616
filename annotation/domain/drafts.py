"""Drafts: unsubmitted work, kept on the server and kept after the lease has ended."""

import json
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from annotation.domain.leases import LeaseLost
from workforce.domain.refusal import Refusal
from workforce.models.public_id import decode


class DraftConflict(Refusal):
    """Another tab saved a newer draft."""

    code = "draft_conflict"
    message = _("Another tab has saved newer work on this task.")
    remedy = _("Choose which version to keep.")


SAVE_DRAFT = """
INSERT INTO draft AS d (assignment_id, body, version, saved_at)
SELECT a.id, %(body)s::jsonb, 1, now() FROM assignment a
 WHERE a.public_id = %(key)s AND a.contributor_id = %(contributor)s AND a.status = ANY('{offered,leased,expired}')
ON CONFLICT (assignment_id) DO UPDATE SET body = excluded.body, version = d.version + 1, saved_at = now()
 WHERE %(version)s IS NULL OR d.version = %(version)s
RETURNING version
"""


def save(*, assignment: str, contributor_id: int, body: dict[str, Any], version: int | None) -> int:
    """Keep unsubmitted work; returns the new version. `version`: the one this tab has seen, None to overwrite.

    Kept for an expired lease as well. Raises DraftConflict if another tab is ahead, LeaseLost if the assignment has ended.
    """
    key = decode("asg", assignment)
    values = {"body": json.dumps(body), "key": key, "contributor": contributor_id, "version": version}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SAVE_DRAFT, values)
        row = cursor.fetchone()
        if row:
            return int(row[0])
        cursor.execute(
            "SELECT d.version, d.body FROM draft d JOIN assignment a ON a.id = d.assignment_id"
            " WHERE a.public_id = %s AND a.contributor_id = %s AND a.status = ANY('{offered,leased,expired}')",
            [key, contributor_id],
        )
        ahead_ = cursor.fetchone()
    if ahead_:
        raise DraftConflict(version=ahead_[0], body=json.loads(ahead_[1]))
    raise LeaseLost
