"""Earnings: numbers that add up, rows behind them, the statement."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from annotation.domain import judgements
from annotation.models import Assignment
from annotation.queries import earnings
from annotation.web import silence_words
from tests.factories import make_answer, make_contributor, make_organization, make_project, make_tasks, signed_in
from workforce.domain import pay
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor, Earning

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Contributor:
    return make_contributor()


@pytest.fixture
def client(person: Contributor) -> Client:
    return signed_in(person.user)


def work(person: Contributor, count: int, **fields: object) -> list[str]:
    """That many answers in a new project; their source keys."""
    tasks = make_tasks(make_project(**fields), count)
    return [f"assignment:{make_answer(task, person, {'tone': 'good'}).assignment.public_id}" for task in tasks]


def test_nothing_earned_yet(client):
    page = client.get(reverse("earnings")).content.decode()
    assert "Nothing earned yet" in page


def test_the_numbers_add_up_and_each_opens_its_rows(client, person):
    keys = work(person, 6, price_minor=10)
    pay.credit(source_keys=keys[:3])
    pay.reverse(source_keys=keys[5:], reason="rejected")
    page = client.get(reverse("earnings"))
    (balance,) = page.context["balances"]
    assert (balance.pending, balance.available, balance.earned, balance.reversed) == (20, 30, 50, 10)
    for status, count in {"pending": 2, "available": 3, "reversed": 1, "nonsense": 6}.items():
        assert len(client.get(reverse("earnings"), {"status": status}).context["rows"]) == count
    assert "A reviewer did not accept the answer." in page.content.decode()


def test_a_row_says_until_when_it_waits_and_why_silence_paid(client, person):
    (task,) = make_tasks(make_project(auto_accept_s=3 * 86_400))
    answer = make_answer(task, person, {"tone": "good"})
    day = date_format(answer.judge_by, "SHORT_DATE_FORMAT")

    def reason() -> str:
        (row,) = client.get(reverse("earnings")).context["rows"]
        return row["reason"]

    assert reason() == f"Accepted on {day} if nobody judges it."
    judgements.accept(annotations=[answer.pk], by=SYSTEM, how="auto")
    assert reason() == "Accepted because nobody judged it within 3 days."


def test_of_returned_work_the_row_says_what_becomes_of_the_last_round(client, person):
    """The first round earns, and the last one is judged."""
    (task,) = make_tasks(make_project(auto_accept_s=3 * 86_400))
    first = make_answer(task, person, {"tone": "good"})

    def told() -> list[tuple[str, str]]:
        rows = client.get(reverse("earnings")).context["rows"]
        return [(row["earning"].status, row["reason"]) for row in rows]

    judgements.supersede(annotations=[first.pk])
    assert told() == [("pending", "It came back to you to be corrected.")]
    second = make_answer(task, person, {"tone": "bad"}, round_=2)
    day = date_format(second.judge_by, "SHORT_DATE_FORMAT")
    assert told() == [("pending", f"Accepted on {day} if nobody judges it.")]
    judgements.accept(annotations=[second.pk], by=SYSTEM, how="auto")
    assert told() == [("available", "Accepted because nobody judged it within 3 days.")]


def test_what_silence_has_paid_is_said_also_when_the_work_comes_back_afterwards(client, person):
    (task,) = make_tasks(make_project(auto_accept_s=3 * 86_400))
    first = make_answer(task, person, {"tone": "good"})
    judgements.accept(annotations=[first.pk], by=SYSTEM, how="auto")
    judgements.supersede(annotations=[first.pk])

    def told() -> tuple[str, str]:
        (row,) = client.get(reverse("earnings")).context["rows"]
        return row["earning"].status, row["reason"]

    assert told() == ("available", "Accepted because nobody judged it within 3 days.")
    make_answer(task, person, {"tone": "bad"}, round_=2)
    assert told() == ("available", "Accepted because nobody judged it within 3 days.")


def test_a_project_may_wait_for_no_judgement(client, person):
    answer = make_answer(make_tasks(make_project(auto_accept_s=0))[0], person, {"tone": "good"})
    judgements.accept(annotations=[answer.pk], by=SYSTEM, how="auto")
    (row,) = client.get(reverse("earnings")).context["rows"]
    assert row["reason"] == "Accepted at once, as this project promises."


@pytest.mark.parametrize(
    ("span", "words"), [({"days": 1}, "1 day"), ({"hours": 36}, "36 h 00 min"), ({"minutes": 5}, "5 min")]
)
def test_waits_are_read_as_days_where_they_are(span, words):
    assert silence_words.wait(timedelta(**span)) == words


def test_currencies_stay_apart(client, person):
    work(person, 2, price_minor=5)
    work(person, 1, price_minor=9, organization=make_organization(currency="EUR"))
    balances = client.get(reverse("earnings")).context["balances"]
    assert [(balance.currency, balance.pending) for balance in balances] == [("USD", 10), ("EUR", 9)]


def test_pages_follow_one_another(client, person, monkeypatch):
    monkeypatch.setattr(earnings, "PAGE", 2)
    work(person, 5)
    seen, after = [], ""
    while True:
        context = client.get(reverse("earnings"), {"after": after}).context
        seen += [row["earning"].pk for row in context["rows"]]
        after = context["next"]
        if not after:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 5


def test_sums_by_day_and_project(client, person):
    work(person, 3, price_minor=10, name="Tones")
    Assignment.objects.update(active_ms=400_000)
    sums = client.get(reverse("earnings")).context["sums"]
    assert sums["days"][0]["values"][-1] == 0.3
    assert sum(sums["days"][0]["values"]) == 0.3
    (share,) = sums["projects"]
    assert (share.name, share.minor, share.answers, share.seconds, share.per_hour) == ("Tones", 30, 3, 1200, 90)


def test_the_statement_has_every_row_and_runs_no_formula(client, person, monkeypatch):
    monkeypatch.setattr(earnings, "CHUNK", 2)
    keys = work(person, 3, price_minor=5, name="=1+1")
    pay.credit(source_keys=keys[:1])
    answer = client.get(reverse("earnings_statement"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["state"] for row in rows] == ["pending", "pending", "available"]
    assert {(row["amount"], row["currency"], row["project"]) for row in rows} == {("0.05", "USD", "'=1+1")}


def test_nobody_sees_anothers_earnings(client):
    work(make_contributor(), 1)
    assert client.get(reverse("earnings")).context["balances"] == []
    after = Earning.objects.get().public_id
    assert client.get(reverse("earnings"), {"after": after}).context["rows"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_grow_with_the_rows(client, person, count, django_assert_num_queries):
    for number in range(count):
        work(person, 1, name=f"Project {number}")
    with django_assert_num_queries(11):
        client.get(reverse("earnings"))
