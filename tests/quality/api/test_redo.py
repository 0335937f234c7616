"""Answers done again, by a program: first what it would come to, then yes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quality.models import Redo
from tests.annotation.api.calls import Caller
from tests.factories import fresh, make_answer, make_contributor, make_project, make_tasks
from tests.quality.domain.test_redo import QUALITY, judged, settled

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_project(quality=QUALITY)


@pytest.fixture
def person(project):
    """Has given an answer that has led to a result, one that waits, and one that the customer has accepted."""
    made = make_contributor()
    settled(project, made, make_contributor())
    make_answer(make_tasks(project)[0], made, {"tone": "bad"})
    judged(project, made)
    return made


def body(person, **more):
    since = (timezone.now() - timedelta(days=1)).isoformat()
    return {"contributor": person.aliases.get().public_id, "since": since, **more}


def test_a_dry_run_says_what_it_would_come_to(project, person):
    call, at = Caller(project.organization), f"projects/{project.public_id}/redos"
    shown = call.post(at, body(person, dry_run=True)).json()
    assert (shown["id"], shown["object"], shown["status"]) == (None, "redo", "preview")
    assert (shown["answers"], shown["delivered"], shown["left"]) == (2, 1, {"judged": 1})
    assert shown["cost"] == {"amount": 15, "currency": project.organization.currency}
    assert not Redo.objects.exists()


def test_it_is_asked_for_once_and_listed(project, person):
    call, at = Caller(project.organization), f"projects/{project.public_id}/redos"
    made = call.post(at, body(person)).json()
    row = fresh(Redo.objects.get())
    assert (made["id"], made["status"], made["cost"]) == (row.public_id, "running", None)
    again = call.post(at, body(person))
    assert (again.status_code, again.json()["code"]) == (409, "redo_running")
    (listed,) = call.get(at).json()["data"]
    assert (listed["id"], listed["contributor"]) == (row.public_id, person.aliases.get().public_id)


def test_nobody_and_nothing_are_refused(project, person):
    call, at = Caller(project.organization), f"projects/{project.public_id}/redos"
    assert call.post(at, {}).status_code == 422
    assert call.post(at, body(person) | {"contributor": "ctr_nobody"}).status_code == 400
    late = timezone.now().isoformat()
    refused = call.post(at, body(person) | {"since": late})
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_redo")
    other = Caller(make_project().organization)
    assert other.post(at, body(person)).status_code == 404
