"""How much of a person's work may be rejected on one word. Beyond it somebody else has to say the same.

A person is protected where work is rejected wholesale: out of habit, to save money, or because a guideline was read in another way.
"""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from annotation.models import Annotation
from workforce.domain.refusal import Refusal

FREE = 5  # of a person's answers in a batch may be rejected whatever share they are
SHARE = 0.2  # of them, from there on


class TooManyRejections(Refusal):
    """So many of this person's answers in the batch are rejected that a customer cannot reject more alone."""

    code = "too_many_rejections"
    message = _("More than a fifth of this person's answers in the batch would be rejected.")
    remedy = _("Let reviewers decide about the rest: what one of them rejects is then looked at by a second one.")


# Answers of a person to the work of a batch (of a project, for tasks without one), and those that are rejected. Rounds that were returned
# are not counted twice.
COUNT = """
SELECT count(*), count(*) FILTER (WHERE n.status IN ('rejected', 'appealed'))
  FROM annotation n JOIN task t ON t.id = n.task_id
 WHERE n.contributor_id = %s AND n.project_id = %s AND n.exit = '' AND n.status <> 'superseded'
   AND t.purpose = 'work' AND t.batch_id IS NOT DISTINCT FROM %s
"""
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('reject'), (%s::bigint %% 2147483647)::int)"


def beyond(annotation: Annotation) -> bool:
    """Whether one more rejection, of this answer, would be too many. Those about the same person are counted one after another."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [annotation.contributor_id])
        cursor.execute(COUNT, [annotation.contributor_id, annotation.project_id, annotation.task.batch_id])
        given, rejected = cursor.fetchone()
    return bool(rejected >= FREE and rejected + 1 > SHARE * given)


def check(annotation: Annotation) -> None:
    """What a customer may reject alone. Raises TooManyRejections."""
    if beyond(annotation):
        raise TooManyRejections
