"""Two connections want the same thing at the same moment: one gets it, once."""

import uuid
from threading import Event as Flag

import pytest
from django.db import connection, transaction
from django.utils import timezone

from annotation.domain import admission, answers, batches, dispatch, intake, leases, outbox, projects
from annotation.models import Annotation, Assignment, Event, Project, Result, Task
from quality.domain import pipeline, reviews
from quality.domain.decisions import Decision
from quality.models import Review
from tests.factories import fresh, grant_skill, make_answer, make_contributor, make_project, make_tasks
from workforce.domain import pay
from workforce.domain.actor import SYSTEM
from workforce.models import Earning, LedgerTransaction

pytestmark = pytest.mark.races
TIMES = range(5)  # races are lost seldom: each is run a few times


def taken(project, person):
    return leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)


def submit(lease, person, key):
    return answers.submit(
        assignment=lease.assignment,
        contributor_id=person.pk,
        epoch=lease.epoch,
        client_key=key,
        envelope={"value": {"tone": "good"}},
        active_ms=1000,
        by=SYSTEM,
    )


@pytest.mark.parametrize("_time", TIMES)
def test_the_last_seat_is_taken_by_one(together, _time):
    project = make_project()
    (task,) = make_tasks(project, 1, seats=1)
    one, other = make_contributor(), make_contributor()
    outcomes = together(lambda: taken(project, one), lambda: taken(project, other))
    assert sorted(type(each).__name__ for each in outcomes) == ["NothingToLabel", "Taken"]
    assert (fresh(task).seats_taken, Assignment.objects.count()) == (1, 1)


@pytest.mark.parametrize("_time", TIMES)
def test_two_tabs_of_one_person_get_two_tasks(together, _time):
    project, person = make_project(), make_contributor()
    make_tasks(project, 2)
    outcomes = together(lambda: taken(project, person), lambda: taken(project, person))
    assert len({each.task for each in outcomes}) == 2


@pytest.mark.parametrize("_time", TIMES)
def test_two_dispatchers_and_direct_claims_keep_to_the_seats(together, _time):
    project = make_project()
    make_tasks(project, 3, seats=2)
    people = [make_contributor() for _ in range(4)]
    for person in people:
        leases.seen(contributor_id=person.pk, place=project.public_id)

    def round_():
        return dispatch.offer(now=timezone.now())

    outcomes = together(round_, round_, *(lambda person=person: taken(project, person) for person in people[:2]))
    assert {type(each) for each in outcomes} <= {
        dispatch.Served,
        leases.Taken,
        leases.NothingToLabel,
    }  # others may have all
    held = list(Assignment.objects.values_list("contributor", "task"))
    assert len(held) == len(set(held))
    for task in Task.objects.all():
        assert task.seats_taken == Assignment.objects.filter(task=task).count() <= task.seats


def test_a_round_leaves_out_who_is_just_claiming(together):
    """The round only tries the lock that a claim of the same person holds."""
    project, person = make_project(), make_contributor()
    make_tasks(project)
    leases.seen(contributor_id=person.pk, place=project.public_id)
    locked, over = Flag(), Flag()

    def claim():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('claim'), %s)", [person.pk])
            locked.set()
            assert over.wait(20)

    def round_():
        assert locked.wait(20)
        served = dispatch.offer(now=timezone.now())
        over.set()
        return served

    _claimed, served = together(claim, round_)
    assert (served.offers, served.lost) == ([], 1)


@pytest.mark.parametrize("_time", TIMES)
def test_the_same_answer_sent_twice_is_stored_once(together, _time):
    project, person, key = make_project(), make_contributor(), uuid.uuid4()
    make_tasks(project)
    lease = taken(project, person)
    outcomes = together(lambda: submit(lease, person, key), lambda: submit(lease, person, key))
    assert sorted(each.repeated for each in outcomes) == [False, True]
    assert len({each.annotation for each in outcomes}) == Annotation.objects.count() == 1
    assert Task.objects.get().answers == 1


