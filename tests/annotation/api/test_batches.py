"""Batches as a program meets them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotation.domain import forecasts
from annotation.models import Batch, Organization, Project
from tests.annotation.api.calls import Caller
from tests.factories import make_contributor, make_project, make_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make_project()


@pytest.fixture
def call(project: Project) -> Caller:
    return Caller(project.organization)


def test_a_batch_shows_its_forecast_which_is_not_in_the_etag(call: Caller, project: Project) -> None:
    made = call.post(f"projects/{project.public_id}/batches", {"name": "first"})
    at = made["Location"].removeprefix("/api/v1/")
    assert made.json()["forecast"] is None
    make_contributor()
    make_tasks(project, 5, batch=Batch.objects.get())
    forecasts.refresh(now=timezone.now())
    found = call.get(at, If_None_Match=made["ETag"])
    shown = found.json()["forecast"]
    assert (found.status_code, found["ETag"], shown["basis"]) == (200, made["ETag"], "estimate")
    assert shown["made_at"] < shown["p50"] < shown["p80"] < shown["p95"]
    assert call.patch(at, {"priority": 30}, If_Match=made["ETag"]).status_code == 200
    assert call.get(f"projects/{project.public_id}/batches").json()["data"][0]["forecast"] == shown


def test_a_quote_is_made_read_and_taken_up(call: Caller, project: Project) -> None:
    make_contributor()
    asked = {"tasks": 20, "overlap": {"min": 2, "max": 3}, "service_class": "bulk"}
    made = call.post(f"projects/{project.public_id}/quotes", asked)
    quote = made.json()
    assert (made.status_code, made["Location"]) == (201, f"/api/v1/quotes/{quote['id']}")
    assert call.get(f"quotes/{quote['id']}").json() == quote
    assert quote["price"]["total"] == {"amount": 20 * quote["price"]["per_task"]["amount"], "currency": "USD"}
    assert (quote["overlap"], quote["feasible"], quote["basis"]) == ({"min": 2, "max": 3}, True, "estimate")
    assert quote["finish"]["p50"] < quote["finish"]["p95"]
    at = f"projects/{project.public_id}/batches"
    assert call.post(at, {"name": "first", "quote": quote["id"]}).status_code == 201
    again = call.post(at, {"name": "second", "quote": quote["id"]})
    assert (again.status_code, again.json()["code"], again.json()["differs"]) == (409, "quote_mismatch", ["used"])
    assert call.post(at, {"name": "second", "quote": "quo_0"}).status_code == 404
    bad = call.post(f"projects/{project.public_id}/quotes", {"tasks": 0, "overlap": {"min": 2}})
    assert {each["pointer"] for each in bad.json()["errors"]} == {"/tasks", "/overlap/max"}


def test_an_accuracy_is_quoted_promised_and_shown(call: Caller, project: Project) -> None:
    make_contributor()
    asked = {"error": 0.05, "confidence": 0.9}
    quote = call.post(f"projects/{project.public_id}/quotes", {"tasks": 400, "accuracy": asked}).json()
    assert {name: quote["accuracy"][name] for name in asked} == asked
    audit = quote["accuracy"]["cost_minor"]
    assert (quote["price"]["audit"]["amount"], audit) == (audit, quote["accuracy"]["answers"] * 5)
    assert quote["price"]["total"]["amount"] == 400 * quote["price"]["per_task"]["amount"] + audit
    at = f"projects/{project.public_id}/batches"
    refused = call.post(at, {"name": "first", "quote": quote["id"]})
    assert (refused.status_code, refused.json()["differs"]) == (409, ["accuracy"])
    made = call.post(at, {"name": "first", "quote": quote["id"], "accuracy": asked})
    assert made.status_code == 201
    shown = made.json()["accuracy"]
    assert (shown["status"], shown["error"], shown["confidence"], shown["attempt"]) == ("promised", 0.05, 0.9, 0)
    assert shown["planned"] == {name: quote["accuracy"][name] for name in ("answers", "seconds", "cost_minor")}
    assert (shown["upper"], shown["strata"], shown["decided_at"]) == (None, [], None)
    assert call.post(at, {"name": "second", "accuracy": {}}).json()["accuracy"]["error"] == 0.02
    assert call.post(at, {"name": "third"}).json()["accuracy"] is None
    bad = call.post(at, {"name": "fourth", "accuracy": {"error": 0.9, "confidence": 1.0}})
    assert {each["pointer"] for each in bad.json()["errors"]} == {"/accuracy/error", "/accuracy/confidence"}


def test_a_deadline_that_cannot_be_kept_is_refused_with_one_that_can(call: Caller, project: Project) -> None:
    make_contributor()
    at = f"projects/{project.public_id}/batches"
    asked = {"name": "first", "deadline": (timezone.now() + timedelta(hours=3)).isoformat(), "tasks": 1000}
    refused = call.post(at, asked)
    assert (refused.status_code, refused.json()["code"]) == (409, "deadline_infeasible")
    assert refused.json()["earliest_deadline"] > asked["deadline"]
    assert call.post(at, {**asked, "best_effort": True}).json()["promise"] == "best_effort"


def test_a_budget_is_shown_with_what_waits_for_it(call: Caller, project: Project) -> None:
    made = call.post(f"projects/{project.public_id}/batches", {"name": "first", "budget_minor": 30})
    at = made["Location"].removeprefix("/api/v1/")
    for text in ("a", "b"):
        call.post(f"projects/{project.public_id}/tasks", {"payload": {"text": text}, "batch": made.json()["id"]})
    found = call.get(at).json()
    assert (found["budget_minor"], found["held_minor"], found["waits_for"]) == (30, 25, {"budget": 1})
    (waiting,) = call.get("tasks?status=queued").json()["data"]
    assert (waiting["status"], waiting["waits_for"]) == ("queued", "budget")
    refused = call.patch(at, {"budget_minor": 20}, If_Match=made["ETag"])
    assert (refused.status_code, refused.json()["code"], refused.json()["needed"]) == (402, "budget_exhausted", 25)
    assert call.patch(at, {"budget_minor": 50}, If_Match=made["ETag"]).json()["waits_for"] == {}


def test_more_tasks_than_an_organization_may_have_are_refused(call: Caller, project: Project) -> None:
    Organization.objects.update(limits={"live_tasks": 1})
    at = f"projects/{project.public_id}/tasks"
    assert call.post(at, {"payload": {"text": "a"}}).status_code == 201
    refused = call.post(at, {"payload": {"text": "b"}})
    assert (refused.status_code, refused.json()["code"], refused.json()["limit"]) == (429, "quota_exceeded", 1)


def test_a_list_of_batches_costs_the_same_for_three_as_for_one(call: Caller, project: Project) -> None:
    counts = []
    for name in ("first", "second", "third"):
        call.post(f"projects/{project.public_id}/batches", {"name": name, "budget_minor": 0, "accuracy": {}})
        make_tasks(project, 2, batch=Batch.objects.get(name=name))
        with CaptureQueriesContext(connection) as made:
            call.get(f"projects/{project.public_id}/batches")
        counts.append(len(made))
    assert counts[0] == counts[2]
