"""An organization grants its own skills to the people who work for it: above all `review`."""

from django.db import transaction

from annotation.domain.events import Fact, publish
from annotation.models import ContributorAlias, Mode, Organization
from annotation.queries.customers import owner_key
from workforce.domain import skills
from workforce.domain.actor import Actor
from workforce.models import Contributor, Skill, SkillGrant, User


def own_skill(*, organization: Organization, name: str) -> Skill:
    """The organization's skill of that name, defined if it is new."""
    skill = skills.named(name=name, owner_key=owner_key(organization))
    skill.refresh_from_db()
    return skill


@transaction.atomic
def grant_skill(
    *, organization: Organization, contributor: Contributor, skill: Skill, by: Actor, granted_by: User | None = None
) -> None:
    """The contributor has the skill for this organization's work; nothing changes if they have it already."""
    if not _held(skill, contributor):
        skills.grant(skill=skill, contributor=contributor, by=by, granted_by=granted_by)
        publish(_fact(organization, contributor, skill, "skill.granted"), by=by)


@transaction.atomic
def revoke_skill(*, organization: Organization, contributor: Contributor, skill: Skill, by: Actor) -> None:
    """Take the skill back; nothing changes if they do not have it."""
    if _held(skill, contributor):
        skills.revoke(skill=skill, contributor=contributor, by=by)
        publish(_fact(organization, contributor, skill, "skill.revoked"), by=by)


def _held(skill: Skill, contributor: Contributor) -> bool:
    """Whether there is a live grant now; the lock makes the skill's events one after another."""
    Skill.objects.select_for_update(no_key=True).get(pk=skill.pk)
    return SkillGrant.objects.filter(skill=skill, contributor=contributor, revoked_at=None).exists()


def _fact(organization: Organization, contributor: Contributor, skill: Skill, kind: str) -> Fact:
    alias, created = ContributorAlias.objects.get_or_create(organization=organization, contributor=contributor)
    if created:
        alias.refresh_from_db()
    data = {"skill": skill.public_id, "name": skill.name, "contributor": alias.public_id}
    return Fact(organization.pk, Mode.LIVE, None, kind, skill.public_id, data)
