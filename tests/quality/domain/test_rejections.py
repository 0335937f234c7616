"""Caps: a customer cannot reject wholesale, and what a reviewer rejects wholesale is looked at by a second one."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from annotation.domain import batches
from annotation.models import Annotation, Project, Task
from quality.domain import customer_decisions, invariants
from quality.domain.rejections import FREE, TooManyRejections
from quality.models import Review
from tests.factories import fresh, make_answer, make_contributor, make_project, make_tasks
from tests.quality.domain.test_second_looks import WHY, decide, holder, waiting
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor

pytestmark = pytest.mark.django_db


def answered(project: Project, person: Contributor, count: int, **fields) -> list[Annotation]:
    return [make_answer(task, person, {"tone": "good"}) for task in make_tasks(project, count, **fields)]


def rejected(rows: list[Annotation]) -> int:
    """How many of them a customer can reject, one after another."""
    for place, row in enumerate(rows):
        try:
            customer_decisions.reject(annotation=row, by=SYSTEM, reasons=["wrong"], note="No.")
        except TooManyRejections:
            assert fresh(row).status == "pending"
            return place
    return len(rows)


@pytest.mark.parametrize(("given", "most"), [(3, 3), (8, FREE), (25, FREE), (29, FREE), (30, 6), (50, 10)])
def test_a_customer_rejects_five_answers_of_a_person_and_a_fifth_of_more(given, most):
    assert rejected(answered(make_project(), make_contributor(), given)) == most
    assert [found.invariant.code for found in map(invariants.check, invariants.ALL) if found.violations] == []


def test_what_was_rejected_before_stays_rejected():
    rows = answered(make_project(), make_contributor(), 8)
    assert rejected(rows) == FREE
    assert customer_decisions.reject(annotation=rows[0], by=SYSTEM, reasons=["wrong"], note="No.").status == "rejected"


def test_each_batch_each_project_and_each_person_is_counted_by_itself():
    project, person = make_project(), make_contributor()
    first, second = (batches.create(project=project, name=name, by=SYSTEM) for name in "ab")
    assert rejected(answered(project, person, 7, batch=first)) == FREE

    assert rejected(answered(project, person, 7, batch=second)) == FREE
    assert rejected(answered(project, person, 7)) == FREE
    assert rejected(answered(make_project(), person, 7)) == FREE
    assert rejected(answered(project, make_contributor(), 7, batch=first)) == FREE


def test_exits_returned_rounds_and_known_answers_are_no_answers_of_a_batch():
    project, person = make_project(), make_contributor()
    rows = answered(project, person, 30)
    Annotation.objects.filter(pk=rows[-1].pk).update(status="superseded")
    for task in make_tasks(project, 5, purpose="gold"):
        make_answer(task, person, {"tone": "good"})
    for task in make_tasks(project, 5):
        make_answer(task, person, exit_="broken")

    assert rejected(rows) == FREE  # of 29


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_at_the_limit_only_one_of_eight_at_once_comes_through():
    rows = answered(make_project(), make_contributor(), 30)
    assert rejected(rows[:FREE]) == FREE

    def reject(row: Annotation) -> int:
        try:
            return rejected([row])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(reject, rows[FREE : FREE + 8])) == 1


def reviewed(person: Contributor, *, before: int) -> Task:
    """A task to be reviewed, the first answer of which is by somebody of whom so many were rejected before."""
    project = make_project(
        quality={"overlap": {"min": 3, "max": 3}, "review": {"share": 0.0, "below_confidence": 0.99, "second": 0.0}}
    )
    assert rejected(answered(project, person, before)) == before
    return waiting(project, first=person)


def test_a_reviewers_wholesale_rejection_waits_for_a_second_reviewer():
    person, one, other = make_contributor(), holder("review"), holder("review")
    holder("adjudicate")
    task = reviewed(person, before=FREE)
    answer = Annotation.objects.get(task=task, contributor=person)

    first = decide(task, one, "reject", 0, **WHY)
    assert (first.status, first.second_p, fresh(answer).status) == ("held", 1.0, "pending")

    decide(task, other, "reject", 0, **WHY)
    assert (fresh(first).status, fresh(answer).status) == ("decided", "rejected")


@pytest.mark.parametrize(("before", "decision"), [(FREE - 1, "reject"), (FREE, "accept"), (FREE, "return")])
def test_nothing_else_waits(before, decision):
    person, one = make_contributor(), holder("review")
    holder("review"), holder("adjudicate")
    task = reviewed(person, before=before)

    review = decide(task, one, decision, 0, **(WHY if decision != "accept" else {}))

    assert (review.status, Review.objects.filter(second_of__isnull=False).count()) == ("decided", 0)


def test_where_nobody_else_could_look_the_rejection_stands():
    person, one = make_contributor(), holder("review")
    task = reviewed(person, before=FREE)
    assert decide(task, one, "reject", 0, **WHY).status == "decided"
