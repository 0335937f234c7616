"""Settling many tasks at once: results, acceptance, pay, events."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from annotation.domain import judgements, results, tasks
from annotation.domain.results import Settlement
from annotation.models import Annotation, Event, Result, Task
from tests.factories import make_answer, make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM
from workforce.models import Account, Earning

pytestmark = pytest.mark.django_db

GOOD = {"tone": {"value": "good", "confidence": 0.97, "method": "one_coin", "n": 3, "status": "settled"}}


@pytest.fixture
def answered() -> list[Task]:
    project = make_project()
    people = [make_contributor() for _ in range(3)]
    made = make_tasks(project, 3)
    for task in made:
        for person in people:
            make_answer(task, person, {"tone": "good"})
    return made


@transaction.atomic
def settle(chosen: list[Task], **more) -> list[Result]:
    locked = tasks.lock([task.pk for task in chosen])
    return results.settle(settlements=[Settlement(task, GOOD, 0.97, **more) for task in locked], by=SYSTEM)


def test_settling_completes_accepts_and_pays(answered):
    written = settle(answered)

    assert [row.task_id for row in written] == [task.pk for task in answered]
    stored = Result.objects.get(task=answered[0])
    assert stored.revision == 1
    assert stored.answers == GOOD
    assert stored.public_id == written[0].public_id
    assert sorted(stored.provenance["annotations"]) == sorted(
        Annotation.objects.filter(task=answered[0]).values_list("public_id", flat=True)
    )
    assert len(stored.provenance["contributors"]) == 3
    task = Task.objects.get(pk=answered[0].pk)
    assert (task.status, task.revision, task.answers, task.seats_taken) == ("completed", 1, 3, 3)
    assert set(Annotation.objects.values_list("status", flat=True)) == {"accepted"}
    assert set(Earning.objects.values_list("status", flat=True)) == {"available"}
    assert sum(Account.objects.filter(kind="payable").values_list("balance_minor", flat=True)) == 9 * 5
    completed = Event.objects.get(subject=task.public_id, type="task.completed")
    assert completed.data["result"]["answers"] == GOOD
    assert Event.objects.filter(type="annotation.accepted").count() == 9


def test_the_number_of_statements_does_not_grow(answered):
    counts = []
    for chosen in (answered[:1], answered[1:]):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            settle(chosen)
        counts.append(len(captured))
    one, many = counts
    accounts_more = 0  # the same three people are paid
    assert many <= one + accounts_more


def test_a_corrected_answer_is_paid_and_keeps_its_value(answered):
    wrong = Annotation.objects.filter(task=answered[0]).first()

    settle(answered[:1], corrected=frozenset([wrong.pk]), reviews=["rev_x"])

    wrong.refresh_from_db()
    assert wrong.status == "corrected"
    assert wrong.answer["value"] == {"tone": "good"}
    assert Annotation.objects.filter(task=answered[0], status="accepted").count() == 2
    assert Earning.objects.filter(status="available").count() == 3
    assert Result.objects.get().provenance["reviews"] == ["rev_x"]


def test_a_large_result_is_told_by_its_address(answered):
    (task,) = tasks.lock([answered[0].pk])
    answers = {"tone": {**GOOD["tone"], "value": "x" * results.INLINE_BYTES}}

    results.settle(settlements=[Settlement(task, answers, None)], by=SYSTEM)

    data = Event.objects.get(type="task.completed").data
    assert data["result"] is None
    assert data["result_url"] == f"/api/v1/tasks/{task.public_id}/result"


def test_a_task_that_has_ended_cannot_be_settled_again(answered):
    settle(answered[:1])
    with pytest.raises(tasks.WrongState):
        settle(answered[:1])
    assert Result.objects.count() == 1


def test_a_rejected_answer_is_not_paid(answered):
    wrong = Annotation.objects.filter(task=answered[0]).first()

    for _ in range(2):
        judgements.reject(annotations=[wrong.pk], by=SYSTEM, how="customer", reasons=["wrong"], note="No.")

    wrong.refresh_from_db()
    assert wrong.status == "rejected"
    assert wrong.decision["reasons"] == ["wrong"]
    assert Event.objects.filter(type="annotation.rejected").count() == 1
    assert Earning.objects.get(source_key=f"assignment:{wrong.assignment.public_id}").status == "reversed"


def wishes(task, uncertainty=400):
    return [tasks.Wish(each, uncertainty) for each in tasks.lock([task.pk])]


def test_one_more_answer_is_asked_only_below_the_most(answered):
    project = make_project()
    (full,) = make_tasks(project, 1, seats=1, seats_max=1)
    make_answer(full, make_contributor(), {"tone": "bad"})

    tasks.ask_more(wishes=wishes(answered[0]), by=SYSTEM)
    with pytest.raises(tasks.WrongState):
        tasks.ask_more(wishes=wishes(full), by=SYSTEM)

    again = Task.objects.get(pk=answered[0].pk)
    assert (again.status, again.seats, again.seats_taken, again.recycled) == ("collecting", 4, 3, True)
    assert again.uncertainty == 400
    assert again.claimable


def test_an_answer_that_no_longer_counts_frees_its_seat(answered):
    (task,) = tasks.lock([answered[0].pk])

    tasks.uncount(task=task, by=SYSTEM)

    again = Task.objects.get(pk=task.pk)
    assert (again.status, again.answers, again.seats_taken, again.claimable) == ("collecting", 2, 2, True)


def test_riskier_work_comes_first_in_the_review_queue(answered):
    locked = tasks.lock([task.pk for task in answered])
    moves = [tasks.ToReview(task, risk, "sample") for task, risk in zip(locked, (0.1, 0.9, 0.5), strict=True)]

    tasks.to_review(moves=moves, by=SYSTEM)

    queued = Task.objects.filter(status="in_review", stage="review", claimable=True).order_by("rank")
    assert [task.pk for task in queued] == [answered[1].pk, answered[2].pk, answered[0].pk]
    assert {task.queue.stage for task in queued} == {"review"}
