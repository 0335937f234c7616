"""Healthy known answers: they retire in time, are set aside when good people contradict them, and come from results beyond doubt."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from annotation.domain import leases
from annotation.models import Event, Result, Task
from quality.domain import gold, gold_health, invariants, pipeline, scorecards
from quality.domain.gold_health import NotDisputed
from quality.models import Evidence, GoldItem, GoldOutcome, Scorecard
from tests.factories import fresh, make_answer, make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM
from workforce.models import Earning

pytestmark = pytest.mark.django_db


def plant(project, **expected) -> GoldItem:
    return gold.plant(
        project=project, payload={"text": "A fine day."}, expected=expected or {"tone": "good"}, by=SYSTEM
    )


def good_person(project, right: float = 200):
    """Somebody whose accuracy is known to be high."""
    person = make_contributor()
    Scorecard.objects.create(project=project, contributor=person, alpha=4 + right, beta=2 + 2, n=int(right))
    return person


def answered(item, people, tone: str) -> None:
    for person in people:
        make_answer(item.task, person, {"tone": tone})
    pipeline.run(keys=[item.task.public_id])


def cards(project) -> dict[int, tuple[float, float, int]]:
    return {
        card.contributor_id: (round(card.alpha, 4), round(card.beta, 4), card.gold_n)
        for card in Scorecard.objects.filter(project=project)
    }


# --- retiring ---


def test_an_item_retires_sixty_days_after_it_was_first_met():
    project = make_project()
    old, young, unmet = plant(project), plant(project), plant(project)
    answered(old, [make_contributor()], "good")
    answered(young, [make_contributor()], "good")
    GoldOutcome.objects.filter(item=old).update(created_at=timezone.now() - timedelta(days=61))

    assert [gold_health.retire_old(now=timezone.now()) for _ in range(2)] == [1, 0]

    assert [fresh(item).status for item in (old, young, unmet)] == ["retired", "active", "active"]
    assert fresh(old).retired_for == "old"


def test_an_item_that_has_become_known_retires():
    project = make_project()
    leaked, healthy = plant(project), plant(project)
    people = [make_contributor() for _ in range(44)]
    for item in (leaked, healthy):
        for place, person in enumerate(people):
            known = item == leaked and place >= 22
            make_answer(item.task, person, {"tone": "good" if known or place % 2 else "bad"})
        pipeline.run(keys=[item.task.public_id])

    assert [gold_health.retire_leaked() for _ in range(2)] == [1, 0]

    assert (fresh(leaked).status, fresh(leaked).retired_for, fresh(healthy).status) == ("retired", "leaked", "active")


# --- disputes ---


def test_three_good_people_with_the_same_other_answer_set_an_item_aside():
    project = make_project()
    item, people = plant(project), [good_person(project) for _ in range(3)]
    before = cards(project)
    answered(item, people, "bad")
    answered(item, [make_contributor()], "good")
    assert cards(project) != before

    assert [gold_health.quarantine_disputed() for _ in range(2)] == [1, 0]

    item = fresh(item)
    assert (item.status, item.rival, item.expected) == ("quarantined", {"tone": "bad"}, {"tone": "good"})
    assert {key: cards(project)[key] for key in before} == before
    assert not Evidence.objects.exists()
    assert set(Earning.objects.values_list("status", flat=True)) == {"available"}  # pay stands
    with pytest.raises(leases.NothingToLabel):
        leases.take(project_id=project.pk, contributor_id=make_contributor().pk, by=SYSTEM, gold=0.0)


def disputed(project) -> GoldItem:
    item = plant(project)
    answered(item, [good_person(project) for _ in range(3)], "bad")
    answered(item, [make_contributor()], "good")
    gold_health.quarantine_disputed()
    return fresh(item)


@pytest.mark.parametrize(
    ("people", "tones"),
    [
        ([200, 200], ["bad", "bad"]),  # too few
        ([200, 200, 200], ["bad", "bad", "mixed"]),  # not the same
        ([200, 200, 20], ["bad", "bad", "bad"]),  # one of whom too little is known
    ],
)
def test_less_than_that_does_not(people, tones):
    project = make_project()
    item = plant(project)
    for right, tone in zip(people, tones, strict=True):
        answered(item, [good_person(project, right)], tone)
    assert gold_health.quarantine_disputed() == 0
    assert fresh(item).status == "active"


def test_an_answer_to_a_disputed_item_is_paid_and_shows_nothing():
    project = make_project()
    item, person = disputed(project), make_contributor()
    Task.objects.filter(pk=item.task_id).update(seats=5)  # they had it in hand already
    answered(fresh(item), [person], "good")
    assert Earning.objects.get(contributor=person).status == "available"
    assert GoldOutcome.objects.filter(annotation__contributor=person).exists()
    assert not Evidence.objects.filter(contributor=person).exists()


def test_the_others_were_right():
    project = make_project()
    item = gold_health.correct(item=disputed(project), by=SYSTEM)

    assert (item.status, item.expected, item.rival) == ("active", {"tone": "bad"}, None)
    assert sorted(Evidence.objects.values_list("outcome", flat=True)) == [0.0, 1.0, 1.0, 1.0]
    assert sorted(GoldOutcome.objects.values_list("score", flat=True)) == [0.0, 1.0, 1.0, 1.0]
    assert leases.take(project_id=project.pk, contributor_id=make_contributor().pk, by=SYSTEM, gold=0.0)
    assert Event.objects.filter(type="gold.corrected").get().data == {}


def test_the_known_answer_was_right_and_is_not_asked_about_again():
    project = make_project()
    item = gold_health.release(item=disputed(project), by=SYSTEM)

    assert (item.status, item.expected) == ("active", {"tone": "good"})
    assert sorted(Evidence.objects.values_list("outcome", flat=True)) == [0.0, 0.0, 0.0, 1.0]
    assert gold_health.quarantine_disputed() == 0
    assert leases.take(project_id=project.pk, contributor_id=make_contributor().pk, by=SYSTEM, gold=0.0)


@pytest.mark.parametrize("act", [gold_health.correct, gold_health.release])
def test_only_a_disputed_item_is_decided(act):
    with pytest.raises(NotDisputed):
        act(item=plant(make_project()), by=SYSTEM)


def test_only_an_item_in_use_is_set_aside():
    item = gold.retire(item=plant(make_project()), by=SYSTEM)
    with pytest.raises(NotDisputed):
        gold_health.quarantine(item=item, rival={"tone": "bad"}, by=SYSTEM)


def test_a_disputed_item_may_be_retired():
    item = gold.retire(item=disputed(make_project()), by=SYSTEM)
    assert (item.status, item.rival, item.task.status) == ("retired", None, "canceled")


def test_what_is_said_against_an_item_is_kept_as_long_as_it_is_disputed():
    item = plant(make_project())
    for change in ({"status": "quarantined"}, {"rival": {"tone": "bad"}}):
        with pytest.raises(IntegrityError), transaction.atomic():
            GoldItem.objects.filter(pk=item.pk).update(**change)


@pytest.mark.parametrize("end", [gold_health.correct, gold_health.release, None])
def test_a_dispute_keeps_the_invariants(end):
    project = make_project()
    item = plant(project)
    answered(item, [make_contributor() for _ in range(4)], "bad")
    item = gold_health.quarantine(item=item, rival={"tone": "bad"}, by=SYSTEM)
    if end:
        end(item=item, by=SYSTEM)
    assert [each.code for each in invariants.ALL if invariants.check(each).violations] == []


# --- withdrawing ---


def test_withdrawn_evidence_is_as_if_it_had_never_been():
    project, person = make_project(), make_contributor()
    given = [make_answer(task, person, {"tone": "good"}) for task in make_tasks(project, 5)]
    seen = [scorecards.Observation(each.pk, project.pk, person.pk, "gold", 0.0) for each in given]
    scorecards.observe(
        observations=[*seen[:1], scorecards.Observation(given[4].pk, project.pk, person.pk, "peer", 1.0)]
    )
    before = cards(project)
    scorecards.observe(observations=seen[1:4])
    assert Scorecard.objects.get().standing == "probation"
    with connection.cursor() as cursor:  # withdrawn a while later
        cursor.execute(
            "UPDATE scorecard SET alpha = 4 + (alpha - 4) / 2, beta = 2 + (beta - 2) / 2, updated_at = now() + interval '90 d'"
        )

    scorecards.withdraw(annotations=[each.pk for each in given[1:4]])

    card = Scorecard.objects.get()
    assert (card.alpha, card.beta) == (
        pytest.approx(4 + (before[person.pk][0] - 4) / 2),
        pytest.approx(2 + (before[person.pk][1] - 2) / 2),
    )
    assert (card.n, card.gold_n, card.standing) == (2, 1, "new")


# --- promoting ---


def finished(project, *, confidence=0.9995, people=3, reviews=()):
    """A task with its result."""
    (task,) = make_tasks(project, 1, seats=people, seats_max=people)
    given = [make_answer(task, make_contributor(), {"tone": "good"}) for _ in range(people)]
    Task.objects.filter(pk=task.pk).update(status="deciding")
    Task.objects.filter(pk=task.pk).update(status="completed", revision=1, completed_at=timezone.now())
    Result.objects.create(
        organization=project.organization,
        project=project,
        task=task,
        revision=1,
        answers={"tone": {"value": "good", "confidence": confidence}},
        provenance={"annotations": [each.public_id for each in given], "reviews": list(reviews)},
        confidence=confidence,
    )
    return fresh(task), given


@pytest.mark.parametrize(
    ("result", "source"),
    [
        ({}, "agreed"),
        ({"confidence": 0.95, "people": 1, "reviews": ["rev_1"]}, "reviewed"),
    ],
)
def test_a_result_beyond_doubt_becomes_a_known_answer_once(result, source):
    project = make_project()
    task, _given = finished(project, **result)

    item = gold.promote(task=task, by=SYSTEM)

    assert (item.source, item.origin, item.expected) == (source, task, {"tone": "good"})
    assert item.task.purpose == "gold"
    assert item.task.payload.body == task.payload.body
    with pytest.raises(gold.NotBeyondDoubt):
        gold.promote(task=task, by=SYSTEM)


@pytest.mark.parametrize("result", [{"confidence": 0.99}, {"people": 2}, {"confidence": None}])
def test_one_in_doubt_does_not(result):
    task, _given = finished(make_project(), **result)
    with pytest.raises(gold.NotBeyondDoubt):
        gold.promote(task=task, by=SYSTEM)


def test_nor_does_a_task_without_a_result():
    with pytest.raises(gold.NotBeyondDoubt):
        gold.promote(task=make_tasks(make_project())[0], by=SYSTEM)


def test_who_answered_it_as_work_is_paid_and_not_tested_by_it():
    task, given = finished(make_project())
    item = gold.promote(task=task, by=SYSTEM)
    answered(item, [given[0].contributor, make_contributor()], "good")
    assert GoldOutcome.objects.count() == 2
    assert Evidence.objects.filter(kind="gold").count() == 1
