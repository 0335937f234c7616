"""How many known answers somebody gets: more while they are new, fewer when their accuracy is known, never too many."""

from collections import Counter

import pytest
from django.db import connection

from annotation.domain import leases, routing
from annotation.models import QueueCursor
from quality.agreement.accuracy import Accuracy
from quality.domain import gold, gold_rates, pipeline
from quality.models import Scorecard
from quality.queries.turns import KNOWN_FROM, Turn
from tests.factories import make_answer, make_contributor, make_project, make_queue, make_tasks
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db

WITH_GOLD = {"overlap": {"min": 1, "max": 1}, "gold": {"share": 0.04}}


def turn(**given) -> Turn:
    return Turn(
        **{
            "project_id": 1,
            "contributor_id": 1,
            "factor": 5.0,
            "answers": 0,
            "golden": 0,
            "standing": "new",
            "raised": False,
            "accuracy": Accuracy(4, 2),
            **given,
        }
    )


@pytest.mark.parametrize(
    ("given", "share"),
    [
        ({}, 0.20),
        ({"answers": 49}, 0.20),
        ({"answers": 50}, 0.10),
        ({"answers": 199}, 0.10),
        ({"answers": 200}, 0.04),
        ({"answers": KNOWN_FROM, "standing": "probation"}, 0.10),
        ({"answers": KNOWN_FROM, "raised": True}, 0.20),
        ({"answers": KNOWN_FROM, "accuracy": Accuracy(4 + 300, 2 + 20)}, 0.03),
        ({"answers": KNOWN_FROM, "accuracy": Accuracy(4 + 30, 2 + 2)}, 0.04),
        ({"answers": 30, "golden": 4}, 0.20),
        ({"answers": 30, "golden": 5}, 0.0),
        ({"answers": KNOWN_FROM, "golden": 6}, 0.0),
    ],
)
def test_the_rates_where_the_project_wants_four_per_cent(given, share):
    assert gold_rates.factor(turn(**given)) * 0.04 == pytest.approx(share)


def cursor_of(project, person, factor: float = 5.0):
    """Their place in the line, as the claim makes it."""
    routing.refresh_eligibility(people=[person.pk], projects=[project.pk], stages=["label"])
    QueueCursor.objects.filter(contributor=person).update(gold_factor=factor)


def factors(person) -> set[float]:
    return set(QueueCursor.objects.filter(contributor=person).values_list("gold_factor", flat=True))


def test_an_answer_moves_its_author_on():
    project, person = make_project(quality=WITH_GOLD), make_contributor()
    tasks = make_tasks(project, 50)
    cursor_of(project, person)
    for task in tasks[:49]:
        make_answer(task, person, {"tone": "good"})
    pipeline.run(keys=[tasks[48].public_id])
    assert factors(person) == {5.0}

    make_answer(tasks[49], person, {"tone": "good"})
    for _ in range(2):
        pipeline.run(keys=[tasks[49].public_id])
        assert factors(person) == {2.5}


def test_five_known_answers_among_twenty_are_enough_until_others_have_come():
    project, person = make_project(quality=WITH_GOLD), make_contributor()
    items = [
        gold.plant(project=project, payload={"text": str(n)}, expected={"tone": "good"}, by=SYSTEM) for n in range(5)
    ]
    cursor_of(project, person)
    for item in items:
        make_answer(item.task, person, {"tone": "good"})
    pipeline.run(keys=[item.task.public_id for item in items])
    assert factors(person) == {0.0}
    assert nothing_known(project, person)

    tasks = make_tasks(project, 16)
    for task in tasks:
        make_answer(task, person, {"tone": "good"})
    pipeline.run(keys=[tasks[-1].public_id])
    assert factors(person) == {5.0}


def nothing_known(project, person) -> bool:
    try:
        leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM, gold=0.0)
    except leases.NothingToLabel:
        return True
    return False


