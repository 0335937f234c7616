"""Forecasts of batches: made, corrected, kept, and held to account."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from annotation.domain import batches, forecasts, supply
from annotation.models import Annotation, Basis, Batch, Forecast, Project, QueueCursor, Task, WorkedHour
from annotation.queries import batches as figures
from annotation.queries import calibration, crowd, spending
from tests.factories import fresh, make_answer, make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor

pytestmark = pytest.mark.django_db


def posted(project: Project, count: int = 10, **fields: object) -> Batch:
    batch = batches.create(project=project, name=f"batch {Batch.objects.count()}", by=SYSTEM, **fields)
    make_tasks(project, count, batch=batch, seats=2, seats_max=3)
    return batch


def may_work(project: Project, *people: Contributor) -> None:
    queue = project.queues.get()
    for person in people:
        QueueCursor.objects.create(queue=queue, contributor=person, project=project, facts_version=1, policy_version=1)


def worked(project: Project, person: Contributor, hours: int, seconds: float = 1800.0) -> None:
    """So many whole hours until now."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    WorkedHour.objects.bulk_create(
        WorkedHour(contributor=person, project=project, hour=hour - timedelta(hours=n), seconds=seconds)
        for n in range(1, hours + 1)
    )


# --- Hours ------------------------------------------------------------------------------------------------------------
def test_hours_are_counted_from_answers_any_number_of_times_and_forgotten() -> None:
    project, now = make_project(), timezone.now()
    person = make_contributor()
    for task in make_tasks(project, 3):
        Annotation.objects.filter(pk=make_answer(task, person, {"tone": "good"}).pk).update(active_ms=20_000)
    WorkedHour.objects.create(contributor=person, project=project, hour=now - timedelta(days=100), seconds=5)
    assert [supply.count(now=now), supply.count(now=now)] == [1, 0]
    (row,) = WorkedHour.objects.all()
    assert (row.contributor_id, row.project_id, row.seconds) == (person.pk, project.pk, 60.0)
    assert row.hour == now.replace(minute=0, second=0, microsecond=0)


def test_of_those_who_may_the_work_anywhere_counts_and_its_share_here() -> None:
    project, elsewhere = make_project(), make_project()
    people = [make_contributor() for _ in range(3)]
    may_work(project, *people[:2])
    for person in people:
        worked(project, person, 400, 900.0)
        worked(elsewhere, person, 400, 900.0)
    found = crowd.of(project=project, now=timezone.now())
    assert (found.people, found.measured) == (2, True)
    assert found.supply.seconds.mean() == pytest.approx(3600, rel=0.02)
    assert found.share == pytest.approx(0.5, abs=0.02)
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    assert found.since(hour - timedelta(hours=5)) == (5, 5 * 1800.0)


def test_a_project_that_nobody_has_opened_counts_on_all_who_could() -> None:
    for _ in range(4):
        make_contributor()
    found = crowd.of(project=make_project(), now=timezone.now())
    team = crowd.of(project=make_project(workforce="team"), now=timezone.now())
    assert (found.people, team.people, found.measured) == (4, 1, False)
    assert found.supply.seconds.sum() == pytest.approx(4 * crowd.ASSUMED_WEEK_S, rel=0.02)


# --- Forecasts --------------------------------------------------------------------------------------------------------
def test_every_batch_in_progress_is_forecast_once_a_minute_if_something_moves() -> None:
    project, now = make_project(), timezone.now()
    may_work(project, make_contributor())
    batch = posted(project)
    batches.create(project=project, name="empty", by=SYSTEM)
    assert forecasts.refresh(now=now) == 1
    first = fresh(batch).forecast
    assert (first.step, first.basis, first.tasks, first.answers) == (0, Basis.ESTIMATE, 10, 0)
    assert 20 <= first.wanted <= 30
    assert now < first.p50_at < first.p80_at < first.p95_at
    assert first.advice["people"] == 1
    assert first.advice["sooner_s"] > 60
    assert forecasts.refresh(now=now + timedelta(minutes=2)) == 0
    make_answer(Task.objects.filter(batch=batch).first(), make_contributor(), {"tone": "good"})
    assert forecasts.refresh(now=now + timedelta(seconds=30)) == 0
    assert forecasts.refresh(now=now + timedelta(minutes=2)) == 1
    assert forecasts.refresh(now=now + timedelta(minutes=20)) == 1
    assert Forecast.objects.filter(batch=batch).count() == 1


def test_more_work_ahead_ends_later_and_history_is_called_so() -> None:
    project, now = make_project(), timezone.now()
    person = make_contributor()
    may_work(project, person)
    worked(project, person, 400)
    project.queues.update(pace_n=100, pace_median_s=60)
    for task in make_tasks(project, 30, status="completed", seats=2, seats_max=3):
        Task.objects.filter(pk=task.pk).update(answers=2, seats_taken=2)
    batch = posted(project)
    forecasts.refresh(now=now)
    alone = fresh(batch).forecast
    assert (alone.basis, alone.wanted) == (Basis.HISTORY, 20)
    make_tasks(project, 40, rank=10, seats=2)
    forecasts.refresh(now=now + timedelta(hours=1))
    behind = fresh(batch).forecast
    assert behind.need_s == alone.need_s
    assert behind.p80_at - behind.made_at > 3 * (alone.p80_at - alone.made_at)


