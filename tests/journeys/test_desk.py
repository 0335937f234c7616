"""The reviewer desk in a real browser: every decision by key, and what becomes of the answers."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from annotation import subscriptions
from annotation.domain import media
from annotation.formats.samples import FOLDER
from annotation.models import Annotation, Assignment, Project, Task
from annotation.questions import presets
from quality.domain import pipeline
from quality.models import Review
from tests.factories import grant_skill, make_answer, make_contributor, make_project, make_tasks
from tests.journeys.conftest import axe
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Page]


@pytest.fixture
def project() -> Project:
    return make_project(quality={"overlap": {"min": 3, "max": 3}, "review": {"below_confidence": 0.99, "blind": False}})


@pytest.fixture
def reviewer() -> Contributor:
    person = make_contributor()
    grant_skill(person, "review")
    return person


def waiting(project: Project, *values: str) -> tuple[Task, list[Annotation]]:
    (task,) = make_tasks(project, 1, seats=len(values), seats_max=len(values))
    answers = [make_answer(task, make_contributor(), {"tone": value}, comment="I hesitated.") for value in values]
    pipeline.run(keys=[task.public_id])
    return task, answers


def opened(open_page: Open, reviewer: Contributor, project: Project) -> Page:
    page = open_page(reviewer.user, f"/review/{project.public_id}/")
    expect(page.locator("#desk")).to_have_attribute("data-state", "review")
    expect(page.locator("[data-part=clock]")).to_be_visible()
    return page


def decided(page: Page, words: str) -> None:
    """It was said, and the next task, if there is one, is drawn; its lease may still be on the way."""
    expect(page.locator(".toast").last).to_contain_text(words)
    expect(page.locator("#desk")).to_have_attribute("data-state", re.compile("review|nothing"))


LOADED_AHEAD = """() => performance.getEntriesByType("resource").some(
    ({ name, responseEnd }) => name.endsWith("/ahead") && responseEnd && performance.now() - responseEnd > 200)"""


def test_keys_count_while_the_lease_is_on_its_way(open_page: Open, reviewer: Contributor, project: Project) -> None:
    for _ in range(2):
        waiting(project, "good", "good", "bad")
    page = opened(open_page, reviewer, project)
    page.wait_for_function(LOADED_AHEAD)
    asked: list[Route] = []
    page.route("**/take", lambda route: route.continue_() if asked else asked.append(route))  # the first one waits

    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(page.locator(".toast").last).to_contain_text("Accepted")
    page.keyboard.press("e")
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    asked[0].continue_()
    decided(page, "Corrected")


def test_what_nobody_judged_in_time_is_not_rejected(open_page: Open, reviewer: Contributor, project: Project) -> None:
    project.lease_terms["auto_accept_s"] = -60
    project.save()
    waiting(project, "good", "good", "bad")
    page = opened(open_page, reviewer, project)
    reject = page.get_by_role("button", name="Reject with a reason")
    expect(reject).to_be_disabled()

    page.keyboard.press("3")
    expect(page.locator("[data-part=about]")).to_contain_text("it can no longer be rejected")
    page.keyboard.press("d")
    expect(page.locator(".toast").last).to_contain_text("it can no longer be rejected")
    expect(page.locator("[data-part=form]")).to_be_hidden()
    assert axe(page) == []
    page.keyboard.press("1")
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    decided(page, "Accepted")


def test_two_hints_at_once_lease_one_review(open_page: Open, reviewer: Contributor, project: Project) -> None:
    page = open_page(reviewer.user, f"/review/{project.public_id}/")
    expect(page.locator("[data-show=nothing]")).to_be_visible()
    for _ in range(2):
        waiting(project, "good", "good", "bad")
    asked: list[Route] = []
    page.route("**/take", lambda route: asked.append(route))  # noqa: PLW0108  a bound built-in has no signature to be called by
    hint = (f"reviewers.{project.public_id}", {"kind": "queue", "project": project.public_id})
    with ThreadPoolExecutor(1) as other:  # Playwright's loop runs in this thread
        while not asked:  # until the page has joined its group
            other.submit(subscriptions.send, [hint, hint]).result()
            page.wait_for_timeout(300)
    assert len(asked) == 1
    asked[0].continue_()
    expect(page.locator("[data-part=clock]")).to_be_visible()
    assert Assignment.objects.filter(contributor=reviewer, status="leased").count() == 1


def test_the_five_decisions_by_key(open_page: Open, reviewer: Contributor, project: Project) -> None:
    tasks = [waiting(project, "good", "good", "bad") for _ in range(5)]
    page = opened(open_page, reviewer, project)
    expect(page.get_by_role("radio", name="Merged")).to_have_attribute("aria-checked", "true")
    assert axe(page) == []

    said = page.locator("[data-disagreement][aria-pressed=true]")
    page.keyboard.press("g")
    expect(said).to_contain_text("The guidelines do not say")
    page.keyboard.press("g")
    expect(said).to_have_count(0)
    page.keyboard.press("a")
    page.keyboard.press("b")
    page.keyboard.press("h")
    expect(said).to_contain_text("It takes more knowledge")
    assert axe(page) == []
    page.keyboard.press("Enter")
    decided(page, "Accepted")
    expect(said).to_have_count(0)

    page.keyboard.press("e")
    page.keyboard.press("3")  # belongs to the question now
    page.keyboard.press("Enter")
    decided(page, "Corrected")

    page.keyboard.press("3")  # answer C
    page.keyboard.press("r")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=problems]")).to_contain_text("Choose a reason")
    page.keyboard.press("2")
    page.keyboard.press("n")
    page.keyboard.type("Read the second sentence.")
    assert axe(page) == []
    page.keyboard.press("Control+Enter")
    decided(page, "Returned to the author")

    page.keyboard.press("1")
    page.keyboard.press("d")
    page.keyboard.press("1")
    page.keyboard.press("n")
    page.keyboard.type("The text says the opposite.")
    page.keyboard.press("Control+Enter")
    decided(page, "Rejected")

    page.keyboard.press("x")
    page.keyboard.press("Enter")
    decided(page, "Passed on")

    expect(page.locator("[data-show=nothing]")).to_be_visible()
    assert axe(page) == []
    decisions = Review.objects.exclude(decision="").order_by("id").values_list("decision", flat=True)
    assert sorted(decisions) == ["accept", "correct", "escalate", "reject", "return"]
    assert Review.objects.get(decision="accept").disagreement == "hard"
    corrected = Review.objects.get(decision="correct")
    assert corrected.disagreement == ""
    assert corrected.value == {"tone": "mixed"}
    returned = Review.objects.get(decision="return")
    assert (returned.reasons, returned.note) == (["incomplete"], "Read the second sentence.")
    assert returned.annotation_id == next(given[2].pk for task, given in tasks if task.pk == returned.task_id)


RUBRIC = {
    "language": "manyhands/1",
    "fields": [
        {"name": "text", "type": "text", "title": {"en": "Text"}},
        {"name": "replies", "type": "items", "title": {"en": "Replies"}, "config": {"item_type": "text"}},
    ],
    "questions": [
        {"name": "fit", "type": "rating", "title": {"en": "Fit"}, "config": {"min": 1, "max": 5}},
        {"name": "style", "type": "rating", "title": {"en": "Style"}, "config": {"min": 1, "max": 5}},
        {"name": "order", "type": "ranking", "title": {"en": "Order"}, "on": "replies"},
        {
            "name": "each",
            "type": "verdicts",
            "title": {"en": "Each"},
            "on": "replies",
            "config": {"options": [{"key": "right"}, {"key": "wrong", "error": True}], "first": "derived"},
        },
        {"name": "why", "type": "text", "title": {"en": "Why"}},
    ],
}


def judged(*verdicts: str) -> dict[str, Any]:
    items = [{"item": key, "verdict": verdict} for key, verdict in zip("xyz", verdicts, strict=True)]
    return {"items": items, "first": "xyz"[verdicts.index("wrong")]}


RATED = [
    {
        "fit": 4,
        "style": 2,
        "order": {"order": [["x"], ["y"], ["z"]]},
        "each": judged("right", "wrong", "right"),
        "why": "The first one is short and clear.",
    },
    {
        "fit": 4,
        "style": 5,
        "order": {"order": [["y"], ["x"], ["z"]]},
        "each": judged("right", "right", "wrong"),
        "why": "The second one is short and clear.",
    },
]


def test_answers_are_compared_by_key(open_page: Open, reviewer: Contributor, project: Project) -> None:
    rubric = make_project(schema=RUBRIC, quality=project.quality)
    payload = {"text": "Which reply is best?", "replies": [{"id": key, "content": f"Reply {key}"} for key in "xyz"]}
    (task,) = make_tasks(rubric, 1, seats=2, seats_max=2, payload=payload)
    for value in RATED:
        make_answer(task, make_contributor(), value)
    pipeline.run(keys=[task.public_id])
    page = opened(open_page, reviewer, rubric)
    page.keyboard.press("1")

    matrix = page.get_by_role("region", name="Ratings, a row for each answer")
    expect(matrix.get_by_role("row", name="Spread")).to_contain_text("3")
    expect(page.locator(".slopes__thing.is-moved")).to_have_count(2)
    steps = page.get_by_role("region", name="Each: elements on which the answers differ")
    expect(steps.get_by_role("row")).to_have_count(3)
    expect(steps.get_by_role("row", name="Item 2")).to_contain_text("first fault")
    expect(page.locator(".rail__step[aria-current]")).to_have_attribute(
        "aria-label", re.compile("^Item 2: .*answers differ")
    )
    expect(page.get_by_role("region", name="How alike each two answers are")).to_contain_text("letters in common")
    words = page.locator("[data-question=why] .text-other")
    expect(words.locator("del")).to_have_text("first")
    expect(words.locator("ins")).to_have_text("second")
    assert axe(page) == []

    fit, style = page.locator("[data-question=fit]"), page.locator("[data-question=style]")
    page.keyboard.press("f")
    expect(fit).to_be_hidden()
    expect(style).to_be_visible()
    page.keyboard.press("]")
    expect(style).to_be_focused()
    page.keyboard.press("[")
    expect(page.locator("[data-question=why]")).to_be_focused()

    page.keyboard.press("Shift+2")
    expect(words).to_have_count(0)
    expect(page.get_by_text("The answers do not differ in anything.")).to_be_visible()
    expect(page.locator(".desk-card")).to_have_count(0)
    page.keyboard.press("Shift+2")
    page.keyboard.press("f")
    expect(fit).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 800})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.wait_for_timeout(300)  # colours settle
    assert axe(page) == []


def test_a_reviewer_says_what_they_think_before_they_see_the_rest(
    open_page: Open, reviewer: Contributor, project: Project
) -> None:
    blind = make_project(quality={**project.quality, "review": {"below_confidence": 0.99}})
    waiting(blind, "good", "good", "bad")
    page = opened(open_page, reviewer, blind)
    merged = page.get_by_role("radio", name="Merged")
    expect(merged).to_have_count(0)
    expect(page.locator("[data-part=about]")).to_contain_text("shows after your first decision")
    page.keyboard.press("3")
    page.keyboard.press("a")
    expect(merged).to_be_visible()
    expect(page.locator("[data-part=about]")).to_contain_text("Nothing is known yet")
    expect(page.locator("[data-part=meaning]")).to_have_text("Answer C becomes the result.")
    assert axe(page) == []
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    decided(page, "Accepted")
    review = Review.objects.get()
    assert (review.first["decision"], review.annotation) == ("accept", None)


def test_a_recording_is_heard_by_key(open_page: Open, reviewer: Contributor) -> None:
    """All of it, and each stretch on which the answers differ; then it is decided like any other."""
    project = make_project(schema=presets.load("transcribe").schema, quality={"review": {"share": 1, "blind": False}})
    data = (FOLDER / "media/joined_3614.wav").read_bytes()
    file = media.store(organization=project.organization, name="digits.wav", data=data, by=SYSTEM)
    (task,) = make_tasks(project, 1, seats=2, seats_max=2, payload={"audio": {"src": file.public_id, **file.described}})
    for last in ("one four", "one for"):
        said = [("S1", 0, 0.86, "three six"), ("S2", 1.31, 2.368, last)]
        names = ("speaker", "start", "end", "text")
        cut = [{"id": f"s{at}", **dict(zip(names, each, strict=True))} for at, each in enumerate(said)]
        make_answer(task, make_contributor(), {"speech": {"segments": cut}})
    pipeline.run(keys=[task.public_id])
    page = opened(open_page, reviewer, project)
    page.locator(".sound__wave path[d*=L1000]").wait_for(state="attached")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Pause").wait_for()
    page.keyboard.press("Space")
    page.keyboard.press("]")
    page.keyboard.press("]")
    different = page.locator(":focus")
    expect(different).to_have_attribute("aria-label", "Play 0:01.3–0:02.4")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Pause").wait_for()
    page.keyboard.press("a")
    page.keyboard.press("Control+Enter")
    decided(page, "Accepted")


def test_returned_work_is_first_in_line_and_done_again(
    open_page: Open, reviewer: Contributor, project: Project
) -> None:
    _, answers = waiting(project, "good", "good", "bad")
    author = answers[2].contributor
    page = opened(open_page, reviewer, project)
    for key in ("3", "r", "1", "n"):
        page.keyboard.press(key)
    page.keyboard.type("Read it to the end.")
    page.keyboard.press("Control+Enter")
    decided(page, "Returned to the author")

    own = open_page(author.user, f"/workspace/{project.public_id}/")
    expect(own.locator(".brief")).to_contain_text("Read it to the end.")
    expect(own.get_by_role("radio", name="Bad")).to_be_checked()
    expect(own.locator("[data-ws=feedbackCount]")).to_have_text("1")
    assert axe(own) == []
    own.keyboard.press("Alt+b")
    expect(own.get_by_role("dialog", name="Feedback")).to_contain_text("Returned to you")
    own.keyboard.press("Escape")
    own.keyboard.press("1")
    own.keyboard.press("Enter")
    expect(own.locator("[data-ws=answers]")).to_have_text("1 today")
    again = Annotation.objects.filter(contributor=author).order_by("id")
    assert [(row.status, row.answer["value"]["tone"]) for row in again] == [("superseded", "bad"), ("pending", "good")]


NAMES = {
    "language": "manyhands/1",
    "fields": [{"name": "text", "type": "text", "title": {"en": "Text"}}],
    "questions": [
        {
            "name": "names",
            "type": "spans",
            "title": {"en": "Names"},
            "on": "text",
            "config": {"labels": [{"key": "person", "title": {"en": "Person"}}]},
        }
    ],
}


def test_a_comment_is_pinned_to_a_mark(open_page: Open, reviewer: Contributor, project: Project) -> None:
    marked = make_project(schema=NAMES, quality=project.quality)
    (task,) = make_tasks(marked, 1, seats=2, seats_max=2, payload={"text": "Ada met Bob."})
    spans = [{"id": "r1", "label": "person", "start": 0, "end": 3, "text": "Ada"}]
    author, other = make_contributor(), make_contributor()
    make_answer(task, author, {"names": {"spans": spans}})
    make_answer(task, other, {"names": {"spans": [{**spans[0], "start": 8, "end": 11, "text": "Bob"}]}})
    pipeline.run(keys=[task.public_id])
    page = opened(open_page, reviewer, marked)
    for key in ("1", "r", "1"):
        page.keyboard.press(key)
    page.locator("[data-part=path]").select_option(label="Names › Person “Ada”")
    page.get_by_label("Note").fill("Bob is one too.")
    page.keyboard.press("Control+Enter")
    decided(page, "Returned to the author")
    assert Review.objects.get(decision="return").comments == [{"path": "/names/spans/0", "text": "Bob is one too."}]
    own = open_page(author.user, f"/workspace/{marked.public_id}/")
    expect(own.locator("[data-question=names] .problems")).to_have_text("Person “Ada”: Bob is one too.")


def test_side_by_side_dark_and_a_seat_that_runs_out(open_page: Open, reviewer: Contributor, project: Project) -> None:
    waiting(project, "good", "good", "bad")
    page = opened(open_page, reviewer, project)
    page.keyboard.press("v")
    expect(page.locator(".desk-pane")).to_have_count(3)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.wait_for_timeout(300)  # colours settle
    assert axe(page) == []

    Assignment.objects.filter(contributor=reviewer).update(leased_until=timezone.now() - timedelta(seconds=1))
    page.keyboard.press("Alt+e")
    expect(page.locator("[data-show=lost]")).to_contain_text("Its time ran out")


def test_a_decision_is_kept_while_the_line_is_down(open_page: Open, reviewer: Contributor, project: Project) -> None:
    waiting(project, "good", "good", "bad")
    page = opened(open_page, reviewer, project)
    page.context.set_offline(True)
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=problems]")).to_contain_text("It could not be sent")
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    decided(page, "Accepted")
    assert Review.objects.get().decision == "accept"


def test_the_list_of_reviews(open_page: Open, reviewer: Contributor, project: Project) -> None:
    page = open_page(reviewer.user, "/review/")
    expect(page.get_by_role("heading", name="Nothing waits for a review")).to_be_visible()
    assert axe(page) == []
    waiting(project, "good", "good", "bad")
    page.reload()
    page.get_by_role("link", name=project.name).click()
    expect(page.locator("#desk")).to_have_attribute("data-state", "review")
    stranger = open_page(make_contributor().user, f"/review/{project.public_id}/")
    expect(stranger.get_by_role("heading", name="Reviewing is by invitation")).to_be_visible()
