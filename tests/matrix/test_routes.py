"""Every route of the product x everybody who may knock: generated from the URL table, judged by `routes.csv`.

A route without a row fails with the line to add. Each cell is one request with an empty body, rolled back afterwards: what counts is
whether somebody gets in, so "your form is wrong" is in, "sign in first", "not for your role" and "nothing here" are out.
"""

import csv
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from annotation.models import Role
from annotation.permissions import MATRIX, SCOPES, Cell
from tests.matrix.world import BODIES, CONTRIBUTORS, ENOUGH, OF_PROJECT, PEOPLE, ROLES, WORDS, World

HTTP = ("get", "post", "put", "patch", "delete")
FILE = Path(__file__).parent / "routes.csv"
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
LED_TO = {"/", "/start/", "/home/", "/review/"}  # where pages lead people whom they do not concern
IN, OUT = {"in", "led"}, {"refused", "nothing", "led"}
STATUS = {401: "login", 403: "refused", 404: "nothing", 405: "no such method", 410: "nothing"}


@dataclass(frozen=True)
class Route:
    """An address of the URL table. `key`: its name, or the address if it has none."""

    address: str
    name: str
    callback: Any

    @property
    def key(self) -> str:
        return self.name or self.address

    @property
    def arguments(self) -> list[str]:
        return ARGUMENT.findall(self.address)

    @property
    def objects(self) -> set[str]:
        """The arguments that name something of an organization."""
        return set(self.arguments) - WORDS

    @property
    def is_api(self) -> bool:
        return self.address.startswith("api/")

    def path(self, values: dict[str, str]) -> str:
        """The address with objects in it."""
        first = self.address.partition("/")[0]
        chosen = {name: values.get(f"{first}:{name}") or values.get(name) for name in self.arguments}
        missing = [name for name, value in chosen.items() if value is None]
        assert not missing, f"{self.key}: tests/matrix/world.py has no object for the argument {missing}; add one"
        if "^" in self.address:
            return reverse(self.name, kwargs=chosen)
        return "/" + ARGUMENT.sub(lambda match: str(chosen[match[1]]), self.address)


@dataclass(frozen=True)
class Row:
    """A line of the file."""

    key: str
    methods: tuple[str, ...]
    gate: str


def routes(patterns: list[Any] | None = None, before: str = "") -> Iterator[Route]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern):
            yield Route(address, pattern.name or "", pattern.callback)


ROUTES = {route.key: route for route in routes()}
with FILE.open() as file:
    lines = csv.reader(line for line in file if line.strip() and not line.startswith("#"))
    ROWS = [Row(key, tuple(methods.split()), gate) for key, methods, gate in lines]


def test_every_route_has_a_row_and_every_row_a_route():
    known = {row.key for row in ROWS}
    missing = [f"  {key},GET,<gate>" for key in ROUTES if key not in known]
    assert not missing, f"Who gets in here? Add a line to {FILE.name}, whose head says how:\n" + "\n".join(missing)
    gone = sorted(known - ROUTES.keys())
    assert not gone, f"{FILE.name} speaks of routes that are gone; take their lines out: {gone}"
    odd = sorted({row.gate for row in ROWS} - MATRIX.keys() - GATES.keys())
    assert not odd, f"{FILE.name} names gates that are neither an action of permissions.py nor one of its head: {odd}"


def test_every_method_of_the_api_has_a_row():
    rows = {(row.key, method) for row in ROWS for method in row.methods}
    for key, route in ROUTES.items():
        view = getattr(route.callback, "cls", None)
        served = {name.upper() for name in HTTP if hasattr(view, name) and name in view.http_method_names}
        missing = [f"  {key},{method},<action>" for method in sorted(served) if (key, method) not in rows]
        assert not missing, f"Which right does it need? Add to {FILE.name}:\n" + "\n".join(missing)


