"""Invitations: a single-use link by e-mail. Only the SHA-256 of its token is kept."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from annotation.domain.customers.grants import grant_skill, own_skill
from annotation.domain.customers.members import join, only_owners_touch_owners
from annotation.models import Invitation, Membership, Organization, Role
from workforce.domain.actor import Actor
from workforce.domain.onboarding import admit
from workforce.domain.refusal import Refusal
from workforce.models import Skill, User

LIFETIME = timedelta(days=14)
WORKERS = {Role.LABELER, Role.REVIEWER}  # these roles answer or judge: they become contributors


class AlreadyMember(Refusal):
    """There is nobody to invite."""

    code = "already_member"
    message = _("This person is already a member.")
    remedy = _("Change the role in the list of members.")


class AlreadyInvited(Refusal):
    """One open invitation per person."""

    code = "already_invited"
    message = _("This person is already invited.")
    remedy = _("Withdraw the open invitation first, then invite again.")


class InvitationUsed(Refusal):
    """A link works once."""

    code = "already_used"
    message = _("This invitation has been accepted already.")
    remedy = _("Sign in with the account that accepted it.")


class InvitationExpired(Refusal):
    """Fourteen days are over."""

    code = "invitation_expired"
    message = _("This invitation has expired.")
    remedy = _("Ask the person who invited you for a new one.")


class InvitationWithdrawn(Refusal):
    """Somebody thought better of it."""

    code = "invitation_withdrawn"
    message = _("This invitation has been withdrawn.")
    remedy = _("Ask the person who invited you.")


class OtherEmail(Refusal):
    """The link is for one person, whoever finds it."""

    code = "other_email"
    message = _("This invitation is for another e-mail address than yours.")
    remedy = _("Sign in with the account of that address, or ask for an invitation to yours.")


@transaction.atomic
def invite(
    *,
    organization: Organization,
    email: str,
    role: str,
    by: Actor,
    invited_by: User | None = None,
    skills: Sequence[str] = (),
) -> tuple[Invitation, str]:
    """An invitation and its token, which is mailed after the commit and known this once.

    `skills`: names of the organization's own skills, like `review`, that acceptance grants. Raises OwnersOnly, AlreadyMember,
    AlreadyInvited.
    """
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    only_owners_touch_owners(organization=organization, roles={role}, by=by)
    _nobody_yet(organization, email, timezone.now())
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organization=organization,
        email=email,
        role=role,
        skills=[own_skill(organization=organization, name=name).public_id for name in skills],
        token_sha256=_digest(token),
        invited_by=invited_by,
        expires_at=timezone.now() + LIFETIME,
    )
    invitation.refresh_from_db()
    transaction.on_commit(lambda: _mail(invitation, token), robust=True)
    return invitation, token


def _nobody_yet(organization: Organization, email: str, now: datetime) -> None:
    if Membership.objects.filter(organization=organization, user__email__iexact=email).exists():
        raise AlreadyMember
    waiting = Invitation.objects.filter(
        organization=organization, email__iexact=email, accepted_at=None, withdrawn_at=None
    )
    waiting.filter(expires_at__lte=now).update(withdrawn_at=now)
    if waiting.exists():
        raise AlreadyInvited


def _mail(invitation: Invitation, token: str) -> None:
    """In the language of the person who invites, the only one known."""
    name = invitation.organization.name
    words = {"invitation": invitation, "link": f"{settings.BASE_URL}/invitations/{token}/", "site": settings.SITE_NAME}
    subject = _now("%(organization)s invites you") % {"organization": name.replace("\n", " ")}
    send_mail(subject, render_to_string("annotation/mail/invitation.txt", words), None, [invitation.email])


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Actor) -> None:
    """The link works no longer. Raises InvitationUsed."""
    waiting = Invitation.objects.filter(pk=invitation.pk, accepted_at=None)
    if not waiting.update(withdrawn_at=timezone.now()):
        raise InvitationUsed


def invitation_of(token: str) -> Invitation | None:
    """The invitation that a token belongs to, in whatever state."""
    return Invitation.objects.select_related("organization", "invited_by").filter(token_sha256=_digest(token)).first()


@transaction.atomic
def accept_invitation(*, invitation: Invitation, user: User, by: Actor) -> Membership:
    """The user is a member, and a contributor with the named skills if the role or the skills are for work.

    Raises InvitationUsed, InvitationWithdrawn, InvitationExpired, OtherEmail.
    """
    locked = Invitation.objects.select_for_update(no_key=True, of=("self",)).select_related("organization")
    invitation = locked.get(pk=invitation.pk)
    check_open(invitation=invitation, user=user)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=timezone.now())
    membership = join(organization=invitation.organization, user=user, role=invitation.role, by=by)
    if invitation.skills or invitation.role in WORKERS:
        _take_on(invitation, user, by)
    return membership


def check_usable(*, invitation: Invitation) -> None:
    """Raises InvitationUsed, InvitationWithdrawn or InvitationExpired."""
    if invitation.accepted_at:
        raise InvitationUsed
    if invitation.withdrawn_at:
        raise InvitationWithdrawn
    if invitation.expires_at <= timezone.now():
        raise InvitationExpired


def check_open(*, invitation: Invitation, user: User) -> None:
    """Raises what stands against this user's accepting the invitation now: OtherEmail too."""
    check_usable(invitation=invitation)
    if not user.emailaddress_set.filter(email__iexact=invitation.email, verified=True).exists():  # type: ignore[attr-defined]
        raise OtherEmail


def _take_on(invitation: Invitation, user: User, by: Actor) -> None:
    contributor = admit(user=user, by=by)
    for skill in Skill.objects.filter(public_id__in=invitation.skills).order_by("id"):
        grant_skill(
            organization=invitation.organization,
            contributor=contributor,
            skill=skill,
            by=by,
            granted_by=invitation.invited_by,
        )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
