"""The people pages, invitations and organizations, as browsers meet them."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from annotation.domain import customers
from annotation.models import Invitation, Membership, Organization, Role
from annotation.queries.customers import grants_of, review_grants
from tests.factories import (
    fresh,
    make_alias,
    make_answer,
    make_contributor,
    make_member,
    make_organization,
    make_project,
    make_tasks,
    make_user,
    signed_in,
)
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Membership:
    return make_member(make_organization(name="Demo Labs"), user=make_user("ada@example.org", name="Ada"))


@pytest.fixture
def client(owner):
    return signed_in(owner.user)


def shown(answer) -> str:
    """The words of a page, and of the messages that the next page shows."""
    return answer.content.decode()


def test_members_are_listed_searched_and_filtered(client, owner):
    make_member(owner.organization, Role.MANAGER, make_user("alan@example.org", name="Alan"))
    page = shown(client.get("/people/"))
    assert "ada@example.org" in page
    assert "alan@example.org" in page
    assert "alan@" not in shown(client.get("/people/?role=owner")).partition("<tbody>")[2]
    assert "ada@" not in shown(client.get("/people/?q=alan")).partition("<tbody>")[2].partition("</tbody>")[0]
    assert "Nobody matches" in shown(client.get("/people/?q=nobody"))


@pytest.mark.parametrize("path", ["/people/", "/people/contributors/", "/keys/", "/webhooks/"])
def test_lists_ask_the_same_number_of_questions_for_one_row_and_for_three(
    client, owner, path, django_assert_max_num_queries
):
    organization, project = owner.organization, make_project(owner.organization)

    def add() -> None:
        worker = make_contributor()
        make_member(organization, Role.MEMBER, worker.user)
        make_answer(make_tasks(project)[0], worker, {"tone": "good"})
        customers.invite(organization=organization, email=f"{worker.pk}@example.org", role="member", by=SYSTEM)
        customers.issue_key(organization=organization, mode="test", name="K", scopes=["read"], by=SYSTEM)
        organization.webhooks.create(mode="test", url="https://example.org/", types=["*"], project=project)

    add()
    client.get(path)
    with django_assert_max_num_queries(9) as one:
        client.get(path)
    add()
    add()
    with django_assert_max_num_queries(len(one)):
        client.get(path)


def test_inviting_sends_a_mail_and_shows_the_link_once(client, mailoutbox, django_capture_on_commit_callbacks):
    form = {"email": "new@example.org", "role": "reviewer", "review": "on"}
    with django_capture_on_commit_callbacks(execute=True):
        page = shown(client.post("/people/invite/", form))
    token = re.search(r"/invitations/([\w-]+)/", page)[1]
    assert token in mailoutbox[0].body
    assert customers.invitation_of(token).skills
    again = client.post("/people/invite/", form)
    assert again.status_code == 422
    assert "already invited" in shown(again)
    assert "data-open-now" in shown(again)


def test_an_admin_is_not_offered_the_owner_role(owner):
    admin = signed_in(make_member(owner.organization, Role.ADMIN).user)
    assert "Owner: everything" not in shown(admin.get("/people/"))
    answer = admin.post("/people/invite/", {"email": "new@example.org", "role": "owner"})
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_an_invitation_is_withdrawn(client, owner):
    invitation, _ = customers.invite(organization=owner.organization, email="x@example.org", role="member", by=SYSTEM)
    answer = client.post(reverse("people_withdraw", args=[invitation.public_id]), follow=True)
    assert "withdrawn" in shown(answer)
    foreign, _ = customers.invite(organization=make_organization(), email="x@example.org", role="member", by=SYSTEM)
    assert client.post(reverse("people_withdraw", args=[foreign.public_id])).status_code == 404


def test_a_member_gets_a_role_projects_and_the_review_grant(client, owner):
    member, project = make_member(owner.organization, Role.MEMBER), make_project(owner.organization)
    form = {"role": "reviewer", "projects": [project.public_id], "review": "on"}
    answer = client.post(reverse("people_member", args=[member.public_id]), form, follow=True)
    assert "Saved" in shown(answer)
    assert fresh(member).role == Role.REVIEWER
    assert list(member.projects.all()) == [project]
    assert review_grants(owner.organization).count() == 1
    client.post(reverse("people_member", args=[member.public_id]), {"role": "reviewer"})
    assert not review_grants(owner.organization).exists()


def test_what_cannot_be_done_is_said_and_nothing_is_half_done(client, owner):
    path = reverse("people_member", args=[owner.public_id])
    answer = client.post(path, {"role": "admin", "review": "on"})
    assert "only owner" in shown(answer)
    assert fresh(owner).role == Role.OWNER
    assert not review_grants(owner.organization).exists()
    admin = signed_in(make_member(owner.organization, Role.ADMIN).user)
    assert "does not include" in shown(admin.get(path))
    assert "does not include" in shown(admin.post(path, {"role": "member"}, follow=True))
    assert "Only an owner" in shown(admin.post(reverse("people_remove", args=[owner.public_id]), follow=True))


def test_a_member_is_removed(client, owner):
    member = make_member(owner.organization, Role.MEMBER)
    client.post(reverse("people_remove", args=[member.public_id]))
    assert not Membership.objects.filter(pk=member.pk).exists()


def test_contributors_are_shown_by_pseudonym_only_and_get_the_grant(client, owner):
    worker, idle = make_contributor(user=make_user("secret@example.org", name="Secret")), make_contributor()
    make_answer(make_tasks(make_project(owner.organization))[0], worker, {"tone": "good"})
    make_alias(owner.organization, idle)  # looked at a task, did none
    alias = worker.aliases.get()
    page = shown(client.get("/people/contributors/"))
    assert alias.public_id in page
    assert "ecret" not in page
    assert idle.aliases.get().public_id not in page
    path = reverse("people_review", args=[alias.public_id])
    client.post(path, {"granted": "yes"})
    assert review_grants(owner.organization).get().contributor == worker
    assert alias.public_id in shown(client.get("/people/contributors/?show=reviewers"))
    client.post(path)
    assert not review_grants(owner.organization).exists()
    assert "Nobody matches" in shown(client.get("/people/contributors/?show=reviewers"))


@pytest.mark.parametrize("skill", ["adjudicate", "audit"])
def test_contributors_get_other_grants_and_lose_them(client, owner, skill):
    worker = make_contributor()
    alias = make_alias(owner.organization, worker)
    path = reverse("people_review", args=[alias.public_id])
    client.post(path, {"skill": skill, "granted": "yes"})
    assert grants_of(owner.organization, [worker.pk]) == {worker.pk: {skill}}
    client.post(path, {"skill": skill})
    assert grants_of(owner.organization, [worker.pk]) == {}
    assert client.post(path, {"skill": "translate", "granted": "yes"}).status_code == 404


def test_a_manager_does_not_give_the_grant_for_all_projects(owner):
    manager = signed_in(make_member(owner.organization, Role.MANAGER).user)
    alias = make_alias(owner.organization, make_contributor())
    assert manager.post(reverse("people_review", args=[alias.public_id]), {"granted": "yes"}).status_code == 403
    assert not review_grants(owner.organization).exists()


# --- The page behind the link ---------------------------------------------------------------------------------------
def invited(role: str = "member", **fields: object) -> str:
    organization = Organization.objects.first() or make_organization(name="Demo Labs")
    _, token = customers.invite(organization=organization, email="new@example.org", role=role, by=SYSTEM, **fields)
    return f"/invitations/{token}/"


def test_signed_out_people_see_what_they_are_invited_to_and_how_to_come_back(db, client):
    client.logout()
    path = invited("reviewer")
    page = shown(client.get(path))
    assert "Demo Labs invites you" in page
    assert f"/accounts/signup/?next={path}&amp;email=new%40example.org" in page
    assert f"/accounts/login/?next={path}" in page


@pytest.mark.parametrize(("role", "to"), [("labeler", "/home/"), ("reviewer", "/review/"), ("manager", "/projects/")])
def test_the_right_person_joins_and_lands_where_the_work_is(role, to):
    path, browser = invited(role), signed_in(make_user("New@example.org"))
    assert "Join Demo Labs" in shown(browser.get(path))
    answer = browser.post(path)
    assert (answer.status_code, answer.url) == (302, to)
    assert Membership.objects.get().role == role
    again = browser.get(path)
    assert again.status_code == 410
    assert "accepted already" in shown(again)


def test_somebody_else_is_told_so(client):
    path = invited()
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 403
        assert "This invitation is for somebody else" in shown(answer)


def test_dead_and_unknown_links_are_explained(client):
    path = invited()
    Invitation.objects.update(expires_at=timezone.now())
    assert "has expired" in shown(client.get(path))
    client.logout()
    assert client.get(path).status_code == 410
    answer = client.get("/invitations/nonsense/")
    assert answer.status_code == 404
    assert "not an invitation" in shown(answer)


# --- Organizations --------------------------------------------------------------------------------------------------
def test_anybody_may_found_an_organization_and_is_in_it_at_once():
    browser = signed_in(make_user())
    assert browser.get("/organizations/new/").status_code == 200
    assert browser.post("/organizations/new/", {"name": " ", "currency": "USD"}).status_code == 422
    answer = browser.post("/organizations/new/", {"name": "Mine", "currency": "JPY"})
    assert answer.url == "/projects/"
    mine = Organization.objects.get()
    assert (mine.name, mine.currency) == ("Mine", "JPY")
    assert browser.session["organization"] == mine.public_id


def test_the_switch_changes_what_the_console_shows(client, owner):
    second = make_organization(name="Zweite")
    make_member(second, Role.MEMBER, owner.user)
    make_member(second, Role.LABELER)  # somebody else's role does not matter
    answer = client.post(reverse("organization_switch", args=[second.public_id]))
    assert answer.url == "/projects/"
    assert "Zweite" in shown(client.get("/organization/")).partition("<h1>")[2]
    for role in (None, Role.LABELER):
        other = make_organization()
        if role:
            make_member(other, role, owner.user)
        assert client.post(reverse("organization_switch", args=[other.public_id])).status_code == 404


def test_an_organization_is_renamed_by_those_who_may(client, owner):
    client.post("/organization/", {"name": "New name"})
    assert fresh(owner.organization).name == "New name"
    member = signed_in(make_member(owner.organization, Role.MEMBER).user)
    assert 'name="name"' not in shown(member.get("/organization/"))
    member.post("/organization/", {"name": "Mine now"})
    assert fresh(owner.organization).name == "New name"


def test_members_leave_but_not_the_last_owner(client, owner):
    answer = client.post("/organization/leave/", follow=True)
    assert "only owner" in shown(answer)
    member = make_member(owner.organization, Role.MEMBER)
    assert signed_in(member.user).post("/organization/leave/").url == "/"
    assert not Membership.objects.filter(pk=member.pk).exists()