@pytest.mark.parametrize("_time", TIMES)
def test_answers_of_two_tabs_do_not_both_count(together, _time):
    project, person = make_project(), make_contributor()
    make_tasks(project)
    lease = taken(project, person)
    outcomes = together(*(lambda: submit(lease, person, uuid.uuid4()) for _ in range(2)))
    assert sorted(type(each).__name__ for each in outcomes) == ["AlreadySubmitted", "Submitted"]
    assert Annotation.objects.count() == Earning.objects.count() == 1


@pytest.mark.parametrize("_time", TIMES)
def test_a_task_is_settled_once(together, _time):
    project = make_project()
    (task,) = make_tasks(project)
    for _ in range(3):
        make_answer(task, make_contributor(), {"tone": "good"})
    together(*(lambda: pipeline.run(keys=[task.public_id]) for _ in range(2)))
    assert (fresh(task).status, Result.objects.count(), LedgerTransaction.objects.count()) == ("completed", 1, 3)


@pytest.mark.parametrize("_time", TIMES)
def test_an_answer_is_credited_once(together, _time):
    (task,) = make_tasks(make_project())
    given = make_answer(task, make_contributor(), {"tone": "good"})
    keys = [f"assignment:{given.assignment.public_id}"]
    assert together(*(lambda: pay.credit(source_keys=keys) for _ in range(2))) == [None, None]
    assert LedgerTransaction.objects.count() == 1


@pytest.mark.parametrize("_time", TIMES)
def test_events_are_numbered_once_and_without_gaps(together, _time):
    project = make_project()
    make_tasks(project, 30)
    for _ in range(10):
        taken(project, make_contributor())
    together(outbox.drain, outbox.drain)
    outbox.drain()  # who finds the other at work leaves at once
    numbers = sorted(Event.objects.values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("_time", TIMES)
def test_a_review_is_decided_once(together, _time):
    project = make_project()
    (task,) = make_tasks(project, seats=1)
    Task.objects.filter(pk=task.pk).update(seats_max=1)
    project.quality = {**project.quality, "review": {"share": 1.0, "below_confidence": 0.0}}
    project.save()
    make_answer(task, make_contributor(), {"tone": "good"})
    pipeline.run(keys=[task.public_id])
    reviewer = make_contributor()
    grant_skill(reviewer, "review")
    lease = leases.take(project_id=project.pk, contributor_id=reviewer.pk, by=SYSTEM, stage="review")

    def decide():
        return reviews.decide(
            assignment=lease.assignment,
            contributor_id=reviewer.pk,
            epoch=lease.epoch,
            decision=Decision("accept"),
            active_ms=1000,
            by=SYSTEM,
        )

    outcomes = together(decide, decide)
    assert len({each.pk for each in outcomes}) == Review.objects.count() == 1
    assert (fresh(task).status, Result.objects.count()) == ("completed", 1)


@pytest.mark.parametrize("_time", TIMES)
def test_two_senders_share_one_budget(together, _time):
    project = make_project(price_minor=5)
    batch = batches.create(project=project, name="first", by=SYSTEM, budget_minor=100)

    def send():
        rows = [{"payload": {"text": str(number)}} for number in range(3)]
        return intake.add(project=Project.objects.get(pk=project.pk), inputs=rows, by=SYSTEM, batch=batch)

    outcomes = together(send, send, admission.admit_waiting)
    assert [each for each in outcomes if isinstance(each, BaseException)] == []
    assert sorted(Task.objects.values_list("status", flat=True)) == ["open"] * 4 + ["queued"] * 2
    assert fresh(batch).held_minor == 100


@pytest.mark.parametrize("_time", TIMES)
def test_a_price_rises_or_a_task_opens_but_not_both(together, _time):
    project = make_project(price_minor=5)
    batch = batches.create(project=project, name="first", by=SYSTEM, budget_minor=25)

    def send():
        rows = [{"payload": {"text": "a"}}]
        return intake.add(project=Project.objects.get(pk=project.pk), inputs=rows, by=SYSTEM, batch=batch)

    def rise():
        changes = projects.Changes(terms={"price_minor": 6})
        return projects.configure(project=project, changes=changes, by=SYSTEM)

    _sent, risen = together(send, rise)
    refused = isinstance(risen, admission.BudgetExhausted)
    (task,) = Task.objects.all()
    assert (task.status, fresh(project).terms["price_minor"]) == (("open", 5) if refused else ("queued", 6))
