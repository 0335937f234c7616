"""The list of projects, the board and the known answers: figures that are right, at a constant number of statements."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from annotation.models import Project, Task
from quality.domain import gold, gold_health, pipeline
from quality.models import EstimatorRun, GoldItem, Scorecard
from quality.queries import board
from quality.queries.gold_items import Met
from quality.web import gold_words
from tests.factories import (
    make_answer,
    make_contributor,
    make_member,
    make_organization,
    make_project,
    make_tasks,
    signed_in,
)
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    monkeypatch.setattr(board, "_kept", {})
    monkeypatch.setattr(board, "KEEP", 0.0)  # on a slow machine every board is costly


@pytest.fixture
def organization():
    return make_organization()


@pytest.fixture
def owner(organization):
    return signed_in(make_member(organization).user)


def shown(browser, **query):
    return [row["row"].project.name for row in browser.get(reverse("projects"), query).context["rows"]]


# --- the list ---


def test_nothing_yet_shows_the_five_steps(owner):
    html = owner.get(reverse("projects")).content.decode()
    assert html.count("checklist__number") == 5
    assert reverse("project_new") in html


def test_a_member_who_is_listed_nowhere_is_told_whom_to_ask(organization):
    make_project(organization)
    browser = signed_in(make_member(organization, "member").user)
    response = browser.get(reverse("projects"))
    assert response.context["rows"] == []
    assert "can list you on them" in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_needs_the_same_statements_for_any_number(owner, organization, count, django_assert_max_num_queries):
    for _each in range(count):
        make_tasks(make_project(organization), 2)
    with django_assert_max_num_queries(11):
        response = owner.get(reverse("projects"))
    assert len(response.context["rows"]) == count


def test_the_list_is_sorted_filtered_and_searched(owner, organization):
    for name, status in [("Alpha", "open"), ("Beta", "paused"), ("Gamma", "archived")]:
        make_project(organization, name=name, status=status)
    make_project(organization, name="Trial", mode="test")
    make_project(name="Foreign")
    assert shown(owner, sort="name") == ["Alpha", "Beta"]
    assert shown(owner, sort="-name") == ["Beta", "Alpha"]
    assert shown(owner, status="archived") == ["Gamma"]
    assert shown(owner, mode="test") == ["Trial"]
    assert shown(owner, q="alp") == ["Alpha"]
    assert shown(owner, q="zeta") == []


def test_the_list_is_paged_by_key(owner, organization, monkeypatch):
    monkeypatch.setattr("quality.queries.overview.PAGE", 2)
    for name in "ABCDE":
        make_project(organization, name=name)

    def page(**query):
        return owner.get(reverse("projects"), {"sort": "name", **query}).context["page"]

    first = page()
    second = page(after=first.next)
    third = page(after=second.next)
    assert [[row.project.name for row in each.rows] for each in (first, second, third)] == [
        ["A", "B"],
        ["C", "D"],
        ["E"],
    ]
    assert (first.prev, third.next) == ("", "")
    assert [row.project.name for row in page(before=third.prev).rows] == ["C", "D"]


def test_a_row_says_how_it_goes(owner, organization):
    project = make_project(organization)
    tasks = make_tasks(project, 4)
    gold.plant(project=project, payload={"text": "x"}, expected={"tone": "good"}, by=SYSTEM)
    make_answer(tasks[0], make_contributor(), {"tone": "good"})
    Task.objects.filter(pk=tasks[1].pk).update(status="completed", completed_at=timezone.now())
    (row,) = owner.get(reverse("projects")).context["rows"]
    assert row["sentence"] == "In progress: 25% done."
    assert (row["row"].total, row["row"].done, row["row"].open) == (4, 1, 3)  # the known answer is not counted
    assert row["row"].pace == 1


# --- the board ---


@pytest.fixture
def worked(organization):
    """A project with settled tasks and three people."""
    project = make_project(organization)
    people = [make_contributor() for _ in range(3)]
    for task in make_tasks(project, 3):
        for person in people:
            make_answer(task, person, {"tone": "good"})
    pipeline.redrive()
    return project


def test_the_board_shows_what_happened(owner, worked):
    response = owner.get(reverse("project", args=[worked.public_id]))
    html = response.content.decode()
    stats = {stat["label"]: stat["value"] for stat in response.context["stats"]}
    assert stats["Settled"] == "3"
    assert stats["Answers an hour"] == "9"
    assert stats["Cost so far"] == "$0.45"
    assert stats["Agreement"] == "100%"
    assert response.context["health"] == "Done: every task has ended."
    assert response.context["burn_up"]["series"][1]["values"][-1] == 3
    assert len(response.context["people"]) == 3
    assert html.count("As a table") == 3


def test_the_board_part_is_the_same_content_alone(owner, worked):
    html = owner.get(reverse("project_board", args=[worked.public_id])).content.decode()
    assert 'data-live="stats"' in html
    assert "<html" not in html


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_needs_the_same_statements_for_any_number(owner, organization, count, django_assert_max_num_queries):
    project = make_project(organization)
    for task in make_tasks(project, count):
        make_answer(task, make_contributor(), {"tone": "good"})
    with django_assert_max_num_queries(32):
        assert owner.get(reverse("project", args=[project.public_id])).status_code == 200


def run_of(project, golds, reliability, floor=0):
    EstimatorRun.objects.create(
        project=project,
        question="tone",
        status="fitted",
        method="auto",
        classes=["good", "bad"],
        parameters={
            "calibration": {"parts": [[1, 0.5, 0.5]], "floor": floor, "known": golds, "reliability": reliability}
        },
        inputs_sha256="0" * 64,
        through=1,
        tasks=200,
        contributors=5,
        labels=600,
        golds=golds,
        warm=False,
        converged=True,
        seconds=0.1,
    )


@pytest.mark.parametrize(
    ("right", "error", "verdict"),
    [(0.4, 0.07, "less often right"), (0.9, 0.07, "more often right"), (0.6, 0.05, "about as often right")],
)
def test_the_board_shows_how_right_the_confidence_is(owner, worked, right, error, verdict):
    bins = [
        {"n": 30, "stated": 0.7, "right": right, "low": 0.42, "high": 0.75},
        {"n": 30, "stated": 0.96, "right": 1, "low": 0.9, "high": 1},
    ]
    run_of(worked, 60, {"bins": bins, "error": error, "brier": 0.123})
    response = owner.get(reverse("project", args=[worked.public_id]))
    (question,) = response.context["reliability"]
    assert (question["known"], question["brier"]) == (60, "0.123")
    assert verdict in question["verdict"]
    assert [each["limits"] for each in question["points"]] == ["42% – 75%", "90% – 100%"]
    html = response.content.decode()
    assert html.count("chart__whisker") == 2
    assert "Reliability as a table" in html


@pytest.mark.parametrize(
    ("golds", "words"), [(49, "1 more is needed"), (3, "47 more are needed"), (50, "with the next run")]
)
def test_the_board_says_what_is_missing_to_check_the_confidence(owner, worked, golds, words):
    run_of(worked, golds, None)
    html = owner.get(reverse("project", args=[worked.public_id])).content.decode()
    assert words in html
    assert "Uncalibrated" in html
    assert "chart__whisker" not in html


@pytest.mark.parametrize(("wanted", "told"), [(0.99, True), (0.97, False), (None, False)])
def test_a_confidence_that_cannot_be_reached_is_told(owner, worked, wanted, told):
    run_of(worked, 60, None, floor=0.04)
    worked.quality["overlap"] = {"min": 3, "max": 5, **({"confidence": wanted} if wanted else {})}
    worked.save()
    assert ("No result of “tone” can be 99% sure." in titles(owner, worked)) == told


def test_members_see_no_scorecards(organization, worked):
    membership = make_member(organization, "member")
    worked.members.add(membership)
    response = signed_in(membership.user).get(reverse("project", args=[worked.public_id]))
    assert response.context["people"] is None
    assert "Known answers right" not in response.content.decode()


def test_strangers_see_no_board(worked):
    browser = signed_in(make_member(make_organization()).user)
    assert browser.get(reverse("project", args=[worked.public_id])).status_code == 404
    assert browser.get(reverse("project_board", args=[worked.public_id])).status_code == 404


def titles(browser, project):
    return [alert.title for alert in browser.get(reverse("project", args=[project.public_id])).context["alerts"]]


def test_alerts_name_what_needs_a_hand(owner, organization):
    project = make_project(organization)
    assert titles(owner, project) == ["There are no tasks yet."]
    tasks = make_tasks(project, 2)
    assert titles(owner, project) == ["Tasks wait for people."]
    Task.objects.filter(pk=tasks[0].pk).update(status="failed")
    assert titles(owner, project) == ["1 task failed.", "Tasks wait for people."]
    project.status, project.quality = "paused", {**project.quality, "gold": {"share": 0.1}}
    project.save()
    assert titles(owner, project) == ["1 task failed.", "The project is paused.", "There are no known answers."]
    project.status = "archived"
    project.save()
    assert titles(owner, project) == []


def test_known_answers_that_people_miss_are_told(owner, organization):
    project = make_project(organization)
    item = gold.plant(project=project, payload={"text": "x"}, expected={"tone": "good"}, by=SYSTEM)
    for _each in range(5):
        make_answer(item.task, make_contributor(), {"tone": "bad"})
    pipeline.redrive()
    assert "Most people miss 1 known answer." in titles(owner, project)
    (row,) = owner.get(reverse("project_gold", args=[project.public_id])).context["rows"]
    assert (row["n"], row["share"], row["weak"]) == (5, 0, True)


def test_a_board_that_is_costly_to_read_is_kept(organization, monkeypatch):
    project = make_project(organization)
    ticks = iter([0.0, 10.0, 10.0, 11.0, 12.0, 207.99, 208.01, 300.0, 301.0, 301.0])
    monkeypatch.setattr(board, "KEEP", 20.0)
    monkeypatch.setattr(board, "monotonic", lambda: next(ticks))
    now = timezone.now()
    first = board.board(project=project, now=now)
    assert board.kept_s(first, project=project, now=now) == 0
    assert board.board(project=project, now=now + timedelta(seconds=1)) is first
    assert board.kept_s(first, project=project, now=now + timedelta(seconds=1)) == 10 + 20 * 9.9 - 12
    assert board.board(project=project, now=now + timedelta(seconds=200)) is first  # in the last moment
    assert board.kept_s(first, project=project, now=now + timedelta(seconds=200)) == board.AT_LEAST_S
    assert board.board(project=project, now=now + timedelta(seconds=300)) is not first


# --- known answers ---


def plant(browser, project, **fields):
    sent = {"payload": '{"text": "Nice."}', "expected": '{"tone": "good"}', **fields}
    return browser.post(reverse("gold_plant", args=[project.public_id]), sent)


def test_a_known_answer_for_practice_is_planted_with_its_reason(owner, organization):
    project = make_project(organization)
    said = plant(owner, project, training="on", why="It is praise.")
    item = GoldItem.objects.get()
    assert (said.status_code, item.training, item.why, item.task.purpose) == (302, True, "It is praise.", "train")
    shown = owner.get(reverse("project_gold", args=[project.public_id]))
    assert shown.context["rows"][0]["training"]
    assert "Practice" in shown.content.decode()


def test_practice_beyond_what_comes_first_is_kept(owner, organization):
    project = make_project(organization)
    Project.objects.filter(pk=project.pk).update(quality={**project.quality, "gold": {"share": 0, "first": 1}})
    for said in ("Everybody does it before other work", "It is kept for people who are asked to practise again."):
        plant(owner, project, training="on", why="It is praise.")
        assert said in owner.get(reverse("project_gold", args=[project.public_id])).content.decode()


def test_a_known_answer_is_planted_listed_and_retired(owner, organization):
    project = make_project(organization)
    address = reverse("project_gold", args=[project.public_id])
    assert "No known answers here" in owner.get(address).content.decode()
    assert plant(owner, project).status_code == 302
    item = GoldItem.objects.get()
    assert owner.get(address).context["rows"][0]["excerpt"] == "Nice."
    owner.post(reverse("gold_retire", args=[project.public_id, item.public_id]))
    assert owner.get(address, {"status": "active"}).context["rows"] == []
    assert len(owner.get(address, {"status": "retired"}).context["rows"]) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_known_answers_needs_the_same_statements(owner, organization, count, django_assert_max_num_queries):
    project = make_project(organization)
    for _each in range(count):
        gold.plant(project=project, payload={"text": "x"}, expected={"tone": "good"}, by=SYSTEM)
        gold.plant(project=project, payload={"text": "x"}, expected={"tone": "good"}, by=SYSTEM)
    for item in GoldItem.objects.filter(project=project)[:count]:
        gold_health.quarantine(item=item, rival={"tone": "bad"}, by=SYSTEM)
    with django_assert_max_num_queries(14):
        assert len(owner.get(reverse("project_gold", args=[project.public_id])).context["disputed"]) == count


@pytest.mark.parametrize(("decision", "expected"), [("correct", "bad"), ("release", "good")])
def test_a_disputed_one_is_decided_on_its_page(owner, organization, decision, expected):
    project = make_project(organization)
    item = gold.plant(project=project, payload={"text": "x"}, expected={"tone": "good"}, by=SYSTEM)
    gold_health.quarantine(item=item, rival={"tone": "bad"}, by=SYSTEM)
    address = reverse("project_gold", args=[project.public_id])
    assert "Who is right?" in owner.get(address).content.decode()
    decide = reverse("gold_decide", args=[project.public_id, item.public_id])
    owner.post(decide, {"decision": "guess"})
    item.refresh_from_db()
    assert item.status == "quarantined"
    for _each in range(2):
        owner.post(decide, {"decision": decision})
    item.refresh_from_db()
    assert (item.status, item.expected) == ("active", {"tone": expected})
    assert "not disputed any more" in owner.get(address).content.decode()


def test_a_sure_result_is_offered_and_used(owner, organization):
    project = make_project(organization, quality={"overlap": {"min": 4, "max": 4, "confidence": 0.9}})
    (task,) = make_tasks(project, 1, seats=4, seats_max=4)
    for _each in range(4):
        person = make_contributor()
        Scorecard.objects.create(project=project, contributor=person, alpha=200, beta=2, n=200)
        make_answer(task, person, {"tone": "good"})
    pipeline.redrive()
    address = reverse("project_gold", args=[project.public_id])
    (shown,) = owner.get(address).context["candidates"]
    assert (shown["value"], shown["why"]) == ("good", "4 people agree")
    owner.post(reverse("gold_promote", args=[project.public_id, task.public_id]))
    assert GoldItem.objects.get().origin == task
    page = owner.get(address)
    assert page.context["candidates"] == []
    assert [row["source"] for row in page.context["rows"]] == ["From answers that agree"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("good", "good"),
        ({"score": -1}, "-1"),
        (["a", "b"], "a, b"),
        ({"none": True, "spans": []}, "nothing to mark"),
        ({"spans": [{"id": "r1", "text": "Ann", "label": "person", "start": 0, "end": 3}]}, "Ann (person)"),
        ({"regions": [{"label": "cell"}, {"label": "cell"}]}, "cell, cell"),
        ({"a": 1, "b": None}, '{"a": 1, "b": null}'),
        ("x" * 300, "x" * 200 + "…"),
    ],
)
def test_a_value_in_one_line(value, said):
    assert gold_words.said(value) == said


@pytest.mark.parametrize(
    ("status", "met", "said"),
    [
        ("active", Met(), "few people"),
        ("active", Met(10, 9), "healthy"),
        ("active", Met(10, 2), "Most people"),
        ("active", Met(170, 150), "retires soon"),
        ("active", Met(9, 9, datetime(2026, 1, 1, tzinfo=UTC)), "retires soon"),
        ("quarantined", Met(9, 4), "who is right"),
        ("retired", Met(9, 4), "Somebody retired"),
    ],
)
def test_what_to_do_about_each(status, met, said):
    now = datetime(2026, 2, 25, tzinfo=UTC)
    assert said in gold_words.advice(GoldItem(status=status, retired_for=""), met, now)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"payload": "{"}, "payload"),
        ({"payload": "[]"}, "payload"),
        ({"payload": '{"text": 1}'}, "payload"),
        ({"expected": '{"tone": "sour"}'}, "expected"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(owner, organization, fields, field):
    response = plant(owner, make_project(organization), **fields)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_a_task_with_a_result_can_become_one(owner, worked):
    task = Task.objects.filter(status="completed").first()
    response = owner.get(reverse("gold_plant", args=[worked.public_id]), {"task": task.public_id})
    assert response.context["form"].initial["expected"] == '{\n  "tone": "good"\n}'
    other = make_tasks(make_project())[0]
    assert owner.get(reverse("gold_plant", args=[worked.public_id]), {"task": other.public_id}).status_code == 404


def test_only_those_who_may_plant(organization, worked):
    membership = make_member(organization, "member")
    worked.members.add(membership)
    browser = signed_in(membership.user)
    assert browser.get(reverse("project_gold", args=[worked.public_id])).status_code == 403
    assert plant(browser, worked).status_code == 403
