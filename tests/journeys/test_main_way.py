"""The way of the house: from signing up to the export, through web, worker and beat as the demo runs them, each a process of its own."""

import csv
import io
import json
import os
import re
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from playwright.sync_api import Page, expect

from annotation.models import Annotation, Organization, Project, Result
from deploy.embedded import demo
from deploy.embedded.children import Children
from quality.domain import invariants
from quality.models import Review
from tests.factories import grant_skill, make_contributor, make_member, make_organization, make_project, make_tasks
from tests.journeys.conftest import stands
from tests.journeys.test_accounts import PASSWORD, press
from tests.journeys.test_desk import decided
from tests.journeys.test_marking import CELLS, CELLS_KEYS, TWEET, TWEET_KEYS, cells, marked, tweets
from tests.journeys.test_workspace import SIMPLE, labelled, payload_of, schema_of, sent

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Page]
ONE_ANSWER = {"overlap": {"min": 1, "max": 1, "confidence": 0.5}, "gold": {"share": 0}}
SETTLED = {**ONE_ANSWER, "review": {"share": 0, "below_confidence": 0}}
REVIEWED = {**ONE_ANSWER, "review": {"share": 1, "below_confidence": 0}}
BOARD_MS = 60_000  # a board whose figures were costly to read keeps them for a while
EACH = 3  # tasks of every question type


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def site(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """The address of the product as the demo starts it, on the tests' database."""
    cache.clear()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        wishes = demo.Wishes(data=tmp_path, port=free.getsockname()[1])
    children = Children(tmp_path, {**os.environ, **environment(wishes)})
    try:
        demo._start(children, wishes, Path(sys.executable))
        demo._wait_until_ready(children, wishes)
        yield wishes.address
    finally:
        children.stop()


def environment(wishes: demo.Wishes) -> dict[str, str]:
    """The demo's settings, with static files from their sources, and sessions that the tests may sign."""
    database = urlsplit(settings.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}")
    return {
        "DATABASE_URL": database.geturl(),
        "MANYHANDS_MODE": "demo",
        "MANYHANDS_DEBUG": "1",
        "MANYHANDS_DATA_DIR": str(wishes.data),
        "MANYHANDS_MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "MANYHANDS_BASE_URL": wishes.address,
        "MANYHANDS_SECRET_KEY": settings.SECRET_KEY,
    }


def eventually(holds: Callable[[], bool], page: Page, seconds: float = 90) -> None:
    """Wait for what other processes do."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        page.wait_for_timeout(100)


def projects_of(organization: Organization) -> dict[str, Project]:
    """One project of every question type with its tasks. A reviewer sees the answers of `choice`, and every free text."""
    common = {"organization": organization, "quality": SETTLED}
    made = {
        kind: (
            make_project(
                schema=schema_of(kind), name=kind, **{**common, **({"quality": REVIEWED} if kind == "choice" else {})}
            ),
            payload_of(kind),
        )
        for kind in SIMPLE
    }
    made["spans"], made["regions"] = tweets(name="spans", **common), cells(name="regions", **common)
    for project, payload in made.values():
        make_tasks(project, EACH, payload=payload, seats=1, seats_max=1)
    return {kind: project for kind, (project, _payload) in made.items()}


def signed_up(page: Page, mails: Path) -> None:
    """A new contributor, at home."""
    page.get_by_role("link", name="Begin to work").click()
    page.get_by_label("E-mail").fill("new@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    mail = "".join(each.read_text() for each in mails.iterdir())
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", mail)
    assert code
    page.get_by_label("Code").fill(code[0])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    press(page, "To your work")
    expect(page).to_have_url(re.compile("/home/"))


def all_labelled(page: Page, projects: dict[str, Project]) -> None:
    """Every task of every project, by keys alone, from the list at home and back to it."""
    done = 0
    for kind, project in projects.items():
        page.get_by_role("link", name=f"Start: {project.name}", exact=True).press("Enter")
        for _ in range(EACH):
            stands(page)
            if kind in SIMPLE:
                labelled(page, kind)
            else:
                marked(page, TWEET_KEYS if kind == "spans" else CELLS_KEYS)
                page.keyboard.press("Enter")
            done += 1
            sent(page, done)
        expect(page.locator(".state-card")).to_contain_text("No task for you right now")
        page.goto("/home/")


def accepted(page: Page, count: int) -> None:
    """The reviewer agrees with what is shown: `count`: acceptances after it."""
    expect(page.locator("#desk")).to_have_attribute("data-state", "review")
    expect(page.locator("[data-part=clock]")).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator("[data-decision=accept]").first).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    eventually(lambda: Review.objects.filter(decision="accept").count() == count, page)


def reviewed(page: Page) -> None:
    """One is accepted, one corrected, one goes back."""
    accepted(page, 1)
    decided(page, "Accepted")
    page.keyboard.press("e")
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    decided(page, "Corrected")
    page.keyboard.press("r")
    page.keyboard.press("2")
    page.keyboard.press("n")
    page.keyboard.type("Read the second sentence.")
    page.keyboard.press("Control+Enter")
    decided(page, "Returned to the author")


def done_again(page: Page, project: Project) -> None:
    """The author finds what was said in the inbox, and answers anew."""
    page.goto("/inbox/")
    expect(page.locator("main")).to_contain_text("Read the second sentence.")
    page.goto(f"/workspace/{project.public_id}/")
    expect(page.locator(".brief")).to_contain_text("Read the second sentence.")
    expect(page.get_by_role("radio", name="Bad")).to_be_checked()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator(".state-card")).to_contain_text("No task for you right now")


def exported(page: Page, project: Project, words: str) -> str:
    """The downloaded text."""
    page.goto(f"/projects/{project.public_id}/exports/")
    page.get_by_role("radio", name=words).check()
    with page.expect_download() as download:
        press(page, "Download")
    return download.value.path().read_text(encoding="utf-8")


@pytest.mark.long
def test_from_sign_up_to_export(open_page: Open, mails: Path) -> None:
    customer = make_member(make_organization(name="Demo Labs"))
    projects = projects_of(customer.organization)
    choice = projects["choice"]
    board = open_page(customer.user, f"/projects/{choice.public_id}/")
    hints: list[str | bytes] = []

    def heard(frame: str | bytes) -> None:
        hints.append(frame)

    board.on("websocket", lambda socket: socket.on("framereceived", heard))
    board.reload()
    board.evaluate("window.here = true")

    author = open_page(None, "/")
    signed_up(author, mails)
    all_labelled(author, projects)
    eventually(lambda: Result.objects.count() == EACH * (len(projects) - 2), author)  # all but choice and text

    reviewer = make_contributor()
    grant_skill(reviewer, "review")
    desk = open_page(reviewer.user, f"/review/{choice.public_id}/")
    reviewed(desk)
    expect(board.locator(".stat", has_text="Settled")).to_contain_text("2", timeout=BOARD_MS)
    done_again(author, choice)
    accepted(desk, 2)  # it comes by itself
    for count in range(3, 3 + EACH):
        desk.goto(f"/review/{projects['text'].public_id}/")
        accepted(desk, count)
    assert Result.objects.count() == EACH * len(projects)

    expect(board.get_by_text("Done: every task has ended.")).to_be_visible(timeout=BOARD_MS)
    assert hints
    assert board.evaluate("window.here")  # all of it without a reload
    lines = [json.loads(line) for line in exported(board, choice, "JSON lines").splitlines()]
    assert sorted(line["result"]["answers"]["q"]["value"] for line in lines) == ["bad", "good", "mixed"]
    assert all(line["_meta"]["annotations"] and line["_meta"]["contributors"] for line in lines)
    rows = list(csv.DictReader(io.StringIO(exported(board, choice, "CSV"))))
    assert sorted(row["q"] for row in rows) == ["bad", "good", "mixed"]
    assert all(row["_contributors"].startswith("ctr_") and row["q.method"] for row in rows)
    values = [given.answer["value"] for given in Annotation.objects.filter(project=projects["spans"])]
    assert values == [{"entities": TWEET}] * EACH
    values = [given.answer["value"] for given in Annotation.objects.filter(project=projects["regions"])]
    assert values == [{"objects": CELLS}] * EACH
    assert not [finding for finding in map(invariants.check, invariants.ALL) if finding.violations]
