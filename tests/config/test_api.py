"""The roof of the API: who may call what, how it refuses, and that its description is true."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from annotation.api.base import KeyView, scope_of
from annotation.models import Project
from annotation.permissions import PRESETS, SCOPES
from config import api
from tests.annotation.api.calls import Caller
from tests.factories import make_organization, make_project
from workforce.domain.refusal import Refusal

pytestmark = pytest.mark.django_db

ID = "tsk_01m83tcnf8es8r65rzyjka792g"


def operations() -> list[tuple[str, str, str]]:
    """(method, path with ids that nobody has, action) of every operation."""
    found = []
    for pattern in (*get_resolver("annotation.api.urls").url_patterns, *get_resolver("quality.api.urls").url_patterns):
        view: type[KeyView] = pattern.callback.cls
        path = "/".join(
            ("1" if part.startswith("<int") else ID) if part.startswith("<") else part
            for part in str(pattern.pattern).split("/")
        )
        methods = [name.upper() for name in view.http_method_names if name != "options" and hasattr(view, name)]
        found += [(method, path, view.rights[method]) for method in methods]
    return found


@pytest.mark.parametrize(("method", "path", "action"), operations())
def test_every_operation_asks_for_its_scope(method: str, path: str, action: str) -> None:
    organization = make_organization()
    granting = [scope for scope in PRESETS["full"] if action in _actions(scope)]
    for scope in granting:
        assert Caller(organization, scope)(method, path).status_code not in {401, 403}
    rest = [scope for scope in PRESETS["full"] if scope not in granting]
    refused = Caller(organization, *rest)(method, path)
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert refused.json()["scope"] == scope_of(action)
    assert Client().generic(method, f"/api/v1/{path}").status_code == 401


def _actions(scope: str) -> frozenset[str]:
    return SCOPES[scope]


def test_only_a_live_key_opens() -> None:
    organization = make_organization()
    caller = Caller(organization)
    assert caller.get("organization").json()["id"] == organization.public_id
    basic = Client().get("/api/v1/organization", headers={"Authorization": _basic(f"{caller.plain}:")})
    assert basic.status_code == 200
    for header in (
        "",
        "Bearer x",
        f"Basic {caller.plain}",
        _basic(f"{caller.plain}:x"),
        f"Bearer {caller.plain[:-1]}-",
    ):
        refused = Client().get("/api/v1/organization", headers={"Authorization": header})
        assert (refused.status_code, refused["Content-Type"]) == (401, "application/problem+json")
        assert refused["WWW-Authenticate"].startswith("Bearer")


def _basic(text: str) -> str:
    return f"Basic {base64.b64encode(text.encode()).decode()}"


def test_refusals_are_problems() -> None:
    caller = Caller(make_organization())
    answer = caller.post("projects", {"name": "", "terms": 3}, Request_Id="abc-1")
    body = answer.json()
    assert (answer.status_code, answer["Content-Type"], answer["Request-Id"]) == (
        422,
        "application/problem+json",
        "abc-1",
    )
    assert (body["code"], body["instance"], body["request_id"]) == ("validation_failed", "/api/v1/projects", "abc-1")
    assert {each["pointer"] for each in body["errors"]} == {"/name", "/terms"}
    assert body["type"].endswith("/problems/validation_failed")


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status", "code"),
    [
        ("GET", "nothing", None, {}, 404, "not_found"),
        ("GET", "projects/", None, {}, 404, "not_found"),
        ("PUT", "projects", None, {}, 405, "method_not_allowed"),
        ("POST", "projects", "{", {}, 400, "invalid_request"),
        ("POST", "projects", "[]", {}, 400, "invalid_request"),
        ("POST", "projects", "a=b", {"content_type": "text/plain"}, 415, "unsupported_media_type"),
        ("GET", "projects?limit=0", None, {}, 400, "invalid_request"),
        ("GET", "projects?order=up", None, {}, 400, "invalid_request"),
        ("GET", "projects?after=abc", None, {}, 400, "bad_cursor"),
        ("GET", "tasks?status=lost", None, {}, 400, "invalid_request"),
        ("GET", "tasks?created_after=now", None, {}, 400, "invalid_request"),
        ("GET", "events?types=a;b", None, {}, 400, "invalid_request"),
        ("POST", "projects", "{}", {"Idempotency_Key": "x" * 256}, 400, "invalid_request"),
    ],
)
def test_what_cannot_be_read_is_refused(
    method: str, path: str, body: Any, headers: dict[str, str], status: int, code: str
) -> None:
    answer = Caller(make_organization())(method, path, body, **headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_every_refusal_of_an_act_has_a_status() -> None:
    pages_only = {
        "lease_lost", "offer_lapsed", "open_work", "nothing_to_label", "already_submitted", "already_used", "already_decided",
        "stale_schema", "guideline_unread", "draft_conflict", "nothing_chosen", "nothing_differs", "refused",
    }  # fmt: skip
    codes = {kind.code for kind in _all(Refusal) if kind.__module__.startswith(("annotation.api", "config.api"))}
    assert codes - pages_only <= api.STATUS.keys()


def _all(kind: type[Refusal]) -> set[type[Refusal]]:
    return {kind} | {each for child in kind.__subclasses__() for each in _all(child)}


def test_what_belongs_to_others_or_the_other_mode_is_not_there() -> None:
    organization = make_organization()
    project = make_project(organization)
    assert Caller(organization).get(f"projects/{project.public_id}").status_code == 200
    for other in (Caller(make_organization()), Caller(organization, mode="test")):
        for path in ("", "/tasks", "/imports", "/schemas", "/gold"):
            answer = other.get(f"projects/{project.public_id}{path}")
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_repeated_request_has_one_effect_and_the_first_answer() -> None:
    caller = Caller(make_organization())
    body = {"name": "Tones", "preset": "classify"}
    first = caller.post("projects", body, Idempotency_Key="k-1")
    again = caller.post("projects", body, Idempotency_Key="k-1")
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    assert (again["Idempotent-Replayed"], again["Location"], again["ETag"]) == (
        "true",
        first["Location"],
        first["ETag"],
    )
    assert Project.objects.count() == 1
    other = caller.post("projects", {**body, "name": "More"}, Idempotency_Key="k-1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    taken = caller.post("projects", body, Idempotency_Key="k-2")
    assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")
    mended = caller.post("projects", {**body, "name": "More"}, Idempotency_Key="k-2")
    assert mended.status_code == 201


def test_the_committed_description_is_the_generated_one() -> None:
    committed = json.loads((Path(settings.BASE_DIR) / "docs/openapi.json").read_text())
    assert Client().get("/api/v1/openapi.json").json() == committed
