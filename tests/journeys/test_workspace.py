"""The workspace in a real browser: keyboard only, offline, reloads, two tabs, leases that end."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from annotation.models import Annotation, Assignment, Draft, Guideline, Project
from quality.domain import gold, pipeline
from tests.factories import make_contributor, make_project, make_tasks, signed_in
from tests.journeys.conftest import axe, sound, stands
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Page]
ITEMS = [{"id": "a", "content": "Eleven."}, {"id": "b", "content": "Twelve."}, {"id": "c", "content": "Thirteen."}]
OPTIONS = [{"key": key, "title": {"en": key.title()}} for key in ("good", "bad", "mixed")]
# type -> (question, keys to press, value)
SIMPLE: dict[str, tuple[dict[str, Any], list[str], Any]] = {
    "choice": ({"on": "text", "config": {"options": OPTIONS}}, ["2"], "bad"),
    "choices": ({"on": "text", "config": {"options": OPTIONS}}, ["3", "1"], ["good", "mixed"]),
    "rating": ({"on": "text", "config": {"min": 1, "max": 5}}, ["4"], 4),
    "text": ({"on": "text", "config": {"min_words": 2}}, ["H", "i", "Space", "m", "y"], "Hi my"),
    "preference": ({"on": "pair", "config": {"steps": 2, "ties": True}}, ["1"], {"score": -2}),
    "ranking": ({"on": "replies", "config": {"ties": True}}, ["2", "1", "3", "t"], {"order": [["b"], ["a", "c"]]}),
    "verdicts": (
        {"on": "replies", "config": {"options": OPTIONS}},
        ["1", "2", "ArrowUp", "ArrowUp", "3", "ArrowDown", "1"],
        {
            "items": [
                {"item": key, "verdict": verdict} for key, verdict in zip("abc", ("mixed", "bad", "good"), strict=True)
            ]
        },
    ),
}


def schema_of(kind: str) -> dict[str, Any]:
    question, _, _ = SIMPLE[kind]
    field = str(question["on"])
    shown = (
        {"name": "text", "type": "text"}
        if field == "text"
        else {"name": field, "type": "items", "config": {"item_type": "text"}}
    )
    return {
        "language": "manyhands/1",
        "fields": [{**shown, "title": {"en": "Shown"}}],
        "questions": [{"name": "q", "type": kind, "title": {"en": "What do you say?"}, **question}],
    }


def payload_of(kind: str) -> dict[str, Any]:
    return {"text": {"text": "The bus was late."}, "pair": {"pair": ITEMS[:2]}, "replies": {"replies": ITEMS}}[
        str(SIMPLE[kind][0]["on"])
    ]


@pytest.fixture
def person() -> Contributor:
    return make_contributor()


def started(open_page: Open, person: Contributor, project: Project, **options: Any) -> Page:
    page = open_page(person.user, f"/workspace/{project.public_id}/", **options)
    stands(page)
    return page


def answers_of(person: Contributor) -> list[Annotation]:
    return list(Annotation.objects.filter(contributor=person).order_by("id"))


def sent(page: Page, count: int) -> None:
    """Wait until the page knows that `count` answers of today have arrived, and the next task stands if there is one."""
    expect(page.locator("[data-ws=answers]")).to_have_text(re.compile(rf"^{count} "))
    expect(page.locator(".ws")).not_to_have_attribute("data-state", re.compile("loading|changing"))


def unplugged(page: Page) -> None:
    """Take the line away, once what the page had asked for has come: the tasks ahead are held."""
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)


def labelled(page: Page, kind: str) -> None:
    """Answer the question and send it, by keys."""
    if kind == "text":
        expect(page.locator("textarea")).to_be_focused()
    for key in SIMPLE[kind][1]:
        page.keyboard.press(key)
    expect(page.locator("[data-ws=left]")).to_be_hidden()
    page.keyboard.press("Control+Enter" if kind == "text" else "Enter")


@pytest.mark.parametrize("kind", SIMPLE)
def test_three_items_are_labelled_with_the_keyboard_alone(kind: str, open_page: Open, person: Contributor) -> None:
    project = make_project(schema=schema_of(kind))
    make_tasks(project, 3, payload=payload_of(kind))
    page = started(open_page, person, project)

    for done in range(1, 4):
        labelled(page, kind)
        sent(page, done)

    expect(page.locator(".state-card")).to_contain_text("No task for you right now")
    stored = answers_of(person)
    assert [row.answer["value"]["q"] for row in stored] == [SIMPLE[kind][2]] * 3
    assert all(row.answer["events"]["count"] for row in stored)


HASTY = """async () => {
    const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    const drawn = new Promise((resolve) => new MutationObserver((_changes, observer) => {
        if (document.querySelector(".is-mounting")) resolve(observer.disconnect());
    }).observe(document.body, { childList: true, subtree: true }));
    press("1");
    press("Enter");
    await drawn;
    press("Enter");
}"""


def test_a_key_pressed_before_the_next_task_stands_answers_nothing(open_page: Open, person: Contributor) -> None:
    """The last task is still to be seen then, answered: its answer must not become that of the next."""
    project = make_project(schema=schema_of("choice"))
    make_tasks(project, 3, payload=payload_of("choice"))
    page = started(open_page, person, project)
    page.evaluate(HASTY)
    sent(page, 1)
    expect(page.locator("[data-ws=left]")).to_have_text("1 left")

    page.keyboard.press("3")
    page.keyboard.press("Enter")
    sent(page, 2)

    assert [row.answer["value"]["q"] for row in answers_of(person)] == ["good", "mixed"]


def test_a_key_that_is_the_whole_answer_also_sends_it(open_page: Open, person: Contributor) -> None:
    schema = schema_of("choice")
    schema["questions"][0]["config"] = {"options": OPTIONS, "submit_on_pick": True}
    project = make_project(schema=schema)
    make_tasks(project, 2, payload=payload_of("choice"))
    page = started(open_page, person, project)

    page.keyboard.press("1")
    sent(page, 1)
    page.keyboard.press("3")
    sent(page, 2)

    assert [row.answer["value"]["q"] for row in answers_of(person)] == ["good", "mixed"]


def test_offline_in_mid_task_one_answer_arrives_when_the_line_is_back(open_page: Open, person: Contributor) -> None:
    project = make_project(schema=schema_of("choice"))
    make_tasks(project, 3, payload=payload_of("choice"))
    page = started(open_page, person, project)

    unplugged(page)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator(".strip[data-name=offline]")).to_contain_text("Answers waiting: 1")
    expect(page.locator("[data-ws=saveText]")).to_contain_text("1 waiting")
    expect(page.locator(".ws")).to_have_attribute("data-state", "working")  # the next task was held: work goes on
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.locator(".strip[data-name=offline]")).to_contain_text("Answers waiting: 2")
    assert not answers_of(person)

    page.context.set_offline(False)
    sent(page, 2)
    expect(page.locator(".strip[data-name=offline]")).to_have_count(0)
    assert [row.answer["value"]["q"] for row in answers_of(person)] == ["good", "bad"]


def test_an_answer_whose_receipt_was_lost_is_stored_once(open_page: Open, person: Contributor) -> None:
    project = make_project(schema=schema_of("choice"))
    make_tasks(project, 2, payload=payload_of("choice"))
    page = started(open_page, person, project)
    lost = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)  # the server has it, the browser never hears of it
        route.fulfill(status=500, body="")

    page.route("**/submit", lose)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    sent(page, 1)

    assert lost == [201]
    assert len(answers_of(person)) == 1


def test_a_draft_survives_a_reload(open_page: Open, person: Contributor) -> None:
    project = make_project(schema=schema_of("text"))
    make_tasks(project, 2, payload=payload_of("text"))
    page = started(open_page, person, project)
    page.locator("textarea").fill("Half a sentence")
    with page.expect_response("**/draft"):
        page.keyboard.press("Control+s")
    page.route("**/draft", lambda route: route.abort())  # from here on this browser alone knows more
    page.locator("textarea").fill("Half a sentence more")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-ws=save]")).to_have_attribute("data-state", "local")

    page.reload()

    expect(page.locator("textarea")).to_have_value("Half a sentence more")
    assert Draft.objects.get(assignment__contributor=person).body["value"] == {"q": "Half a sentence"}
    assert Assignment.objects.filter(contributor=person, status="leased").count() == 1


def test_signing_in_again_in_place(open_page: Open, person: Contributor, site: str) -> None:
    project = make_project(schema=schema_of("choice"))
    make_tasks(project, 2, payload=payload_of("choice"))
    page = started(open_page, person, project)
    page.context.clear_cookies(name="session")

    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Please sign in again")).to_be_visible()
    assert axe(page) == []

    key = signed_in(person.user).cookies["session"].value
    page.context.add_cookies([{"name": "session", "value": key, "url": site}])
    sent(page, 1)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_last_answer_can_be_taken_back(open_page: Open, person: Contributor) -> None:
    project = make_project(schema=schema_of("choice"))
    make_tasks(project, 2, payload=payload_of("choice"))
    page = started(open_page, person, project)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    sent(page, 1)

    page.keyboard.press("Alt+u")
    expect(page.locator(".option input").first).to_be_checked()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    sent(page, 2)

    first, second = answers_of(person)
    assert (first.status, first.answer["value"]["q"]) == ("superseded", "good")
    assert (second.status, second.answer["value"]["q"], second.assignment.round) == ("pending", "bad", 2)


def test_two_tabs_hold_two_tasks_and_a_taken_over_one_says_so(open_page: Open, person: Contributor) -> None:
    project = make_project(schema=schema_of("choice"))
    make_tasks(project, 3, payload=payload_of("choice"))
    page = started(open_page, person, project)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(".ws")).to_have_attribute("data-state", "working")

    page.bring_to_front()
    page.keyboard.press("1")
    page.keyboard.press("Alt+e")
    expect(page.locator(".state-card")).to_contain_text("You opened this task in another tab")
    page.get_by_role("button", name="Go on here").click()
    expect(page.locator(".ws")).to_have_attribute("data-state", "working")
    page.keyboard.press("Enter")
    sent(page, 1)

    sent(other, 1)  # told by the tab that sent it
    assert len(answers_of(person)) == 1


def test_a_lease_that_ends_warns_is_prolonged_by_a_key_and_may_end_late(open_page: Open, person: Contributor) -> None:
    project = make_project(schema=schema_of("choice"), lease_s=100)
    make_tasks(project, 1, payload=payload_of("choice"))
    page = started(open_page, person, project)
    expect(page.locator(".strip[data-name=lease]")).to_contain_text("nearly over")
    assert axe(page) == []
    page.keyboard.press("Alt+e")
    expect(page.locator("#live-polite")).to_contain_text("You have more time now")

    page.keyboard.press("1")
    Assignment.objects.filter(contributor=person).update(leased_until=timezone.now() - timedelta(seconds=1))
    page.keyboard.press("Alt+e")
    expect(page.locator(".state-card")).to_contain_text("The time for this task ran out")
    assert axe(page) == []
    page.get_by_role("button", name="Send as a late answer").click()
    sent(page, 1)
    assert answers_of(person)[0].status == "pending"  # nobody had taken the place


def test_a_breaking_guideline_is_read_before_the_next_task(open_page: Open, person: Contributor) -> None:
    project = make_project(schema=schema_of("choice"))
    make_tasks(project, 1, payload=payload_of("choice"))
    Guideline.objects.create(project=project, number=2, body="# New\n\nIrony counts as meant.", change="breaking")
    Project.objects.filter(pk=project.pk).update(guideline_version=2, policy_version=2)
    page = open_page(person.user, f"/workspace/{project.public_id}/")

    expect(page.locator(".state-card")).to_contain_text("The guidelines have changed")
    assert axe(page) == []
    page.get_by_role("button", name="I have read it").last.click()
    expect(page.locator(".ws")).to_have_attribute("data-state", "working")


def test_practice_comes_first_and_its_answer_is_shown_afterwards(open_page: Open, person: Contributor) -> None:
    project = make_project(schema=schema_of("choice"))
    make_tasks(project, 1, payload=payload_of("choice"))
    known = {"payload": {"text": "What a ride!"}, "expected": {"q": "good"}, "why": "It praises the ride."}
    gold.plant(project=project, training=True, by=SYSTEM, **known)
    page = started(open_page, person, project)
    expect(page.locator("main")).to_contain_text("What a ride!")
    said = page.get_by_role("complementary", name="Practice")
    expect(said).to_contain_text("paid like any other")
    expect(said).to_contain_text("It is the last one before other work.")

    labelled(page, "choice")  # bad
    sent(page, 1)
    expect(page.locator("main")).to_contain_text("The bus was late.")
    expect(said).to_have_count(0)
    pipeline.redrive()
    page.reload()
    stands(page)
    page.get_by_role("button", name=re.compile("Feedback")).click()

    drawer = page.get_by_role("dialog")
    for words in ("Practice: look at this", "It praises the ride.", "Expected", "Good"):
        expect(drawer).to_contain_text(words)
    assert axe(page) == []
    sound(page)


@pytest.mark.parametrize("kind", SIMPLE)
def test_axe_finds_nothing_in_light_and_dark(kind: str, open_page: Open, person: Contributor) -> None:
    project = make_project(schema=schema_of(kind))
    make_tasks(project, 1, payload=payload_of(kind))
    sound(started(open_page, person, project))


SHEETS = [
    ("?", "All keys"),
    ("Control+k", "Commands"),
    ("Alt+s", "Leave this task"),
    ("Alt+f", "Flag this task"),
    ("Alt+b", "Feedback"),
]


def test_every_sheet_is_accessible(open_page: Open, person: Contributor) -> None:
    project = make_project(schema=schema_of("choice"))
    make_tasks(project, 1, payload=payload_of("choice"))
    page = started(open_page, person, project)
    for key, name in SHEETS:
        page.keyboard.press(key)
        expect(page.get_by_role("dialog", name=name)).to_be_visible()
        assert axe(page) == []
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_narrow_screens_show_guidelines_as_a_sheet(open_page: Open, person: Contributor) -> None:
    project = make_project(schema=schema_of("choice"))
    make_tasks(project, 1, payload=payload_of("choice"))
    page = started(open_page, person, project, viewport={"width": 390, "height": 844})
    page.get_by_role("button", name="Guidelines").click()
    expect(page.get_by_role("dialog", name="Guidelines")).to_contain_text("Read the text")
    assert axe(page) == []
    page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