@pytest.fixture(autouse=True)
def _quiet_log():
    """Thousands of refusals are meant here."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


PROTOCOLS = ("/workspace/", "/review/", "/api/")
# How the protocols of the workspace and the desk say that there is nothing for this person.
NOTHING = re.compile(rb'"lease_lost"|"none": \{|"waiting": \[\]|"offer": null')


def knock(client: Client, row: Row, method: str, path: str, **headers: str) -> str:
    """What somebody gets who asks: `in`, `login`, `refused`, `nothing`, `led` (elsewhere), or what went wrong."""
    body = json.dumps(BODIES.get(row.key, ENOUGH))
    as_json = {"data": body, "content_type": "application/json"} if path.startswith(PROTOCOLS) else {}
    with transaction.atomic():
        answer = client.generic(method, path, **as_json, headers=headers)
        transaction.set_rollback(True)
    if answer.status_code == 302:
        target = answer["Location"]
        return "login" if target.startswith("/accounts/login/") else "led" if target in LED_TO else "in"
    if NOTHING.search(getattr(answer, "content", b"")):
        return "nothing"
    return STATUS.get(answer.status_code) or ("in" if answer.status_code < 500 else f"broken ({answer.status_code})")


# --- What the gates promise -----------------------------------------------------------------------------------------
def everybody(person: str) -> set[str]:
    return IN


def signed_in(person: str) -> set[str]:
    return {"login"} if person == "visitor" else IN


def contributor(person: str) -> set[str]:
    return {"login"} if person == "visitor" else IN if person in CONTRIBUTORS else OUT


def own_assignment(person: str) -> set[str]:
    return {"login"} if person == "visitor" else IN if person == "contributor" else OUT


def review_grant(person: str) -> set[str]:
    return {"login"} if person == "visitor" else IN if person == "reviewer" else OUT


def own(person: str) -> set[str]:
    return {"login"} if person == "visitor" else IN if person == "contributor" else {"nothing"}


def link(person: str) -> set[str]:
    return IN if person == "visitor" else {"refused"}


def nobody(person: str) -> set[str]:
    return {"nothing"}


def step(person: str) -> set[str]:
    return {"login", "led", "in", "nothing"}


GATES = {
    gate.__name__.replace("_", " "): gate
    for gate in (everybody, signed_in, contributor, own_assignment, review_grant, own, link, nobody, step)
}


def expected(row: Row, route: Route, person: str) -> set[str]:
    """Who may be told what at a page."""
    if row.gate in GATES:
        return GATES[row.gate](person)
    if person == "visitor":
        return {"login"}
    if person not in ROLES and (person != "stranger" or route.objects):
        return {"nothing"}
    cell = MATRIX[row.gate][ROLES.get(person, Role.OWNER)]
    if cell is Cell.PROJECTS and person == "unlisted" and OF_PROJECT & route.objects:
        return {"nothing"}
    return IN if cell in {Cell.ALL, Cell.NOT_OWNERS, Cell.PROJECTS} else {"refused", "nothing"}


def compare(found: list[str], what: str, got: str, wanted: set[str]) -> None:
    if got not in wanted:
        found.append(f"{what}: {got}, not {' or '.join(sorted(wanted))}")


@pytest.mark.django_db
@pytest.mark.long
def test_every_page_lets_in_whom_its_row_says(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world, wrong = World(), []
    for row in ROWS:
        route = ROUTES.get(row.key)
        if route is None or (route.is_api and row.gate in MATRIX):
            continue
        path = route.path(world.arguments)
        for method in row.methods:
            for person in PEOPLE:
                got = knock(world.browser(person), row, method, path)
                compare(wrong, f"{row.key} {method} {person}", got, expected(row, route, person))
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_every_endpoint_lets_in_the_keys_whose_scopes_grant_it(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world, wrong = World(), []
    for row in ROWS:
        route = ROUTES.get(row.key)
        if route is None or not route.is_api or row.gate not in MATRIX:
            continue
        path = route.path(world.arguments)
        for method in row.methods:
            what = f"{row.key} {method}"
            for person in ("visitor", "owner"):  # a cookie is no key
                compare(wrong, f"{what} {person}", knock(world.browser(person), row, method, path), {"login"})
            for scope, plain in world.keys.items():
                wanted = IN if row.gate in SCOPES[scope] else {"refused"}
                compare(wrong, f"{what} {scope}", call(plain, row, method, path), wanted)
            nothing = {"nothing"} if route.objects else IN
            compare(wrong, f"{what} another organization's key", call(world.foreign_key, row, method, path), nothing)
            if "file" not in route.objects:  # files belong to both modes
                compare(wrong, f"{what} key of the other mode", call(world.test_key, row, method, path), nothing)
    assert not wrong, "\n".join(wrong)


def call(plain: str, row: Row, method: str, path: str) -> str:
    return knock(Client(raise_request_exception=False), row, method, path, Authorization=f"Bearer {plain}")