def test_when_only_reviews_are_left_no_end_is_named() -> None:
    project = make_project()
    may_work(project, make_contributor())
    batch = posted(project, 3)
    Task.objects.filter(batch=batch).update(status="in_review", stage="review", seats=1, answers=0)
    forecasts.refresh(now=timezone.now())
    made = fresh(batch).forecast
    assert (made.wanted, made.p50_at, made.made_s, made.advice) == (0, None, None, None)


def test_a_deadline_that_would_be_missed_says_how_many_people_it_takes() -> None:
    project, now = make_project(), timezone.now()
    may_work(project, make_contributor(), make_contributor())
    batch = posted(project, 40, deadline=now + timedelta(days=1))
    forecasts.refresh(now=now)
    made = fresh(batch).forecast
    assert made.p80_at > batch.deadline
    assert made.advice["for_deadline"] is True
    assert made.advice["people"] > 2
    assert made.advice["share"] == made.advice["people"] / 2


def test_ended_batches_teach_corrections_unless_they_grew() -> None:
    project, now = make_project(), timezone.now()
    for number in range(35):
        batch = batches.create(project=project, name=str(number), by=SYSTEM)
        task = make_tasks(project, 1, batch=batch, status="completed")[0]
        Task.objects.filter(pk=task.pk).update(completed_at=now)
        at = now - timedelta(seconds=2000)
        shown = {name: at + timedelta(seconds=1000) for name in ("p50_at", "p80_at", "p95_at")}
        common = {
            "batch": batch,
            "made_at": at,
            "basis": "history",
            "answers": 1,
            "wanted": 2,
            "need_s": 1,
            "people": 1,
        }
        Forecast.objects.create(step=6, tasks=1, made_s=[1000.0, 1500.0, 2500.0], **common, **shown)
        if number < 3:
            Forecast.objects.create(step=12, tasks=2, made_s=[1.0, 1.0, 1.0], **common, **shown)
    Batch.objects.update(status=Batch.Status.COMPLETED)
    forecasts.refresh(now=now)
    rows = calibration.outcomes()[1]
    assert len(rows) == 32
    assert {row.inside for row in rows} == {(False, False, False)}
    learned = forecasts.corrections()
    assert np.allclose(learned[1], [2, 4 / 3, 0.8], rtol=0.01)
    assert forecasts.corrected(np.ones(3), learned, 0).tolist() == [1, 1, 1]


def test_a_round_costs_as_many_statements_for_three_batches_as_for_one(django_assert_num_queries) -> None:
    for count in (1, 3):
        project = make_project()
        may_work(project, make_contributor())
        for _ in range(count):
            posted(project)
        with django_assert_num_queries(12):
            forecasts.refresh(now=timezone.now())
        Batch.objects.update(status=Batch.Status.CANCELED)


# --- Figures ----------------------------------------------------------------------------------------------------------
def test_figures_tell_what_is_given_and_still_possible() -> None:
    project = make_project()
    batch = posted(project, 4)
    first, second, *_rest = Task.objects.filter(batch=batch).order_by("id")
    make_answer(first, make_contributor(), {"tone": "good"})
    Task.objects.filter(pk=second.pk).update(status="completed", answers=2, seats_taken=2)
    found = figures.figures([batch.pk])[batch.pk]
    assert (found.total, found.done, found.collecting, found.given, found.ended, found.answers) == (4, 1, 3, 1, 2, 3)
    assert (found.least, found.most) == (5, 8)
    assert spending.spent(batch.pk) == 5
    assert figures.figures([]) == {}


def test_what_waits_before_a_batch_is_counted_by_its_place_in_line() -> None:
    rows = [figures.Waiting(1, 10, 100, 199), figures.Waiting(2, 8, 0, 50), figures.Waiting(3, 9, 500, 600)]
    assert figures.ahead(rows, batch=9, last_rank=150) == pytest.approx(5 + 8)
    assert figures.ahead(rows, batch=2, last_rank=50) == 0


def test_all_work_of_a_project_is_forecast_in_batches_or_not(django_assert_num_queries) -> None:
    project, now = make_project(), timezone.now()
    assert forecasts.of_project(project=project, now=now) is None
    person = make_contributor()
    may_work(project, person)
    worked(project, person, 400)
    posted(project, 10)
    make_tasks(project, 30, seats=2, seats_max=3)
    make_tasks(project, 5, purpose="gold")
    (batch,) = Batch.objects.all()
    alone = forecasts.made(
        where=forecasts.setting(project=project, now=now),
        batch=batch,
        found=figures.figures([batch.pk])[batch.pk],
        learned={},
        now=now,
    )
    with django_assert_num_queries(6):
        whole = forecasts.of_project(project=project, now=now)
    assert (whole.tasks, whole.answers) == (40, 0)
    assert whole.wanted == pytest.approx(4 * alone.wanted, rel=0.2)
    assert whole.p80_at > alone.p80_at > now
    assert whole.pk is None
