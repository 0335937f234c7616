"""Organizations, members, contributors by pseudonym: as the console shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from annotation.models import Assignment, ContributorAlias, Invitation, Membership, Organization, Project
from workforce.models import SkillGrant
from workforce.models.skills import PLATFORM

REVIEW = "review"
GRANTS = (
    REVIEW,
    "adjudicate",
    "audit",
)  # work for those who were chosen for it; each is a skill of the organization's own


def owner_key(organization: Organization) -> str:
    """How floor 1, which knows no organizations, names this owner of skills."""
    return f"org:{organization.public_id}"


def members(organization: Organization, *, search: str = "", role: str = "") -> QuerySet[Membership]:
    """The members with their user; `listed` projects each, and whether they `reviews`."""
    found = Membership.objects.filter(organization=organization).select_related("user")
    if search:
        found = found.filter(Q(user__email__icontains=search) | Q(user__name__icontains=search))
    if role:
        found = found.filter(role=role)
    return found.annotate(
        listed=Count("projects"),
        reviews=Exists(review_grants(organization).filter(contributor__user=OuterRef("user"))),
    )


def review_grants(organization: Organization) -> QuerySet[SkillGrant]:
    """The live grants of the organization's own `review` skill."""
    return SkillGrant.objects.filter(skill__owner_key=owner_key(organization), skill__name=REVIEW, revoked_at=None)


def grants_of(organization: Organization, contributors: Iterable[int]) -> dict[int, set[str]]:
    """{contributor key: which of GRANTS the organization has given them}; one statement."""
    live = SkillGrant.objects.filter(skill__owner_key=owner_key(organization), skill__name__in=GRANTS, revoked_at=None)
    found: dict[int, set[str]] = {}
    for contributor, name in live.filter(contributor__in=list(contributors)).values_list("contributor", "skill__name"):
        found.setdefault(contributor, set()).add(name)
    return found


def somebody_may(organization: Organization, grant: str) -> bool:
    """Whether anybody has this one of GRANTS for the work of the organization, from it or from the platform."""
    owners = [PLATFORM, owner_key(organization)]
    return SkillGrant.objects.filter(skill__owner_key__in=owners, skill__name=grant, revoked_at=None).exists()


def open_invitations(organization: Organization) -> QuerySet[Invitation]:
    """Invitations that wait, the newest first; also those that have expired, which can be made anew."""
    waiting = Invitation.objects.filter(organization=organization, accepted_at=None, withdrawn_at=None)
    return waiting.select_related("invited_by").order_by("-id")


def contributors(
    organization: Organization, *, search: str = "", reviewers: bool = False
) -> QuerySet[ContributorAlias]:
    """Who has answered for the organization or may review for it, by pseudonym, and whether they `reviews`."""
    projects = Project.objects.filter(organization=organization)
    answered = Assignment.objects.filter(
        project__in=projects, contributor=OuterRef("contributor"), status=Assignment.Status.SUBMITTED
    )
    reviews = review_grants(organization).filter(contributor=OuterRef("contributor"))
    found = ContributorAlias.objects.filter(organization=organization).annotate(reviews=Exists(reviews))
    found = found.filter(reviews=True) if reviewers else found.filter(Q(reviews=True) | Exists(answered))
    return found.filter(public_id=search) if search else found


@dataclass(frozen=True, slots=True)
class Work:
    """How much somebody has done for an organization, and when last."""

    answers: int = 0
    last_at: datetime | None = None


def work_of(organization: Organization, aliases: Iterable[ContributorAlias]) -> dict[int, Work]:
    """The work behind each of these pseudonyms, by contributor key; one statement."""
    done = Assignment.objects.filter(
        project__in=Project.objects.filter(organization=organization),
        contributor__in=[alias.contributor_id for alias in aliases],
        status=Assignment.Status.SUBMITTED,
    )
    grouped = done.values_list("contributor").annotate(Count("id"), Max("ended_at")).order_by()
    return {contributor: Work(count, last) for contributor, count, last in grouped}


def has_expired(invitation: Invitation) -> bool:
    """Whether the link works no longer by itself."""
    return invitation.expires_at <= timezone.now()
