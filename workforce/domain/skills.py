"""Skills are defined, granted and revoked."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from workforce.domain.actor import Actor
from workforce.domain.onboarding import facts_changed
from workforce.domain.refusal import Refusal
from workforce.models import Contributor, Skill, SkillGrant, User
from workforce.models.skills import PLATFORM


class SkillNameTaken(Refusal):
    """Names are unique per owner, without regard to case."""

    code = "name_taken"
    message = _("There is already a skill with this name.")
    remedy = _("Choose another name, or use the existing skill.")


@transaction.atomic
def define(*, name: str, by: Actor, owner_key: str = PLATFORM, description: str = "") -> Skill:
    """A new skill. Raises SkillNameTaken."""
    if Skill.objects.filter(owner_key=owner_key, name__iexact=name).exists():
        raise SkillNameTaken
    return Skill.objects.create(owner_key=owner_key, name=name, description=description)


def named(*, name: str, owner_key: str = PLATFORM) -> Skill:
    """The owner's skill of that name, defined if it is new (`review` and `adjudicate` exist for every owner that grants them)."""
    skill, _created = Skill.objects.get_or_create(owner_key=owner_key, name=name)
    return skill


@transaction.atomic
def grant(
    *,
    skill: Skill,
    contributor: Contributor,
    by: Actor,
    value: int = 100,
    granted_by: User | None = None,
    expires_at: datetime | None = None,
) -> SkillGrant:
    """The contributor has the skill at level `value` 0..100. The same level again changes nothing; another replaces the old grant."""
    live = (
        SkillGrant.objects.select_for_update(no_key=True)
        .filter(skill=skill, contributor=contributor, revoked_at=None)
        .first()
    )
    if live and live.value == value and live.expires_at == expires_at:
        return live
    if live:
        SkillGrant.objects.filter(pk=live.pk).update(revoked_at=Now())
    new = SkillGrant.objects.create(
        skill=skill, contributor=contributor, value=value, granted_by=granted_by, expires_at=expires_at
    )
    facts_changed(contributor_id=contributor.pk)
    return new


@transaction.atomic
def revoke(*, skill: Skill, contributor: Contributor, by: Actor) -> None:
    """Take the skill back; no grant, no change."""
    if SkillGrant.objects.filter(skill=skill, contributor=contributor, revoked_at=None).update(revoked_at=Now()):
        facts_changed(contributor_id=contributor.pk)
