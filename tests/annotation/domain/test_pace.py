"""How long an answer takes: estimated from the preset or the lease, measured from the latest answers."""

import math
from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from annotation.domain import intake, pace, queues
from annotation.models import Assignment, Project, Queue, Stage
from annotation.scheduling.rank import EPOCH
from tests.factories import fresh, make_contributor, make_project, make_queue, make_tasks

pytestmark = pytest.mark.django_db


def answered(project: Project, seconds: list[float], stage: str = Stage.LABEL) -> None:
    """One submitted seat per figure."""
    person, now = make_contributor(), timezone.now()
    Assignment.objects.bulk_create(
        Assignment(
            organization_id=project.organization_id,
            project=project,
            task=task,
            contributor=person,
            stage=stage,
            status=Assignment.Status.SUBMITTED,
            origin=Assignment.Origin.CLAIM,
            leased_at=now,
            ended_at=now,
            active_ms=int(each * 1000),
        )
        for task, each in zip(make_tasks(project, len(seconds))[-len(seconds) :], seconds, strict=True)
    )


def test_a_new_queue_begins_with_what_the_preset_says_else_a_quarter_of_the_lease() -> None:
    known = queues.queue_for(project=make_project(preset="classify"), service_class="urgent")
    other = queues.queue_for(project=make_project(preset="gone", lease_s=400), service_class="urgent")
    assert (known.pace_n, known.pace_median_s, known.pace_sigma) == (0, 18.0, 0.7)
    assert (other.pace_n, other.pace_median_s) == (0, 100.0)


def test_quantiles_are_those_of_a_log_normal() -> None:
    queue = Queue(pace_median_s=60.0, pace_sigma=0.7)
    assert pace.quantile(queue, 0.5) == pytest.approx(60.0)
    assert pace.quantile(queue, 0.8) == pytest.approx(60 * math.exp(0.7 * 0.8416212))


def test_queues_are_measured_from_the_latest_answers_of_their_project_and_stage() -> None:
    project, other = make_project(), make_project()
    gold, review = make_queue(project, purpose="gold"), make_queue(project, stage=Stage.REVIEW)
    random = Random(1)
    answered(project, [random.lognormvariate(math.log(40), 0.5) for _ in range(60)])
    answered(other, [5.0] * (pace.FEWEST - 1))
    assert pace.measure() == 2
    label = project.queues.get(stage=Stage.LABEL, purpose="work")
    assert (label.pace_n, fresh(gold).pace_n, fresh(review).pace_n, other.queues.get().pace_n) == (60, 60, 0, 0)
    assert 33 < label.pace_median_s < 48
    assert 0.35 < label.pace_sigma < 0.65
    assert pace.measure() == 0


def test_a_long_lunch_does_not_count_and_old_answers_give_way() -> None:
    project = make_project()
    answered(project, [100.0] * 300)
    answered(project, [20.0] * (pace.LATEST - 10) + [9000.0] * 10)
    pace.measure()
    queue = project.queues.get()
    assert (queue.pace_n, queue.pace_median_s, queue.pace_sigma) == (500, pytest.approx(20), 0.05)


def test_a_deadline_leaves_room_for_three_slow_answers() -> None:
    now = timezone.now()
    queue = Queue(service_class="standard", pace_median_s=60.0, pace_sigma=0.7)
    ranks = [intake.due(queue=queue, created_at=now, priority=0, deadline=now + timedelta(hours=h)) for h in (2, 48)]
    slow = 3 * pace.quantile(queue, 0.8)
    assert ranks[0] == int(now.timestamp() + 7200 - slow - EPOCH.timestamp())
    assert ranks[1] == int(now.timestamp() + 86_400 - EPOCH.timestamp())
