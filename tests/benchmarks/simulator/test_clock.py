from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from annotation.domain import leases
from annotation.models import Assignment, Event
from benchmarks.simulator import clock
from tests.factories import make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM
from workforce.models import Presence

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2031, 5, 6, 7, tzinfo=UTC)


def database_now():
    with connection.cursor() as cursor:
        cursor.execute("SELECT now(), statement_timestamp()")
        return set(cursor.fetchone())


def test_python_and_the_database_have_the_same_time():
    with clock.installed(START) as now:
        now.move(90)
        assert timezone.now() == START + timedelta(seconds=90)
        assert database_now() == {START + timedelta(seconds=90)}


def test_acts_functions_and_defaults_take_it_for_now():
    with clock.installed(START) as now:
        project, contributor = make_project(lease_s=600), make_contributor()
        (task,) = make_tasks(project)
        now.move(60)
        taken = leases.take(project_id=project.pk, contributor_id=contributor.pk, by=SYSTEM)
        leases.seen(contributor_id=contributor.pk, place=project.public_id)
        assert task.created_at == START
        assert taken.leased_until == START + timedelta(seconds=660)
        assert Assignment.objects.get().created_at == START + timedelta(seconds=60)
        assert set(Event.objects.values_list("created_at", flat=True)) == {START + timedelta(seconds=60)}
        assert Presence.objects.get().last_seen_at == START + timedelta(seconds=60)


def test_a_lease_runs_out_by_it():
    with clock.installed(START) as now:
        project, contributor = make_project(lease_s=600), make_contributor()
        make_tasks(project)
        taken = leases.take(project_id=project.pk, contributor_id=contributor.pk, by=SYSTEM)
        now.move(601)
        with pytest.raises(leases.LeaseLost):
            leases.beat(assignment=taken.assignment, contributor_id=contributor.pk, epoch=1, active_ms=0, place="")


def test_afterwards_it_is_today_again():
    with clock.installed(START):
        pass
    assert abs(timezone.now() - make_tasks(make_project())[0].created_at) < timedelta(minutes=1)
    assert max(database_now()) < START
