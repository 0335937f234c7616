"""Two people do a task at the same time, each in their own browser: called at once, shown when both have come, done together."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from annotation.domain import gangs
from annotation.models import Annotation, Gang, Project, Queue
from tests.factories import make_contributor, make_member, make_project, make_tasks
from tests.journeys.conftest import sound, stands
from workforce.models import Contributor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Page]


def talks() -> Project:
    quality = {"overlap": {"min": 2, "max": 2}, "gold": {"share": 0}, "review": {"share": 0, "below_confidence": 0}}
    project = make_project(name="Talks", requirements={"together": True}, quality=quality)
    Queue.objects.filter(project=project).update(requirements={"together": True})
    make_tasks(project, 2, seats=2, seats_max=2, payload={"text": "Talk about the weather: https://call.example/7"})
    return project


def waits(open_page: Open, person: Contributor, project: Project) -> Page:
    page = open_page(person.user, f"/workspace/{project.public_id}/")
    expect(page.get_by_role("heading", name="You are called when enough people have come")).to_be_visible()
    return page


def called(*pages: Page) -> None:
    """A round of the dispatcher. Nobody hints in tests: a page looks again when somebody comes back to it."""
    gangs.keep(now=timezone.now())
    for page in pages:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def answered(page: Page, key: str, done: int) -> None:
    stands(page)
    expect(page.locator(".ws")).to_contain_text("Talk about the weather")
    page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.locator("[data-ws=answers]")).to_have_text(f"{done} today")


def test_two_people_work_at_the_same_time(open_page: Open) -> None:
    project = talks()
    first, second = make_contributor(), make_contributor()
    here, there = waits(open_page, first, project), waits(open_page, second, project)
    sound(here)
    called(here)
    expect(here.get_by_text("1 of 2 are here.")).to_be_visible()
    expect(here.locator(".ws")).not_to_contain_text("Talk about the weather")
    sound(here)
    called(there)
    answered(here, "1", 1)
    answered(there, "2", 1)
    assert Annotation.objects.filter(project=project).count() == 2

    for page in (here, there):
        expect(page.get_by_role("heading", name="You are called when enough people have come")).to_be_visible()
    called(here)
    expect(here.get_by_text("1 of 2 are here.")).to_be_visible()
    here.get_by_role("button", name="I cannot wait").click()
    expect(here.get_by_role("heading", name="You are called when enough people have come")).to_be_visible()
    gangs.keep(now=timezone.now())
    assert sorted(Gang.objects.values_list("status", flat=True)) == ["done", "lapsed"]


def test_a_project_is_made_one_of_tasks_done_together(open_page: Open) -> None:
    project = make_project()
    page = open_page(make_member(project.organization).user, f"/projects/{project.public_id}/settings/")
    page.get_by_label("Done together").check()
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("need a fixed number of answers each")).to_be_visible()
    page.get_by_label("Answers per task, at least").fill("2")
    page.get_by_role("spinbutton", name="At most").fill("2")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_label("Done together")).to_be_checked()
    project.refresh_from_db()
    assert project.requirements["together"] is True
