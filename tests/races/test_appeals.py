"""Appeals: two hearers, a hearer and the sweep, two tabs of the author; each is decided and paid once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotation.models import Annotation
from quality.domain import appeals, customer_decisions, hearings, invariants
from quality.models import Appeal
from tests.factories import grant_skill, make_answer, make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor, Earning

pytestmark = pytest.mark.races
TIMES = range(3)


def rejected() -> Annotation:
    answer = make_answer(make_tasks(make_project())[0], make_contributor(), {"tone": "good"})
    return customer_decisions.reject(annotation=answer, by=SYSTEM, reasons=["wrong"], note="No.")


def ask(answer: Annotation) -> Appeal:
    return appeals.ask(
        assignment=answer.assignment.public_id,
        contributor=answer.contributor,
        words="It is.",
        by=SYSTEM,
        now=timezone.now(),
    )


def hearer() -> Contributor:
    person = make_contributor()
    grant_skill(person, "adjudicate")
    return person


def take(answer: Annotation, person: Contributor) -> Appeal:
    return hearings.take(project=answer.project, contributor=person, now=timezone.now())


def decide(appeal: Appeal, person: Contributor, granted: bool) -> Appeal:
    return hearings.decide(
        appeal=appeal.public_id, contributor=person, granted=granted, note="So.", by=SYSTEM, now=timezone.now()
    )


def sound() -> bool:
    return all(found.violations == 0 for found in map(invariants.check, invariants.ALL) if found.invariant.code != "I9")


@pytest.mark.parametrize("_time", TIMES)
def test_the_author_asks_in_two_tabs(together, _time):
    answer = rejected()
    outcomes = together(lambda: ask(answer), lambda: ask(answer))
    assert sorted(type(each).__name__ for each in outcomes) == ["AlreadyAsked", "Appeal"]


@pytest.mark.parametrize("_time", TIMES)
def test_two_hearers_want_the_same(together, _time):
    answer = rejected()
    ask(answer)
    one, other = hearer(), hearer()
    outcomes = together(lambda: take(answer, one), lambda: take(answer, other))
    assert sorted(type(each).__name__ for each in outcomes) == ["Appeal", "NothingToHear"]


@pytest.mark.parametrize("_time", TIMES)
def test_a_hearer_decides_in_two_tabs(together, _time):
    answer, person = rejected(), hearer()
    ask(answer)
    held = take(answer, person)
    outcomes = together(lambda: decide(held, person, True), lambda: decide(held, person, False))
    assert sorted(type(each).__name__ for each in outcomes) == ["Appeal", "HearingLost"]
    granted = Appeal.objects.get().status == "granted"
    assert Earning.objects.filter(kind="appeal", status="available").count() == int(granted)
    assert sound()


@pytest.mark.parametrize("_time", TIMES)
def test_a_hearer_decides_while_two_sweeps_grant(together, _time):
    answer, person = rejected(), hearer()
    ask(answer)
    held, late = take(answer, person), timezone.now() + timedelta(days=8)

    def sweep() -> int:
        return hearings.grant_overdue(now=late)

    decided, *swept = together(lambda: decide(held, person, True), sweep, sweep)

    assert sum(swept) == (not isinstance(decided, Appeal))
    assert Earning.objects.filter(contributor=answer.contributor, kind="appeal", status="available").count() == 1
    assert sound()
