"""Practice: everybody does it before other work, is paid, reads the answer afterwards; it proves nothing of anybody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotation.domain import answers, expiry, leases
from annotation.models import Annotation, Project, Purpose, Task
from quality.domain import gold, gold_health, invariants, pipeline
from quality.models import Evidence, GoldItem, GoldOutcome
from tests.factories import fresh, make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor, Earning, Notice

pytestmark = pytest.mark.django_db


def practice(project: Project, tone: str = "good", why: str = "It praises the driver.") -> GoldItem:
    payload = {"text": f"How {tone}!"}
    return gold.plant(project=project, payload=payload, expected={"tone": tone}, training=True, why=why, by=SYSTEM)


def take(project: Project, person: Contributor) -> leases.Taken:
    return leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)


def do(project: Project, person: Contributor, tone: str = "good") -> Task:
    """The next task, answered."""
    taken = take(project, person)
    answers.submit(
        assignment=taken.assignment,
        contributor_id=person.pk,
        epoch=taken.epoch,
        client_key=f"00000000-0000-4000-8000-{taken.assignment_id:012}",
        envelope={"schema_version": 1, "value": {"tone": tone}},
        active_ms=5000,
        by=SYSTEM,
    )
    pipeline.run(keys=[taken.task])
    return Task.objects.get(pk=taken.task_id)


@pytest.fixture
def project() -> Project:
    made = make_project(price_minor=7)
    make_tasks(made, 3)
    return made


@pytest.fixture
def person() -> Contributor:
    return make_contributor()


def test_practice_comes_first_and_then_work(project, person):
    items = {practice(project, tone).task_id for tone in ("good", "bad")}

    first, second, third = (do(project, person) for _ in range(3))

    assert {first.pk, second.pk} == items
    assert third.purpose == Purpose.WORK


def test_it_is_paid_at_once_and_proves_nothing(project, person):
    practice(project, "bad")

    do(project, person, "good")

    assert (Earning.objects.get(contributor=person).status, Annotation.objects.get().status) == (
        "available",
        "accepted",
    )
    assert GoldOutcome.objects.get().score == 0
    assert not Evidence.objects.exists()
    assert [found.invariant.code for found in map(invariants.check, invariants.ALL) if found.violations] == []


@pytest.mark.parametrize(("tone", "code"), [("good", "practice_right"), ("bad", "practice_wrong")])
def test_its_author_reads_what_was_expected_and_why(project, person, tone, code):
    practice(project, "good")

    do(project, person, tone)

    told = Notice.objects.get(contributor=person)
    assert (told.code, told.params["note"]) == (code, "It praises the driver.")
    assert (told.params["yours"], told.params["accepted"]) == ({"tone": tone}, {"tone": "good"})


def test_of_a_known_answer_that_is_not_for_practice_nobody_reads_anything(project, person):
    gold.plant(project=project, payload={"text": "x"}, expected={"tone": "good"}, by=SYSTEM)
    for _ in range(3):
        do(project, person)
    assert not Notice.objects.filter(code__startswith="practice").exists()


def test_who_gives_practice_back_goes_on_to_work(project, person):
    practice(project)
    taken = take(project, person)
    expiry.release(
        assignment=taken.assignment, contributor_id=person.pk, epoch=taken.epoch, reason="not_for_me", by=SYSTEM
    )

    assert do(project, person).purpose == Purpose.WORK


def test_new_practice_is_done_by_those_who_work_already_too(project, person):
    assert do(project, person).purpose == Purpose.WORK
    item = practice(project)
    assert do(project, person).pk == item.task_id


def test_without_practice_and_after_it_was_retired_there_is_only_work(project, person):
    gold.retire(item=practice(project), by=SYSTEM)
    assert do(project, person).purpose == Purpose.WORK


def test_practice_does_not_grow_old_and_is_never_disputed(project):
    item = practice(project, "bad")
    for _ in range(4):
        do(project, make_contributor(), "good")
    GoldOutcome.objects.update(created_at=timezone.now() - timedelta(days=90))

    assert (gold_health.retire_old(now=timezone.now()), gold_health.retire_leaked()) == (0, 0)
    assert fresh(item).status == "active"
