"""Batches in the console: what a quote says, what is promised, what waits, and when it ends."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from annotation.domain import batches, forecasts, intake
from annotation.models import Batch, Forecast, ImportJob, Project, Quote
from annotation.web import accuracy
from quality.models import AccuracyContract
from tests.factories import fresh, grant_skill, make_contributor, make_member, make_project, make_tasks, signed_in
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    make_contributor()
    return make_project()


@pytest.fixture
def owner(project: Project) -> Client:
    return signed_in(make_member(project.organization).user)


def at(project: Project, *more: str) -> str:
    return "/".join(["", "projects", project.public_id, "batches", *more, ""])


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def make(project: Project, **fields: Any) -> Batch:
    return batches.create(project=project, name=f"Batch {Batch.objects.count()}", by=SYSTEM, **fields)


def test_the_list_shows_how_far_batches_are_in_a_fixed_number_of_statements(
    project: Project, owner: Client, django_assert_max_num_queries: Any
) -> None:
    assert "No batches yet" in words(owner.get(at(project)))
    for count in (1, 2):
        for _ in range(count):
            make_tasks(project, 3, batch=make(project, budget_minor=900))
        forecasts.refresh(now=timezone.now())
        with django_assert_max_num_queries(14):
            page = words(owner.get(at(project)))
    assert page.count("0 of 3") >= 3
    assert "$9.00" in page


def test_a_quote_is_shown_and_nothing_is_made(project: Project, owner: Client) -> None:
    asked = {"name": "First", "tasks": "100", "quote": "1", "deadline": "", "budget": ""}
    page = words(owner.post(at(project, "new"), asked))
    quote = Quote.objects.get()
    assert quote.public_id in page
    assert "$18.00" in page
    assert "Four times in five by" in page
    assert not Batch.objects.exists()
    assert "Say how many tasks" in words(owner.post(at(project, "new"), {**asked, "tasks": ""}))


def test_a_batch_is_made_with_deadline_and_budget_in_the_readers_units(project: Project) -> None:
    member = make_member(project.organization)
    member.user.time_zone = "Asia/Tokyo"
    member.user.save()
    asked = {"name": "First", "tasks": "", "deadline": "2099-05-01T09:00", "budget": "12.5", "best_effort": "on"}
    answer = signed_in(member.user).post(at(project, "new"), asked)
    made = Batch.objects.get()
    assert answer["Location"] == at(project, made.public_id)
    assert (made.deadline.isoformat(), made.budget_minor) == ("2099-05-01T00:00:00+00:00", 1250)
    page = signed_in(member.user).get(at(project, made.public_id))
    assert 'value="2099-05-01T09:00"' in words(page)


def test_what_cannot_be_promised_is_said_with_what_can(project: Project, owner: Client) -> None:
    soon = (timezone.now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    asked = {"name": "First", "tasks": "5000", "deadline": soon, "budget": ""}
    refused = owner.post(at(project, "new"), asked)
    assert (refused.status_code, Batch.objects.exists()) == (422, False)
    assert "The first that could be promised:" in words(refused)
    assert "This deadline cannot be promised." in words(owner.post(at(project, "new"), {**asked, "quote": "1"}))
    make(project)
    taken = owner.post(at(project, "new"), {**asked, "name": "Batch 0", "best_effort": "on"})
    assert "already has a batch with this name" in words(taken)


def test_a_batch_tells_when_it_ends_and_what_more_people_would_change(project: Project, owner: Client) -> None:
    batch = make(project, deadline=timezone.now() + timedelta(hours=2), best_effort=True)
    assert "No tasks yet" in words(owner.get(at(project, batch.public_id)))
    make_tasks(project, 20, batch=batch)
    young = words(owner.get(at(project, batch.public_id)))
    assert not Forecast.objects.exists()
    forecasts.refresh(now=timezone.now())
    page = words(owner.get(at(project, batch.public_id), headers={"HX-Request": "true"}))
    for said in (young, page):
        assert "The deadline will probably be missed" in said
        assert "To keep the deadline, invite" in said
        assert "An estimate: too little has been done here" in said
    assert "<html" not in page


def test_what_waits_for_the_budget_is_said_and_a_higher_one_opens_it(project: Project, owner: Client) -> None:
    batch = make(project, budget_minor=30)
    rows = [{"payload": {"text": str(n)}} for n in range(3)]
    intake.add(project=project, inputs=rows, by=SYSTEM, batch=batch)
    page = words(owner.get(at(project, batch.public_id)))
    assert "2 tasks wait" in page
    assert "The budget of the batch does not cover them yet." in page
    waiting = batch.tasks.filter(status="queued").first()
    assert "This task waits" in words(owner.get(f"/tasks/{waiting.public_id}/"))
    low = owner.post(at(project, batch.public_id, "change"), {"deadline": "", "budget": "0.20"})
    assert (low.status_code, "may already cost more than its budget" in words(low)) == (422, True)
    owner.post(at(project, batch.public_id, "change"), {"deadline": "", "budget": "5"})
    assert fresh(batch).budget_minor == 500
    assert "tasks wait" not in words(owner.get(at(project, batch.public_id)))
    owner.post(at(project, batch.public_id, "cancel"))
    assert "It has ended." in words(owner.get(at(project, batch.public_id)))


def test_a_file_goes_into_the_batch(project: Project, owner: Client, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    batch = make(project)
    page = owner.get(f"/projects/{project.public_id}/data/?batch={batch.public_id}")
    assert f'value="{batch.public_id}" selected' in words(page)
    file = SimpleUploadedFile("rows.jsonl", b'{"payload": {"text": "a"}}\n')
    owner.post(f"/projects/{project.public_id}/data/", {"file": file, "batch": batch.public_id})
    assert ImportJob.objects.get().batch == batch


def test_batches_of_others_are_not_there(project: Project, owner: Client) -> None:
    other = make(make_project())
    assert owner.get(at(project, other.public_id)).status_code == 404
    assert owner.post(at(project, other.public_id, "cancel")).status_code == 404


def test_an_accuracy_is_quoted_with_its_audit_and_promised(project: Project, owner: Client) -> None:
    asked = {"name": "First", "tasks": "100", "error": "2", "confidence": "0.95"}
    page = words(owner.post(at(project, "new"), {**asked, "quote": "1"}))
    assert Quote.objects.get().accuracy["answers"] == 200  # so few that all are looked at
    assert "Of it for the audit, at most" in page
    assert "$10.00" in page
    owner.post(at(project, "new"), asked)
    contract = AccuracyContract.objects.get()
    assert (contract.error, contract.confidence) == (0.02, 0.95)
    page = words(owner.get(at(project, contract.batch.public_id)))
    assert "At most 2% of the results are wrong, with 95% confidence." in page
    assert "Price of the audit" in page
    assert "Nobody may audit yet" in page
    grant_skill(make_contributor(), "audit", owner_key=f"org:{project.organization.public_id}")
    assert "Nobody may audit yet" not in words(owner.get(at(project, contract.batch.public_id)))
    refused = owner.post(at(project, "new"), {**asked, "name": "Second", "error": "50"})
    assert refused.status_code == 422


STRATA = [
    {"from": 0.0, "results": 0, "drawn": 0, "audited": 0, "wrong": 0},
    {"from": 0.9, "results": 700, "drawn": 200, "audited": 150, "wrong": 1},
    {"from": 0.97, "results": 0, "drawn": 0, "audited": 0, "wrong": 0},
    {"from": 0.99, "results": 300, "drawn": 100, "audited": 100, "wrong": 0},
]
FOUND = {
    "status": "met", "error": 0.02, "confidence": 0.95, "attempt": 1, "drawn": 300, "audited": 300, "wrong": 1, "upper": 0.0157,
    "share": 0.0031, "low": 0.001, "high": 0.015, "planned": {"answers": 600, "seconds": 9000.0, "cost_minor": 3000}, "strata": STRATA,
}  # fmt: skip


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (
            {},
            [
                "Kept",
                "Error ≤ 1.6% (95%): 300 looked at, 1 wrong",
                "0.3%, most likely 0.1% to 1.5%",
                "90% to 97%",
                "99% and more",
            ],
        ),
        ({"low": 0.0031, "high": 0.0031}, ["0.3%: all were looked at"]),
        (
            {"status": "auditing", "upper": None, "share": None, "audited": 120},
            ["Being audited", "120 of 300 results, 1 wrong"],
        ),
        ({"status": "reworking", "upper": 0.05}, ["The audit did not show it", "You are not charged for it."]),
        ({"status": "missed", "upper": 0.05, "attempt": 3}, ["Not kept", "3 of at most 3", "delivered as best effort"]),
    ],
)
def test_how_an_audit_goes_is_said_and_drawn(found: dict[str, Any], shown: list[str]) -> None:
    here = {"organization": {"currency": "USD"}}
    page = render_to_string("annotation/_accuracy.html", {"promise": accuracy.told({**FOUND, **found}), "here": here})
    for each in shown:
        assert each in " ".join(page.split())
    assert ("<svg" in page) is (found.get("upper", 1) is not None)
    assert page.count("<tr>") == 3
