"""The world in the database: organizations, projects, people and tasks, made by the acts that make them in the product."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import connection

from annotation.domain import batches, customers, intake, projects
from annotation.models import Batch, Project
from benchmarks.simulator.clock import Clock
from benchmarks.simulator.world import SKILLS, Person, Post, Work, World
from workforce.domain import skills
from workforce.domain.actor import SYSTEM
from workforce.domain.onboarding import admit
from workforce.models import Contributor, Skill, User

CHUNK = 500  # rows of one intake
QUESTION = {
    "language": "manyhands/1",
    "fields": [{"name": "text", "type": "text", "title": {"en": "Text"}}],
    "questions": [
        {
            "name": "right",
            "type": "choice",
            "title": {"en": "Is it right?"},
            "on": "text",
            "config": {"options": [{"key": key, "title": {"en": key.title()}} for key in ("yes", "no")]},
        }
    ],
}
QUALITY = {"review": {"share": 0.0, "below_confidence": 0.0}, "gold": {"share": 0.0}, "aggregate": "majority"}
# What was truly asked for, also where a policy is not told: measures are the same for all.
WISHES = """
CREATE TABLE sim.wish (task_id bigint PRIMARY KEY, organization int, service_class text, due timestamptz);
CREATE TABLE sim.backlog (at timestamptz, organization int, service_class text, seats int)
"""
WISH = "INSERT INTO sim.wish SELECT n, %s, %s, %s FROM generate_series(%s::bigint, %s::bigint) n"


@dataclass(frozen=True, slots=True)
class House:
    """What of the world is where: rows by the numbers of the world. A task's number is its key less `before`."""

    projects: Sequence[Project]
    people: Sequence[Contributor]
    before: int


def build(world: World) -> House:
    """Organizations, projects, skills and people. Tasks come by `post`."""
    known = {name: skills.define(name=name, by=SYSTEM) for name in SKILLS}
    for skill in known.values():
        skill.refresh_from_db()
    owners = {work.organization for work in world.works}
    organizations = {
        number: customers.found(name=f"Organization {number}", owner=_user(f"owner-{number}"), by=SYSTEM)
        for number in sorted(owners)
    }
    with connection.cursor() as cursor:
        cursor.execute(WISHES)
        cursor.execute("SELECT nextval(pg_get_serial_sequence('task', 'id'))")
        before = int(cursor.fetchone()[0])
    return House(
        projects=[_project(work, organizations[work.organization], known) for work in world.works],
        people=[_person(person, known) for person in world.people],
        before=before,
    )


def _user(name: str) -> User:
    user = User.objects.create_user(f"{name}@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _project(work: Work, organization: Any, known: Mapping[str, Skill]) -> Project:
    least, most = work.overlap
    return projects.create(
        organization=organization,
        mode="live",
        name=f"Project {work.number}",
        by=SYSTEM,
        schema=QUESTION,
        terms={"price_minor": work.price, "lease_s": work.lease_s},
        quality={**QUALITY, "overlap": {"min": least, "max": most, "confidence": 0.85}},
        requirements={"skills": [{"skill": known[work.skill].public_id}]} if work.skill else {},
        workforce=Project.Workforce.PUBLIC,
    )


def _person(person: Person, known: Mapping[str, Skill]) -> Contributor:
    contributor = admit(user=_user(f"person-{person.number}"), by=SYSTEM)
    for name in person.skills:
        skills.grant(skill=known[name], contributor=contributor, by=SYSTEM)
    contributor.refresh_from_db()
    return contributor


def post(house: House, clock: Clock, work: Work, given: Post, told: Mapping[str, Any]) -> None:
    """The tasks of a batch, with the options that the policy lets the product be told."""
    project = house.projects[work.number]
    due = clock.at(given.due) if given.due is not None else None
    batch = batches.create(
        project=project,
        name=f"Batch {given.number}",
        by=SYSTEM,
        deadline=due if told.get("deadline") else None,
        priority=told.get("priority", 20),
        best_effort=True,  # whatever is asked for is taken in, so that all policies have the same work
    )
    for start in range(0, given.tasks, CHUNK):
        _add(project, batch, work, given, told, due, min(CHUNK, given.tasks - start))


def _add(
    project: Project,
    batch: Batch,
    work: Work,
    given: Post,
    told: Mapping[str, Any],
    due: datetime | None,
    many: int,
) -> None:
    rows = [{"payload": {"text": "Two and two are four."}, **told} for _ in range(many)]
    added = intake.add(project=project, inputs=rows, by=SYSTEM, batch=batch)
    if any(row.status != "created" for row in added):
        raise SystemExit(f"Tasks were not taken: {added[0]}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT currval(pg_get_serial_sequence('task', 'id'))")
        last = int(cursor.fetchone()[0])
        cursor.execute(WISH, [work.organization, given.service_class, due, last - many + 1, last])
