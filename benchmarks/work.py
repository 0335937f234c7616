"""Work to measure with: a project, any number of tasks by one statement, and people who are signed in."""

from collections.abc import Sequence
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils.crypto import get_random_string

from annotation.domain.customers import issue_key
from annotation.domain.queues import opened, queue_for
from annotation.models import Guideline, Organization, Project, SchemaVersion, ServiceClass
from workforce.domain.actor import SYSTEM
from workforce.domain.onboarding import admit
from workforce.models import User

SCHEMA = {
    "language": "manyhands/1",
    "fields": [{"name": "text", "type": "text", "title": {"en": "Text"}}],
    "questions": [
        {
            "name": "tone",
            "type": "choice",
            "title": {"en": "What is the tone?"},
            "on": "text",
            "config": {"options": [{"key": key, "title": {"en": key.title()}} for key in ("good", "bad", "mixed")]},
        }
    ],
}
FILL = """
WITH made AS (
    INSERT INTO task (organization_id, project_id, queue_id, status, stage, purpose, priority, rank, seats, seats_max, seats_taken, answers,
                      recycled, schema_version, revision, failure)
    SELECT %s, %s, %s, 'open', 'label', 'work', 20, 1000 + n, 3, 5, 0, 0, false, 1, 0, '' FROM generate_series(%s, %s) n RETURNING id
)
INSERT INTO task_payload (task_id, body, sha256, tags, metadata)
SELECT id, jsonb_build_object('text', 'Review ' || id || ': the screen is bright and the battery lasts two days, but the lid creaks.'),
       '', '{}', '{}' FROM made
"""
COMPLETE = "UPDATE task SET status = 'completed', revision = 1, completed_at = now() WHERE project_id = %s"
SETTLE = """
INSERT INTO result (organization_id, project_id, task_id, revision, answers, provenance, confidence)
SELECT organization_id, project_id, id, 1,
       '{"tone": {"value": "good", "confidence": 0.97, "method": "one_coin", "n": 3, "status": "settled"}}',
       jsonb_build_object('schema_version', 1, 'guideline_version', 1, 'reviews', '[]'::jsonb,
           'annotations', ARRAY['ann_01m83vn7kme4ma4jz41b93y214', 'ann_01m83vn7kme4ma4jz41b93y215', 'ann_01m83vn7kme4ma4jz41b93y216'],
           'contributors', ARRAY['ctr_01m83vn7kme4ma4jz41b93y217', 'ctr_01m83vn7kme4ma4jz41b93y218', 'ctr_01m83vn7kme4ma4jz41b93y219']),
       0.97 FROM task WHERE project_id = %s ORDER BY id
"""
PAGE = 100_000


def project(name: str, tasks: int) -> Project:
    """An open project with a single-choice question, three answers wanted of each of so many tasks."""
    organization, _ = Organization.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
    organization.refresh_from_db()
    terms = {"price_minor": 5, "currency": "EUR", "lease_s": 600, "schema_version": 1, "guideline": 1, "mode": "live",
             "payer": f"org:{organization.public_id}"}  # fmt: skip
    quality = {"overlap": {"min": 3, "max": 5, "confidence": 0.95}, "review": {"share": 0.0}, "gold": {"share": 0.0}}
    row = Project.objects.create(
        organization=organization, mode="live", name=name, schema_version=1, guideline_version=1, lease_terms=terms,
        terms={"price_minor": 5, "review_price_minor": 3, "lease_s": 600, "auto_accept_s": 604_800}, quality=quality,
    )  # fmt: skip
    SchemaVersion.objects.create(project=row, number=1, major=1, body=SCHEMA, sha256="0" * 64)
    Guideline.objects.create(project=row, number=1, body="Read the text. Choose its tone.")
    queue = queue_for(project=row, service_class=ServiceClass.STANDARD)
    for start in range(0, tasks, PAGE):
        last = min(start + PAGE, tasks) - 1
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute(FILL, [organization.pk, row.pk, queue.pk, start, last])
    opened(queue_id=queue.pk, lowest_rank=1000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE task, task_payload, assignment, annotation, event, queue_cursor, earning")
    row.refresh_from_db()
    return row


def settle(row: Project) -> None:
    """All tasks of a project completed, each with a result of three answers: by two statements, without the answers themselves."""
    with connection.cursor() as cursor:
        cursor.execute(COMPLETE, [row.pk])
        cursor.execute(SETTLE, [row.pk])
        cursor.execute("VACUUM ANALYZE task, result")


def api_key(row: Project) -> str:
    """A key for all of the API."""
    return issue_key(organization=row.organization, mode="live", name="bench", scopes=["full"], by=SYSTEM)[1]


def count(statement: str, values: Sequence[int]) -> int:
    """The one number that a statement selects."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])


def people(wanted: int) -> list[dict[str, str]]:
    """Cookies of so many new contributors, as signing in leaves them."""
    return [person.cookies for person in crew(wanted)]


@dataclass(frozen=True, slots=True)
class Person:
    """A contributor (key) with the cookies of their browser."""

    contributor_id: int
    cookies: dict[str, str]


def crew(wanted: int) -> list[Person]:
    """So many new contributors, signed in."""
    return [_signed_in(f"bench-{get_random_string(8)}@example.org") for _ in range(wanted)]


def _signed_in(email: str) -> Person:
    user = User.objects.create_user(email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    contributor = admit(user=user, by=SYSTEM)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    UserSession.objects.create(user=user, ip="127.0.0.1", session_key=session.session_key)
    cookies = {settings.SESSION_COOKIE_NAME: session.session_key, settings.CSRF_COOKIE_NAME: get_random_string(32)}
    return Person(contributor.pk, {name: str(value) for name, value in cookies.items()})
