"""A customer's way: a project from a preset, tried out before it exists; its board moving while people work."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from annotation.models import SchemaVersion
from quality.domain import pipeline
from tests.factories import (
    make_answer,
    make_contributor,
    make_member,
    make_organization,
    make_project,
    make_tasks,
)
from workforce.models import User

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Page]


@pytest.fixture
def owner() -> User:
    return make_member(make_organization(name="Demo Labs")).user


def organization_of(user: User) -> Any:
    return user.memberships.get().organization


def test_a_project_is_made_from_a_preset_and_tried_before(open_page: Open, owner: User) -> None:
    page = open_page(owner, "/projects/")
    page.get_by_role("link", name="Make the first project").click()
    page.get_by_role("link", name=re.compile("^Classify text")).click()
    preview = page.locator(".preview")
    question = preview.get_by_role("group", name="Label")
    expect(question).to_be_visible()

    # a new option shows beside the form, and a key that is taken is refused at its place
    page.get_by_role("button", name="Add an option").click()
    row = page.locator(".option-row").last
    row.get_by_label("Words").fill("Spam")
    expect(row.get_by_label("Key", exact=True)).to_have_value("spam")
    expect(question).to_contain_text("Spam")
    for index in (0, 1):
        page.locator(".option-row").nth(index).get_by_label("Hotkey").fill("x")
    expect(page.locator(".option-row .schema-problem")).to_contain_text("used twice")
    expect(page.get_by_role("button", name="Create the project")).to_be_disabled()
    page.locator(".option-row").first.get_by_label("Hotkey").fill("y")
    expect(page.get_by_role("button", name="Create the project")).to_be_enabled()

    # three tasks as a contributor answers them, by keyboard
    for done in ("1 of 3", "2 of 3", "All three answered"):
        question.focus()
        page.keyboard.press("y")
        if "All" not in done:
            expect(preview.get_by_role("status").filter(has_text=done)).to_be_visible()
    expect(preview.get_by_role("status").filter(has_text="All three answered")).to_be_visible()

    page.get_by_label("Name", exact=True).fill("Reviews")
    page.get_by_label("Guidelines, in Markdown").fill("# Read it")
    page.get_by_role("button", name="Create the project").click()
    expect(page.get_by_role("heading", name="Reviews", exact=True)).to_be_visible()
    page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link", name="Projects").click()
    expect(page.get_by_role("link", name="Reviews")).to_be_visible()
    options = SchemaVersion.objects.get().body["questions"][0]["config"]["options"]
    assert options[-1]["key"] == "spam"


def test_the_json_and_the_forms_are_one(open_page: Open, owner: User) -> None:
    page = open_page(owner, "/projects/new/blank/")
    page.get_by_text("Advanced: the whole schema").click()
    text = page.get_by_label("The whole schema as JSON")
    schema = json.loads(text.input_value())
    schema["questions"][0]["title"]["en"] = "Is it true?"
    text.fill(json.dumps(schema))
    expect(page.get_by_label("Question", exact=True)).to_have_value("Is it true?")
    expect(page.locator(".preview").get_by_role("group", name="Is it true?")).to_be_visible()
    text.fill("{")
    expect(page.get_by_text("This is not JSON")).to_be_visible()
    schema["questions"][0]["on"] = "nowhere"
    text.fill(json.dumps(schema, indent=1))
    page.get_by_role("button", name="/questions/0/on").click()
    expect(page.locator(".schema-problem").first).to_be_visible()


def test_the_board_moves_while_people_work(open_page: Open, owner: User) -> None:
    project = make_project(organization_of(owner))
    first, second = make_tasks(project, 2)
    for _each in range(3):
        make_answer(first, make_contributor(), {"tone": "good"})
    pipeline.redrive()
    page = open_page(owner, f"/projects/{project.public_id}/")
    expect(page.locator(".stat", has_text="Settled")).to_contain_text("1")
    page.get_by_text("As a table").first.click()
    for _each in range(3):
        make_answer(second, make_contributor(), {"tone": "bad"})
    pipeline.redrive()
    # Nobody hints in tests: the page looks again when somebody comes back to it.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("Done: every task has ended.")).to_be_visible()
    expect(page.locator("[data-live=progress] details")).to_have_attribute("open", "")
