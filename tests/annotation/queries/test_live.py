"""Which hints may go to whom."""

import pytest

from annotation.queries.live import groups_of
from tests.factories import grant_skill, make_contributor, make_member, make_project, make_user

pytestmark = pytest.mark.django_db


def test_a_contributor_hears_of_the_projects_they_may_work_in():
    person, open_, team = make_contributor(), make_project(), make_project(workforce="team")
    groups = groups_of(person.user, [open_.public_id, team.public_id])
    assert groups == {f"contributor.{person.public_id}", f"workers.{open_.public_id}"}

    make_member(team.organization, "labeler", person.user)
    assert f"workers.{team.public_id}" in groups_of(person.user, [team.public_id])


def test_who_holds_the_grant_hears_of_reviews():
    person, project = make_contributor(), make_project()
    grant_skill(person, "review")
    assert f"reviewers.{project.public_id}" in groups_of(person.user, [project.public_id])


def test_a_stranger_hears_nothing_of_a_project():
    assert groups_of(make_user(), [make_project().public_id]) == set()


def test_an_owner_hears_of_its_progress():
    project = make_project()
    owner = make_member(project.organization).user
    assert groups_of(owner, [project.public_id]) == {f"project.{project.public_id}"}
