"""Simulated people against a real server: they finish a project, and the command says how it ended."""

import json
from threading import Event as Flag
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from annotation.domain import intake, projects
from annotation.models import Annotation, Result, Task
from quality.domain import pipeline
from quality.management.crowd import accounts
from tests.factories import make_organization, make_project, make_tasks
from workforce.domain import skills
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor

TASKS = 6


@pytest.fixture
def _judge(transactional_db):
    """What the worker does: judge now and then."""
    over = Flag()

    def run():
        while not over.wait(0.2):
            pipeline.redrive()
        connections["default"].close()

    thread = Thread(target=run)
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.mark.usefixtures("_judge")
def test_people_finish_a_project(live_server, tmp_path, capsys):
    project = projects.create(
        organization=make_organization(),
        mode="live",
        name="Reviews",
        by=SYSTEM,
        preset="classify",
        quality={"review": {"share": 0.5}},
        requirements={"languages": [{"tag": "en", "level": 3}]},
        workforce="team",
    )
    intake.add(project=project, inputs=[{"payload": {"text": f"Text {n}"}} for n in range(TASKS)], by=SYSTEM)
    record = tmp_path / "acknowledged.jsonl"

    call_command(
        "simulate",
        *("--project", project.public_id, "--contributors", "2", "--until-complete", "--timeout", "120"),
        *("--address", live_server.url, "--acknowledged", str(record), "--seed", "1"),
    )

    assert set(Task.objects.values_list("status", flat=True)) == {"completed"}
    assert Result.objects.count() == TASKS
    noted = {line["assignment"]: line["sha256"] for line in map(json.loads, record.read_text().splitlines())}
    stored = {row.assignment.public_id: row.sha256 for row in Annotation.objects.select_related("assignment")}
    assert noted == stored
    assert f"{TASKS} of {TASKS} done" in capsys.readouterr().out


@pytest.mark.django_db
def test_no_such_project_ends_with_2():
    with pytest.raises(CommandError) as refused:
        call_command("simulate", "--project", "prj_nothing")
    assert refused.value.returncode == 2


@pytest.mark.usefixtures("transactional_db")
def test_running_out_of_time_ends_with_1(live_server):
    project = make_project()
    make_tasks(project)
    with pytest.raises(CommandError) as late:
        call_command(
            "simulate",
            *("--project", project.public_id, "--contributors", "0", "--until-complete", "--timeout", "0.5"),
            *("--address", live_server.url),
        )
    assert late.value.returncode == 1


@pytest.mark.django_db
def test_people_are_given_what_the_project_asks_for():
    wanted = skills.named(name="chemistry")
    wanted.refresh_from_db()
    project = make_project(
        requirements={"skills": [{"skill": wanted.public_id, "value": 70}], "languages": [{"tag": "de", "level": 4}]}
    )
    emails = accounts.enlist(kind="labeler", numbers=[1, 2], projects=[project])
    assert accounts.enlist(kind="labeler", numbers=[1, 2], projects=[project]) == emails
    people = Contributor.objects.filter(user__email__in=emails)
    assert people.count() == 2
    for person in people:
        assert dict(person.languages.values_list("tag", "level")) == {"de": 5}
        assert list(person.grants.values_list("skill__name", "value")) == [("chemistry", 100)]
