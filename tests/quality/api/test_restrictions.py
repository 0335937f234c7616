"""A program reads restrictions, and may end them or leave people alone; it restricts nobody."""

import pytest

from quality.models import Restriction
from tests.annotation.api.calls import Caller
from tests.factories import make_project
from tests.quality.domain.test_restrictions import asked, imposed

pytestmark = pytest.mark.django_db


def call_of(row: Restriction, *scopes: str) -> Caller:
    return Caller(row.project.organization, *scopes)


def rows_of(row: Restriction, query: str = "") -> list:
    return call_of(row).get(f"projects/{row.project.public_id}/restrictions{query}").json()["data"]


def test_they_are_listed_with_what_the_rule_has_seen():
    row = imposed()
    (shown,) = rows_of(row)
    assert (shown["id"], shown["object"], shown["status"]) == (row.public_id, "restriction", "imposed")
    assert shown["contributor"].startswith("ctr_")
    assert shown["rule"] == row.hit.rule.public_id
    assert shown["grounds"] == row.grounds
    assert shown["facts"]["gold.n"] == 6
    assert (shown["objection"], shown["replied_at"]) == ("", None)


def test_they_are_filtered_by_status():
    row = imposed()
    assert [len(rows_of(row, f"?status={status}")) for status in ("imposed", "asked")] == [1, 0]
    refused = call_of(row).get(f"projects/{row.project.public_id}/restrictions?status=odd")
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_request")


def test_nobody_elses_are_seen():
    row, other = imposed(), Caller(make_project().organization)
    assert other.get(f"projects/{row.project.public_id}/restrictions").status_code == 404
    assert other.post(f"restrictions/{row.public_id}/lift", {"reason": "Mine."}).status_code == 404
    test = Caller(row.project.organization, mode="test")
    assert test.post(f"restrictions/{row.public_id}/lift", {"reason": "A test."}).status_code == 404


def test_one_is_lifted_for_a_reason_once():
    row = imposed()
    at = f"restrictions/{row.public_id}/lift"
    assert call_of(row).post(at, {}).status_code == 422
    lifted = call_of(row).post(at, {"reason": "The guideline was wrong."}).json()
    assert (lifted["status"], lifted["reason"]) == ("lifted", "The guideline was wrong.")
    again = call_of(row).post(at, {"reason": "Again."})
    assert (again.status_code, again.json()["code"]) == (409, "not_in_force")


def test_a_question_is_answered_in_their_favour_only():
    row = asked()
    assert call_of(row).post(f"restrictions/{row.public_id}/confirm").status_code == 404
    assert call_of(row).post(f"restrictions/{row.public_id}/leave").json()["status"] == "left"
    again = call_of(row).post(f"restrictions/{row.public_id}/leave")
    assert (again.status_code, again.json()["code"]) == (409, "not_asked")
