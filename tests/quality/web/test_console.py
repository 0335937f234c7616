"""The quality console: agreement with its intervals, what is taken for what, known answers, reviews, and what to do about it."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annotation.models import Guideline, Project, Task
from annotation.web.reasons import DISAGREEMENTS
from quality.domain import estimators, pipeline
from quality.models import Consensus, GoldItem, Review
from quality.queries import agreement, confusion, disagreements, upkeep
from tests.factories import (
    SCHEMA,
    grant_skill,
    make_answer,
    make_contributor,
    make_member,
    make_organization,
    make_project,
    make_tasks,
    signed_in,
)
from workforce.models import Contributor

pytestmark = pytest.mark.django_db

RATING = {"name": "fit", "type": "rating", "title": {"en": "Fit"}, "config": {"min": 1, "max": 5}}
QUALITY = {"overlap": {"min": 3, "max": 3}, "review": {"below_confidence": 0.0}, "gold": {"share": 0.05}}


@pytest.fixture
def project() -> Project:
    return make_project(
        make_organization(), schema={**SCHEMA, "questions": [*SCHEMA["questions"], RATING]}, quality=QUALITY
    )


@pytest.fixture
def client(project: Project) -> Client:
    return signed_in(make_member(project.organization).user)


@pytest.fixture
def crowd() -> list[Contributor]:
    return [make_contributor() for _ in range(3)]


def answered(project: Project, crowd: list[Contributor], *tones: str, fit: int = 3, times: int = 1) -> None:
    for task in make_tasks(project, times):
        for person, tone in zip(crowd, tones, strict=True):
            make_answer(task, person, {"tone": tone, "fit": fit})
        pipeline.run(keys=[task.public_id])


def test_agreement_by_question_with_its_interval(project, crowd):
    answered(project, crowd, "good", "good", "bad", times=2)
    answered(project, crowd, "bad", "bad", "bad", fit=5, times=2)
    found = agreement.agreement(project)
    tone = found.shares["tone"]
    assert tone.n == 4
    assert tone.mean == pytest.approx(2 / 3)
    assert tone.low < tone.mean < tone.high
    assert found.shares["fit"].mean == 1
    # 4 of 12 ordered pairs differ, 64 / 11 would by chance
    assert found.alphas["tone"].value == pytest.approx(1 - 4 / (64 / 11))
    assert (found.alphas["fit"].value, found.alphas["fit"].n) == (1, 4)


def test_agreement_by_week_and_by_the_guideline_in_force(project, crowd):
    answered(project, crowd, "good", "bad", "mixed", times=2)
    before = timezone.now() - timedelta(days=21)
    Consensus.objects.update(updated_at=before)
    Guideline.objects.filter(project=project).delete()
    for number, at in ((1, before - timedelta(days=1)), (2, before + timedelta(days=1))):
        Guideline.objects.create(project=project, number=number, body="", created_at=at)
    answered(project, crowd, "good", "good", "good")
    found = agreement.agreement(project)
    assert [(number, share.mean, share.n) for number, share in found.guidelines["tone"].items()] == [
        (1, 0, 2),
        (2, 1, 1),
    ]
    assert [share.n for share in found.weeks["tone"].values()] == [2, 1]


def test_what_is_taken_for_what_follows_from_the_fit(project, crowd):
    answered(project, crowd, "good", "good", "good", times=6)
    answered(project, crowd, "bad", "bad", "good", times=6)
    assert confusion.confusions(project) == []
    estimators.refit(project_id=project.pk)
    scale, found = confusion.confusions(project)
    assert (scale.question, scale.worst) == ("fit", None)
    rows = {row.truth: row for row in found.rows}
    assert sum(row.n for row in found.rows) == pytest.approx(36, abs=0.1)
    assert rows["bad"].taken_for == "good"
    assert rows["bad"].low < rows["bad"].right < rows["bad"].high
    assert found.worst is rows["bad"]


def test_known_answers_and_reviews(project, crowd):
    (task, other) = make_tasks(project, 2)
    GoldItem.objects.create(organization=project.organization, project=project, task=task, expected={"tone": "good"})
    GoldItem.objects.create(
        organization=project.organization, project=project, task=other, expected={}, status="quarantined", rival={}
    )
    found = upkeep.gold(project)
    assert (found.active, found.disputed, found.retired, found.n, found.missed) == (1, 1, 0, 0, 0)
    assert upkeep.backlog(project) == upkeep.Backlog({}, None, None)
    Review.objects.create(organization=project.organization, project=project, task=task, cause="sample")
    waiting = upkeep.backlog(project)
    assert (waiting.n, waiting.work_s) == (1, None)
    assert upkeep.Backlog({"sample": 3}, timezone.now(), 20.0).work_s == 60


def test_reviews_for_which_nobody_is_left(client, project):
    (task,) = make_tasks(project)
    Review.objects.create(
        organization=project.organization, project=project, task=task, cause="escalated", stage="adjudicate"
    )
    expert = make_contributor()
    grant_skill(expert, "review")
    assert upkeep.backlog(project).stuck == 1
    page = client.get(reverse("quality", args=[project.public_id])).content.decode()
    assert "1 review waits for somebody who may decide it." in page
    grant_skill(expert, "adjudicate")
    assert upkeep.backlog(project).stuck == 0
    make_answer(task, expert, {"tone": "good"})
    assert upkeep.backlog(project).stuck == 1


def test_the_page_says_what_to_do(client, project, crowd):
    answered(project, crowd, "good", "bad", "mixed", times=20)
    Review.objects.create(
        organization=project.organization,
        project=project,
        task=project.tasks.first(),
        cause="sample",
        created_at=timezone.now() - timedelta(days=2),
    )
    page = client.get(reverse("quality", args=[project.public_id])).content.decode()
    assert "People often disagree on “What is the tone?”." in page
    assert "There are no known answers." in page
    assert "1 review waits." in page
    assert "Krippendorff" in page


def reviewed(project: Project, *said: str, **more: Any) -> list[Review]:
    """A task each whose reviewer has said why the answers differ."""
    decided = {"status": "decided", "decision": "accept", "decided_at": timezone.now(), **more}
    return [
        Review.objects.create(
            organization=project.organization, project=project, task=task, cause="tie", disagreement=why, **decided
        )
        for task, why in zip(make_tasks(project, len(said)), said, strict=True)
    ]


def told(project: Project) -> dict[str, int]:
    return {each.code: each.n for each in disagreements.disagreements(project, timezone.now()) if each.n}


def test_why_answers_differ_is_counted_with_its_interval(client, project):
    assert disagreements.disagreements(project, timezone.now()) == []
    reviewed(project, *["slip"] * 3, "hard", "")
    reviewed(make_project(project.organization), "hard")
    most, next_, *rest = disagreements.disagreements(project, timezone.now())
    assert (most.code, most.n, most.share.n, most.share.mean) == ("slip", 3, 4, 0.75)
    assert (most.share.low, most.share.high) == pytest.approx((0.3006, 0.9544), abs=1e-4)
    assert (next_.code, [each.n for each in rest]) == ("hard", [0, 0, 0])
    page = client.get(reverse("quality", args=[project.public_id])).content.decode()
    assert "said by reviewers of 4 tasks of the last 90 days" in page
    rows = rows_of(client, "disagreements_csv", project)
    assert rows[0] == {"reason": "slip", "said": "3", "share": "0.75", "low": "0.3006", "high": "0.9544", "tasks": "4"}
    assert len(rows) == len(Review.Disagreement)


def test_a_task_counts_once_by_the_last_word_on_it(project):
    (first,) = reviewed(project, "hard", status="escalated", decision="escalate")
    about = {"organization": project.organization, "project": project, "task": first.task, "cause": "tie"}
    decided = {"decision": "accept", "decided_at": timezone.now()}
    last = Review.objects.create(**about, **decided, status="decided", disagreement="slip", stage="adjudicate")
    Review.objects.create(**about, **decided, status="decided", disagreement="several_right", second_of=last)
    assert told(project) == {"slip": 1}
    Review.objects.filter(second_of=None).update(disagreement="")
    assert told(project) == {"several_right": 1}


def test_neither_what_is_held_nor_what_is_old_nor_audits_count(project):
    reviewed(project, "slip", status="held")
    reviewed(project, "slip", decided_at=timezone.now() - timedelta(days=91))
    (audited,) = reviewed(project, "slip")
    assert told(project) == {"slip": 1}
    Task.objects.filter(pk=audited.task_id).update(purpose="audit", copy_of=make_tasks(project)[0])
    assert told(project) == {}


@pytest.mark.parametrize(
    ("why", "place"),
    [
        ("unclear_guidelines", "guidelines"),
        ("several_right", "questions"),
        ("unclear_data", "questions"),
        ("hard", "settings"),
        ("slip", "settings"),
    ],
)
def test_what_helps_is_said_once_it_is_clear(client, project, why, place):
    def alert() -> str:
        page = client.get(reverse("quality", args=[project.public_id])).content.decode()
        found = re.search(r"Why answers often differ: .*?</a>", page, re.DOTALL)
        return found[0] if found else ""

    reviewed(project, *[why] * 9)
    assert alert() == ""
    reviewed(project, why)
    assert f"{DISAGREEMENTS[why]}” (100% of 10 tasks)" in alert()
    assert f'href="/projects/{project.public_id}/{place}/"' in alert()
    others = [each for each in DISAGREEMENTS if each != why]
    reviewed(project, *(others * 3))  # 10 of 22: perhaps no more than a third
    assert alert() == ""


def test_a_guideline_after_which_people_agree_less(client, project, crowd):
    answered(project, crowd, "good", "good", "good", times=12)
    before = timezone.now() - timedelta(days=2)
    Consensus.objects.update(updated_at=before)
    Guideline.objects.filter(project=project).delete()
    for number, at in ((1, before - timedelta(days=1)), (2, before + timedelta(days=1))):
        Guideline.objects.create(project=project, number=number, body="", created_at=at)
    answered(project, crowd, "good", "bad", "mixed", times=12)
    page = client.get(reverse("quality", args=[project.public_id])).content.decode()
    assert "Since guideline 2 people agree less on “What is the tone?”." in page


def test_an_empty_project_says_what_it_takes(client, project):
    page = client.get(reverse("quality", args=[project.public_id])).content.decode()
    assert "a task needs two before they can agree" in page
    assert "No review waits." in page


@pytest.mark.parametrize("count", [1, 3])
def test_it_needs_the_same_statements_for_any_number(client, project, crowd, count, django_assert_num_queries):
    answered(project, crowd, "good", "bad", "good", times=count)
    client.get(reverse("quality", args=[project.public_id]))
    with django_assert_num_queries(19):
        client.get(reverse("quality", args=[project.public_id]))


def rows_of(client: Client, name: str, project: Project) -> list[dict[str, str]]:
    text = client.get(reverse(name, args=[project.public_id])).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_both_tables_as_files(client, project, crowd):
    answered(project, crowd, "good", "good", "good", times=6)
    answered(project, crowd, "bad", "bad", "good", times=6)
    estimators.refit(project_id=project.pk)
    agreed = rows_of(client, "agreement_csv", project)
    assert [(row["question"], row["by"]) for row in agreed] == [
        ("fit", "question"),
        ("fit", "week"),
        ("fit", "guideline"),
        ("tone", "question"),
        ("tone", "week"),
        ("tone", "guideline"),
    ]
    assert agreed[0]["tasks"] == "12"
    confused = rows_of(client, "confusion_csv", project)
    assert len(confused) == 9 + 25
    assert {row["truth"] for row in confused if row["question"] == "tone"} == {"good", "bad", "mixed"}
