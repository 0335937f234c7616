"""The reviewer desk over HTTP: what is shown, what never is, and every refusal."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from annotation.models import Annotation, Assignment, Project, Result, Task
from annotation.web.reasons import DISAGREEMENTS
from quality.domain import pipeline, scorecards
from quality.domain.scorecards import Observation
from quality.models import Review
from quality.web.pages import DISAGREEMENT_KEYS
from tests.factories import (
    SCHEMA,
    grant_skill,
    make_answer,
    make_contributor,
    make_project,
    make_tasks,
    make_user,
    signed_in,
)
from workforce.models import Contributor

pytestmark = pytest.mark.django_db


def post(client: Client, name: str, *args: str, **body: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post(reverse(name, args=args), json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json() if answer.content else {}


@pytest.fixture
def project() -> Project:
    quality = {"overlap": {"min": 3, "max": 3}, "review": {"below_confidence": 0.99, "blind": False}}
    return make_project(quality=quality)


@pytest.fixture
def reviewer() -> Contributor:
    person = make_contributor()
    grant_skill(person, "review")
    return person


@pytest.fixture
def client(reviewer: Contributor) -> Client:
    return signed_in(reviewer.user)


def waiting(project: Project, *values: str) -> Task:
    (task,) = make_tasks(project, 1, seats=len(values), seats_max=len(values))
    for value in values:
        make_answer(task, make_contributor(), {"tone": value}, comment="I hesitated.")
    pipeline.run(keys=[task.public_id])
    return Task.objects.get(pk=task.pk)


def take(client: Client, project: Project, **body: Any) -> dict[str, Any]:
    status, lease = post(client, "desk_take", project.public_id, **body)
    assert status == 200
    return lease


def test_a_task_comes_with_its_answers_side_by_side_and_nobody_named(client, project):
    task = waiting(project, "good", "good", "bad")
    author = Annotation.objects.filter(task=task).first()
    scorecards.observe(observations=[Observation(author.pk, project.pk, author.contributor_id, "gold", 1.0)])

    lease = take(client, project)

    item = lease["item"]
    assert item["review"]["cause"] == "answers_used_up"
    assert item["review"]["words"] == "All answers are in, and they do not agree enough"
    assert item["payload"] == {"text": "Text 0"}
    assert item["schema"]["questions"][0]["name"] == "tone"
    assert [(answer["name"], answer["value"]["tone"]) for answer in item["answers"]] == [
        ("A", "good"),
        ("B", "good"),
        ("C", "bad"),
    ]
    first, second, _ = item["answers"]
    assert first["accuracy"]["share"] == 1.0
    assert first["accuracy"]["n"] == first["accuracy"]["gold_n"] == 1
    assert first["accuracy"]["low"] < 0.3 < 0.99 < first["accuracy"]["high"]
    assert second["accuracy"] is None
    assert first["comment"] == "I hesitated."
    assert item["consensus"]["answers"]["tone"]["value"] == "good"
    assert 0 < item["consensus"]["agreement"] < 1
    said = json.dumps(lease)
    for row in Annotation.objects.filter(task=task).select_related("contributor__user"):
        assert row.contributor.public_id not in said
        assert row.contributor.user.email not in said
    assert task.public_id not in said


def test_how_alike_the_answers_are_is_read_by_whoever_holds_them(client, project):
    asked = {"name": "name", "type": "text", "title": {"en": "Name"}}
    project = make_project(schema={**SCHEMA, "questions": [*SCHEMA["questions"], asked]}, quality=project.quality)
    (task,) = make_tasks(project, 1, seats=2, seats_max=2)
    for name in ("Anna", "Anne"):
        make_answer(task, make_contributor(), {"tone": "good", "name": name})
    pipeline.run(keys=[task.public_id])
    lease = take(client, project)
    address = reverse("desk_comparison", args=[lease["assignment"]])
    (compared,) = client.get(address).json()["questions"]
    assert compared == {"question": "name", "pairs": [{"first": 0, "second": 1, "alike": 0.75, "overlaps": []}]}
    stranger = signed_in(make_contributor().user).get(address)
    assert (stranger.status_code, stranger.json()["code"]) == (409, "lease_lost")


@pytest.fixture
def blind(project: Project) -> Project:
    Project.objects.filter(pk=project.pk).update(quality={**project.quality, "review": {"below_confidence": 0.99}})
    project.refresh_from_db()
    return project


def test_until_the_first_opinion_only_the_answers_are_shown(client, blind):
    task = waiting(blind, "good", "good", "bad")
    author = Annotation.objects.filter(task=task).first()
    scorecards.observe(observations=[Observation(author.pk, blind.pk, author.contributor_id, "gold", 1.0)])
    lease = take(client, blind)
    item = lease["item"]
    assert (item["blind"], item["consensus"], item["history"]) == (True, None, [])
    assert [answer["accuracy"] for answer in item["answers"]] == [None, None, None]
    address = reverse("desk_comparison", args=[lease["assignment"]])
    assert client.get(address).json()["authors"] is None

    answer = item["answers"][2]["id"]
    said = {"epoch": lease["epoch"], "decision": "accept", "answer": answer}
    status, shown = post(client, "desk_first", lease["assignment"], **said)
    post(client, "desk_first", lease["assignment"], **{**said, "decision": "reject"})

    assert (status, shown["item"]["blind"]) == (200, False)
    assert shown["item"]["consensus"]["answers"]["tone"]["value"] == "good"
    assert shown["item"]["answers"][0]["accuracy"]["n"] == 1
    assert client.get(address).json()["authors"] == [[], [], []]
    first = {"assignment": lease["assignment"], "decision": "accept", "answer": answer}
    assert Review.objects.get(task=task).first == first


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [({"decision": "explode"}, 400, "invalid_request"), ({"decision": "accept", "epoch": 99}, 409, "lease_lost")],
)
def test_a_first_opinion_that_is_none_is_refused(client, blind, body, status, code):
    waiting(blind, "good", "good", "bad")
    lease = take(client, blind)
    answer = post(client, "desk_first", lease["assignment"], **{"epoch": lease["epoch"], **body})
    assert (answer[0], answer[1]["code"]) == (status, code)
    assert Review.objects.get().first is None


def test_the_next_reviewer_is_blind_again(client, blind):
    waiting(blind, "good", "good", "bad")
    lease = take(client, blind)
    post(client, "desk_first", lease["assignment"], epoch=lease["epoch"], decision="accept")
    post(client, "desk_return", lease["assignment"], epoch=lease["epoch"], reason="not_for_me")
    other = make_contributor()
    grant_skill(other, "review")
    assert take(signed_in(other.user), blind)["item"]["blind"]


def test_an_authors_record_is_of_checked_answers_to_each_question(client, project):
    author = make_contributor()
    for value in ("good", "bad"):
        reviewed(client, project, author, value)
    (task,) = make_tasks(project, 1, seats=3, seats_max=3)
    for person, value in ((author, "good"), (make_contributor(), "good"), (make_contributor(), "bad")):
        make_answer(task, person, {"tone": value})
    pipeline.run(keys=[task.public_id])
    lease = take(client, project)
    (first, second, _) = client.get(reverse("desk_comparison", args=[lease["assignment"]])).json()["authors"]
    assert [(each["said"], each["right"], each["n"]) for each in first] == [("", 1, 2), ("good", 1, 1)]
    assert first[0]["low"] < 0.5 < first[0]["high"]
    assert second == []


def reviewed(client: Client, project: Project, author: Contributor, value: str) -> None:
    """A task of which a reviewer has made "good" the result, while the author said something."""
    (task,) = make_tasks(project, 1, seats=3, seats_max=3)
    for person, given in ((author, value), (make_contributor(), "good"), (make_contributor(), "bad")):
        make_answer(task, person, {"tone": given})
    pipeline.run(keys=[task.public_id])
    lease = take(client, project)
    status, _ = post(
        client,
        "desk_decide",
        lease["assignment"],
        epoch=lease["epoch"],
        decision="accept",
        answer=lease["item"]["answers"][1]["id"],
    )
    assert status == 200


def test_words_come_in_the_readers_language(client, project):
    client.cookies["language"] = "zh-hans"
    waiting(project, "good", "good", "bad")
    (line,) = client.get(reverse("desk_queue", args=[project.public_id])).json()["waiting"]
    shown = take(client, project)["item"]["review"]
    assert (line["words"], shown["words"]) == ("回答已收齐，但不够一致", "回答已收齐，但不够一致")


def test_the_task_in_hand_does_not_wait(client, project):
    for _ in range(2):
        waiting(project, "good", "good", "bad")
    assert take(client, project)["item"]["waiting"] == 1
    assert len(client.get(reverse("desk_queue", args=[project.public_id])).json()["waiting"]) == 1


def test_the_page_reload_takes_the_same_task_up_again(client, project):
    waiting(project, "good", "good", "bad")
    first = take(client, project)
    again = take(client, project, resume=True)
    assert again["assignment"] == first["assignment"]
    assert again["epoch"] == first["epoch"] + 1


def test_accepting_by_a_key(client, project):
    task = waiting(project, "good", "good", "bad")
    lease = take(client, project)

    status, said = post(
        client,
        "desk_decide",
        lease["assignment"],
        epoch=lease["epoch"],
        decision="accept",
        answer=lease["item"]["answers"][0]["id"],
    )

    assert (status, said["status"], said["decision"]) == (200, "decided", "accept")
    assert Result.objects.get(task=task).answers["tone"]["value"] == "good"
    repeated = post(client, "desk_decide", lease["assignment"], epoch=lease["epoch"], decision="accept")
    assert repeated[1]["review"] == said["review"]


def test_the_next_task_is_reserved_ahead_and_then_taken(client, project):
    for _ in range(2):
        waiting(project, "good", "good", "bad")
    first = take(client, project)

    _, ahead = post(client, "desk_ahead", project.public_id)
    assert ahead["offer"]["item"]["answers"]
    assert Assignment.objects.get(public_id=ahead["offer"]["assignment"]).status == "offered"

    second = take(client, project, assignment=ahead["offer"]["assignment"])
    assert second["assignment"] == ahead["offer"]["assignment"] != first["assignment"]
    _, none = post(client, "desk_ahead", project.public_id)
    assert none == {"offer": None}


def test_an_offer_that_lapsed_is_refused_with_words(client, project):
    waiting(project, "good", "good", "bad")
    _, ahead = post(client, "desk_ahead", project.public_id)
    Assignment.objects.filter(public_id=ahead["offer"]["assignment"]).delete()
    status, said = post(client, "desk_take", project.public_id, assignment=ahead["offer"]["assignment"])
    assert (status, said["code"]) == (409, "offer_lapsed")


def test_an_empty_queue_says_so(client, project):
    assert take(client, project)["none"] == {"reason": "queue_empty", "waiting": 0}


def test_only_own_work_waits(client, project, reviewer):
    (task,) = make_tasks(project, 1, seats=2, seats_max=2)
    make_answer(task, reviewer, {"tone": "good"})
    make_answer(task, make_contributor(), {"tone": "bad"})
    pipeline.run(keys=[task.public_id])
    assert take(client, project)["none"] == {"reason": "queue_empty", "waiting": 1}


def test_without_the_grant_the_desk_is_closed(project):
    waiting(project, "good", "good", "bad")
    client = signed_in(make_contributor().user)
    assert take(client, project)["none"]["reason"] == "stage_not_granted"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"decision": "accept", "epoch": 99}, 409, "lease_lost"),
        ({"decision": "explode"}, 400, "invalid_request"),
        ({"decision": "accept", "answer": 7}, 400, "invalid_request"),
        ({"decision": "accept", "note": "x" * 4001}, 400, "invalid_request"),
        ({"decision": "accept", "comments": ["x"]}, 400, "invalid_request"),
        ({"decision": "return", "answer": "ann_x"}, 422, "reason_missing"),
        ({"decision": "accept", "disagreement": "boredom"}, 400, "invalid_request"),
        ({"decision": "accept", "disagreement": ["slip"]}, 400, "invalid_request"),
        ({"decision": "accept", "answer": "ann_x"}, 422, "nothing_chosen"),
        ({"decision": "correct"}, 422, "nothing_chosen"),
        ({"decision": "correct", "value": {"tone": "purple"}}, 422, "validation_failed"),
    ],
)
def test_what_cannot_be_decided_is_refused(client, project, body, status, code):
    waiting(project, "good", "good", "bad")
    lease = take(client, project)
    answer = post(client, "desk_decide", lease["assignment"], **{"epoch": lease["epoch"], **body})
    assert (answer[0], answer[1]["code"]) == (status, code)
    assert Review.objects.get().status == "requested"


def test_why_they_differ_is_said_with_the_decision_and_read_by_whoever_decides_next(client, project):
    waiting(project, "good", "good", "bad")
    lease = take(client, project)
    said = {"epoch": lease["epoch"], "decision": "escalate", "disagreement": "unclear_guidelines"}
    assert post(client, "desk_decide", lease["assignment"], **said)[0] == 200
    expert = make_contributor()
    grant_skill(expert, "adjudicate")
    (past,) = take(signed_in(expert.user), project)["item"]["history"]
    assert past["disagreement"] == "The guidelines do not say"


def test_why_one_answer_differs_is_refused_with_words(client, project):
    waiting(project, "good")
    lease = take(client, project)
    said = {"epoch": lease["epoch"], "decision": "correct", "value": {"tone": "bad"}, "disagreement": "slip"}
    status, refused = post(client, "desk_decide", lease["assignment"], **said)
    assert (status, refused["code"]) == (422, "nothing_differs")
    assert refused["message"] == "These answers do not differ."


def test_each_reason_why_answers_differ_has_words_and_a_letter_of_its_own(client, project):
    assert DISAGREEMENTS.keys() == DISAGREEMENT_KEYS.keys() == set(Review.Disagreement.values)
    page = client.get(reverse("desk", args=[project.public_id])).content.decode()
    letters = re.findall(r"<kbd>([A-Z])</kbd>", page)
    assert len(letters) == len(set(letters))
    assert set(DISAGREEMENT_KEYS.values()) <= set(letters)


def test_nobody_rejects_what_was_not_judged_in_time(client, project):
    waiting(project, "good", "good", "bad")
    lease = take(client, project)
    answer = lease["item"]["answers"][2]
    assert answer["rejectable"]
    said = {"epoch": lease["epoch"], "decision": "reject", "answer": answer["id"], "reasons": ["wrong"], "note": "No."}
    with time_machine.travel(Annotation.objects.last().judge_by + timedelta(minutes=1)):
        status, refused = post(client, "desk_decide", lease["assignment"], **said)
        assert (status, refused["code"]) == (409, "too_late_to_reject")
        assert "accept another answer or correct the result" in refused["remedy"]
        again = take(client, project, resume=True)
        assert [each["rejectable"] for each in again["item"]["answers"]] == [False] * 3


def test_a_correction_that_does_not_fit_names_the_place(client, project):
    waiting(project, "good", "good", "bad")
    lease = take(client, project)
    _, said = post(
        client, "desk_decide", lease["assignment"], epoch=lease["epoch"], decision="correct", value={"tone": "purple"}
    )
    assert [problem["path"] for problem in said["problems"]] == ["/tone"]


def test_a_task_that_ended_meanwhile_is_told(client, project):
    task = waiting(project, "good", "good", "bad")
    lease = take(client, project)
    Task.objects.filter(pk=task.pk).update(status="canceled")
    _, said = post(client, "desk_decide", lease["assignment"], epoch=lease["epoch"], decision="accept")
    assert said == {"status": "ended"}


def test_earlier_judgements_are_shown_without_names(client, project, reviewer):
    task = waiting(project, "good", "good", "bad")
    lease = take(client, project)
    bad = lease["item"]["answers"][2]["id"]
    post(
        client,
        "desk_decide",
        lease["assignment"],
        epoch=lease["epoch"],
        decision="return",
        answer=bad,
        reasons=["wrong"],
        comments=[{"path": "/tone", "text": "Read the end."}],
    )
    author = Annotation.objects.get(public_id=bad).contributor
    make_answer_again(task, author, "good")
    pipeline.run(keys=[task.public_id])

    item = take(client, project)["item"]

    assert item["review"]["cause"] == "returned"
    (past,) = item["history"]
    assert (past["decision"], past["reasons"], past["answer"]) == ("return", ["Wrong"], "C")
    assert past["comments"] == [{"path": "/tone", "text": "Read the end."}]
    again = next(answer for answer in item["answers"] if answer["before"])
    assert (again["before"]["value"], again["value"]) == ({"tone": "bad"}, {"tone": "good"})
    assert reviewer.public_id not in json.dumps(item)


def make_answer_again(task: Task, author: Contributor, tone: str) -> None:
    """The author answers the return."""
    client = signed_in(author.user)
    _, lease = post(client, "workspace_take", task.project.public_id)
    body = {"schema_version": 1, "value": {"tone": tone}}
    status, _ = post(
        client,
        "workspace_submit",
        lease["assignment"],
        epoch=lease["epoch"],
        client_key="0191d2a0-0000-7000-8000-000000000001",
        answer=body,
    )
    assert status == 201


def test_the_queue_shows_causes_and_never_answers(client, project):
    waiting(project, "good", "bad")
    waiting(project, "good", "good", "bad")
    answer = client.get(reverse("desk_queue", args=[project.public_id])).json()
    assert [line["cause"] for line in answer["waiting"]] == ["tie", "answers_used_up"]
    assert set(answer["waiting"][0]) == {"stage", "cause", "words", "agreement", "since"}


def test_nobody_is_asked_to_sign_in_by_a_page_of_html(project):
    status, said = post(Client(), "desk_take", project.public_id)
    assert (status, said["code"]) == (401, "sign_in")


def test_somebody_who_does_no_work_is_told_so(project):
    client = signed_in(make_user())
    status, said = post(client, "desk_take", project.public_id)
    assert (status, said["code"]) == (403, "no_contributor")


def test_a_project_that_is_not_there_is_not_found(client):
    missing = reverse("desk_take", args=["prj_00000000000000000000000000"])
    assert client.post(missing, "{}", content_type="application/json").status_code == 404
