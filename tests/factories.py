"""Rows for tests, made as the acts would make them; every factory takes what matters to the test and fills in the rest."""

import hashlib
import itertools
import json
import uuid
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from annotation.models import (
    Annotation,
    Assignment,
    ContributorAlias,
    Guideline,
    Membership,
    Organization,
    Project,
    Purpose,
    Queue,
    Role,
    SchemaVersion,
    ServiceClass,
    Stage,
    Task,
    TaskPayload,
)
from workforce.models import Contributor, Earning, Skill, SkillGrant, User

_number = itertools.count(1)

SCHEMA = {
    "language": "manyhands/1",
    "fields": [{"name": "text", "type": "text", "title": {"en": "Text"}}],
    "questions": [
        {
            "name": "tone",
            "type": "choice",
            "title": {"en": "What is the tone?"},
            "on": "text",
            "config": {
                "options": [
                    {"key": "good", "title": {"en": "Good"}},
                    {"key": "bad", "title": {"en": "Bad"}},
                    {"key": "mixed", "title": {"en": "Mixed"}},
                ]
            },
        }
    ],
}


def fresh(row: Any) -> Any:
    """The row with what the database filled in: public id, times, generated columns."""
    row.refresh_from_db()
    return row


def make_user(email: str | None = None, **fields: Any) -> User:
    """A user with a verified address; the password is `password` unless given."""
    email = email or f"person{next(_number)}@example.org"
    user = User.objects.create_user(email, fields.pop("password", "password"), **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return fresh(user)


def make_contributor(**fields: Any) -> Contributor:
    """An active contributor with a user of their own."""
    return fresh(Contributor.objects.create(user=fields.pop("user", None) or make_user(), **fields))


def make_organization(**fields: Any) -> Organization:
    """A customer."""
    number = next(_number)
    return fresh(Organization.objects.create(**{"slug": f"org-{number}", "name": f"Organization {number}", **fields}))


def make_member(organization: Organization, role: str = Role.OWNER, user: User | None = None) -> Membership:
    """A user with a role."""
    return fresh(Membership.objects.create(organization=organization, user=user or make_user(), role=role))


def make_project(
    organization: Organization | None = None, *, schema: dict[str, Any] | None = None, **fields: Any
) -> Project:
    """An open project with schema version 1, guideline 1 and a standard label queue; terms by `price_minor`, `lease_s`, `auto_accept_s`."""
    organization = organization or make_organization()
    lease = {
        "price_minor": fields.pop("price_minor", 5),
        "currency": organization.currency,
        "lease_s": fields.pop("lease_s", 600),
        "auto_accept_s": fields.pop("auto_accept_s", 604_800),
        "schema_version": 1,
        "guideline": 1,
        "payer": f"org:{organization.public_id}",
        "mode": fields.get("mode", "live"),
    }
    quality = {
        "overlap": {"min": 3, "max": 5, "confidence": 0.95},
        "review": {"share": 0.0, "below_confidence": 0.0},
        "gold": {"share": 0.0},
    }
    project = Project.objects.create(
        **{
            "organization": organization,
            "mode": "live",
            "name": f"Project {next(_number)}",
            "terms": {
                "price_minor": lease["price_minor"],
                "review_price_minor": 3,
                "lease_s": lease["lease_s"],
                "auto_accept_s": lease["auto_accept_s"],
            },
            "quality": quality,
            "schema_version": 1,
            "guideline_version": 1,
            "lease_terms": lease,
            **fields,
        }
    )
    SchemaVersion.objects.create(project=project, number=1, major=1, body=schema or SCHEMA, sha256="0" * 64)
    Guideline.objects.create(project=project, number=1, body="Read the text. Choose its tone.")
    make_queue(project)
    return fresh(project)


def make_queue(
    project: Project,
    *,
    stage: str = Stage.LABEL,
    purpose: str = Purpose.WORK,
    requirements: dict[str, Any] | None = None,
) -> Queue:
    """A standard queue of the project."""
    return Queue.objects.create(
        organization_id=project.organization_id,
        project=project,
        stage=stage,
        service_class=ServiceClass.STANDARD,
        purpose=purpose,
        requirements_sha256=str(next(_number)),
        requirements=requirements or {},
    )


def make_tasks(project: Project, count: int = 1, *, payload: dict[str, Any] | None = None, **fields: Any) -> list[Task]:
    """Open tasks in the project's first label queue, three seats each unless `seats` says otherwise."""
    queue = fields.pop("queue", None) or project.queues.filter(stage=Stage.LABEL).order_by("id").first()
    seats = fields.pop("seats", 3)
    tasks = Task.objects.bulk_create(
        Task(
            **{
                "organization_id": project.organization_id,
                "project": project,
                "queue": queue,
                "rank": 1000 + number,
                "seats": seats,
                "seats_max": max(seats, 5),
                "schema_version": 1,
                **fields,
            }
        )
        for number in range(count)
    )
    TaskPayload.objects.bulk_create(
        TaskPayload(task=task, body=payload or {"text": f"Text {number}"}, sha256="0" * 64)
        for number, task in enumerate(tasks)
    )
    return [fresh(task) for task in tasks] if count <= 50 else list(Task.objects.filter(project=project).order_by("id"))


def make_skill(**fields: Any) -> Skill:
    """A skill of the platform."""
    return fresh(Skill.objects.create(**{"name": f"Skill {next(_number)}", **fields}))


def grant_skill(contributor: Contributor, name: str, *, owner_key: str = "platform", value: int = 100) -> SkillGrant:
    """The contributor has the skill."""
    skill, _created = Skill.objects.get_or_create(owner_key=owner_key, name=name)
    return fresh(SkillGrant.objects.create(skill=fresh(skill), contributor=contributor, value=value))


def make_alias(organization: Organization, contributor: Contributor) -> ContributorAlias:
    """The contributor's pseudonym at the organization."""
    return fresh(ContributorAlias.objects.create(organization=organization, contributor=contributor))


def make_answer(
    task: Task,
    contributor: Contributor,
    value: dict[str, Any] | None = None,
    *,
    exit_: str = "",
    round_: int = 1,
    **answer: Any,
) -> Annotation:
    """A submitted answer, or an exit, with its assignment, earning and the task's counters, as `answers.submit` leaves them.

    `round_`: a later one earns nothing by itself.
    """
    task.refresh_from_db()
    terms = {**task.project.lease_terms, "facts_version": 1, "policy_version": 1}
    now = timezone.now()
    seat = fresh(
        Assignment.objects.create(
            organization_id=task.organization_id,
            project_id=task.project_id,
            task=task,
            contributor=contributor,
            stage=Stage.LABEL,
            round=round_,
            status=Assignment.Status.SUBMITTED,
            origin=Assignment.Origin.CLAIM,
            epoch=1,
            leased_at=now,
            leased_until=now,
            lease_cap_at=now,
            ended_at=now,
            terms=terms,
        )
    )
    if not ContributorAlias.objects.filter(organization=task.organization_id, contributor=contributor).exists():
        ContributorAlias.objects.create(organization_id=task.organization_id, contributor=contributor)
    body = {
        "schema_version": 1,
        **({"exit": {"type": exit_, "reason": "other"}} if exit_ else {"value": value}),
        **answer,
    }
    given = Annotation.objects.create(
        organization_id=task.organization_id,
        project_id=task.project_id,
        assignment=seat,
        task=task,
        contributor=contributor,
        revision=task.revision,
        schema_version=1,
        client_key=uuid.uuid4(),
        epoch=1,
        answer=body,
        exit=exit_,
        sha256=hashlib.sha256(json.dumps(body).encode()).hexdigest(),
        judge_by=now + timedelta(seconds=terms["auto_accept_s"]),
    )
    if terms["price_minor"] and round_ == 1:
        Earning.objects.create(
            contributor=contributor,
            source_key=f"assignment:{seat.public_id}",
            payer_key=terms["payer"],
            amount_minor=terms["price_minor"],
            currency=terms["currency"],
        )
    count = 0 if exit_ else 1
    task.answers += count
    task.seats_taken += count
    task.status = Task.Status.DECIDING if task.answers == task.seats else Task.Status.COLLECTING
    task.save(update_fields=["answers", "seats_taken", "status"])
    return fresh(given)


def signed_in(user: User) -> Client:
    """A browser in which the user has signed in."""
    client = Client()
    client.force_login(user)
    UserSession.objects.create(user=user, ip="127.0.0.1", session_key=client.session.session_key)
    return client
