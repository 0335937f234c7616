"""The pilot: too few answers, the rules that no other beats, and a project that takes one of them."""

from random import Random

import pytest
from django.urls import reverse

from quality.domain import gold
from quality.queries import pilots
from tests.factories import (
    make_answer,
    make_contributor,
    make_member,
    make_organization,
    make_project,
    make_tasks,
    signed_in,
)
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db
TONES = ("good", "mixed", "bad")


@pytest.fixture
def organization():
    return make_organization()


@pytest.fixture
def owner(organization):
    return signed_in(make_member(organization).user)


@pytest.fixture
def project(organization):
    return make_project(
        organization, quality={"overlap": {"min": 5, "max": 5, "confidence": 0.9}, "review": {"share": 0.1}}
    )


def answered(project, count, *, answers=5, right=0.8, seed=1):
    """Tasks with answers of the same people, of whom each is right so often."""
    random, people = Random(seed), [make_contributor() for _ in range(answers)]
    tasks = make_tasks(project, count, seats=answers, seats_max=answers)
    for number, task in enumerate(tasks):
        for person in people:
            tone = TONES[number % 3] if random.random() < right else random.choice(TONES)
            make_answer(task, person, {"tone": tone})
    return tasks


def page(browser, project, **query):
    return browser.get(reverse("pilot", args=[project.public_id]), query)


def test_too_few_answers_say_how_many_it_takes(owner, organization):
    project = make_project(organization)
    answered(project, 2)
    response = page(owner, project)
    assert response.context["pilot"].tasks == 2
    assert "Ask for five answers of every task" in response.content.decode()
    owner.post(reverse("pilot_start", args=[project.public_id]))
    project.refresh_from_db()
    assert (project.quality["overlap"]["min"], project.quality["overlap"]["max"]) == (5, 5)
    assert "Every task gets five answers now." in page(owner, project).content.decode()


def test_the_rules_that_no_other_beats_and_taking_one(owner, project):
    answered(project, 24)
    response = page(owner, project)
    rows = response.context["rows"]
    assert response.context["pilot"].answers == 5
    assert len(rows) >= 2
    assert sum(row.get("chosen", False) for row in rows) == 1
    assert response.content.decode().count('class="trade__point') == len(rows)

    least, most, sure, method, below = rows[-1]["value"].split()
    owner.post(reverse("pilot_take", args=[project.public_id]), {"rule": rows[-1]["value"]})
    project.refresh_from_db()
    quality = project.quality
    assert (quality["overlap"]["min"], quality["overlap"]["max"]) == (int(least), int(most))
    assert quality["overlap"].get("confidence") == (None if sure == "1" else float(sure))
    assert (quality["aggregate"], quality["review"]) == (
        method,
        {
            "share": 0.1,
            "below_confidence": float(below),
            "blind": True,
            "second": 0.05,
        },
    )


@pytest.mark.parametrize("rule", ["", "1 2", "9 2 0.9 auto 0", "x y z auto 0", "1 2 0.9 magic 0", "1 2 7 auto 0"])
def test_a_rule_that_is_none_changes_nothing(owner, project, rule):
    before = project.quality
    response = owner.post(reverse("pilot_take", args=[project.public_id]), {"rule": rule}, follow=True)
    project.refresh_from_db()
    assert project.quality == before
    assert 'class="toast' in response.content.decode()


def test_planted_and_reviewed_answers_are_what_it_is_held_against(owner, project):
    people = [make_contributor() for _ in range(3)]
    for number in range(20):
        item = gold.plant(project=project, payload={"text": str(number)}, expected={"tone": "good"}, by=SYSTEM)
        for person in people:
            make_answer(item.task, person, {"tone": "bad" if person is people[0] else "good"})
    context = page(owner, project).context
    assert (context["pilot"].known, context["pilot"].tasks, context["unsure"]) == (20, 20, False)
    best = context["rows"][-1]
    assert best["share"] > 0.9  # all agree that two of three are right, and so it is


def test_a_project_without_such_a_question_says_so(owner, organization):
    schema = {
        "language": "manyhands/1",
        "fields": [{"name": "text", "type": "text", "title": {"en": "Text"}}],
        "questions": [{"name": "note", "type": "text", "on": "text", "title": {"en": "Note"}, "config": {}}],
    }
    project = make_project(organization, schema=schema)
    assert "No question to measure" in page(owner, project).content.decode()


def test_a_constant_number_of_statements(project, django_assert_num_queries):
    (question,) = pilots.questions(project)
    answered(project, 3)
    with django_assert_num_queries(4):
        pilots.pilot(project=project, question=question)
    answered(project, 20, seed=2)
    with django_assert_num_queries(4):
        pilots.pilot(project=project, question=question)
