"""What the workspace of one person shows around the task: today's numbers, words of reviewers, other projects."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import connection
from django.db.models import Q, Sum

from annotation.models import Annotation, Assignment, Membership, Project, ProjectContributor, SchemaVersion, Stage
from workforce.models import Contributor, Earning, Notice
from workforce.models.public_id import encode

# Notices that belong beside the work; others wait in the inbox.
FEEDBACK = (
    "work_returned",
    "answer_corrected",
    "answer_rejected",
    "answer_accepted_in_review",
    "practice_right",
    "practice_wrong",
)
NOTICES = 50
ELSEWHERE = 5


def may_see(*, project: Project, contributor: Contributor) -> bool:
    """Whether this project is open to people like this one: a team's project exists only for its team and for those invited."""
    if project.workforce != Project.Workforce.TEAM:
        return True
    member = Membership.objects.filter(organization=project.organization_id, user=contributor.user_id or 0)
    return member.exists() or ProjectContributor.objects.filter(project=project, contributor=contributor).exists()


def schema_body(*, project_id: int, number: int) -> dict[str, Any] | None:
    """A schema version as stored."""
    return SchemaVersion.objects.filter(project=project_id, number=number).values_list("body", flat=True).first()


def has_open_lease(*, project_id: int, contributor_id: int, now: datetime) -> bool:
    """Whether the person left a task open here that is still theirs."""
    return Assignment.objects.filter(
        contributor=contributor_id,
        project=project_id,
        stage=Stage.LABEL,
        status=Assignment.Status.LEASED,
        leased_until__gt=now,
    ).exists()


def today(*, contributor_id: int, zone: str, now: datetime) -> dict[str, Any]:
    """Answers sent and money earned since midnight in the person's zone: `{answers, earned: [{amount, currency}]}`, minor units."""
    try:
        local = now.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        local = now.astimezone(UTC)
    since = local.replace(hour=0, minute=0, second=0, microsecond=0)
    earned = (
        Earning.objects.filter(contributor=contributor_id, created_at__gte=since)
        .exclude(status=Earning.Status.REVERSED)
        .values("currency")
        .annotate(amount=Sum("amount_minor"))
        .order_by("currency")
    )
    answers = Annotation.objects.filter(contributor=contributor_id, submitted_at__gte=since)
    return {
        "answers": answers.filter(~Q(status=Annotation.Status.SUPERSEDED) | Q(decision__by="redo")).count(),
        "earned": [{"amount": row["amount"], "currency": row["currency"]} for row in earned if row["amount"]],
    }


def feedback(*, contributor_id: int, project: str) -> list[Notice]:
    """What reviewers said of this person's answers in a project, newest first."""
    rows = Notice.objects.filter(contributor=contributor_id, code__in=FEEDBACK, params__project=project)
    return list(rows.order_by("-id")[:NOTICES])


WORK_ELSEWHERE = """
SELECT DISTINCT p.public_id, p.name FROM queue_cursor c JOIN queue q ON q.id = c.queue_id JOIN project p ON p.id = q.project_id
 WHERE c.contributor_id = %s AND c.project_id <> %s AND c.verdict = '' AND p.status = 'open' AND q.status = 'open' AND q.stage = 'label'
   AND c.exhausted_changes IS DISTINCT FROM q.changes
   AND EXISTS (SELECT 1 FROM task t WHERE t.project_id = p.id AND t.queue_id = q.id AND t.claimable AND t.rank <= c.end_rank
                  AND (q.purpose <> 'train' OR NOT EXISTS (  -- everybody's, and so open to others when it is done
                       SELECT 1 FROM assignment a
                        WHERE a.project_id = p.id AND a.contributor_id = c.contributor_id AND a.task_id = t.id)))
 ORDER BY p.name LIMIT %s
"""


def elsewhere(*, contributor_id: int, project_id: int) -> list[dict[str, str]]:
    """Other projects that this person has worked in, may work in and has not finished: `[{id, name}]`."""
    with connection.cursor() as cursor:
        cursor.execute(WORK_ELSEWHERE, [contributor_id, project_id, ELSEWHERE])
        return [{"id": encode("prj", key), "name": name} for key, name in cursor.fetchall()]
