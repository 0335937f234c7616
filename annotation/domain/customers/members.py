"""Organizations are founded and renamed; members change their role, are listed on projects, and leave."""

import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from annotation.domain.customers.grants import revoke_skill
from annotation.domain.events import Fact, publish
from annotation.models import Membership, Mode, Organization, Project, Role
from annotation.queries.customers import owner_key
from workforce.domain.actor import SYSTEM, Actor
from workforce.domain.onboarding import facts_changed
from workforce.domain.refusal import Refusal
from workforce.models import Contributor, Skill, User

SLUG_LONGEST = 50


class NameMissing(Refusal):
    """An organization is called something."""

    code = "validation_failed"
    message = _("The organization needs a name.")
    remedy = _("Enter the name that your people know.")


class LastOwner(Refusal):
    """Somebody must be able to run the organization."""

    code = "last_owner"
    message = _("This is the organization's only owner.")
    remedy = _("Make somebody else an owner first.")


class OwnersOnly(Refusal):
    """An admin may not make, change or remove owners."""

    code = "owners_only"
    message = _("Only an owner may make, change or remove an owner.")
    remedy = _("Ask an owner of the organization.")


class MemberGone(Refusal):
    """The membership has ended meanwhile."""

    code = "member_gone"
    message = _("This person is no longer a member.")
    remedy = _("Reload the page.")


@transaction.atomic
def found(*, name: str, owner: User, by: Actor, currency: str = "USD") -> Organization:
    """A new organization with its first owner. Raises NameMissing."""
    name = _checked(name)
    organization = Organization.objects.create(name=name, slug=_free_slug(name), currency=currency)
    organization.refresh_from_db()
    join(organization=organization, user=owner, role=Role.OWNER, by=by)
    return organization


@transaction.atomic
def change(*, organization: Organization, name: str, by: Actor) -> Organization:
    """Another name; the slug, which scripts use, stays. Raises NameMissing."""
    Organization.objects.filter(pk=organization.pk).update(name=_checked(name))
    organization.refresh_from_db()
    return organization


def _checked(name: str) -> str:
    name = name.strip()
    if not name:
        raise NameMissing
    return name


def _free_slug(name: str) -> str:
    slug = slugify(name)[:SLUG_LONGEST].strip("-") or "organization"
    return f"{slug}-{secrets.token_hex(3)}" if Organization.objects.filter(slug=slug).exists() else slug


def join(*, organization: Organization, user: User, role: str, by: Actor) -> Membership:
    """The user's membership, made if there is none yet; one that exists keeps its role."""
    membership, created = Membership.objects.get_or_create(
        organization=organization, user=user, defaults={"role": role}
    )
    if created:
        membership.refresh_from_db()
        publish(_fact(membership, "member.added", role=role), by=by)
        _eligibility_changed(user.pk)
    return membership


@transaction.atomic
def set_role(*, membership: Membership, role: str, by: Actor) -> Membership:
    """Another role. Raises MemberGone, OwnersOnly, LastOwner."""
    member = _locked(membership)
    if member.role == role:
        return member
    only_owners_touch_owners(organization=member.organization, roles={member.role, role}, by=by)
    _another_owner_stays(member)
    Membership.objects.filter(pk=member.pk).update(role=role)
    publish(_fact(member, "member.changed", role=role), by=by)
    _eligibility_changed(member.user_id)
    member.role = role
    return member


@transaction.atomic
def list_on(*, membership: Membership, projects: Iterable[Project], by: Actor) -> None:
    """List a member on these of the organization's projects and on no others. Raises MemberGone."""
    member = _locked(membership)
    wanted = {project for project in projects if project.organization_id == member.organization_id}
    if wanted != set(member.projects.all()):
        member.projects.set(wanted)
        publish(_fact(member, "member.changed", projects=sorted(project.public_id for project in wanted)), by=by)


@transaction.atomic
def remove(*, membership: Membership, by: Actor) -> None:
    """End a membership, also one's own; grants of the organization's own skills end with it. Raises MemberGone, OwnersOnly, LastOwner."""
    member = _locked(membership)
    only_owners_touch_owners(organization=member.organization, roles={member.role}, by=by)
    _another_owner_stays(member)
    contributor = Contributor.objects.filter(user=member.user_id).first()
    if contributor:
        key = owner_key(member.organization)
        for skill in Skill.objects.filter(
            owner_key=key, grants__contributor=contributor, grants__revoked_at=None
        ).order_by("id"):
            revoke_skill(organization=member.organization, contributor=contributor, skill=skill, by=by)
    publish(_fact(member, "member.removed", role=member.role), by=by)
    Membership.objects.filter(pk=member.pk).delete()
    _eligibility_changed(member.user_id)


def only_owners_touch_owners(*, organization: Organization, roles: Iterable[str], by: Actor) -> None:
    """Raises OwnersOnly if an owner is concerned and the actor is none: an admin or a key cannot take the organization over."""
    owners = Membership.objects.filter(organization=organization, role=Role.OWNER)
    is_owner = by.kind == "member" and owners.filter(user__public_id=by.id).exists()
    if Role.OWNER in roles and by != SYSTEM and not is_owner:
        raise OwnersOnly


def _locked(membership: Membership) -> Membership:
    """The row as it is now. The organization is locked: of two owners who leave at once, one stays."""
    organization = Organization.objects.select_for_update(no_key=True).get(pk=membership.organization_id)
    member = Membership.objects.filter(pk=membership.pk).first()
    if member is None:
        raise MemberGone
    member.organization = organization
    return member


def _another_owner_stays(member: Membership) -> None:
    owners = Membership.objects.filter(organization=member.organization_id, role=Role.OWNER).exclude(pk=member.pk)
    if member.role == Role.OWNER and not owners.exists():
        raise LastOwner


def _eligibility_changed(user_id: int) -> None:
    """Whether somebody is of the team decides which projects they may work on."""
    for pk in Contributor.objects.filter(user=user_id).values_list("pk", flat=True):
        facts_changed(contributor_id=pk)


def _fact(member: Membership, kind: str, **data: object) -> Fact:
    subject = member.public_id
    return Fact(member.organization_id, Mode.LIVE, None, kind, subject, {"member": subject, **data})
