"""Gangs: all seats of a task are taken together or none is, and nobody who came waits for nothing."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from annotation.domain import answers, dispatch, expiry, gangs, leases, projects, reserve
from annotation.domain.project_settings import Invalid
from annotation.domain.projects import Changes
from annotation.domain.recall import recall
from annotation.models import Assignment, Gang, Queue, Task
from quality.domain import invariants, pipeline
from tests.factories import make_contributor, make_organization, make_project, make_tasks
from workforce.domain.actor import SYSTEM, Actor
from workforce.models import Earning

pytestmark = pytest.mark.django_db
PAIR = {"overlap": {"min": 2, "max": 2}, "gold": {"share": 0.2}, "review": {"share": 0, "below_confidence": 0}}


@pytest.fixture
def project():
    project = make_project(requirements={"together": True}, quality=PAIR, price_minor=40)
    Queue.objects.filter(project=project).update(requirements={"together": True}, pace_median_s=60)
    return project


def come(project):
    """Somebody opens the workspace, and finds nothing that they could do alone."""
    person = make_contributor()
    leases.seen(contributor_id=person.pk, place=project.public_id)
    return person


def call(after_s=0):
    """A round; how many were called."""
    return gangs.keep(now=timezone.now() + timedelta(seconds=after_s))


def take(project, person):
    taken = leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)
    gangs.arrived(gang_id=taken.terms["gang"])
    return taken


def send(taken, person, tone="good"):
    return answers.submit(
        assignment=taken.assignment, contributor_id=person.pk, epoch=taken.epoch, client_key=uuid.uuid4(),
        envelope={"value": {"tone": tone}}, active_ms=30_000, by=SYSTEM,
    )  # fmt: skip


def leave(taken, person):
    expiry.release(
        assignment=taken.assignment, contributor_id=person.pk, epoch=taken.epoch, reason="not_for_me",
        by=Actor("contributor", person.public_id),
    )  # fmt: skip


def running(project):
    """Two people at work together."""
    people = [come(project), come(project)]
    call()
    return [(person, take(project, person)) for person in people]


def sound():
    """No invariant is broken."""
    return not [finding for finding in map(invariants.check, invariants.ALL) if finding.violations]


def test_they_are_called_at_once_begin_when_all_have_come_and_end_together(project):
    (task,) = make_tasks(project, 1, seats=2, seats_max=2)
    first, second = come(project), come(project)
    assert call() == 2
    assert gangs.called(project_id=project.pk, contributor_id=first.pk)
    mine = take(project, first)
    assert gangs.gathering(assignment=mine.assignment, contributor_id=first.pk).here == 1
    with pytest.raises(gangs.NotTogether):
        send(mine, first)
    theirs = take(project, second)
    found = gangs.gathering(assignment=mine.assignment, contributor_id=first.pk)
    assert (found.status, found.size, found.here, found.until) == ("running", 2, 2, None)
    send(mine, first)
    send(theirs, second)
    call()
    assert Gang.objects.get().status == "done"
    pipeline.run(keys=[task.public_id])
    task.refresh_from_db()
    assert (task.status, task.answers) == ("completed", 2)
    assert sound()


def test_nobody_gets_such_a_task_alone(project):
    make_tasks(project, 1, seats=2, seats_max=2)
    person = come(project)
    assert call() == 0
    with pytest.raises(leases.NothingToLabel):
        leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)
    assert reserve.top_up(project=project, contributor_id=person.pk) == 0
    assert dispatch.offer(now=timezone.now()).offers == []
    assert project.gold_share == 0
    assert not Assignment.objects.exists()


def test_only_who_waits_there_is_called(project):
    make_tasks(project, 1, seats=2, seats_max=2)
    other = make_project()
    make_tasks(other, 1)
    come(project)
    busy = come(project)
    leases.take(project_id=other.pk, contributor_id=busy.pk, by=SYSTEM)
    come(other)
    assert call() == 0
    come(project)
    assert call() == 2
    assert not Assignment.objects.filter(project=project, contributor=busy).exists()


def test_who_came_in_vain_can_be_called_again(project):
    make_tasks(project, 1, seats=2, seats_max=2)
    first, second = come(project), come(project)
    call()
    mine = take(project, first)
    assert call(after_s=30) == 0
    assert call(after_s=61) == 2  # at once again, as both are still here
    assert Gang.objects.filter(status="lapsed").count() == 1
    assert gangs.gathering(assignment=mine.assignment, contributor_id=first.pk) is None
    assert Assignment.objects.filter(contributor__in=[first, second], status="offered").count() == 2
    assert Task.objects.get().seats_taken == 2
    assert sound()


def test_who_goes_before_it_begins_sets_the_others_free(project):
    make_tasks(project, 1, seats=2, seats_max=2)
    first, second = come(project), come(project)
    call()
    leave(take(project, first), first)
    call()
    assert Gang.objects.get().status == "lapsed"
    assert not Assignment.objects.filter(contributor=second).exists()
    assert Task.objects.get().seats_taken == 0


def test_for_who_leaves_another_is_called(project):
    make_tasks(project, 1, seats=2, seats_max=2)
    (first, mine), (second, theirs) = running(project)
    leave(theirs, second)
    third = come(project)
    assert call() == 1
    stepped_in = take(project, third)
    assert stepped_in.terms["gang"] == mine.terms["gang"]
    send(mine, first)
    send(stepped_in, third)
    call()
    assert Gang.objects.get().status == "done"
    assert sound()


def test_if_nobody_comes_the_others_are_paid_for_their_time(project):
    make_tasks(project, 1, seats=2, seats_max=2)
    (first, mine), (second, theirs) = running(project)
    Assignment.objects.filter(pk=mine.assignment_id).update(active_ms=30_000)  # half of the usual time
    leave(theirs, second)
    assert call(after_s=100) == 0
    assert Gang.objects.get().status == "running"
    call(after_s=121)
    assert Gang.objects.get().status == "done"
    assert Assignment.objects.get(pk=mine.assignment_id).reason == "gang_cut"
    assert Earning.objects.get(contributor=first).amount_minor == 20
    assert Task.objects.get().seats_taken == 0
    assert come(project)
    assert come(project)
    assert call() == 2  # others, in a new gang
    assert sound()


def test_what_was_sent_before_somebody_left_stays(project):
    make_tasks(project, 1, seats=2, seats_max=2)
    (first, mine), (second, theirs) = running(project)
    send(mine, first)
    leave(theirs, second)
    call()
    assert Gang.objects.get().status == "done"
    come(project)
    assert call() == 1  # only one seat is open, and who takes it need not wait
    assert Gang.objects.filter(status="forming").get().size == 1


def test_an_answer_taken_back_leaves_the_gang_as_it_was(project):
    make_tasks(project, 1, seats=2, seats_max=2)
    (first, mine), (second, theirs) = running(project)
    send(mine, first)
    again = recall(assignment=mine.assignment, contributor_id=first.pk, by=SYSTEM)
    assert call(after_s=200) == 0
    assert Gang.objects.get().status == "running"
    send(again, first, "bad")
    send(theirs, second)
    call()
    assert Gang.objects.get().status == "done"
    assert sound()


def test_offers_of_a_paused_project_are_withdrawn(project):
    make_tasks(project, 1, seats=2, seats_max=2)
    come(project)
    come(project)
    call()
    projects.pause(project=project, by=SYSTEM)
    assert call() == 0
    assert Gang.objects.get().status == "lapsed"
    assert Task.objects.get().seats_taken == 0


@pytest.mark.parametrize(
    ("requirements", "overlap", "path"),
    [
        ({"together": True}, {"min": 2, "max": 3}, "/requirements/together"),
        ({"together": True}, {"min": 1, "max": 1}, "/requirements/together"),
        ({"together": True, "apart": ["team"]}, {"min": 2, "max": 2}, "/requirements"),
    ],
)
def test_it_takes_a_fixed_number_of_answers_and_nobody_is_kept_apart(requirements, overlap, path):
    with pytest.raises(Invalid) as refused:
        projects.create(
            organization=make_organization(), mode="live", name="Talks", by=SYSTEM, preset="classify",
            quality={"overlap": overlap}, requirements=requirements,
        )  # fmt: skip
    assert [each.path for each in refused.value.problems] == [path]


def test_the_number_of_answers_cannot_be_loosened_later(project):
    with pytest.raises(Invalid):
        projects.configure(project=project, changes=Changes(quality={"overlap": {"max": 5}}), by=SYSTEM)