def test_whoever_is_known_is_not_counted_any_more_and_follows_their_standing():
    project, person = make_project(quality=WITH_GOLD), make_contributor()
    (task,) = make_tasks(project, 1)
    cursor_of(project, person, factor=1.0)
    make_answer(task, person, {"tone": "good"})
    pipeline.run(keys=[task.public_id])
    assert factors(person) == {1.0}
    Scorecard.objects.filter(contributor=person).delete()
    Scorecard.objects.create(project=project, contributor=person, standing="probation")

    gold_rates.refresh(keys=keys_of(task))

    assert factors(person) == {2.5}


def keys_of(task):
    with connection.cursor() as cursor:
        cursor.execute("SELECT public_id FROM task WHERE id = %s", [task.pk])
        return [cursor.fetchone()[0]]


def test_where_no_known_answers_are_wanted_nobody_is_looked_at(django_assert_num_queries):
    project, person = make_project(), make_contributor()
    (task,) = make_tasks(project, 1)
    cursor_of(project, person, factor=0.5)
    make_answer(task, person, {"tone": "good"})
    keys = keys_of(task)
    with django_assert_num_queries(1):
        gold_rates.refresh(keys=keys)
    assert factors(person) == {0.5}


@pytest.mark.parametrize("people", [1, 3])
def test_two_statements_for_any_number_of_people(people, django_assert_num_queries):
    project = make_project(quality=WITH_GOLD)
    (task,) = make_tasks(project, 1, seats=3, seats_max=3)
    for _ in range(people):
        person = make_contributor()
        cursor_of(project, person, factor=9.0)
        make_answer(task, person, {"tone": "good"})
    keys = keys_of(task)
    with django_assert_num_queries(2):
        gold_rates.refresh(keys=keys)
    assert set(QueueCursor.objects.values_list("gold_factor", flat=True)) == {5.0}


def test_the_draw_is_the_share_and_never_more_than_a_quarter():
    draws = [routing.gold_turn(0.04) for _ in range(20_000)]
    newcomers = sum(draw is not None and draw < 5 for draw in draws)
    everybody = sum(draw is not None and draw < 1_000 for draw in draws)
    assert newcomers / 20_000 == pytest.approx(0.20, abs=0.015)
    assert everybody / 20_000 == pytest.approx(0.25, abs=0.015)
    assert [routing.gold_turn(0) for _ in range(100)] == [None] * 100


def test_the_claim_compares_the_draw_with_the_factor():
    project, person = make_project(), make_contributor()
    (work,) = make_tasks(project, 1)
    (known,) = make_tasks(project, 1, queue=make_queue(project, purpose="gold"), purpose="gold", seats=50, seats_max=50)
    cursor_of(project, person, factor=2.5)

    taken = [
        leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM, gold=draw).task_id
        for draw in (2.6, 2.4)
    ]

    assert taken == [work.pk, known.pk]


def test_where_the_work_has_run_out_nobody_is_fed_with_known_answers():
    project, person = make_project(), make_contributor()
    make_tasks(project, 1, queue=make_queue(project, purpose="gold"), purpose="gold", seats=50, seats_max=50)
    with pytest.raises(leases.NothingToLabel):
        leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)
    assert leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM, gold=0.0)


def test_people_begin_at_different_known_answers_and_meet_each_once():
    project = make_project()
    for number in range(20):
        gold.plant(project=project, payload={"text": str(number)}, expected={"tone": "good"}, by=SYSTEM)
    first = Counter(
        leases.take(project_id=project.pk, contributor_id=make_contributor().pk, by=SYSTEM, gold=0.0).task_id
        for _ in range(20)
    )
    assert len(first) >= 6

    person, met = make_contributor(), []
    for _ in range(20):
        lease = leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM, gold=0.0)
        met.append(lease.task_id)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE assignment SET status = 'submitted' WHERE id = %s", [lease.assignment_id])
    assert len(set(met)) == 20
