"""Appeals on the pages of both sides: the author who asks, and the person who hears; every refusal in words."""

import pytest
from django.test import Client
from django.urls import reverse

from annotation.models import Annotation, Project
from quality.domain import customer_decisions, gold, pipeline
from quality.models import Appeal, Scorecard
from tests.factories import grant_skill, make_answer, make_contributor, make_project, make_tasks, signed_in
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor

pytestmark = pytest.mark.django_db


def rejected(project: Project, person: Contributor | None = None) -> Annotation:
    answer = make_answer(make_tasks(project)[0], person or make_contributor(), {"tone": "good"})
    return customer_decisions.reject(annotation=answer, by=SYSTEM, reasons=["wrong"], note="Read the last sentence.")


@pytest.fixture
def project() -> Project:
    return make_project()


@pytest.fixture
def answer(project: Project) -> Annotation:
    return rejected(project)


@pytest.fixture
def author(answer: Annotation) -> Client:
    return signed_in(answer.contributor.user)


@pytest.fixture
def hearer() -> Client:
    person = make_contributor()
    grant_skill(person, "adjudicate")
    return signed_in(person.user)


def address(answer: Annotation) -> str:
    return reverse("appeal", args=[answer.assignment.public_id])


def asked(answer: Annotation) -> Appeal:
    signed_in(answer.contributor.user).post(address(answer), {"words": "It is praise."})
    return Appeal.objects.get(annotation=answer)


def hear(client: Client, project: Project) -> str:
    page = client.post(reverse("hearings", args=[project.public_id]), follow=True)
    assert page.status_code == 200
    return page.content.decode()


def decide(client: Client, appeal: Appeal, **said: str) -> str:
    page = client.post(reverse("hearing_decide", args=[appeal.project.public_id, appeal.public_id]), said, follow=True)
    return page.content.decode()


def test_the_author_reads_why_and_asks_from_the_earnings(author, answer):
    page = author.get(reverse("earnings")).content.decode()
    assert address(answer) in page
    assert "Ask for another look: 14 days left" in page

    page = author.get(address(answer)).content.decode()
    assert "Read the last sentence." in page
    assert "Wrong" in page

    assert author.post(address(answer), {"words": "It is praise."}).status_code == 302
    page = author.get(address(answer)).content.decode()
    assert "It is praise." in page
    assert "Waiting" in page
    assert "Being looked at again" in author.get(reverse("earnings")).content.decode()
    assert "<textarea" not in page


def test_words_are_needed_and_kept(author, answer):
    page = author.post(address(answer), {"words": " "})
    assert page.status_code == 422
    assert "A sentence is missing" in page.content.decode()
    assert not Appeal.objects.exists()


def test_where_nothing_was_decided_the_page_says_so(project):
    answer = make_answer(make_tasks(project)[0], make_contributor(), {"tone": "good"})
    page = signed_in(answer.contributor.user).get(address(answer)).content.decode()
    assert "Nothing was decided against you here" in page
    assert "<textarea" not in page


def test_nobody_else_finds_it(answer):
    assert signed_in(make_contributor().user).get(address(answer)).status_code == 404


def test_the_hearer_sees_both_sides_and_no_name(hearer, project, answer):
    appeal = asked(answer)
    assert "1 author asks for another look" in hearer.get(reverse("reviews")).content.decode()

    page = hear(hearer, project)

    assert "It is praise." in page
    assert "Read the last sentence." in page
    assert answer.contributor.public_id not in page
    assert answer.contributor.user.email not in page
    assert appeal.public_id in page


def test_a_granted_one_is_told_to_its_author(hearer, project, answer, author):
    appeal = asked(answer)
    hear(hearer, project)

    page = decide(hearer, appeal, outcome="grant", note="It is praise indeed.")

    assert "Granted. The author is paid." in page
    assert "No appeal waits for you" in page
    page = author.get(address(answer)).content.decode()
    assert "You were right" in page
    assert "It is praise indeed." in page
    earned = author.get(reverse("earnings")).content.decode()
    assert "Back-pay" in earned
    assert "Paid after another look" in earned
    assert "you were right" in author.get(reverse("inbox")).content.decode()


def test_a_dismissed_one_needs_words_and_its_author_reads_them(hearer, project, answer, author):
    appeal = asked(answer)
    hear(hearer, project)
    assert "A sentence is missing" in decide(hearer, appeal, outcome="dismiss")
    assert "Choose a decision first." in decide(hearer, appeal, note="Hm.")

    decide(hearer, appeal, outcome="dismiss", note="It is irony.")

    page = author.get(address(answer)).content.decode()
    assert "The decision stands" in page
    assert "It is irony." in page
    assert "Looked at again" in author.get(reverse("earnings")).content.decode()
    assert "It is irony." in author.get(reverse("inbox")).content.decode()


def test_what_is_lost_meanwhile_is_said(hearer, project, answer):
    appeal = asked(answer)
    assert "no longer in your hands" in decide(hearer, appeal, outcome="grant")


def test_it_can_be_given_back(hearer, project, answer):
    appeal = asked(answer)
    hear(hearer, project)
    hearer.post(reverse("hearing_return", args=[project.public_id, appeal.public_id]))
    assert Appeal.objects.get().status == "open"


def test_somebody_on_probation_asks_about_known_answers(project):
    person = make_contributor()
    for number in range(3):
        item = gold.plant(project=project, payload={"text": f"{number}"}, expected={"tone": "bad"}, by=SYSTEM)
        make_answer(item.task, person, {"tone": "good"})
        pipeline.run(keys=[item.task.public_id])
    Scorecard.objects.filter(contributor=person).update(standing="probation")
    client, page = signed_in(person.user), reverse("appeal_known", args=[project.public_id])
    assert page in client.get(reverse("standing")).content.decode()
    assert "A sentence is missing" in client.post(page, {"words": ""}).content.decode()

    words = client.post(page, {"words": "Praise is good."}, follow=True).content.decode()

    assert "Being looked at" in words
    assert "Praise is good." in words
    assert Appeal.objects.filter(cause="known").count() == 3


def test_who_is_not_on_probation_has_nothing_to_ask(project):
    page = signed_in(make_contributor().user).get(reverse("appeal_known", args=[project.public_id])).content.decode()
    assert "Nothing was decided against you here" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_need_the_same_statements_for_any_number(hearer, project, count, django_assert_num_queries):
    person = make_contributor()
    for _ in range(count):
        asked(rejected(project, person))
    hear(hearer, project)
    with django_assert_num_queries(15):
        hearer.get(reverse("reviews"))
    with django_assert_num_queries(10):
        hearer.get(reverse("hearings", args=[project.public_id]))
