"""The way of quality in a real browser: a pilot, the rule it shows, a known answer missed, what is said of it, and what follows from it."""

import json
import re
from collections.abc import Callable
from random import Random

import pytest
from playwright.sync_api import Page, expect

from annotation.models import Annotation, ContributorAlias, Project
from quality.domain import pipeline
from quality.models import Appeal, Review
from tests.factories import (
    grant_skill,
    make_answer,
    make_contributor,
    make_member,
    make_organization,
    make_project,
    make_tasks,
)
from tests.journeys.conftest import axe, sound, stands
from tests.journeys.test_accounts import leave, press
from tests.quality.domain.test_restrictions import asked as asked_about
from workforce.models import Contributor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Page]
TONES = ("good", "bad", "mixed")
PILOT, LAUNCH = 24, 60  # tasks
RIGHT = 0.8  # of the answers of the pilot
NEWS = {"text": "The lid creaks, and I love it."}
GOLD_SHARE = 0.2  # of the turns of people who are known; a quarter for who is new


def piloted(owner: Page, project: Project) -> None:
    """Five answers of every task, and one of the rules that no other beats, chosen by keys."""
    owner.goto(f"/projects/{project.public_id}/pilot/")
    leave(owner, "Ask for five answers of every task")
    expect(owner.get_by_text("Every task gets five answers now.")).to_be_visible()
    chance, people = Random(1), [make_contributor() for _ in range(5)]
    for number, task in enumerate(make_tasks(project, PILOT, seats=5, seats_max=5)):
        for person in people:
            tone = TONES[number % 3] if chance.random() < RIGHT else chance.choice(TONES)
            make_answer(task, person, {"tone": tone})
    pipeline.redrive()
    owner.reload()
    rules = owner.get_by_role("radio")
    expect(rules.first).to_be_visible()
    assert axe(owner) == []
    rules.last.focus()
    owner.keyboard.press("Space")
    words = rules.last.evaluate("(radio) => radio.closest('label').textContent.trim()")
    leave(owner, "Take this rule")
    expect(owner.get_by_text("New tasks are done by this rule now.")).to_be_visible()
    project.refresh_from_db()
    assert str(project.quality["overlap"]["min"]) in words


def planted(owner: Page, project: Project) -> None:
    """A task whose answer is known, answered on the page as it should be."""
    owner.goto(f"/projects/{project.public_id}/gold/plant/")
    owner.get_by_label("The task's data, as JSON").fill(json.dumps(NEWS))
    press(owner, "Show this task")
    expect(owner.locator("#gold-plant")).to_contain_text(NEWS["text"])
    owner.get_by_role("radio", name="Good").click()
    leave(owner, "Plant")
    expect(owner.get_by_role("cell", name="In use")).to_be_visible()


def missed(open_page: Open, project: Project, person: Contributor) -> Page:
    """Somebody new answers "bad" until one of the tasks was the known one. Nothing tells them which."""
    page = open_page(person.user, f"/workspace/{project.public_id}/")
    for done in range(1, LAUNCH):
        stands(page)
        known = NEWS["text"] in page.locator(".ws").inner_text()
        page.keyboard.press("2")
        page.keyboard.press("Enter")
        expect(page.locator("[data-ws=answers]")).to_have_text(f"{done} today")
        if known:
            return page
    raise AssertionError("no known answer came")


def scored(owner: Page, project: Project) -> None:
    """The people's page says how little is known of them, as an interval."""
    owner.goto(f"/projects/{project.public_id}/people/")
    row = owner.locator(".scores + .table-scroll tbody tr").filter(has_text="Too early to say")
    expect(row.first).to_be_visible()
    assert axe(owner) == []


def ruled(owner: Page, project: Project, who: str) -> None:
    """A rule is written, tried on what has happened, and only then put into force."""
    owner.goto(f"/projects/{project.public_id}/rules/")
    leave(owner, "Write one", "link")
    owner.get_by_label("Name").fill("Look at who misses")
    owner.get_by_label("What").first.select_option("gold.share")
    owner.get_by_label("Is").first.select_option("<")
    owner.get_by_label("Number, or %").first.fill("50")
    owner.get_by_label("From at least so many observations").fill("1")
    leave(owner, "Save")
    expect(owner.get_by_role("button", name="Put it into force")).to_have_count(0)
    leave(owner, "Try it on what has happened")
    expect(owner.get_by_text("1 person would have been hit.")).to_be_visible()
    expect(owner.get_by_role("link", name=who)).to_be_visible()
    expect(owner.get_by_text("Nobody so far.")).to_be_visible()
    assert axe(owner) == []
    leave(owner, "Put it into force")
    expect(owner.get_by_role("button", name="Take it out of force")).to_be_visible()


def restricted(owner: Page, open_page: Open, project: Project) -> None:
    """A rule asks about somebody; yes, by keys. They object, and are heard."""
    row = asked_about(project)
    owner.goto(f"/projects/{project.public_id}/restrictions/")
    expect(owner.get_by_text("Known answers: 3% – 56% right of 6")).to_be_visible()
    owner.keyboard.press("r")
    expect(owner.get_by_role("button", name="Restrict for 1 day")).to_be_focused()
    owner.keyboard.press("Enter")
    expect(owner.get_by_text("They get no new tasks for now, and read why.")).to_be_visible()
    person = open_page(row.contributor.user, f"/workspace/{project.public_id}/")
    person.get_by_role("link", name="Why, and what you can do").click()
    expect(person.get_by_text("1 of 6 of your checked answers")).to_be_visible()
    sound(person)
    person.get_by_label("What do you think is judged wrongly?").fill("They were dry, and dry is neutral.")
    person.get_by_role("button", name="Ask somebody to look").click()
    expect(person.get_by_text("Somebody of the project looks at it.")).to_be_visible()
    owner.reload()
    expect(owner.get_by_text("dry is neutral")).to_be_visible()
    sound(owner)
    owner.get_by_label("Why? They read it.").fill("The guideline did not say so.")
    leave(owner, "Lift it")
    expect(owner.get_by_text("Nobody is restricted.")).to_be_visible()
    person.reload()
    expect(person.get_by_text("The guideline did not say so.")).to_be_visible()


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


@pytest.mark.long
def test_from_the_pilot_to_back_pay(open_page: Open) -> None:
    member = make_member(make_organization(name="Demo Labs"))
    project = make_project(member.organization, name="Tones", quality={"gold": {"share": GOLD_SHARE}})
    owner = open_page(member.user, f"/projects/{project.public_id}/")
    piloted(owner, project)
    planted(owner, project)
    make_tasks(project, LAUNCH)
    person = make_contributor()
    author = missed(open_page, project, person)
    pipeline.redrive()
    scored(owner, project)
    ruled(owner, project, ContributorAlias.objects.get(contributor=person).public_id)

    restricted(owner, open_page, project)

    project.refresh_from_db()
    answer = disputed(project, person)
    rejected(open_page(holder("review").user, f"/review/{project.public_id}/"), answer)
    asked(author)
    granted(open_page(holder("adjudicate").user), project)
    paid(author, "$0.05")
    page = f"/earnings/appeal/{answer.assignment.public_id}/"
    sound(open_page(person.user, page, viewport={"width": 360, "height": 740}))
