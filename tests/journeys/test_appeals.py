"""From a rejection by key to back-pay: the author asks in words, somebody else hears it by key."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotation.models import Annotation, Project
from quality.domain import pipeline
from quality.models import Appeal, Review
from tests.factories import grant_skill, make_answer, make_contributor, make_project, make_tasks
from tests.journeys.conftest import sound
from workforce.models import Contributor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def holder(grant: str) -> Contributor:
    person = make_contributor()
    grant_skill(person, grant)
    return person


def disputed(project: Project, first: Contributor) -> Annotation:
    """The first of three answers of different minds, all waiting for a reviewer."""
    (task,) = make_tasks(project, 1, seats=3, seats_max=3, payload={"text": "Late again, but what a friendly crew!"})
    people = (first, make_contributor(), make_contributor())
    answers = [
        make_answer(task, *each)
        for each in zip(people, ({"tone": tone} for tone in ("mixed", "bad", "good")), strict=True)
    ]
    pipeline.run(keys=[task.public_id])
    return answers[0]


def rejected(desk: Page, answer: Annotation) -> None:
    """The reviewer rejects answer A, by keys, and says why."""
    expect(desk.locator("[data-part=clock]")).to_be_visible()
    desk.keyboard.press("1")
    desk.keyboard.press("d")
    desk.keyboard.press("1")
    desk.locator("#desk-note").fill("It says late.")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".toast").last).to_contain_text("Rejected")
    assert Review.objects.get(decision="reject").annotation == answer


def asked(author: Page) -> None:
    """From the earnings, in words."""
    author.goto("/earnings/")
    author.get_by_role("link", name=re.compile("Ask for another look")).click()
    expect(author.get_by_text("It says late.")).to_be_visible()
    sound(author)
    author.get_by_label("Why was your answer right?").fill("It is late and friendly: both, so mixed.")
    author.get_by_role("button", name="Ask for another look").click()
    expect(author.get_by_text("Waiting")).to_be_visible()
    sound(author)


def granted(hearer: Page, project: Project) -> None:
    """Somebody else takes the appeal, hesitates, and grants it; by keys."""
    hearer.goto("/review/")
    hearer.get_by_role("link", name=project.name).first.click()
    expect(hearer.get_by_role("button", name="Take the next one")).to_be_focused()
    hearer.keyboard.press("Enter")
    expect(hearer.get_by_text("both, so mixed")).to_be_visible()
    expect(hearer.locator("[data-part=stage]")).to_contain_text("friendly crew")
    sound(hearer)
    hearer.keyboard.press("d")
    expect(hearer.get_by_label("The decision stands")).to_be_checked()
    hearer.keyboard.press("g")
    expect(hearer.get_by_label("The author is right")).to_be_checked()
    hearer.keyboard.press("n")
    hearer.keyboard.type("Both tones are there.")
    hearer.keyboard.press("Control+Enter")
    expect(hearer.get_by_text("Granted. The author is paid.")).to_be_visible()
    assert Appeal.objects.get().status == "granted"


def paid(author: Page, amount: str) -> None:
    """The author reads what became of it, and finds the money."""
    author.reload()
    expect(author.get_by_text("You were right", exact=True)).to_be_visible()
    expect(author.get_by_text("Both tones are there.")).to_be_visible()
    author.get_by_role("link", name="Earnings").last.click()
    row = author.get_by_role("row").filter(has_text="Back-pay")
    expect(row).to_contain_text(amount)
    expect(row).to_contain_text("Ready for payout")
    sound(author)


def test_rejected_asked_heard_and_paid(open_page: Callable[..., Page]):
    quality = {"overlap": {"min": 3, "max": 3}, "review": {"below_confidence": 0.99}}
    project = make_project(name="Reviews of trains", quality=quality, price_minor=25)
    answer = disputed(project, make_contributor())
    rejected(open_page(holder("review").user, f"/review/{project.public_id}/"), answer)
    author = open_page(answer.contributor.user)
    asked(author)
    granted(open_page(holder("adjudicate").user), project)
    paid(author, "$0.25")
    page = f"/earnings/appeal/{answer.assignment.public_id}/"
    sound(open_page(answer.contributor.user, page, viewport={"width": 360, "height": 740}))
