"""How good people's work is: intervals, what needs a look first, the same as CSV, and in plain words for themselves."""

import csv
import io

import numpy as np
import pytest
from django.urls import reverse

from annotation.domain import routing
from annotation.models import ContributorAlias, QueueCursor
from quality.agreement.accuracy import Accuracy
from quality.domain import estimators, scorecards
from quality.models import Scorecard
from quality.queries import people
from quality.queries.people import Person
from quality.web.people import COLUMNS, look
from tests.factories import (
    make_answer,
    make_contributor,
    make_member,
    make_organization,
    make_project,
    make_tasks,
    signed_in,
)

pytestmark = pytest.mark.django_db

WITH_GOLD = {"overlap": {"min": 1, "max": 1}, "gold": {"share": 0.04}}


def person(**given) -> Person:
    accuracy = given.pop("accuracy", Accuracy(40, 5))
    low, high = accuracy.interval()
    facts = {
        "pseudonym": "ctr_1",
        "n": 40,
        "gold_n": 9,
        "gold_right": 8.0,
        "standing": "trusted",
        "drift": 0.0,
        "spam": None,
    }
    return Person(**{**facts, "low": low, "high": high, "gold_share": 0.1, "needed": 0, "accuracy": accuracy, **given})


@pytest.mark.parametrize(
    ("given", "looked_at", "words"),
    [
        ({}, "", "Nothing."),
        ({"standing": "probation", "drift": 2.0}, "probation", "Too many known answers were wrong"),
        ({"drift": 1.5}, "falling", "more often before"),
        ({"spam": 0.01, "accuracy": Accuracy(5, 40)}, "careless", "hardly depends on the task"),
        ({"accuracy": Accuracy(20, 20)}, "weak", "under 60%"),
        ({"standing": "new", "needed": 1}, "new", "at least 1 more known answer."),
        ({"standing": "new", "needed": 9}, "new", "at least 9 more known answers."),
    ],
)
def test_what_needs_a_look(given, looked_at, words):
    each = person(**given)
    assert each.look == looked_at
    assert words in look(each)


def known(project, right: float, wrong: float, **fields):
    contributor = make_contributor()
    Scorecard.objects.create(
        project=project, contributor=contributor, alpha=4 + right, beta=2 + wrong, n=int(right + wrong), **fields
    )
    routing.refresh_eligibility(people=[contributor.pk], projects=[project.pk], stages=["label"])
    return contributor


@pytest.fixture
def project():
    return make_project(quality=WITH_GOLD)


@pytest.fixture
def owner(project):
    return signed_in(make_member(project.organization).user)


def test_who_needs_a_look_comes_first_with_an_interval(owner, project):
    known(project, 90, 4, standing="trusted")
    fallen = known(project, 60, 30, standing="probation")
    QueueCursor.objects.filter(contributor=fallen).update(gold_factor=2.5)

    shown = owner.get(reverse("scorecards", args=[project.public_id])).context["people"]

    assert [each["standing"] for each in shown] == ["On probation", "Trusted"]
    assert (shown[0]["low"], shown[0]["high"]) == ("57%", "76%")
    assert [each["gold_share"] for each in shown] == [pytest.approx(0.10), pytest.approx(0.20)]


def test_the_page_fetches_it_and_it_says_so_if_nothing_is_known(owner, project):
    block = reverse("scorecards", args=[project.public_id])
    assert f'hx-get="{block}"' in owner.get(reverse("project_people", args=[project.public_id])).content.decode()
    assert "Nothing is known of anybody yet" in owner.get(block).content.decode()


def test_the_same_as_csv(owner, project):
    known(project, 90, 4, standing="trusted", gold_n=20, gold_right=19.5)
    response = owner.get(reverse("scorecards_csv", args=[project.public_id]))
    head, line = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert tuple(head) == COLUMNS
    assert line[0].startswith("ctr_")
    assert line[1:] == ["trusted", "0.8861", "0.9774", "94", "20", "19.5", "0.0", "", "0.2", ""]


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_grow(owner, project, count, django_assert_max_num_queries):
    for _each in range(count):
        known(project, 20, 2)
    with django_assert_max_num_queries(9):
        owner.get(reverse("scorecards", args=[project.public_id]))


def test_nobody_else_sees_it(project):
    stranger = signed_in(make_member(make_organization()).user)
    assert stranger.get(reverse("scorecards", args=[project.public_id])).status_code == 404


def test_who_answers_without_looking_is_found_by_the_fit(project):
    random = np.random.default_rng(3)
    good, careless = [make_contributor() for _ in range(4)], make_contributor()
    for task in make_tasks(project, 40, seats=5, seats_max=5):
        truth = random.choice(["good", "bad", "mixed"])
        for each in good:
            make_answer(task, each, {"tone": str(truth if random.random() < 0.9 else random.choice(["good", "bad"]))})
        make_answer(task, careless, {"tone": "good"})
    for each in [*good, careless]:
        Scorecard.objects.create(project=project, contributor=each, alpha=14, beta=4, n=12, standing="trusted")
        routing.refresh_eligibility(people=[each.pk], projects=[project.pk], stages=["label"])
    estimators.refit(project_id=project.pk)

    first, *others = people.people(project)

    assert first.look == "careless"
    assert first.spam < 0.05
    assert all(each.spam > 0.4 and each.look == "" for each in others)


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        ([1.0] * 3, "You are new here"),
        ([1.0] * 9, "can be relied on"),
        ([0.0] * 4, "Your pay is the same"),
    ],
)
def test_everybody_reads_in_plain_words_where_they_stand(project, outcomes, words):
    contributor = make_contributor()
    for task, outcome in zip(make_tasks(project, len(outcomes)), outcomes, strict=True):
        given = make_answer(task, contributor, {"tone": "good"})
        scorecards.observe(observations=[scorecards.Observation(given.pk, project.pk, contributor.pk, "gold", outcome)])
    page = signed_in(contributor.user).get(reverse("standing")).content.decode()
    assert words in page


def test_who_errs_alike_is_shown_with_what_chance_would_bring():
    organization = make_organization()
    project = make_project(organization)
    honest, copiers = [make_contributor() for _ in range(4)], [make_contributor() for _ in range(2)]
    draw = np.random.default_rng(5)
    tones = ("good", "bad", "mixed")
    for number, task in enumerate(make_tasks(project, 45, seats=6, seats_max=6)):
        truth = tones[number % 3]
        for one in honest:
            make_answer(task, one, {"tone": truth if draw.random() < 0.9 else tones[draw.integers(3)]})
        theirs = truth if draw.random() < 0.5 else tones[(number + 1) % 3]
        for one in copiers:
            make_answer(task, one, {"tone": theirs})
    estimators.refit(project_id=project.pk)
    (pair,) = people.alike(project)
    aliases = set(ContributorAlias.objects.filter(contributor__in=copiers).values_list("public_id", flat=True))
    assert {pair.first, pair.second} == aliases
    assert pair.shared == 45
    assert pair.equal >= 10 > 2 * pair.expected
    owner = signed_in(make_member(organization).user)
    page = owner.get(reverse("scorecards", args=[project.public_id])).content.decode()
    assert "Who errs alike" in page
    assert all(alias in page for alias in aliases)
