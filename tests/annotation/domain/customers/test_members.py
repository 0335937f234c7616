"""Organizations, members and the rule that one owner stays."""

import pytest

from annotation.domain import customers
from annotation.models import Event, Membership, Organization, Role
from annotation.queries.customers import owner_key
from tests.factories import (
    fresh,
    grant_skill,
    make_contributor,
    make_member,
    make_organization,
    make_project,
    make_user,
)
from workforce.domain.actor import SYSTEM, Actor
from workforce.models import SkillGrant

pytestmark = pytest.mark.django_db


def actor(membership: Membership) -> Actor:
    return Actor("member", membership.user.public_id)


def types(subject: str) -> list[str]:
    return list(Event.objects.filter(subject=subject).order_by("subject_seq").values_list("type", flat=True))


def test_founding_makes_an_owner():
    user = make_user()
    organization = customers.found(name="  Demo Labs ", owner=user, by=Actor("member", user.public_id))
    assert (organization.name, organization.slug, organization.currency) == ("Demo Labs", "demo-labs", "USD")
    membership = Membership.objects.get(organization=organization)
    assert (membership.user, membership.role) == (user, Role.OWNER)
    assert types(membership.public_id) == ["member.added"]


def test_a_taken_slug_gets_an_ending_and_a_name_without_letters_a_word():
    user = make_user()
    slugs = [customers.found(name=name, owner=user, by=SYSTEM).slug for name in ("Demo", "demo", "演示")]
    assert slugs[0] == "demo"
    assert slugs[1].startswith("demo-")
    assert slugs[2] == "organization"


def test_an_organization_needs_a_name():
    with pytest.raises(customers.NameMissing):
        customers.found(name="  ", owner=make_user(), by=SYSTEM)
    organization = make_organization()
    with pytest.raises(customers.NameMissing):
        customers.change(organization=organization, name="", by=SYSTEM)
    changed = customers.change(organization=organization, name="Other", by=SYSTEM)
    assert (changed.name, changed.slug) == ("Other", organization.slug)


def test_a_role_changes_with_an_event_and_voids_stored_verdicts():
    organization = make_organization()
    owner = make_member(organization)
    worker = make_contributor()
    member = make_member(organization, Role.LABELER, worker.user)
    customers.set_role(membership=member, role=Role.MANAGER, by=actor(owner))
    customers.set_role(membership=member, role=Role.MANAGER, by=actor(owner))  # nothing new
    assert fresh(member).role == Role.MANAGER
    assert types(member.public_id) == ["member.changed"]
    assert fresh(worker).facts_version == 2


def test_admins_and_keys_do_not_touch_owners():
    organization = make_organization()
    owner, admin, member = (make_member(organization, role) for role in (Role.OWNER, Role.ADMIN, Role.MEMBER))
    make_member(organization)
    for by in (actor(admin), Actor("key", "key_1")):
        with pytest.raises(customers.OwnersOnly):
            customers.set_role(membership=owner, role=Role.MEMBER, by=by)
        with pytest.raises(customers.OwnersOnly):
            customers.set_role(membership=member, role=Role.OWNER, by=by)
        with pytest.raises(customers.OwnersOnly):
            customers.remove(membership=owner, by=by)
    customers.set_role(membership=member, role=Role.OWNER, by=actor(owner))


def test_the_last_owner_stays():
    organization = make_organization()
    owner = make_member(organization)
    with pytest.raises(customers.LastOwner):
        customers.set_role(membership=owner, role=Role.ADMIN, by=actor(owner))
    with pytest.raises(customers.LastOwner):
        customers.remove(membership=owner, by=actor(owner))
    make_member(organization)
    customers.remove(membership=owner, by=actor(owner))
    assert types(owner.public_id) == ["member.removed"]


def test_who_leaves_loses_the_grants_of_the_organization_only():
    organization = make_organization()
    worker = make_contributor()
    member = make_member(organization, Role.REVIEWER, worker.user)
    grant_skill(worker, "review", owner_key=owner_key(organization))
    grant_skill(worker, "review")
    customers.remove(membership=member, by=SYSTEM)
    left = SkillGrant.objects.filter(contributor=worker, revoked_at=None)
    assert [grant.skill.owner_key for grant in left] == ["platform"]
    assert not organization.memberships.exists()
    with pytest.raises(customers.MemberGone):
        customers.remove(membership=member, by=SYSTEM)


def test_members_are_listed_on_projects_of_their_organization_only():
    organization = make_organization()
    member = make_member(organization, Role.MANAGER)
    mine, foreign = make_project(organization), make_project()
    for _ in range(2):  # the second time changes nothing
        customers.list_on(membership=member, projects=[mine, foreign], by=SYSTEM)
    assert list(member.projects.all()) == [mine]
    customers.list_on(membership=member, projects=[], by=SYSTEM)
    assert not member.projects.exists()
    assert types(member.public_id) == ["member.changed", "member.changed"]


def test_a_grant_is_told_by_pseudonym_and_once():
    organization, worker = make_organization(), make_contributor()
    skill = customers.own_skill(organization=organization, name="review")
    for _ in range(2):
        customers.grant_skill(organization=organization, contributor=worker, skill=skill, by=SYSTEM)
    for _ in range(2):
        customers.revoke_skill(organization=organization, contributor=worker, skill=skill, by=SYSTEM)
    assert types(skill.public_id) == ["skill.granted", "skill.revoked"]
    alias = worker.aliases.get(organization=organization)
    assert Event.objects.filter(subject=skill.public_id).first().data["contributor"] == alias.public_id
    assert Organization.objects.count() == 1
