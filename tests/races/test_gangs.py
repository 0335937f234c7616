"""Gangs: two rounds at once, somebody who comes at the last moment, two who come at the same time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotation.domain import gangs, leases
from annotation.models import Assignment, Gang, Project, Queue, Task
from tests.factories import make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor

pytestmark = pytest.mark.races
TIMES = range(2)


@pytest.fixture
def project() -> Project:
    project = make_project(requirements={"together": True})
    Queue.objects.filter(project=project).update(requirements={"together": True})
    make_tasks(project, 1, seats=2, seats_max=2)
    return project


def come(project: Project) -> Contributor:
    person = make_contributor()
    leases.seen(contributor_id=person.pk, place=project.public_id)
    return person


def call(after_s: int = 0) -> int:
    return gangs.keep(now=timezone.now() + timedelta(seconds=after_s))


def take(project: Project, person: Contributor) -> bool:
    """Whether everybody has come with them."""
    taken = leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)
    return gangs.arrived(gang_id=taken.terms["gang"])


@pytest.mark.parametrize("_time", TIMES)
def test_two_rounds_call_one_gang(together, project, _time):
    for _ in range(3):
        come(project)
    call()  # verdicts are there
    Gang.objects.all().delete()
    Assignment.objects.all().delete()
    Task.objects.update(seats_taken=0)
    outcomes = together(call, call)
    assert sorted(outcomes) == [0, 2]
    assert Gang.objects.count() == 1
    assert Task.objects.get().seats_taken == Assignment.objects.count() == 2


@pytest.mark.parametrize("_time", TIMES)
def test_two_come_at_the_same_time_and_it_begins(together, project, _time):
    first, second = come(project), come(project)
    call()
    outcomes = together(lambda: take(project, first), lambda: take(project, second))
    assert any(each is True for each in outcomes)  # whoever came last saw everybody
    assert Gang.objects.get().status == "running"


@pytest.mark.parametrize("_time", TIMES)
def test_nobody_is_left_behind_in_a_gang_that_came_to_nothing(together, project, _time):
    first, _second = come(project), come(project)
    call()
    together(lambda: take(project, first), lambda: call(after_s=61))
    call(after_s=61)  # the round leaves a gang alone to which somebody is just coming
    lapsed = set(Gang.objects.filter(status="lapsed").values_list("pk", flat=True))
    assert lapsed
    held = Assignment.objects.filter(status__in=("offered", "leased"))
    assert not lapsed & set(held.values_list("terms__gang", flat=True))
