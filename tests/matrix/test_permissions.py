"""The table of rights: the code agrees with the file, and every cell does what it says."""

import csv
from pathlib import Path

import pytest

from annotation.models import ApiKey, Role
from annotation.permissions import MATRIX, PRESETS, SCOPES, Allowed, Cell, Denied, key_may, permit, reach, roles_for
from tests.factories import make_member, make_organization, make_project, make_user

with (Path(__file__).parent / "permissions.csv").open() as file:
    CELLS = [(row["action"], Role(row["role"]), Cell(row["cell"])) for row in csv.DictReader(file)]


def test_the_code_agrees_with_the_file():
    assert {(action, role): cell for action, role, cell in CELLS} == {
        (action, role): cell for action, row in MATRIX.items() for role, cell in row.items()
    }


@pytest.mark.django_db
def test_every_cell_does_what_it_says():
    organization = make_organization()
    listed, other = make_project(organization), make_project(organization)
    members = {role: make_member(organization, role) for role in Role}
    listed.members.set(members.values())
    for action, role, cell in CELLS:
        asked = {"user": members[role].user, "action": action, "organization": organization}
        got = [isinstance(permit(**asked, project=project), Allowed) for project in (None, listed, other)]
        whole, own = cell in {Cell.ALL, Cell.NOT_OWNERS}, cell is Cell.PROJECTS
        assert got == [whole or own, whole or own, whole], (action, role)
        expected = {listed, other} if cell is Cell.ALL else {listed} if own else set()
        assert set(reach(membership=members[role], action=action)) == expected, (action, role)


@pytest.mark.django_db
def test_no_right_reaches_another_organization():
    owner = make_member(make_organization()).user
    foreign = make_project()
    verdict = permit(user=owner, action="project.read", organization=foreign.organization, project=foreign)
    assert verdict == Denied("not_a_member")
    assert not verdict
    mixed = permit(
        user=owner, action="project.read", organization=owner.memberships.get().organization, project=foreign
    )
    assert mixed == Denied("not_a_member")
    nobody = permit(user=make_user(), action="organization.read", organization=foreign.organization)
    assert nobody == Denied("not_a_member")


def test_a_refusal_can_name_the_roles():
    assert roles_for("key.issue") == [Role.OWNER, Role.ADMIN]
    assert roles_for("annotation.submit") == []


def test_scopes_grant_known_actions_and_only_theirs():
    assert {action for actions in SCOPES.values() for action in actions} <= MATRIX.keys()
    submit = ApiKey(scopes=list(PRESETS["submit"]))
    assert key_may(submit, "task.add")
    assert not key_may(submit, "project.create")
    assert not key_may(submit, "gold.read")
    assert not key_may(ApiKey(scopes=["no:such"]), "task.read")


def test_no_preset_lets_a_key_do_a_persons_work():
    assert all("work:write" not in scopes for scopes in PRESETS.values())
    assert PRESETS["read"] == (
        "org:read",
        "projects:read",
        "tasks:read",
        "results:read",
        "workforce:read",
        "events:read",
    )
