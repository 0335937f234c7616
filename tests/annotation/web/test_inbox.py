"""The inbox: every code in words, reading, the bell."""

import pytest
from django.test import Client
from django.urls import reverse

from annotation.models import Project
from annotation.queries import inbox
from tests.factories import make_contributor, make_project, signed_in
from workforce.domain.standing import notify
from workforce.models import Contributor, Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Contributor:
    return make_contributor()


@pytest.fixture
def client(person: Contributor) -> Client:
    return signed_in(person.user)


def tell(person: Contributor, code: str, project: Project | None = None, **params: object) -> Notice:
    project = project or make_project(name="Tones")
    about = {"project": project.public_id, "project_name": project.name, "reasons": [], "note": "", "comments": []}
    notify(contributor_id=person.pk, code=code, source_key=str(Notice.objects.count()), params={**about, **params})
    return Notice.objects.order_by("-pk")[0]


def read(client: Client, **query: str) -> str:
    return client.get(reverse("inbox"), query).content.decode()


def test_an_empty_inbox_says_what_will_come(client):
    assert "Nothing here yet" in read(client)
    assert "All read" in read(client, show="unread")


def test_every_code_has_its_words(client, person):
    project = make_project(name="Tones")
    tell(person, "answer_accepted_in_review", project)
    tell(person, "answer_rejected", project, reasons=["too_fast"], note="Two were left out.")
    tell(person, "work_returned", project, hours=48, comments=[{"path": "/tone", "text": "Listen again."}])
    both = {"questions": ["tone"], "yours": {"tone": "bad"}, "accepted": {"tone": "mixed"}}
    tell(person, "answer_corrected", project, **both)
    tell(person, "something_new", project)
    page = read(client)
    for words in (
        "was checked and is right",
        "was not accepted",
        "Too fast to have been read",
        "Two were left out.",
        "You have 2 days to correct it",
        "Listen again.",
        "was corrected",
        "Something about your work changed",
    ):
        assert words in page
    assert reverse("workspace", args=[project.public_id]) in page
    assert client.get(reverse("inbox")).context["questions"][project.public_id]["tone"]["type"] == "choice"


@pytest.mark.parametrize("code", ["practice_right", "practice_wrong"])
def test_practice_shows_the_expected_answer_beside_ones_own(client, person, code):
    project = make_project(name="Tones")
    both = {"questions": ["tone"], "yours": {"tone": "bad"}, "accepted": {"tone": "mixed"}}
    tell(person, code, project, note="Listen to the end.", **both)
    page = client.get(reverse("inbox"))
    (notice,) = page.context["notices"]
    assert notice.pairs == [("tone", "bad", "mixed")]
    assert page.context["questions"][project.public_id]["tone"]["type"] == "choice"
    text = page.content.decode()
    assert "Listen to the end." in text
    assert ">Expected</th>" in text
    assert ">Accepted</th>" not in text


def test_what_others_wrote_is_shown_as_text(client, person):
    tell(person, "answer_rejected", note="<script>alert(1)</script>")
    assert "<script>alert" not in read(client)


def test_reading_one_and_all(client, person):
    first, second = tell(person, "answer_rejected"), tell(person, "answer_rejected")
    other = tell(make_contributor(), "answer_rejected")
    client.post(reverse("inbox_read"), {"notice": first.public_id, "show": "unread"})
    assert set(Notice.objects.filter(read_at=None)) == {second, other}
    client.post(reverse("inbox_read"), {"notice": other.public_id})
    assert set(Notice.objects.filter(read_at=None)) == {second, other}
    client.post(reverse("inbox_read"))
    assert set(Notice.objects.filter(read_at=None)) == {other}


def test_the_bell_counts(client, person):
    assert "Inbox: 0 unread" in client.get(reverse("bell")).content.decode()
    tell(person, "answer_rejected")
    assert "Inbox: 1 unread" in client.get(reverse("bell")).content.decode()


def test_pages_follow_one_another(client, person, monkeypatch):
    monkeypatch.setattr(inbox, "PAGE", 2)
    for _ in range(3):
        tell(person, "answer_rejected")
    first = client.get(reverse("inbox")).context
    second = client.get(reverse("inbox"), {"after": first["next"]}).context
    assert (len(first["notices"]), len(second["notices"]), second["next"]) == (2, 1, "")


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_grow_with_the_notices(client, person, count, django_assert_num_queries):
    for _ in range(count):
        tell(
            person, "answer_corrected", make_project(), questions=["tone"], yours={"tone": "a"}, accepted={"tone": "b"}
        )
    with django_assert_num_queries(7):
        client.get(reverse("inbox"))
