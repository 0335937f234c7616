"""Standings for programs."""

import pytest

from tests.annotation.api.calls import Caller
from tests.factories import make_project
from tests.quality.web.test_standings import compared, project_of

pytestmark = pytest.mark.django_db


def standings(project):
    return Caller(project.organization).get(f"projects/{project.public_id}/standings").json()["data"]


def test_the_best_comes_first():
    project = project_of("preference")
    compared(project, "ab", {"score": -1}, 4)
    compared(project, "bc", {"score": -1}, 4)
    (found,) = standings(project)
    assert (found["question"], found["type"], found["answers"], found["tasks"]) == ("better", "preference", 16, 8)
    assert [each["model"] for each in found["sources"]] == ["a", "b", "c"]
    best = found["sources"][0]
    assert 0.5 < best["low"] < best["chance"] < best["high"] < 1
    assert (best["answers"], found["apart"]) == (8, [])


def test_sources_that_were_never_compared_are_named():
    project = project_of("ranking")
    compared(project, "ab", {"order": [["ia"], ["ib"]]})
    compared(project, "cd", {"order": [["ic"], ["id"]]})
    (found,) = standings(project)
    assert (found["sources"], found["apart"]) == ([], [["a", "b"], ["c", "d"]])


def test_a_project_that_compares_nothing_has_none():
    assert standings(make_project()) == []
