"""Standings of the sources of items, on the page and as a file."""

import pytest
from django.urls import reverse

from annotation.models import Project
from quality.queries import standings
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

ITEMS = {"name": "replies", "type": "items", "title": {"en": "Replies"}, "config": {"item_type": "text"}}
QUESTIONS = {
    "preference": {"on": "replies", "config": {"steps": 1, "ties": True, "both_bad": True}},
    "ranking": {"on": "replies", "config": {}},
}


def project_of(kind: str) -> Project:
    question = {"name": "better", "type": kind, "title": {"en": "Which is better?"}, **QUESTIONS[kind]}
    schema = {"language": "manyhands/1", "fields": [ITEMS], "questions": [question]}
    return make_project(make_organization(), schema=schema)


def compared(project: Project, sources: str, value: dict, times: int = 1) -> None:
    """Tasks with an item of each source, called by its letter, and the same answer of two people."""
    replies = [{"id": f"i{each}", "content": "x", "model": each} for each in sources]
    for task in make_tasks(project, times, payload={"replies": replies}):
        for _ in range(2):
            make_answer(task, make_contributor(), {"better": value})


def of(project: Project) -> standings.Standings:
    (question,) = standings.questions(project)
    return standings.of_question(project, question)


def page(project: Project, name: str = "standings") -> str:
    client = signed_in(make_member(project.organization).user)
    return client.get(reverse(name, args=[project.public_id])).content.decode("utf-8-sig")


def test_preferences():
    project = project_of("preference")
    compared(project, "ab", {"score": -1}, 4)
    compared(project, "bc", {"score": -1}, 4)
    compared(project, "cb", {"score": 0})
    compared(project, "ac", {"score": 0, "both_bad": True})
    found = of(project)
    assert [each.source for each in found.rows] == ["a", "b", "c"]
    assert (found.answers, found.tasks, found.people, found.apart) == (18, 9, 18, [])
    lines = page(project, "standings_csv").splitlines()
    assert lines[0] == "source,chance,low,high,answers"
    assert lines[1].startswith("a,0.")
    assert "From 18 answers of 18 people to 9 tasks." in page(project)


def test_rankings():
    project = project_of("ranking")
    compared(project, "abc", {"order": [["ic"], ["ia"], ["ib"]]}, 3)
    assert [each.source for each in of(project).rows] == ["c", "a", "b"]


def test_sources_that_were_never_compared_are_named():
    project = project_of("preference")
    compared(project, "ab", {"score": -1})
    compared(project, "cd", {"score": 1})
    assert of(project).apart == [["a", "b"], ["c", "d"]]
    assert "These were never compared with each other" in page(project)


@pytest.mark.parametrize("replies", [["one", "two"], [{"content": "x", "model": "m"}, {"content": "y", "model": "m"}]])
def test_items_without_a_source_of_their_own_say_nothing(replies):
    project = project_of("preference")
    (task,) = make_tasks(project, payload={"replies": replies})
    make_answer(task, make_contributor(), {"better": {"score": 1}})
    assert of(project).answers == 0
    assert "Nothing yet" in page(project)


def test_a_project_that_compares_nothing_has_none():
    project = make_project(make_organization())
    assert standings.questions(project) == []
    assert "No question of this project compares items" in page(project)
    assert page(project, "standings_csv").splitlines() == ["source,chance,low,high,answers"]


def test_the_quality_page_leads_there():
    project = project_of("ranking")
    assert reverse("standings", args=[project.public_id]) in page(project, "quality")


@pytest.mark.parametrize("count", [1, 3])
def test_one_statement_for_any_number(count, django_assert_num_queries):
    project = project_of("preference")
    compared(project, "ab", {"score": -1}, count)
    (question,) = standings.questions(project)
    with django_assert_num_queries(1):
        standings.of_question(project, question)
