"""Offers to one person in one project, by the same claim that a direct request uses; several may run at once."""

from typing import Any

from django.db import OperationalError, connection, transaction

from annotation.domain import routing
from annotation.models import Project, Stage

AHEAD = 2  # offers per open workspace
OFFER_S = 90

OFFER = "SELECT outcome FROM offer_next(%s, %s, %s, %s, %s)"
HELD = """
SELECT count(*) FILTER (WHERE status = 'offered' AND offered_until > now() AND stage = %s) FROM assignment
 WHERE contributor_id = %s AND project_id = %s AND status IN ('offered', 'leased')
"""


def top_up(*, project: Project, contributor_id: int, stage: str = Stage.LABEL, wanted: int = AHEAD) -> int:
    """Bring the offers of one person in one project up to `wanted`; the number of new ones."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, [stage, contributor_id, project.pk])
        held = int(cursor.fetchone()[0])
    made = 0
    share = project.gold_share if stage == Stage.LABEL else 0.0
    while held + made < wanted and claim(project, contributor_id, stage, gold=routing.gold_turn(share)):
        made += 1
    return made


def claim(project: Project, contributor_id: int, stage: str = Stage.LABEL, *, gold: float | None = None) -> bool:
    """Write one offer if the queues of the project that are open to this person have a free seat. `gold`: as in `leases.take`."""
    for _ in range(2):
        outcome = _outcome([project.pk, contributor_id, stage, gold, OFFER_S])
        if outcome != "stale":
            return outcome == "offered"
        routing.refresh_eligibility(people=[contributor_id], projects=[project.pk], stages=[stage])
    return False


def _outcome(arguments: list[Any]) -> str:
    """What `offer_next` says; a busy queue is simply no offer this time."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(OFFER, arguments)
            return str(cursor.fetchone()[0])
    except OperationalError as error:
        if "is busy" not in str(error):
            raise
    return "empty"
