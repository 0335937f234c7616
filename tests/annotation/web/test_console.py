"""Who gets into the console, and what the others are told."""

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from annotation.models import Role
from annotation.web.console import CHOSEN, Here, member_view
from tests.factories import make_member, make_organization, make_project, make_user
from workforce.models import User

pytestmark = pytest.mark.django_db


@member_view("project.read")
def page(request: HttpRequest, here: Here, project: str = "") -> HttpResponse:
    return HttpResponse(f"{here.organization.public_id} {here.role} {here.may('key.issue')}")


def visit(user: User, *, session: dict[str, str] | None = None, **kwargs: str) -> HttpResponse:
    request = RequestFactory().get("/there/?a=1")
    request.user, request.session = user, {} if session is None else session
    return page(request, **kwargs)


def test_signed_out_people_sign_in_first(client, rf):
    request = rf.get("/there/?a=1")
    request.user, request.session = None, {}
    answer = page(request)
    assert answer.status_code == 302
    assert answer.url == "/accounts/login/?next=/there/%3Fa%3D1"


def test_strangers_find_nothing():
    with pytest.raises(Http404):
        visit(make_user())
    owner = make_member(make_organization()).user
    with pytest.raises(Http404):
        visit(owner, project=make_project().public_id)
    with pytest.raises(Http404):
        visit(owner, project="prj_nonsense")


def test_the_project_decides_the_organization_and_the_switch_follows():
    user, session = make_user(), {}
    make_member(make_organization(name="A"), user=user)
    second = make_organization(name="B")
    make_member(second, Role.MEMBER, user=user)
    project = make_project(second)
    with pytest.raises(Http404):  # not listed
        visit(user, project=project.public_id)
    project.members.add(user.memberships.get(organization=second))
    answer = visit(user, session=session, project=project.public_id)
    assert answer.content.decode() == f"{second.public_id} member False"
    assert session == {CHOSEN: second.public_id}


def test_without_a_project_the_switch_decides_and_a_console_comes_before_a_labeler_seat():
    user = make_user()
    work, first, second = (make_organization(name=name) for name in "ABC")
    make_member(work, Role.LABELER, user=user)
    make_member(first, Role.AUDITOR, user=user)
    make_member(second, user=user)
    assert visit(user).content.decode() == f"{first.public_id} auditor False"
    chosen = visit(user, session={CHOSEN: second.public_id})
    assert chosen.content.decode() == f"{second.public_id} owner True"


def test_a_role_without_the_right_is_told_who_has_it():
    answer = visit(make_member(make_organization(name="Demo Labs"), Role.LABELER).user)
    assert answer.status_code == 403
    assert "You are Labeler at Demo Labs" in answer.content.decode()
    assert "Owner, Admin, Manager, Reviewer, Auditor or Member" in answer.content.decode()
