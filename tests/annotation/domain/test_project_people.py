"""Who is on a project: members listed, contributors let in by name or kept out."""

import pytest

from annotation.domain import leases, project_people
from annotation.models import Event, ProjectContributor
from tests.factories import make_contributor, make_member, make_organization, make_project, make_tasks
from workforce.domain.actor import SYSTEM, Actor

pytestmark = pytest.mark.django_db

BY = Actor("member", "mem_x")


def test_list_and_unlist_a_member():
    project = make_project()
    membership = make_member(project.organization, "member")
    for _twice in range(2):
        project_people.list_member(project=project, membership=membership, by=BY)
    assert list(project.members.all()) == [membership]
    for _twice in range(2):
        project_people.unlist_member(project=project, membership=membership, by=BY)
    assert not project.members.exists()
    assert list(Event.objects.order_by("id").values_list("data__listed", flat=True)) == [True, False]


def test_members_of_another_organization_cannot_be_listed():
    with pytest.raises(project_people.NotAMember):
        project_people.list_member(project=make_project(), membership=make_member(make_organization()), by=BY)


def test_somebody_let_in_by_name_may_work_in_a_project_of_the_team():
    project = make_project(workforce="team")
    make_tasks(project)
    contributor = make_contributor()
    with pytest.raises(leases.NothingToLabel):
        leases.take(project_id=project.pk, contributor_id=contributor.pk, by=SYSTEM)
    project_people.include(project=project, contributor=contributor, by=BY)
    assert leases.take(project_id=project.pk, contributor_id=contributor.pk, by=SYSTEM).task


def test_somebody_kept_out_gets_no_task_until_readmitted():
    project = make_project()
    make_tasks(project)
    contributor = make_contributor()
    place = project_people.exclude(project=project, contributor=contributor, by=BY, reason="asked to leave")
    assert place.status == ProjectContributor.Status.EXCLUDED
    with pytest.raises(leases.NothingToLabel):
        leases.take(project_id=project.pk, contributor_id=contributor.pk, by=SYSTEM)
    project_people.readmit(project=project, contributor=contributor, by=BY)
    assert leases.take(project_id=project.pk, contributor_id=contributor.pk, by=SYSTEM).task


def test_the_same_again_is_no_event():
    project = make_project()
    contributor = make_contributor()
    for _twice in range(2):
        project_people.include(project=project, contributor=contributor, by=BY)
    (event,) = Event.objects.all()
    assert event.data["place"] == "invited"
    assert event.data["contributor"].startswith("ctr_")
