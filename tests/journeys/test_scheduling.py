"""The scheduler as people meet it: work that is chosen for them, why there is none, their wishes; and why a task is next."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotation.domain import leases, routing
from annotation.domain.queues import opened
from annotation.models import Annotation, Queue
from tests.factories import make_contributor, make_member, make_project, make_tasks
from tests.journeys.conftest import sound, stands
from workforce.domain.actor import SYSTEM
from workforce.models import Preference

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Page]


def test_one_button_and_each_next_task_comes_from_where_it_is_needed_most(open_page: Open) -> None:
    first, second = make_project(name="Urgent reviews"), make_project(name="Calm reviews")
    Queue.objects.filter(project=first).update(service_class="urgent")
    make_tasks(first, 1)
    make_tasks(second, 1)
    person = make_contributor()
    page = open_page(person.user, "/home/")
    page.get_by_role("link", name="Start working").click()
    for project in (first, second):
        expect(page).to_have_url(re.compile(rf"/workspace/{project.public_id}/\?anywhere"))
        stands(page)
        page.keyboard.press("1")
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="No task for you right now")).to_be_visible()
    make_tasks(first, 1)
    opened(queue_id=first.queues.get().pk, lowest_rank=0)
    page.evaluate("window.dispatchEvent(new Event('online'))")  # as a hint does, which nobody sends in tests
    expect(page).to_have_url(re.compile(rf"/workspace/{first.public_id}/\?anywhere"))
    stands(page)
    assert set(Annotation.objects.filter(contributor=person).values_list("project", flat=True)) == {first.pk, second.pk}


def test_why_there_is_no_work_and_what_would_change_it(open_page: Open) -> None:
    hidden, closed, done = (make_project(name=name) for name in ("Hidden", "Closed", "Done"))
    Queue.objects.filter(project=closed).update(requirements={"sensitive": ["violence"]})
    make_tasks(hidden, 1)
    make_tasks(closed, 1)
    make_tasks(done, 0)
    person = make_contributor()
    Preference.objects.create(contributor=person, hidden_topics=["more"])
    page = open_page(person.user, "/home/")
    page.get_by_role("link", name="Why is there work, or none?").click()
    for name in ("Hidden", "Done"):
        row = page.locator(".rows__row").filter(has=page.get_by_role("heading", name=name, exact=True))
        expect(row).to_contain_text("You asked not to be shown: More.")
    row = page.locator(".rows__row").filter(has=page.get_by_role("heading", name="Closed"))
    expect(row).to_contain_text("It may show: Violence and injury.")
    sound(page)
    row.get_by_role("link", name="Change it").click()
    page.get_by_role("checkbox", name="More").check()
    page.get_by_role("checkbox", name="Violence and injury").check()
    sound(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your wishes hold from the next task on.")).to_be_visible()
    page.goto("/home/why/")
    for name, words in (
        ("Hidden", "1 task that you have not had"),
        ("Closed", "1 task"),
        ("Done", "Every task is taken"),
    ):
        row = page.locator(".rows__row").filter(has=page.get_by_role("heading", name=name, exact=True))
        expect(row).to_contain_text(words)


def test_a_break_stops_the_work_and_its_end_brings_it_back(open_page: Open) -> None:
    make_tasks(project := make_project(), 1)
    page = open_page(make_contributor().user, "/wishes/")
    page.get_by_role("button", name="30 min").click()
    expect(page.get_by_role("heading", name="You are having a break")).to_be_visible()
    page.goto("/home/")
    expect(page.get_by_text("You are having a break.")).to_be_visible()
    page.goto(f"/workspace/{project.public_id}/")
    expect(page.get_by_role("heading", name="You are having a break")).to_be_visible()
    page.goto("/wishes/")
    page.get_by_role("button", name="Go on").click()
    page.goto(f"/workspace/{project.public_id}/")
    stands(page)


def test_a_manager_reads_why_a_task_is_next_and_why_somebody_cannot_work(open_page: Open) -> None:
    project = make_project()
    tasks = make_tasks(project, 3)
    member = make_member(project.organization)
    person = make_contributor()
    leases.seen(contributor_id=person.pk, place=project.public_id)
    routing.refresh_eligibility(people=[person.pk], projects=[project.pk], stages=["label"])
    page = open_page(member.user, f"/tasks/{tasks[1].public_id}/")
    page.get_by_role("link", name="Why next, or not?").click()
    expect(page.get_by_text("1 task comes before it in its queue.")).to_be_visible()
    expect(page.get_by_text("1 person online could get it now.")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("How near the deadline is"))).to_contain_text("0.30")
    sound(page)

    taken = leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)
    Queue.objects.filter(project=project).update(requirements={"countries": ["DE"]})
    page.goto(f"/projects/{project.public_id}/people/{taken.contributor}/why/")
    expect(page.get_by_role("row", name=re.compile("Lives in one of the countries"))).to_contain_text("No")
    expect(page.get_by_role("row", name=re.compile("The account may work"))).to_contain_text("Yes")
    sound(page)
