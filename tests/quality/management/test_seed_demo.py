"""The demo's people, projects and history; a second run changes nothing."""

import json

import pytest
from django.core.management import call_command
from django.db import connection

from annotation.models import Event, Membership, Project, Task
from annotation.queries.schemas import compiled
from quality.domain import invariants
from quality.management.demo import people, projects
from quality.models import GoldItem, Review
from tests.factories import make_project
from workforce.models import Earning, User

pytestmark = pytest.mark.django_db
TABLES = (User, Membership, Project, Task, Event, GoldItem, Review, Earning)


@pytest.fixture
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.usefixtures("_media")
def test_seed_twice(tmp_path):
    note = tmp_path / "seed.json"
    call_command("seed_demo", json=note)
    rows = [table.objects.count() for table in TABLES]

    written = json.loads(note.read_text())
    assert {login["role"] for login in written["logins"]} == {"owner", "admin", "manager", "reviewer", "contributor"}
    assert set(written["projects"]) == {plan.kind for plan in projects.PLANS}
    assert User.objects.get(email="owner@demo.example").check_password(people.PASSWORD)
    for project in Project.objects.all():
        states = set(Task.objects.filter(project=project, purpose="work").values_list("status", flat=True))
        assert {"open", "completed"} <= states, project.name
    assert Task.objects.filter(status="collecting").exists()
    planted = set(GoldItem.objects.values_list("project__name", flat=True))
    assert planted == {plan.name for plan in projects.PLANS if plan.gold}
    assert all(map(answered, ("segments", "tool_calls", "records")))
    assert disputed("records")  # of the others it is for the crowd to say: most of its answers are right
    assert Review.objects.filter(status="requested").exists()
    assert Review.objects.filter(decision="return").exists()
    assert Earning.objects.filter(status="available").exists()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert [each.code for each in invariants.ALL if invariants.check(each).violations] == []

    call_command("seed_demo", json=note)
    assert [table.objects.count() for table in TABLES] == rows
    assert json.loads(note.read_text()) == written

    project = Project.objects.get(name="Better reply")
    open_before = Task.objects.filter(project=project).count()
    Task.objects.filter(project=project).update(status="canceled")
    projects.refill(project)
    projects.refill(project)
    assert Task.objects.filter(project=project).count() == open_before + 60


def asking(kind: str) -> list[int]:
    """The projects (keys) whose first question is of this type."""
    schemas = {project.pk: compiled(project.pk, project.schema_version) for project in Project.objects.all()}
    return [key for key, schema in schemas.items() if schema.questions[0].type == kind]


def answered(kind: str) -> bool:
    return Task.objects.filter(project__in=asking(kind), status="completed", annotations__isnull=False).exists()


def disputed(kind: str) -> bool:
    """Whether the answers differ to some task in review that has a question of this type: the desk has something to show."""
    waiting = Task.objects.filter(status="in_review", project__in=asking(kind)).prefetch_related("annotations")
    return any(len({row.sha256 for row in task.annotations.all()}) > 1 for task in waiting)


def test_projects_that_people_made_are_not_refilled():
    project = make_project()
    projects.refill(project)
    assert not Task.objects.filter(project=project).exists()
