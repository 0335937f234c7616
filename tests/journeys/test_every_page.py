"""Every page of the product, drawn: each route of the URL table that answers to GET, as somebody who may see it, and the demo's own pages.

A page is sound if it answers, axe finds nothing (wide in light, narrow in dark), nothing reaches over the edge of a narrow screen in
English or Chinese, nothing is refused by the content security policy or written to the console as an error, no request fails, and
every link and form on it leads somewhere.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from annotation.domain import events, hints
from annotation.models import Organization, Project, Task
from annotation.permissions import MATRIX
from quality.management.demo import SLUG
from quality.management.demo.people import LOGINS, PASSWORD
from quality.management.demo.projects import PLANS, Plan
from tests.journeys.conftest import Site
from tests.journeys.walk import Walker
from tests.matrix.test_routes import ROUTES, ROWS, Row
from tests.matrix.world import World

pytestmark = [pytest.mark.journey, pytest.mark.django_db]  # the tests only read: all share what `world` has committed

SEES = {
    "everybody": "visitor",
    "link": "visitor",
    "signed in": "contributor",
    "step": "contributor",
    "contributor": "contributor",
    "review grant": "reviewer",
    **dict.fromkeys(MATRIX, "owner"),
}
QUERIES = {"export_download": "?format=jsonl"}  # what a route asks for
ONLY_NEWCOMERS = {"start"}  # who works here already is led on
# It leads to a workspace that moves on by itself while one looks at it; a workspace that stays is among the demo's pages.
MOVES = {"workspace_start"}
HELD = {"desk_comparison"}  # it answers only to whoever holds the review: the desk's own journeys read it
PAGES = {
    row.key: row
    for row in ROWS
    if "GET" in row.methods and row.gate in SEES and row.key in ROUTES and not ROUTES[row.key].is_api
    if row.key not in MOVES | HELD
}
# What looks otherwise with another type of question; the rest of a project's pages are among the routes.
PLACES = {
    "questions": ("owner", "/projects/{project}/questions/"),
    "task": ("owner", "/tasks/{task}/"),
    "workspace": ("contributor", "/workspace/{project}/"),
    "desk": ("reviewer", "/review/{project}/"),
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The demo, and one of everything that addresses name; gone after the last page."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "_wake", None)
        patch.setattr(hints, "_sender", None)
        with ThreadPoolExecutor(1) as other:  # Playwright's loop runs in this thread
            yield other.submit(seeded).result()
            other.submit(emptied).result()


def seeded() -> World:
    call_command("seed_demo", stdout=StringIO())
    made = World(Organization.objects.get(slug=SLUG))
    connections.close_all()
    return made


def emptied() -> None:
    """Keys are not given out again: what a process keeps by key stays true."""
    call_command("flush", verbosity=0, interactive=False, reset_sequences=False)
    connections.close_all()


@pytest.fixture(scope="module")
def walker(browser: Browser, served: Site, world: World) -> Iterator[Walker]:
    """The demo's people, and a newcomer."""
    people = {login.role: (login.email, PASSWORD) for login in LOGINS}
    walker = Walker(browser, served.address, {**people, "newcomer": ("newcomer@example.org", "password")})
    yield walker
    walker.close()
    served.application.settle()


@pytest.mark.parametrize("row", PAGES.values(), ids=PAGES)
def test_every_route_is_sound(row: Row, walker: Walker, world: World) -> None:
    person = "newcomer" if row.key in ONLY_NEWCOMERS else SEES[row.gate]
    path = ROUTES[row.key].path(world.arguments) + QUERIES.get(row.key, "")
    faults = walker.faults(person, path, may_be_missing=row.gate == "step")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.kind)
def test_the_demos_pages_are_sound(plan: Plan, place: str, walker: Walker) -> None:
    project = Project.objects.get(name=plan.name)
    task = Task.objects.filter(project=project, status=Task.Status.COMPLETED).first()
    person, address = PLACES[place]
    faults = walker.faults(person, address.format(project=project.public_id, task=task.public_id))
    assert not faults, "\n".join(faults)
