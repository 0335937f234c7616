"""Offers: tasks reserved a few ahead for the people who are online, so that nobody waits for the next one.

Several dispatchers may run at once; each offer is one short transaction by the same claim that a direct request uses.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from annotation.domain import routing
from annotation.domain.hints import hint
from annotation.models import Project, Stage
from workforce.models import Presence

AHEAD = 2  # offers per open workspace
OFFER_S = 90
ONLINE_S = 90
ROWS = 2000

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
    while held + made < wanted and _offer(project, contributor_id, stage):
        made += 1
    return made


def _offer(project: Project, contributor_id: int, stage: str) -> bool:
    """Write one offer if the queues open to this person have a free seat."""
    purpose = "gold" if stage == Stage.LABEL and routing.gold_turn(project) else "work"
    for _ in range(2):
        outcome = _offer_outcome([project.pk, contributor_id, stage, purpose, OFFER_S])
        if outcome != "stale":
            return outcome == "offered"
        routing.refresh_eligibility(
            project_id=project.pk, contributor_id=contributor_id, stage=stage, now=timezone.now()
        )
    return False


def _offer_outcome(arguments: list[Any]) -> str:
    """What `offer_next` says; a busy queue is simply no offer this time."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(OFFER, arguments)
            return str(cursor.fetchone()[0])
    except OperationalError as error:
        if "is busy" not in str(error):
            raise
    return "empty"


@dataclass(frozen=True, slots=True)
class Served:
    """Somebody for whom a round wrote offers."""

    contributor: str  # public id
    project: str
    offers: int


def offer(*, now: datetime) -> list[Served]:
    """One round: everybody online with an open workspace, least recently served first."""
    online = (
        Presence.objects.filter(last_seen_at__gt=now - timedelta(seconds=ONLINE_S))
        .exclude(place="")
        .select_related("contributor")
        .order_by(F("served_at").asc(nulls_first=True), "contributor_id")[:ROWS]
    )
    rows = list(online)
    open_projects = Project.objects.filter(status=Project.Status.OPEN, public_id__in={row.place for row in rows})
    projects = {project.public_id: project for project in open_projects}
    served = []
    for row in rows:
        project = projects.get(row.place)
        made = top_up(project=project, contributor_id=row.contributor_id) if project else 0
        if project and made:
            Presence.objects.filter(pk=row.pk).update(served_at=now)
            hint(f"contributor.{row.contributor.public_id}", kind="task_ready", project=project.public_id)
            served.append(Served(row.contributor.public_id, project.public_id, made))
    return served
