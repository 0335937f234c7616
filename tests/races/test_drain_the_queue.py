"""Sixteen threads, eight people with two tabs each, work off fifteen hundred tasks that want three answers: no more, no fewer."""

import uuid

import pytest
from django.db import connection

from annotation.domain import answers, leases
from annotation.models import Annotation, Task
from quality.domain import invariants
from tests.factories import make_contributor, make_project, make_tasks
from workforce.domain.actor import Actor
from workforce.models import Earning

pytestmark = pytest.mark.races

TASKS, SEATS, PEOPLE, TABS = 1500, 3, 8, 2


def drain(project_id, person, refused):
    """One tab: take and answer until nothing is left."""
    by = Actor("contributor", person.public_id)
    while True:
        try:
            lease = leases.take(project_id=project_id, contributor_id=person.pk, by=by)
        except leases.NothingToLabel:
            return
        try:
            answers.submit(
                assignment=lease.assignment,
                contributor_id=person.pk,
                epoch=lease.epoch,
                client_key=uuid.uuid4(),
                envelope={"value": {"tone": "good"}},
                active_ms=1000,
                by=by,
            )
        except (leases.LeaseLost, answers.AlreadySubmitted) as refusal:
            refused.append(refusal)


@pytest.mark.long
def test_every_seat_is_filled_once(together):
    project = make_project()
    make_tasks(project, TASKS, seats=SEATS)
    people = [make_contributor() for _ in range(PEOPLE)]
    refused = []

    outcomes = together(
        *(lambda person=person: drain(project.pk, person, refused) for person in people for _ in range(TABS))
    )

    assert outcomes == [None] * (PEOPLE * TABS)
    assert not refused
    assert Annotation.objects.filter(status="pending").count() == TASKS * SEATS
    assert Earning.objects.count() == TASKS * SEATS
    assert set(Task.objects.values_list("status", "answers", "seats_taken")) == {("deciding", SEATS, SEATS)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM annotation GROUP BY task_id, contributor_id HAVING count(*) > 1) d"
        )
        assert cursor.fetchone()[0] == 0
    checked = [each for each in invariants.ALL if each.code in {"I2", "I3", "I4", "I6"}]
    assert not any(invariants.check(each).violations for each in checked)
