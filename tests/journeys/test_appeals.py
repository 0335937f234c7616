"""From a rejection by key to back-pay: the author asks in words, somebody else hears it by key."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotation.models import Annotation
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


def disputed() -> tuple[Annotation, ...]:
    """Three answers of different minds, waiting for a reviewer."""
    project = make_project(
        name="Reviews of trains",
        quality={"overlap": {"min": 3, "max": 3}, "review": {"below_confidence": 0.99}},
        price_minor=25,
    )
    (task,) = make_tasks(project, 1, seats=3, seats_max=3, payload={"text": "Late again, but what a friendly crew!"})
    answers = [make_answer(task, make_contributor(), {"tone": tone}) for tone in ("mixed", "bad", "good")]
    pipeline.run(keys=[task.public_id])
    return tuple(answers)


def test_rejected_asked_heard_and_paid(open_page: Callable[..., Page]):
    answer, *_others = disputed()
    project = answer.project

    desk = open_page(holder("review").user, f"/review/{project.public_id}/")
    expect(desk.locator("[data-part=clock]")).to_be_visible()
    desk.keyboard.press("1")
    desk.keyboard.press("d")
    desk.keyboard.press("1")
    desk.locator("#desk-note").fill("It says late.")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".toast").last).to_contain_text("Rejected")
    assert Review.objects.get(decision="reject").annotation == answer

    author = open_page(answer.contributor.user, "/earnings/")
    author.get_by_role("link", name=re.compile("Ask for another look")).click()
    expect(author.get_by_text("It says late.")).to_be_visible()
    sound(author)
    author.get_by_label("Why was your answer right?").fill("It is late and friendly: both, so mixed.")
    author.get_by_role("button", name="Ask for another look").click()
    expect(author.get_by_text("Waiting")).to_be_visible()
    sound(author)

    hearer = open_page(holder("adjudicate").user, "/review/")
    hearer.get_by_role("link", name="Reviews of trains").first.click()
    expect(hearer.get_by_role("button", name="Take the next one")).to_be_visible()
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

    author.reload()
    expect(author.get_by_text("You were right", exact=True)).to_be_visible()
    expect(author.get_by_text("Both tones are there.")).to_be_visible()
    author.get_by_role("link", name="Earnings").last.click()
    row = author.get_by_role("row").filter(has_text="Back-pay")
    expect(row).to_contain_text("$0.25")
    expect(row).to_contain_text("Ready for payout")
    sound(author)
    narrow = open_page(
        answer.contributor.user,
        f"/earnings/appeal/{answer.assignment.public_id}/",
        viewport={"width": 360, "height": 740},
    )
    sound(narrow)
