"""Reviewers as raters: how their decisions fared when somebody independent looked at the same."""

from django.db.models import Q
from django.db.models.functions import Now

from annotation.models import Assignment, Task
from quality.models import Review
from workforce.models import Contributor, SkillGrant
from workforce.models.skills import PLATFORM


def others_can(task: Task) -> bool:
    """Whether there are two people who have had nothing to do with a task: one who may review it, and one who decides if they differ."""
    reviewers, experts = (_granted(task, name) for name in ("review", "adjudicate"))
    return bool(reviewers and experts) and len(reviewers | experts) > 1


def expert_left(task: Task) -> bool:
    """Whether there is somebody to decide about a task who has had nothing to do with it."""
    return bool(_granted(task, "adjudicate"))


def _granted(task: Task, name: str) -> set[int]:
    """Two of those who hold the grant and have had no seat on the task, if there are so many."""
    owners = [PLATFORM, f"org:{task.project.organization.public_id}"]
    grants = SkillGrant.objects.filter(skill__name__iexact=name, skill__owner_key__in=owners, revoked_at=None)
    grants = grants.filter(Q(expires_at=None) | Q(expires_at__gt=Now()), contributor__status=Contributor.Status.ACTIVE)
    others = grants.exclude(contributor__in=Assignment.objects.filter(task=task).values("contributor"))
    return set(others.values_list("contributor_id", flat=True).distinct()[:2])


def decided(contributor_id: int, *, most: int) -> int:
    """How often somebody has decided, in any project; counted no further than `most`."""
    rows = Review.objects.filter(assignment__contributor=contributor_id).exclude(decision="")
    return rows.values("pk")[:most].count()


def differed(task: Task) -> list[Review]:
    """The decisions about a task that were passed on to somebody else, and of which nothing has been concluded."""
    passed_on = Review.objects.filter(task=task, status=Review.Status.ESCALATED, evidence=None)
    given = passed_on.exclude(decision=Review.Decision.ESCALATE).select_related("assignment", "annotation")
    return list(given.order_by("id"))
