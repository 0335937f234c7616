"""One's own standing, with its interval in words."""

import pytest
from django.test import Client
from django.urls import reverse

from quality.agreement.accuracy import PRIOR_RIGHT, PRIOR_WRONG
from quality.models import Scorecard
from tests.factories import make_contributor, make_project, make_user, signed_in
from workforce.models import Contributor

pytestmark = pytest.mark.django_db


def card(person: Contributor, right: float, wrong: float) -> None:
    alpha, beta = PRIOR_RIGHT + right, PRIOR_WRONG + wrong
    project = make_project(name=f"Project {right}")
    Scorecard.objects.create(project=project, contributor=person, alpha=alpha, beta=beta, n=int(right + wrong))


def test_the_share_is_shown_from_ten_checked_answers_on():
    person = make_contributor()
    card(person, 3, 1)
    card(person, 45, 5)
    page = signed_in(person.user).get(reverse("standing")).content.decode()
    assert "4 answers were checked so far. After 6 more there is a figure." in page
    assert "Most likely between 79% and 96% of your answers are right: 50 were checked." in page


def test_nothing_checked_yet():
    page = signed_in(make_contributor().user).get(reverse("standing")).content.decode()
    assert "Nothing of yours was checked yet" in page


def test_only_contributors_have_a_standing():
    assert signed_in(make_user()).get(reverse("standing")).status_code == 404
    assert Client().get(reverse("standing")).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_grow(count, django_assert_num_queries):
    person = make_contributor()
    for number in range(count):
        card(person, 10 + number, 1)
    client = signed_in(person.user)
    with django_assert_num_queries(5):
        client.get(reverse("standing"))
