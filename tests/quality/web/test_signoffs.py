"""The sign-off sheet of a batch: its figures, who may sign when, and that a signature stays as it was given."""

import csv
import io
from dataclasses import replace

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse

from annotation.domain import batches
from annotation.models import Batch, Event, Project, Role
from quality.agreement.bounds import hypergeometric_upper
from quality.domain import pipeline, review_queue, reviews, signoffs
from quality.domain.decisions import Decision
from quality.models import SignOff
from tests.factories import grant_skill, make_answer, make_contributor, make_member, make_project, make_tasks, signed_in
from workforce.domain.actor import SYSTEM, Actor
from workforce.models import Contributor, User

pytestmark = pytest.mark.django_db

BY = Actor("member", "usr_1")


@pytest.fixture
def project() -> Project:
    """Every result is drawn."""
    review = {"share": 1.0, "below_confidence": 0.0}
    return make_project(
        quality={"overlap": {"min": 2, "max": 2, "confidence": 0.6}, "review": review, "gold": {"share": 0}}
    )


@pytest.fixture
def reviewer() -> Contributor:
    person = make_contributor()
    grant_skill(person, "review")
    return person


@pytest.fixture
def manager(project: Project) -> User:
    return make_member(project.organization).user


def posted(project: Project, count: int) -> Batch:
    """A batch of so many tasks, answered twice each, that wait for a review."""
    batch = batches.create(project=project, name="June", by=SYSTEM)
    tasks = make_tasks(project, count, seats=2, seats_max=2, batch=batch)
    for task in tasks:
        for _ in range(2):
            make_answer(task, make_contributor(), {"tone": "good"})
    pipeline.run(keys=[task.public_id for task in tasks])
    return batch


def reviewed(project: Project, person: Contributor, decision: str = "accept", **more) -> None:
    taken = review_queue.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)
    reviews.decide(
        assignment=taken.assignment, contributor_id=person.pk, epoch=taken.epoch,
        decision=Decision(decision, **more), active_ms=1000, by=SYSTEM,
    )  # fmt: skip


def done(project: Project, reviewer: Contributor) -> Batch:
    """Three results, all looked at, one of them corrected."""
    batch = posted(project, 3)
    reviewed(project, reviewer, "correct", value={"tone": "bad"})
    reviewed(project, reviewer)
    reviewed(project, reviewer)
    return batch


def test_the_sheet_says_what_was_reviewed_and_what_that_shows(project, reviewer):
    found = signoffs.sheet(done(project, reviewer))
    assert (found.work.tasks, found.work.completed, found.work.live, found.reviewed) == (3, 3, 0, 3)
    assert found.decisions == {"accept": 2, "correct": 1}
    assert (found.looked, found.wrong, found.population) == (3, 1, 3)
    assert found.bound == pytest.approx(hypergeometric_upper(1, 3, 3))
    assert found.left == 0  # everything was looked at, and put right
    assert (found.open_reviews, found.appeals) == (0, 0)
    assert (found.agreement["tone"].mean, found.agreement["tone"].n) == (1, 3)


def test_nothing_looked_at_bounds_nothing(project):
    found = signoffs.sheet(posted(project, 1))
    assert (found.looked, found.bound, found.left, found.open_reviews) == (0, 1, 1, 1)


def test_what_may_still_be_wrong_is_what_the_sample_has_not_shown(project, reviewer):
    found = signoffs.sheet(done(project, reviewer))
    work = replace(found.work, tasks=400, completed=400)
    large = replace(found, work=work, population=300, looked=60, wrong=1, bound=hypergeometric_upper(1, 60, 300))
    assert large.left == (round(large.bound * 300) - 1) / 400
    assert 0 < large.left < large.bound
    begun = replace(large, work=replace(work, completed=70))
    assert 0 < begun.left < large.bound  # what is not done yet is among what the sample stands for


def test_signing(project, reviewer, manager):
    batch = done(project, reviewer)
    made = signoffs.sign(batch=batch, user=manager, words=" I have read ten of them. ", by=BY)
    made.refresh_from_db()
    assert (made.signer, made.name, made.words) == (
        manager.public_id,
        manager.name or manager.email,
        "I have read ten of them.",
    )
    assert made.sheet["decisions"] == {"accept": 2, "correct": 1}
    event = Event.objects.get(type="batch.signed")
    assert (event.subject, event.data["sheet_sha256"]) == (batch.public_id, made.sheet_sha256)


def test_a_signature_without_words_is_refused(project, reviewer, manager):
    with pytest.raises(signoffs.WordsMissing):
        signoffs.sign(batch=done(project, reviewer), user=manager, words="  ", by=BY)


