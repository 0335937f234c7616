"""Invitations: by mail, for one person, once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from annotation.domain import customers
from annotation.models import Invitation, Organization, Role
from annotation.queries.customers import owner_key
from tests.factories import fresh, make_member, make_organization, make_user
from workforce.domain.actor import SYSTEM, Actor
from workforce.models import Contributor, SkillGrant

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    return make_organization(name="Demo\nLabs")


def invited(organization: Organization, **fields: object) -> tuple[Invitation, str]:
    values = {"email": "new@example.org", "role": Role.MEMBER, "by": SYSTEM, **fields}
    return customers.invite(organization=organization, **values)


def test_the_mail_goes_after_the_commit_with_a_link_that_only_it_holds(
    organization, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        invitation, token = invited(organization)
        assert not mailoutbox
    (mail,) = mailoutbox
    assert mail.to == ["new@example.org"]
    assert "\n" not in mail.subject
    assert f"/invitations/{token}/" in mail.body
    assert token not in invitation.token_sha256
    assert customers.invitation_of(token) == invitation
    assert customers.invitation_of("other") is None


def test_a_member_is_not_invited_again(organization):
    make_member(organization, user=make_user("new@example.org"))
    with pytest.raises(customers.AlreadyMember):
        invited(organization, email="New@Example.org")


def test_one_open_invitation_per_person(organization):
    first, _ = invited(organization)
    with pytest.raises(customers.AlreadyInvited):
        invited(organization, email="NEW@example.org")
    customers.withdraw_invitation(invitation=first, by=SYSTEM)
    second, _ = invited(organization)
    Invitation.objects.filter(pk=second.pk).update(expires_at=timezone.now())
    invited(organization)  # an expired one does not stand in the way
    assert fresh(second).withdrawn_at


def test_the_database_holds_to_one_open_invitation(organization):
    first, _ = invited(organization)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            organization=organization, email="New@example.org", token_sha256="x", expires_at=first.expires_at
        )


def test_an_admin_invites_no_owner(organization):
    admin = make_member(organization, Role.ADMIN)
    with pytest.raises(customers.OwnersOnly):
        invited(organization, role=Role.OWNER, by=Actor("member", admin.user.public_id))


def test_acceptance_makes_a_member_and_no_contributor_of_a_manager(organization):
    user = make_user("New@example.org")
    invitation, _ = invited(organization, role=Role.MANAGER)
    membership = customers.accept_invitation(invitation=invitation, user=user, by=SYSTEM)
    assert (membership.role, membership.organization) == (Role.MANAGER, organization)
    assert not Contributor.objects.filter(user=user).exists()
    with pytest.raises(customers.InvitationUsed):
        customers.accept_invitation(invitation=invitation, user=user, by=SYSTEM)
    with pytest.raises(customers.InvitationUsed):
        customers.withdraw_invitation(invitation=invitation, by=SYSTEM)


def test_acceptance_makes_a_reviewer_a_contributor_with_the_grant(organization):
    user, owner = make_user("new@example.org"), make_user()
    invitation, _ = invited(organization, role=Role.REVIEWER, skills=["review"], invited_by=owner)
    customers.accept_invitation(invitation=invitation, user=user, by=SYSTEM)
    grant = SkillGrant.objects.get(contributor=user.contributor)
    assert (grant.skill.name, grant.skill.owner_key) == ("review", owner_key(organization))
    assert grant.granted_by == owner


def test_a_labeler_is_a_contributor_and_an_existing_membership_keeps_its_role(organization):
    user = make_user("new@example.org")
    invitation, _ = invited(organization, role=Role.LABELER)
    make_member(organization, Role.ADMIN, user)
    membership = customers.accept_invitation(invitation=invitation, user=user, by=SYSTEM)
    assert membership.role == Role.ADMIN
    assert Contributor.objects.filter(user=user).exists()


def test_what_stands_against_acceptance(organization):
    user = make_user("new@example.org")
    invitation, _ = invited(organization)
    with pytest.raises(customers.OtherEmail):
        customers.accept_invitation(invitation=invitation, user=make_user(), by=SYSTEM)
    user.emailaddress_set.update(verified=False)
    with pytest.raises(customers.OtherEmail):
        customers.accept_invitation(invitation=invitation, user=user, by=SYSTEM)
    user.emailaddress_set.update(verified=True)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(customers.InvitationExpired):
        customers.accept_invitation(invitation=invitation, user=user, by=SYSTEM)
    customers.withdraw_invitation(invitation=invitation, by=SYSTEM)
    with pytest.raises(customers.InvitationWithdrawn):
        customers.accept_invitation(invitation=invitation, user=user, by=SYSTEM)
