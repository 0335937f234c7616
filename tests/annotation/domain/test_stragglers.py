"""Stragglers: another person is asked as well, the first answer counts, and both are paid."""

import uuid
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from annotation.domain import answers, batches, expiry, leases, stragglers
from annotation.models import Annotation, Assignment, Batch
from quality.domain import invariants, pipeline
from tests.factories import fresh, make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM
from workforce.models import Earning

pytestmark = pytest.mark.django_db
USUAL_S = 150


def a_batch(tasks=1, **fields):
    project = make_project(price_minor=8)
    batch = batches.create(project=project, name="Last", by=SYSTEM, **fields)
    return project, make_tasks(project, tasks, batch=batch, seats=1, seats_max=1)


def taken(project, person):
    return leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)


def late(lease, times=10):
    """The lease has lasted so many times the usual already."""
    passed = timedelta(seconds=times * USUAL_S)
    Assignment.objects.filter(pk=lease.assignment_id).update(
        leased_at=F("leased_at") - passed, leased_until=timezone.now() + timedelta(hours=1)
    )


def idle(project):
    """Somebody who waits there for work."""
    person = make_contributor()
    with pytest.raises(leases.NothingToLabel):
        taken(project, person)
    leases.seen(contributor_id=person.pk, place=project.public_id)
    return person


def sent(lease, person, tone="good"):
    return answers.submit(
        assignment=lease.assignment,
        contributor_id=person.pk,
        epoch=lease.epoch,
        client_key=uuid.uuid4(),
        envelope={"value": {"tone": tone}},
        active_ms=30_000,
        by=SYSTEM,
    )


def sound():
    found = [invariants.check(each) for each in invariants.ALL]
    assert [(each.invariant.code, each.examples) for each in found if each.violations] == []


def straggling():
    """A straggler's lease whose seat has become free, and somebody to take it."""
    project, (task,) = a_batch()
    slow = make_contributor()
    lease = taken(project, slow)
    late(lease)
    quick = idle(project)
    assert stragglers.ask_others() == 1
    return project, task, (lease, slow), quick


def test_the_second_person_is_first_and_both_are_paid():
    project, task, (lease, slow), quick = straggling()
    assert (fresh(task).seats_taken, fresh(task).recycled) == (0, True)
    assert sent(taken(project, quick), quick).status == "pending"
    pipeline.run(keys=[task.public_id])
    assert fresh(task).status == "completed"
    outcome = sent(lease, slow, "bad")
    assert (outcome.status, outcome.price_minor) == ("late", 8)
    assert list(Earning.objects.values_list("amount_minor", "status")) == [(8, "available")] * 2
    assert fresh(task).answers == 1


def test_the_straggler_is_first_after_all_and_the_other_goes_on_without_a_seat():
    project, task, (lease, slow), quick = straggling()
    second = taken(project, quick)
    assert sent(lease, slow).status == "pending"
    assert (fresh(task).status, fresh(task).seats_taken, fresh(task).answers) == ("deciding", 1, 1)
    assert Assignment.objects.get(pk=second.assignment_id).spare
    sound()
    pipeline.run(keys=[task.public_id])
    assert (sent(second, quick).status, fresh(task).status) == ("late", "completed")
    assert list(Earning.objects.order_by("id").values_list("amount_minor", "status")) == [(8, "available")] * 2


def test_before_anybody_has_come_the_straggler_has_the_seat_back():
    _project, task, (lease, slow), _quick = straggling()
    assert sent(lease, slow).status == "pending"
    assert (fresh(task).status, fresh(task).seats_taken) == ("deciding", 1)
    sound()


def test_a_spare_lease_that_ends_frees_nothing():
    project, task, (lease, slow), quick = straggling()
    taken(project, quick)
    expiry.release(assignment=lease.assignment, contributor_id=slow.pk, epoch=lease.epoch, reason="unclear", by=SYSTEM)
    assert fresh(task).seats_taken == 1
    sound()


def test_a_spare_lease_that_runs_out_frees_nothing_and_its_answer_is_kept():
    project, task, (lease, slow), quick = straggling()
    taken(project, quick)
    Assignment.objects.filter(pk=lease.assignment_id).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert sent(lease, slow).status == "pending"  # nobody was faster
    assert Annotation.objects.count() == 1
    assert fresh(task).status == "deciding"
    sound()


@pytest.mark.parametrize(
    "why_not",
    ["nobody is idle", "not so slow", "work is left", "a budget", "no longer running", "already"],
)
def test_nobody_else_is_asked(why_not):
    tasks = 2 if why_not == "work is left" else 1
    project, _tasks = a_batch(tasks, **({"budget_minor": 100} if why_not == "a budget" else {}))
    lease = taken(project, make_contributor())
    late(lease, times=2 if why_not == "not so slow" else 10)
    if why_not == "work is left":
        person = make_contributor()
        leases.seen(contributor_id=person.pk, place=project.public_id)
    elif why_not != "nobody is idle":
        idle(project)
    if why_not == "no longer running":
        Batch.objects.update(status="canceled")
    if why_not == "already":
        assert stragglers.ask_others() == 1
    assert stragglers.ask_others() == 0


def test_the_worst_first_and_no_more_than_people_wait():
    project, tasks = a_batch(3)
    held = [taken(project, make_contributor()) for _ in tasks]
    for times, lease in zip((10, 30, 20), held, strict=True):
        late(lease, times)
    idle(project)
    assert stragglers.ask_others() == 1
    (spare,) = Assignment.objects.filter(spare=True)
    assert spare.pk == held[1].assignment_id
