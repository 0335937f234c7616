"""Batches as a program meets them."""

import pytest
from django.utils import timezone

from annotation.domain import forecasts
from annotation.models import Batch, Project
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
