"""Reviewers as raters: how their decisions fared when somebody independent looked at the same."""

from django.db.models import Q
from django.db.models.functions import Now

from annotation.models import Assignment, Task
from quality.models import Review
from workforce.models import Contributor, SkillGrant
from workforce.models.skills import PLATFORM


def somebody_else(*, task: Task) -> bool:
    """Whether anybody who has had nothing to do with a task may review it."""
    owners = [PLATFORM, f"org:{task.project.organization.public_id}"]
    grants = SkillGrant.objects.filter(skill__name__iexact="review", skill__owner_key__in=owners, revoked_at=None)
    grants = grants.filter(Q(expires_at=None) | Q(expires_at__gt=Now()))
    others = grants.filter(contributor__status=Contributor.Status.ACTIVE)
    return others.exclude(contributor__in=Assignment.objects.filter(task=task).values("contributor")).exists()


def decided(contributor_id: int, *, most: int) -> int:
    """How often somebody has decided, in any project; counted no further than `most`."""
    rows = Review.objects.filter(assignment__contributor=contributor_id).exclude(decision="")
    return rows.values("pk")[:most].count()


def differed(task: Task) -> list[Review]:
    """The decisions about a task that were passed on to somebody else, and of which nothing has been concluded."""
    passed_on = Review.objects.filter(task=task, status=Review.Status.ESCALATED, evidence=None)
    given = passed_on.exclude(decision=Review.Decision.ESCALATE).select_related("assignment", "annotation")
    return list(given.order_by("id"))
