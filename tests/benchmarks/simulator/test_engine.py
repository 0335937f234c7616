"""A few minutes of a tiny world, by every policy."""

import io
import pickle
from dataclasses import replace

import pytest
from django.db.models import F

from annotation.models import Annotation, Assignment, Task
from benchmarks.simulator import clock, house, measures, world
from benchmarks.simulator.engine import Engine
from benchmarks.simulator.policies import POLICIES
from tests.races.test_state_machine import emptied

pytestmark = pytest.mark.django_db(transaction=True)
UNTIL_S, SIT_S, TASK_S = 300.0, 200.0, 10.0
SIZE = world.Size(tasks=80, people=4, projects=3, organizations=2)


def tiny():
    """Four people who sit for three minutes; all is posted in two."""
    drawn = world.draw(SIZE, seed=5, load=1.1)
    faster = world.DAY_S / 120
    return replace(
        drawn,
        people=tuple(replace(person, sittings=((person.number * 5.0, SIT_S),)) for person in drawn.people),
        works=tuple(replace(work, seconds=TASK_S) for work in drawn.works),
        posts=tuple(
            replace(post, at=post.at / faster, due=post.due and 30 + post.due / faster) for post in drawn.posts
        ),
    )


def played(policy, stopped_after=None):
    """The log of the day and its measures; stopped after so many lines it goes on with what was kept."""
    emptied()
    drawn, log = tiny(), io.StringIO()
    with clock.installed(world.START) as now:
        rooms = house.build(drawn)
        engine = Engine(drawn, rooms, POLICIES[policy](drawn, rooms), now)
        if stopped_after:
            engine.run(UNTIL_S, log=log, over=lambda: log.getvalue().count("\n") >= stopped_after)
            assert engine.stopped
            engine = pickle.loads(pickle.dumps(engine))
        with clock.ticking(engine.clock):
            engine.run(UNTIL_S, log=log)
        return log.getvalue(), measures.of(engine, 1.0)


def test_the_same_seed_gives_the_same_log():
    log, day = played("ours")
    assert played("ours") == (log, replace(day, round_cpu_ms=pytest.approx(day.round_cpu_ms, rel=100)))
    assert Assignment.objects.filter(origin="offer", status="submitted").exists()


def test_a_day_that_was_stopped_goes_on_as_if_it_had_not_been():
    log, day = played("ours")
    assert log.count("\n") > 100
    again, resumed = played("ours", stopped_after=60)
    assert (again, resumed.digest) == (log, day.digest)


@pytest.mark.parametrize("policy", POLICIES)
def test_people_work_as_long_as_they_sit_and_are_measured(policy):
    log, day = played(policy)
    assert day.answers == Annotation.objects.count() == log.count(" pending ") + log.count(" late ") > 30
    assert 0.5 < day.utilisation <= 1.0
    assert sum(waits.tasks for waits in day.waits.values()) == Task.objects.count() == SIZE.tasks
    assert (day.over_assigned, day.duplicates) == (0, 0)
    assert not Task.objects.filter(seats_taken__gt=F("seats")).exists()


def test_the_two_others_are_told_nothing():
    played("fcfs")
    assert set(Task.objects.values_list("queue__service_class", "deadline", "priority")) == {("standard", None, 20)}
