"""Quotes, and deadlines that may or may not be promised."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotation.domain import batches, forecasts, quotes
from annotation.models import Batch, Project, Quote
from tests.annotation.domain.test_forecasts import may_work, worked
from tests.factories import fresh, make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    """Two people who bring half an hour each, every hour; an answer takes a minute or so."""
    project = make_project(price_minor=7)
    people = [make_contributor() for _ in range(2)]
    may_work(project, *people)
    for person in people:
        worked(project, person, 400)
    project.queues.update(pace_n=200, pace_median_s=60, pace_sigma=0.5)
    return project


def later(hours: float) -> object:
    return timezone.now() + timedelta(hours=hours)


def test_a_quote_prices_the_answers_expected_and_says_when(project: Project) -> None:
    quote = quotes.price(project=project, tasks=100)
    assert (quote.overlap, quote.answers_expected) == ({"min": 3, "max": 5}, 3.5)
    assert (quote.per_task_minor, quote.total_minor, quote.fee_minor) == (25, 2500, 0)
    assert quote.public_id.startswith("quo_")
    assert later(1) < quote.p50_at < quote.p80_at < quote.p95_at < later(40)
    assert (quote.feasible, quote.expires_at > later(23)) == (True, True)
    other = quotes.price(project=project, tasks=100, overlap={"min": 1, "max": 1})
    assert (other.per_task_minor, other.total_minor) == (7, 700)
    assert other.p80_at < quote.p50_at


def test_the_same_again_says_the_same(project: Project) -> None:
    first, second = quotes.price(project=project, tasks=50), quotes.price(project=project, tasks=50)
    assert abs((first.p80_at - second.p80_at).total_seconds()) < 5
    assert first.need_s == second.need_s


def test_work_that_waits_comes_first(project: Project) -> None:
    before = quotes.price(project=project, tasks=10).p80_at
    make_tasks(project, 200, rank=1)
    assert quotes.price(project=project, tasks=10).p80_at > before + timedelta(hours=5)


def test_a_deadline_too_early_names_the_first_that_can_be_kept(project: Project) -> None:
    quote = quotes.price(project=project, tasks=500, deadline=later(2))
    assert not quote.feasible
    assert later(20) < quote.earliest_deadline < later(80)
    kept = quotes.price(project=project, tasks=500, deadline=quote.earliest_deadline + timedelta(hours=1))
    assert kept.feasible


def test_what_is_promised_already_leaves_less(project: Project) -> None:
    deadline = quotes.price(project=project, tasks=500, deadline=later(1)).earliest_deadline + timedelta(hours=1)
    first = batches.create(project=project, name="first", by=SYSTEM, deadline=deadline, tasks=500)
    assert (first.promise, first.promised_s > 0) == (Batch.Promise.FIRM, True)
    with pytest.raises(quotes.DeadlineInfeasible) as refused:
        batches.create(project=project, name="second", by=SYSTEM, deadline=deadline, tasks=500)
    assert refused.value.params["earliest_deadline"] > deadline
    second = batches.create(project=project, name="second", by=SYSTEM, deadline=deadline, tasks=500, best_effort=True)
    assert second.promise == Batch.Promise.BEST_EFFORT


def test_a_deadline_of_an_unknown_number_of_tasks_must_leave_time_for_an_answer(project: Project) -> None:
    for hours in (-1, 0.01):
        with pytest.raises(quotes.DeadlineInfeasible):
            batches.create(project=project, name="first", by=SYSTEM, deadline=later(hours))
    assert batches.create(project=project, name="first", by=SYSTEM, deadline=later(1)).promise == "firm"


def test_a_promise_moves_only_as_far_as_it_can_be_kept(project: Project) -> None:
    batch = batches.create(project=project, name="first", by=SYSTEM, deadline=later(200), tasks=500)
    make_tasks(project, 500, batch=batch)
    forecasts.refresh(now=timezone.now())
    with pytest.raises(quotes.DeadlineInfeasible):
        batches.change(batch=batch, by=SYSTEM, deadline=later(3))
    assert batches.change(batch=batch, by=SYSTEM, deadline=later(150)).promise == "firm"
    assert batches.change(batch=batch, by=SYSTEM, deadline=None).promise == "best_effort"
    assert fresh(batch).deadline is None


def test_a_batch_takes_up_a_quote_once(project: Project) -> None:
    deadline = later(100)
    quote = quotes.price(project=project, tasks=20, deadline=deadline)
    batch = batches.create(project=project, name="first", by=SYSTEM, deadline=deadline, quote=quote)
    assert (batch.promise, fresh(quote).used_tasks) == ("firm", 20)
    with pytest.raises(quotes.QuoteMismatch) as refused:
        batches.create(project=project, name="second", by=SYSTEM, deadline=deadline, quote=quote)
    assert refused.value.params["differs"] == ["used"]


def test_a_quote_binds_for_what_it_was_made_and_for_a_day(project: Project) -> None:
    quote = quotes.price(project=project, tasks=20)
    terms = {**project.terms, "price_minor": 9}
    Project.objects.filter(pk=project.pk).update(terms=terms, schema_version=2)
    with pytest.raises(quotes.QuoteMismatch) as refused:
        batches.create(project=fresh(project), name="first", by=SYSTEM, deadline=later(100), quote=quote)
    assert refused.value.params["differs"] == ["schema_version", "price", "deadline"]
    Quote.objects.update(expires_at=timezone.now())
    with pytest.raises(quotes.QuoteExpired):
        batches.create(project=project, name="first", by=SYSTEM, quote=quote)
    assert not Batch.objects.exists()
