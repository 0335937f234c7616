"""The page on which a manager has one person's answers done again, and the line that this person reads of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from quality.domain import redo, rules
from quality.models import Redo
from tests.factories import (
    fresh,
    make_alias,
    make_answer,
    make_contributor,
    make_member,
    make_project,
    make_tasks,
    signed_in,
)
from tests.quality.domain.test_redo import AT_ONCE, QUALITY, judged, settled
from tests.quality.domain.test_restrictions import ONE, TWO, rule_of, seen
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_project(quality=QUALITY)


@pytest.fixture
def person():
    return make_contributor()


@pytest.fixture
def owner(project):
    return signed_in(make_member(project.organization).user)


def address(project, person) -> str:
    return reverse("redo", args=[project.public_id, person.aliases.get().public_id])


def yesterday() -> dict[str, str]:
    return {"since": (timezone.now() - timedelta(days=1)).date().isoformat()}


def test_a_manager_sees_what_it_comes_to_and_then_does_it(owner, project, person):
    settled(project, person, make_contributor())
    make_answer(make_tasks(project)[0], person, {"tone": "bad"})
    judged(project, person)
    page = address(project, person)
    alias = person.aliases.get().public_id
    assert page in owner.get(reverse("person_why", args=[project.public_id, alias])).content.decode()
    assert "Have 2 answers done again" not in owner.get(page).content.decode()

    html = owner.get(page, yesterday()).content.decode()

    assert "2 answers, each to another task" in html
    assert "Have 2 answers done again" in html
    assert "1: A reviewer or a customer has decided" in html
    assert not Redo.objects.exists()

    html = owner.post(page, yesterday(), follow=True).content.decode()

    assert "They are being set aside" in html
    assert "Going on" in html
    redo.run(redo_id=Redo.objects.get().pk)
    assert fresh(Redo.objects.get()).answers == 2
    html = owner.post(page, yesterday(), follow=True).content.decode()
    assert "no answer since then that others could do again" in html


def test_a_day_that_is_none_and_a_person_that_is_none(owner, project, person):
    make_alias(project.organization, person)
    assert owner.get(address(project, person), {"since": "soon"}).status_code == 422
    assert owner.get(reverse("redo", args=[project.public_id, "ctr_nobody"])).status_code == 404


def test_the_author_reads_that_somebody_else_answers_again_and_pay_stays(project, person):
    make_answer(make_tasks(project)[0], person, {"tone": "bad"})
    now = timezone.now()
    since = now - timedelta(days=1)
    row = redo.ask(project=project, contributor_id=person.pk, since=since, by=SYSTEM, now=now)
    redo.run(redo_id=row.pk)
    html = signed_in(person.user).get(reverse("earnings")).content.decode()
    assert "Somebody else answers this task again. Your pay stays as it is." in html
    assert "Ready for payout" in html


def test_a_rule_that_does_so_says_how_many_answers_and_what_it_did(owner, project):
    seen(project, **AT_ONCE)
    rule = rule_of(project, TWO, action="redo")
    page = reverse("rule", args=[project.public_id, rule.public_id])
    html = owner.get(page).content.decode()
    assert "The answers of 1 person would have been done again" in html
    assert "As tasks stand now that is 6 answers." in html
    assert "Done again at once." in html
    rules.evaluate(now=timezone.now())
    redo.run(redo_id=Redo.objects.get().pk)
    assert "6 answers are done again." in owner.get(page).content.decode()


def test_a_rule_with_one_signal_only_shows(owner, project):
    seen(project, **AT_ONCE)
    rule = rule_of(project, ONE, action="redo")
    rules.evaluate(now=timezone.now())
    html = owner.get(reverse("rule", args=[project.public_id, rule.public_id])).content.decode()
    assert "Only shown." in html
    assert "Only one signal: look for yourself." in html


@pytest.mark.parametrize("answers", [1, 3])
def test_statements_do_not_grow_with_answers(owner, project, person, answers, django_assert_max_num_queries):
    for task in make_tasks(project, answers):
        make_answer(task, person, {"tone": "bad"})
    page = address(project, person)
    with django_assert_max_num_queries(14):
        html = owner.get(page, yesterday()).content.decode()
    assert f"Have {answers} answer" in html


def test_the_page_of_the_task_does_not_say_that_its_author_replaced_it(owner, project, person):
    answer = make_answer(make_tasks(project)[0], person, {"tone": "bad"})
    now = timezone.now()
    row = redo.ask(project=project, contributor_id=person.pk, since=now - timedelta(days=1), by=SYSTEM, now=now)
    redo.run(redo_id=row.pk)
    html = owner.get(reverse("task", args=[answer.task.public_id])).content.decode()
    assert "Set aside" in html
    assert "Replaced" not in html
    assert "Answer set aside" in html
    assert "done again by others" in html
