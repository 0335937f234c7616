"""Which hints may go to whom."""

from django.db.models import Q, QuerySet

from annotation.models import Membership, Project, Role
from workforce.models import Contributor, SkillGrant, User

ALL_PROJECTS = (Role.OWNER, Role.ADMIN, Role.AUDITOR)


def groups_of(user: User, projects: list[str]) -> set[str]:
    """Channel groups of a user: their own as a contributor, the review desk's if they hold the grant, and the named projects they see."""
    groups: set[str] = set()
    contributor = Contributor.objects.filter(user=user).first()
    if contributor:
        groups.add(f"contributor.{contributor.public_id}")
    if not projects:
        return groups
    known = Project.objects.filter(public_id__in=[key for key in projects if key.startswith("prj_")])
    seen = known.filter(
        Q(organization__memberships__in=Membership.objects.filter(user=user, role__in=ALL_PROJECTS))
        | Q(members__user=user)
    )
    groups |= {f"project.{key}" for key in seen.values_list("public_id", flat=True)}
    return groups | _working(contributor, known) if contributor else groups


def _working(contributor: Contributor, known: QuerySet[Project]) -> set[str]:
    """Groups of those who work in the projects: their workspaces, and the review desk's for who holds the grant."""
    own = Q(organization__memberships__user=contributor.user_id) | Q(contributors__contributor=contributor)
    open_to = known.filter(~Q(workforce=Project.Workforce.TEAM) | own).distinct()
    groups = {f"workers.{key}" for key in open_to.values_list("public_id", flat=True)}
    if SkillGrant.objects.filter(contributor=contributor, skill__name="review", revoked_at=None).exists():
        groups |= {f"reviewers.{key}" for key in known.values_list("public_id", flat=True)}
    return groups
