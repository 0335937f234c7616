"""Lots: a sample of each batch is looked at, and shows with its exact bound whether the batch passes."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from annotation.domain import batches
from annotation.models import Batch, Event, Project, Role, Task
from quality.agreement.lots import bound, limit
from quality.domain import lots, pipeline, review_queue, reviews
from quality.domain.decisions import Decision
from quality.models import Lot, Review
from tests.factories import (
    fresh,
    grant_skill,
    make_answer,
    make_contributor,
    make_member,
    make_project,
    make_tasks,
    signed_in,
)
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor

pytestmark = pytest.mark.django_db


def sampled(n: int = 10, accept: int = 1) -> Project:
    review = {"share": 0.0, "below_confidence": 0.0, "lot": {"n": n, "accept": accept}}
    return make_project(
        quality={"overlap": {"min": 1, "max": 1, "confidence": 0.6}, "review": review, "gold": {"share": 0}}
    )


@pytest.fixture
def reviewer() -> Contributor:
    person = make_contributor()
    grant_skill(person, "review")
    return person


def posted(project: Project, count: int, name: str = "June") -> Batch:
    """A batch of so many tasks, each answered once."""
    batch = batches.create(project=project, name=name, by=SYSTEM)
    tasks = make_tasks(project, count, seats=1, seats_max=1, batch=batch)
    for task in tasks:
        make_answer(task, make_contributor(), {"tone": "good"})
    pipeline.run(keys=[task.public_id for task in tasks])
    return batch


def review(project: Project, person: Contributor, decision: str = "accept", **more) -> None:
    taken = review_queue.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)
    reviews.decide(
        assignment=taken.assignment, contributor_id=person.pk, epoch=taken.epoch,
        decision=Decision(decision, **more), active_ms=1000, by=SYSTEM,
    )  # fmt: skip


def done(batch: Batch) -> Lot:
    Batch.objects.filter(pk=batch.pk).update(status="completed")
    lots.decide_ended()
    return Lot.objects.get(batch=batch)


def test_a_small_batch_is_looked_at_whole(reviewer):
    project = sampled(n=10)
    batch = posted(project, 6)
    lot = Lot.objects.get(batch=batch)
    assert (lot.n, lot.accept, lot.share, lot.full) == (10, 1, 1.0, False)
    assert Review.objects.filter(cause="sample", inclusion_p=1.0).count() == 6

    for _ in range(6):
        review(project, reviewer)

    found = lots.progress(fresh(lot))
    assert (found.drawn, found.looked, found.errors, found.size, found.bound) == (6, 6, 0, 6, 0.0)
    lot = done(batch)
    assert (lot.status, lot.bound) == ("passed", 0.0)
    assert Event.objects.get(type="lot.passed").data["looked"] == 6


def test_of_a_larger_one_a_part_is_drawn():
    batch = posted(sampled(n=10), 40)
    lot = Lot.objects.get(batch=batch)
    assert lot.share == pytest.approx((10 + 2 * 10**0.5) / 40)
    drawn = Review.objects.filter(cause="sample").count()
    assert 0 < drawn < 40
    assert Task.objects.filter(batch=batch, status="completed").count() == 40 - drawn


def test_what_reviewers_change_counts_as_wrong(reviewer):
    project = sampled(n=10, accept=0)
    batch = posted(project, 8)
    review(project, reviewer, "correct", value={"tone": "bad"})
    for _ in range(7):
        review(project, reviewer)

    lot = Lot.objects.get(batch=batch)
    found = lots.progress(lot)

    assert (found.looked, found.errors) == (8, 1)
    assert found.bound == bound(1, 8, 8) == 1 / 8
    assert found.limit == limit(10, 0)
    assert done(batch).status == "passed"


def test_a_batch_with_too_many_errors_fails(reviewer):
    project = sampled(n=10, accept=0)
    batch = posted(project, 4)
    for _ in range(3):
        review(project, reviewer, "correct", value={"tone": "bad"})
    review(project, reviewer)
    lot = done(batch)
    assert (lot.status, lot.bound) == ("failed", 0.75)


def test_after_two_failed_ones_everything_is_looked_at():
    project = sampled(n=10)
    for name in ("May", "June"):
        batch = batches.create(project=project, name=name, by=SYSTEM)
        Lot.objects.create(
            batch=batch, project=project, n=10, accept=1, share=0.5, status="failed", bound=0.9, decided_at="2026-11-01T10:00Z"
        )  # fmt: skip
    batch = posted(project, 40, name="July")
    lot = Lot.objects.get(batch=batch)
    assert (lot.full, lot.share) == (True, 1.0)
    assert Review.objects.filter(cause="sample").count() == 40


def test_a_batch_in_progress_is_not_decided():
    posted(sampled(), 3)
    assert lots.decide_ended() == 0


def test_it_is_decided_once(reviewer):
    batch = posted(sampled(), 1)
    done(batch)
    assert lots.decide_ended() == 0
    assert Event.objects.filter(type__startswith="lot.").count() == 1


def test_without_a_plan_nothing_is_asked(django_assert_num_queries):
    tasks = make_tasks(make_project(), 2)
    with django_assert_num_queries(0):
        assert lots.shares(tasks) == {}


def test_a_decision_has_its_time_and_bound():
    lot = Lot.objects.get(batch=posted(sampled(), 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Lot.objects.filter(pk=lot.pk).update(status="passed")


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_tells_it_with_few_statements(reviewer, count, django_assert_num_queries):
    project = sampled()
    batch = posted(project, count)
    for _ in range(count):
        review(project, reviewer)
    owner = signed_in(make_member(project.organization, Role.OWNER).user)
    address = reverse("batch_lot", args=[project.public_id, batch.public_id])
    assert "hx-get" in owner.get(reverse("batch", args=[project.public_id, batch.public_id])).content.decode()
    with django_assert_num_queries(8):
        page = owner.get(address).content.decode()
    assert f"{count} of {count} looked at" in page
    assert "At most 0.0% of the results are wrong, with 95% certainty." in page