def test_while_reviews_wait_nobody_signs(project, reviewer, manager):
    batch = posted(project, 2)
    reviewed(project, reviewer)
    with pytest.raises(signoffs.ReviewsOpen):
        signoffs.sign(batch=batch, user=manager, words="Fine.", by=BY)


@pytest.mark.parametrize("count", [0, 1])
def test_a_batch_that_is_not_done_is_not_signed(project, manager, count):
    batch = batches.create(project=project, name="June", by=SYSTEM)
    if count:
        make_tasks(project, count, batch=batch)
    with pytest.raises(signoffs.TasksOpen):
        signoffs.sign(batch=batch, user=manager, words="Fine.", by=BY)


def test_the_same_sheet_is_signed_once_a_person_and_a_changed_one_anew(project, reviewer, manager):
    batch = done(project, reviewer)
    signoffs.sign(batch=batch, user=manager, words="Fine.", by=BY)
    with pytest.raises(signoffs.AlreadySigned):
        signoffs.sign(batch=batch, user=manager, words="Fine again.", by=BY)
    signoffs.sign(batch=batch, user=make_member(project.organization, Role.ADMIN).user, words="Fine.", by=BY)
    make_tasks(project, 1, batch=batch, status="failed")
    signoffs.sign(batch=batch, user=manager, words="One more failed.", by=BY)
    assert SignOff.objects.count() == 3


def test_a_signature_cannot_be_changed_or_doubled_or_empty(project, reviewer, manager):
    made = signoffs.sign(batch=done(project, reviewer), user=manager, words="Fine.", by=BY)
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        SignOff.objects.update(words="Not fine.")
    made.pk = None
    for change, constraint in (({}, "sign_off_once"), ({"words": "", "signer": "usr_2"}, "sign_off_words")):
        row = {
            name: getattr(made, name)
            for name in ("organization_id", "batch_id", "signer", "name", "words", "sheet", "sheet_sha256")
        }
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            SignOff.objects.create(**{**row, **change})


# --- The page ---------------------------------------------------------------------------------------------------------
def address(name: str, project: Project, batch: Batch) -> str:
    return reverse(name, args=[project.public_id, batch.public_id])


def test_it_is_signed_on_its_page(project, reviewer, manager):
    batch, client = done(project, reviewer), signed_in(manager)
    page = client.get(address("signoff", project, batch)).content.decode()
    assert "Nobody has signed yet." in page
    answer = client.post(address("signoff_sign", project, batch), {"words": "All good."})
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "All good." in page
    again = client.post(address("signoff_sign", project, batch), {"words": "All good."})
    assert again.status_code == 422
    assert "You have signed this sheet already." in again.content.decode()
    make_tasks(project, 1, batch=batch, status="failed")
    assert "signed when the figures were others" in client.get(answer["Location"]).content.decode()


def test_it_says_why_it_cannot_be_signed(project, manager):
    batch, client = posted(project, 2), signed_in(manager)
    page = client.get(address("signoff", project, batch)).content.decode()
    assert "Reviews still wait: 2." in page
    assert 'name="words"' not in page
    refused = client.post(address("signoff_sign", project, batch), {"words": "All good."})
    assert (refused.status_code, "Reviews of this batch still wait." in refused.content.decode()) == (422, True)
    assert client.get(address("signoff", project, batch).replace("/bat_", "/bat_0")).status_code == 404


def test_an_auditor_reads_and_does_not_sign(project, reviewer):
    batch = done(project, reviewer)
    client = signed_in(make_member(project.organization, Role.AUDITOR).user)
    assert 'name="words"' not in client.get(address("signoff", project, batch)).content.decode()
    assert client.post(address("signoff_sign", project, batch), {"words": "Fine."}).status_code == 403


def test_the_sheet_as_a_file(project, reviewer, manager):
    batch = done(project, reviewer)
    signoffs.sign(batch=batch, user=manager, words="Fine.", by=BY)
    text = signed_in(manager).get(address("signoff_csv", project, batch)).content.decode("utf-8-sig")
    lines = {(row["what"], row["of"]): row["value"] for row in csv.DictReader(io.StringIO(text))}
    assert (lines["decisions", "accept"], lines["sample_wrong", ""], lines["agreement", "tone"]) == ("2", "1", "1.0")
    assert [value for (what, _), value in lines.items() if what == "signed"] == ["Fine."]


@pytest.mark.parametrize("count", [1, 3])
def test_it_needs_the_same_statements_for_any_number(project, manager, count, django_assert_num_queries):
    batch, client = posted(project, count), signed_in(manager)
    client.get(address("signoff", project, batch))
    with django_assert_num_queries(17):
        client.get(address("signoff", project, batch))
