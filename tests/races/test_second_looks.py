"""A second look is taken, or given, while the sweep carries the first decision out: it is carried out once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotation.domain import leases
from annotation.models import Result, Task
from quality.domain import invariants, pipeline, review_queue, reviews, second_looks
from quality.domain.decisions import Decision
from quality.models import Review
from tests.factories import fresh, grant_skill, make_answer, make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor, Earning

pytestmark = pytest.mark.races
TIMES = range(3)


def reviewer() -> Contributor:
    person = make_contributor()
    grant_skill(person, "review")
    return person


def held() -> tuple[Task, Contributor]:
    """A task whose first decision waits, and who may look again."""
    one, other = reviewer(), reviewer()
    grant_skill(make_contributor(), "adjudicate")
    project = make_project(
        quality={"overlap": {"min": 2, "max": 2}, "review": {"below_confidence": 0.99, "second": 1.0}}
    )
    (task,) = make_tasks(project, 1, seats=2, seats_max=2)
    for tone in ("good", "bad"):
        make_answer(task, make_contributor(), {"tone": tone})
    pipeline.run(keys=[task.public_id])
    decide(take(task, one), one)
    return task, other


def take(task: Task, person: Contributor) -> leases.Taken:
    return review_queue.take(project_id=task.project_id, contributor_id=person.pk, by=SYSTEM)


def decide(taken: leases.Taken, person: Contributor) -> Review | None:
    return reviews.decide(
        assignment=taken.assignment, contributor_id=person.pk, epoch=taken.epoch,
        decision=Decision("correct", value={"tone": "good"}), active_ms=1000, by=SYSTEM,
    )  # fmt: skip


def sweep() -> int:
    return second_looks.carry_out_overdue(now=timezone.now() + timedelta(hours=25))


def sound() -> bool:
    return all(found.violations == 0 for found in map(invariants.check, invariants.ALL) if found.invariant.code != "I9")


@pytest.mark.parametrize("_time", TIMES)
def test_it_is_taken_while_the_sweep_runs(together, _time):
    task, other = held()
    taken, swept = together(lambda: take(task, other), sweep)
    assert (fresh(task).status == "completed") == bool(swept)
    if isinstance(taken, leases.Taken):
        assert (decide(taken, other) is None) == bool(swept)
        assert Earning.objects.get(contributor=other).status == "available"
    assert Result.objects.filter(task=task).count() == 1 or isinstance(taken, leases.NothingToLabel)
    assert sound()


@pytest.mark.parametrize("_time", TIMES)
def test_it_is_given_while_two_sweeps_run(together, _time):
    task, other = held()
    taken = take(task, other)
    decided, *swept = together(lambda: decide(taken, other), sweep, sweep)
    assert swept == [0, 0]
    assert decided.status == "decided"
    assert Result.objects.filter(task=task).count() == 1
    assert sound()
