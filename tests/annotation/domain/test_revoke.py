"""Work that is taken back at once: the seat is free, the time is paid, nothing of it counts any more."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.domain import answers, leases, part_pay, project_people, reserve
from annotation.models import Assignment, Draft, Event, Task
from tests.factories import make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM
from workforce.models import Earning, Notice


def held(project, person, active_ms):
    lease = leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)
    leases.beat(
        assignment=lease.assignment, contributor_id=person.pk, epoch=lease.epoch, active_ms=active_ms, place="somewhere"
    )
    return lease


def taken_back(project, person):
    project_people.exclude(project=project, contributor=person, by=SYSTEM, reason="Asked by the court.", at_once=True)


@pytest.mark.django_db
def test_what_somebody_holds_is_taken_back_and_their_time_is_paid():
    project, person = make_project(price_minor=8), make_contributor()
    make_tasks(project, 3)
    lease = held(project, person, 75_000)  # of a usual 150 s
    Draft.objects.create(assignment_id=lease.assignment_id, body={"value": {"tone": "good"}})
    reserve.top_up(project=project, contributor_id=person.pk)
    taken_back(project, person)
    (seat,) = Assignment.objects.all()
    assert (seat.status, seat.reason) == ("revoked", "kept_out")
    assert set(Task.objects.values_list("seats_taken", flat=True)) == {0}
    assert Task.objects.get(pk=lease.task_id).recycled
    (earning,) = Earning.objects.all()
    assert (earning.amount_minor, earning.status, earning.kind) == (4, "available", "work")
    assert Event.objects.get(type="assignment.revoked").data["reason"] == "kept_out"
    assert Notice.objects.get().params["reason"] == "Asked by the court."
    assert Draft.objects.exists()


@pytest.mark.django_db
def test_a_late_answer_to_it_is_kept_and_does_not_count():
    project, person = make_project(price_minor=8), make_contributor()
    (task,) = make_tasks(project)
    lease = held(project, person, 75_000)
    taken_back(project, person)
    sent = answers.submit(
        assignment=lease.assignment,
        contributor_id=person.pk,
        epoch=lease.epoch,
        client_key=uuid.uuid4(),
        envelope={"value": {"tone": "good"}},
        active_ms=90_000,
        by=SYSTEM,
    )
    assert (sent.status, sent.price_minor) == ("late", 0)
    task.refresh_from_db()
    assert (task.seats_taken, task.answers) == (0, 0)
    assert Earning.objects.get().amount_minor == 4


@pytest.mark.django_db
def test_other_people_and_other_projects_keep_their_work():
    project, other, person = make_project(), make_project(), make_contributor()
    for each in (project, other):
        make_tasks(each)
    leases.take(project_id=other.pk, contributor_id=person.pk, by=SYSTEM)
    leases.take(project_id=project.pk, contributor_id=make_contributor().pk, by=SYSTEM)
    taken_back(project, person)
    assert set(Assignment.objects.values_list("status", flat=True)) == {"leased"}
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("active_s", "paid"), [(0, 0), (10, 7), (59, 39), (60, 40), (75, 50), (150, 100), (9_000, 100)]
)
def test_the_share_of_the_price(active_s, paid):
    assert part_pay.share_minor(price_minor=100, active_ms=active_s * 1000, pace_s=150) == paid


def test_at_least_a_quarter_once_a_minute_or_half_of_the_usual_time_was_spent():
    assert part_pay.share_minor(price_minor=100, active_ms=60_000, pace_s=3_600) == 25
    assert part_pay.share_minor(price_minor=100, active_ms=59_000, pace_s=3_600) == 2
    assert part_pay.share_minor(price_minor=1, active_ms=2_500, pace_s=5) == 0


@given(st.integers(0, 10_000), st.integers(0, 10**8), st.floats(0, 10**5), st.integers(0, 10**6))
def test_it_never_exceeds_the_price_and_never_falls_with_time(price, active_ms, pace_s, more_ms):
    less = part_pay.share_minor(price_minor=price, active_ms=active_ms, pace_s=pace_s)
    assert 0 <= less <= part_pay.share_minor(price_minor=price, active_ms=active_ms + more_ms, pace_s=pace_s) <= price
