"""Statistics beside alpha, each only where it means something."""

import pytest
from django.urls import reverse

from annotation.models import Project
from quality.domain import pipeline
from quality.queries.concordance import concordance
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

OPTIONS = [{"key": key, "title": {"en": key}} for key in ("a", "b")]
CHOICE = {"name": "q", "type": "choice", "title": {"en": "Q"}, "config": {"options": OPTIONS}}
RATING = {"name": "q", "type": "rating", "title": {"en": "Q"}, "config": {"min": 1, "max": 5}}
RANKING = {"name": "q", "type": "ranking", "title": {"en": "Q"}, "on": "items", "config": {"all_bad": True}}
ITEMS = {"name": "items", "type": "items", "title": {"en": "Items"}, "config": {"item_type": "text"}}
TEXT = {"name": "text", "type": "text", "title": {"en": "Text"}}


def project_of(question):
    field = ITEMS if question["type"] == "ranking" else TEXT
    return make_project(
        make_organization(),
        schema={"language": "manyhands/1", "fields": [field], "questions": [question]},
        quality={"overlap": {"min": 2, "max": 9}, "review": {"below_confidence": 0.0}},
    )


def answered(project, crowd, rows):
    payload = {"text": "x", "items": [{"id": key, "content": key} for key in "xyz"]}
    for task, values in zip(make_tasks(project, len(rows), payload=payload), rows, strict=True):
        for person, value in zip(crowd, values, strict=True):
            make_answer(task, person, {"q": value})
        pipeline.run(keys=[task.public_id])


def crowd(number=3):
    return [make_contributor() for _ in range(number)]


def kinds(project: Project):
    return {each.kind: each for each in concordance(project).figures.get("q", [])}


def test_one_class_far_ahead_is_no_disagreement():
    project = project_of(CHOICE)
    answered(project, crowd(), [("a", "a", "a")] * 9 + [("a", "a", "b")])
    found = kinds(project)["ac1"]
    assert 0.6 < found.low <= found.value <= found.high <= 1
    assert found.n == 10


def test_even_classes_need_no_other_statistic():
    project = project_of(CHOICE)
    answered(project, crowd(), [("a", "a", "a"), ("b", "b", "b")] * 3)
    assert kinds(project) == {}


def test_ratings_of_the_same_people():
    project = project_of(RATING)
    answered(project, crowd(), [(step, step, min(5, step + 1)) for step in (1, 2, 3, 4, 5)] * 4)
    found = kinds(project)
    assert (found["icc"].people, found["icc"].n) == (3, 20)
    assert 0.7 < found["icc"].value < found["icc_mean"].value < 1
    assert found["icc"].low < found["icc"].value < found["icc"].high


def test_rankings_of_the_same_items():
    project = project_of(RANKING)
    order, other = {"order": [["x"], ["y"], ["z"]]}, {"order": [["x"], ["z"], ["y"]]}
    nothing = {"order": [], "all_bad": True}
    answered(project, crowd(), [(order, order, order), (order, order, other), (nothing, order, order)])
    found = kinds(project)["w"]
    assert (found.n, found.by_chance) == (2, pytest.approx(1 / 3))
    assert 0.8 < found.value < 1


def test_pairs_and_the_page():
    project = project_of(CHOICE)
    answered(project, crowd(), [("a", "a", "a"), ("b", "b", "a")] * 10)
    client = signed_in(make_member(project.organization).user)
    found = concordance(project).pairs
    assert [pair.kappa for pair in found] == [0, 0, 1]
    page = client.get(reverse("quality", args=[project.public_id])).content.decode()
    assert "Who agrees least with whom" in page
    assert found[0].first in page
    lines = client.get(reverse("pairs_csv", args=[project.public_id])).content.decode("utf-8-sig").splitlines()
    assert lines[0] == "question,first,second,kappa,low,high,tasks"
    assert len(lines) == 4


def test_a_page_of_ratings_and_of_rankings_says_what_they_mean():
    for question, words in ((RATING, "ICC(2,1)"), (RANKING, "Kendall’s W")):
        project = project_of(question)
        client = signed_in(make_member(project.organization).user)
        order = {"order": [["x"], ["y"], ["z"]]}
        rows = [(order, order, order)] * 2 if question is RANKING else [(1, 1, 2), (4, 5, 4)] * 10
        answered(project, crowd(), rows)
        assert words in client.get(reverse("quality", args=[project.public_id])).content.decode()
        lines = client.get(reverse("agreement_csv", args=[project.public_id])).content.decode().splitlines()
        assert any(line.startswith("q,statistic,") for line in lines)
