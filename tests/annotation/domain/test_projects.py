"""Projects: every exit of every act, what a lease freezes, and who may work afterwards."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from annotation.domain import leases, project_settings, projects
from annotation.domain.projects import Changes
from annotation.models import Assignment, Event, Project, Queue, Task
from annotation.questions import presets
from tests.factories import (
    SCHEMA,
    make_contributor,
    make_member,
    make_organization,
    make_project,
    make_tasks,
)
from workforce.domain.actor import SYSTEM, Actor

pytestmark = pytest.mark.django_db

BY = Actor("member", "mem_x")


def types() -> list[str]:
    return list(Event.objects.order_by("id").values_list("type", flat=True))


def schema(**tone):
    question = {**SCHEMA["questions"][0], **tone}
    return {**SCHEMA, "questions": [question]}


def new(organization=None, **fields):
    fields = {"mode": "live", "name": "Tones", "schema": SCHEMA, "by": BY, **fields}
    return projects.create(organization=organization or make_organization(), **fields)


def test_create_from_a_schema_fills_in_the_house_defaults():
    organization = make_organization(currency="EUR")
    project = new(organization, guideline="Read.", description=" short ")
    project.refresh_from_db()
    assert project.status == Project.Status.OPEN
    assert project.public_id.startswith("prj_")
    assert project.description == "short"
    assert project.quality["overlap"] == {"min": 3, "max": 5}
    assert project.lease_terms == {
        "price_minor": 5,
        "currency": "EUR",
        "lease_s": 600,
        "auto_accept_s": 604_800,
        "schema_version": 1,
        "guideline": 1,
        "payer": f"org:{organization.public_id}",
        "mode": "live",
    }
    assert project.schemas.get().body == SCHEMA
    assert project.guidelines.get().body == "Read."
    assert types() == ["project.created"]


def test_create_from_a_preset_takes_its_price_lease_and_redundancy():
    project = new(preset="critique_edit", schema=None)
    assert project.preset == "critique_edit"
    assert project.terms["price_minor"] == 200  # eight minutes at 15.00 an hour
    assert project.terms["lease_s"] == 4800
    assert project.quality["overlap"]["max"] == 1
    assert project.quality["review"]["share"] == 1.0
    assert project.schemas.get().body == presets.load("critique_edit").schema


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_makes_a_project(name):
    assert new(preset=name, schema=None).schema_version == 1


def test_create_lays_given_settings_over_the_preset():
    project = new(preset="ner", schema=None, terms={"price_minor": 9}, quality={"overlap": {"min": 2}})
    assert project.terms["price_minor"] == 9
    assert project.terms["lease_s"] == 600
    assert project.quality["overlap"] == {"min": 2, "max": 5}


def test_create_lists_the_creator_and_the_named_members():
    organization = make_organization()
    manager, member = make_member(organization, "manager"), make_member(organization, "member")
    project = new(organization, created_by=manager.user, members=[member])
    assert set(project.members.all()) == {manager, member}


def test_create_refuses_a_taken_name_in_the_same_mode_only():
    organization = make_organization()
    new(organization)
    with pytest.raises(projects.NameTaken) as refused:
        new(organization)
    assert refused.value.code == "name_taken"
    assert refused.value.remedy
    new(organization, mode="test")


def test_create_refuses_an_unknown_preset():
    with pytest.raises(projects.UnknownPreset):
        new(preset="telepathy")


def test_create_refuses_a_bad_schema_with_its_places():
    with pytest.raises(project_settings.SchemaInvalid) as refused:
        new(schema=schema(on="nowhere"))
    assert refused.value.code == "schema_invalid"
    assert [each.path for each in refused.value.problems] == ["/questions/0/on"]
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"name": "  "}, "/name"),
        ({"name": "x" * 201}, "/name"),
        ({"description": "x" * 1001}, "/description"),
        ({"workforce": "robots"}, "/workforce"),
        ({"guideline": "x" * 200_001}, "/guideline"),
        ({"terms": {"price_minor": -1}}, "/terms/price_minor"),
        ({"terms": {"lease_s": 5}}, "/terms/lease_s"),
        ({"terms": {"colour": 5}}, "/terms/colour"),
        ({"quality": {"overlap": {"min": 4, "max": 2}}}, "/quality/overlap"),
        ({"quality": {"gold": {"share": 2}}}, "/quality/gold/share"),
        ({"quality": {"aggregate": "dice"}}, "/quality/aggregate"),
        ({"requirements": {"skills": [{"skill": "nursing"}]}}, "/requirements/skills/0/skill"),
        ({"requirements": {"languages": [{"tag": "de", "level": 9}]}}, "/requirements/languages/0/level"),
    ],
)
def test_create_refuses_impossible_settings_at_their_place(fields, path):
    with pytest.raises(project_settings.Invalid) as refused:
        new(**fields)
    assert [each.path for each in refused.value.problems] == [path]


def test_configure_changes_what_is_given_and_rewrites_the_lease_terms():
    project = make_project()
    after = projects.configure(project=project, changes=Changes(terms={"price_minor": 8}), by=BY)
    after.refresh_from_db()
    assert after.terms["price_minor"] == 8
    assert after.terms["lease_s"] == 600
    assert after.lease_terms["price_minor"] == 8
    assert (after.policy_version, after.version) == (2, 2)
    assert types() == ["project.updated"]


def test_configure_with_nothing_new_changes_nothing():
    project = make_project()
    after = projects.configure(project=project, changes=Changes(name=project.name), by=BY)
    assert after.version == 1
    assert types() == []


def test_configure_asks_waiting_tasks_for_the_new_requirements():
    project = new()
    queue = projects.queues.queue_for(project=project, service_class="standard")
    wanted = {"languages": [{"tag": "de", "level": 3}]}
    projects.configure(project=project, changes=Changes(requirements=wanted), by=BY)
    queue.refresh_from_db()
    assert queue.requirements == {**wanted, "skills": [], "countries": [], "sensitive": [], "apart": []}


def test_configure_gives_the_tasks_to_a_queue_that_asks_for_the_same():
    project = new()
    wanted = {"skills": [], "languages": [{"tag": "de", "level": 3}], "countries": [], "sensitive": [], "apart": []}
    old = projects.queues.queue_for(project=project, service_class="standard")
    same = projects.queues.queue_for(project=project, service_class="standard", requirements=wanted)
    (task,) = make_tasks(project, queue=old)
    projects.configure(project=project, changes=Changes(requirements=wanted), by=BY)
    task.refresh_from_db()
    assert task.queue_id == same.pk
    assert Queue.objects.get(pk=same.pk).changes == 1


def test_configure_refuses_a_taken_name():
    first = make_project()
    second = make_project(first.organization)
    with pytest.raises(projects.NameTaken):
        projects.configure(project=second, changes=Changes(name=first.name), by=BY)


def test_configure_refuses_an_old_version():
    project = make_project()
    projects.configure(project=project, changes=Changes(name="A"), by=BY, version=1)
    with pytest.raises(projects.VersionMismatch):
        projects.configure(project=project, changes=Changes(name="B"), by=BY, version=1)


def test_configure_refuses_bad_settings():
    with pytest.raises(project_settings.Invalid):
        projects.configure(project=make_project(), changes=Changes(terms={"lease_s": 1}), by=BY)


@pytest.mark.parametrize(
    ("quality", "path", "code"),
    [
        ({"aggregate": "wishful"}, "/quality/aggregate", "type"),
        ({"aggregate_for": {"tone": "wishful"}}, "/quality/aggregate_for/tone", "type"),
        ({"aggregate_for": {"other": "mace"}}, "/quality/aggregate_for/other", "unknown_question"),
        ({"aggregate_for": "mace"}, "/quality/aggregate_for", "type"),
    ],
)
def test_estimators_that_nobody_can_choose(quality, path, code):
    project = make_project()
    with pytest.raises(project_settings.Invalid) as refused:
        projects.configure(project=project, changes=Changes(quality=quality), by=BY)
    assert [(each.path, each.code) for each in refused.value.problems] == [(path, code)]


def test_an_estimator_for_one_question_is_laid_over_and_taken_away():
    project = projects.configure(
        project=make_project(), changes=Changes(quality={"aggregate_for": {"tone": "mace"}}), by=BY
    )
    assert project.quality["aggregate_for"] == {"tone": "mace"}
    project = projects.configure(project=project, changes=Changes(quality={"aggregate_for": {"tone": None}}), by=BY)
    assert project.quality["aggregate_for"] == {}


def test_an_archived_project_cannot_be_changed():
    project = make_project(status="archived")
    for act in (
        lambda: projects.configure(project=project, changes=Changes(name="A"), by=BY),
        lambda: projects.publish_schema(project=project, schema=SCHEMA, by=BY),
        lambda: projects.publish_guideline(project=project, body="x", by=BY),
        lambda: projects.pause(project=project, by=BY),
        lambda: projects.resume(project=project, by=BY),
    ):
        with pytest.raises(projects.WrongState) as refused:
            act()
        assert refused.value.params == {"state": "archived"}


def test_publish_schema_keeps_the_major_when_old_answers_still_mean_the_same():
    project = new()
    scv = projects.publish_schema(project=project, schema=schema(title={"en": "Which tone?"}), by=BY)
    project.refresh_from_db()
    assert (scv.number, scv.major) == (2, 1)
    assert project.schema_version == project.lease_terms["schema_version"] == 2
    assert project.policy_version == 2
    assert types() == ["project.created", "schema.published"]


def test_publish_schema_moves_the_major_when_an_option_is_gone():
    project = new()
    options = SCHEMA["questions"][0]["config"]["options"][:2]
    scv = projects.publish_schema(project=project, schema=schema(config={"options": options}), by=BY)
    assert (scv.number, scv.major) == (2, 2)


def test_publish_schema_gives_the_present_version_for_the_same_document():
    project = new()
    assert projects.publish_schema(project=project, schema=SCHEMA, by=BY).number == 1
    assert types() == ["project.created"]


def test_publish_schema_refuses_a_bad_document():
    with pytest.raises(project_settings.SchemaInvalid):
        projects.publish_schema(project=new(), schema={"language": "manyhands/1"}, by=BY)


def test_publish_guideline_that_must_be_read():
    project = make_project()
    guideline = projects.publish_guideline(project=project, body="New.\r\nRules", by=BY, breaking=True, note="Rule 2")
    project.refresh_from_db()
    assert (guideline.number, guideline.change, guideline.body) == (2, "breaking", "New.\nRules")
    assert project.lease_terms["guideline"] == 2
    assert project.policy_version == 2
    assert types() == ["guideline.published"]


def test_publish_guideline_refuses_a_book():
    with pytest.raises(project_settings.Invalid):
        projects.publish_guideline(project=make_project(), body="x" * 200_001, by=BY)


def offer(task: Task, contributor) -> None:
    Assignment.objects.create(
        organization_id=task.organization_id,
        project_id=task.project_id,
        task=task,
        contributor=contributor,
        stage="label",
        status="offered",
        origin="offer",
        offered_until=timezone.now() + timedelta(seconds=90),
    )
    Task.objects.filter(pk=task.pk).update(seats_taken=1)


def test_pause_withdraws_offers_and_stops_claims_but_not_leases():
    project = make_project()
    first, second = make_tasks(project, 2)
    worker, waiting = make_contributor(), make_contributor()
    held = leases.take(project_id=project.pk, contributor_id=worker.pk, by=SYSTEM)
    other = second if held.task == first.public_id else first
    offer(other, waiting)
    projects.pause(project=project, by=BY, reason="holiday")
    other.refresh_from_db()
    assert other.seats_taken == 0
    assert Assignment.objects.get().status == "leased"
    with pytest.raises(leases.NothingToLabel):
        leases.take(project_id=project.pk, contributor_id=waiting.pk, by=SYSTEM)
    assert types()[-1] == "project.paused"


def test_pause_withdraws_more_offers_than_one_statement_takes():
    project = make_project()
    tasks = make_tasks(project, 201)
    contributor = make_contributor()
    for task in tasks:
        offer(task, contributor)
    projects.pause(project=project, by=BY)
    assert not Assignment.objects.exists()


def test_pause_again_changes_nothing():
    project = make_project(status="paused")
    assert projects.pause(project=project, by=BY).version == 1
    assert types() == []


def test_resume_lets_those_in_who_were_refused_while_it_was_paused():
    project = make_project()
    make_tasks(project)
    contributor = make_contributor()
    projects.pause(project=project, by=BY)
    with pytest.raises(leases.NothingToLabel):
        leases.take(project_id=project.pk, contributor_id=contributor.pk, by=SYSTEM)
    projects.resume(project=project, by=BY)
    assert leases.take(project_id=project.pk, contributor_id=contributor.pk, by=SYSTEM).task
    assert "project.resumed" in types()


def test_resume_again_changes_nothing():
    assert projects.resume(project=make_project(), by=BY).version == 1


def test_archive_waits_for_the_work_to_be_done():
    project = make_project()
    make_tasks(project, 2)
    with pytest.raises(projects.WrongState) as refused:
        projects.archive(project=project, by=BY)
    assert refused.value.message == "2 tasks are not finished."
    Task.objects.update(status="completed")
    assert projects.archive(project=project, by=BY).status == "archived"
    assert types() == ["project.archived"]


def test_archive_does_not_wait_for_gold():
    project = make_project()
    make_tasks(project, purpose="gold")
    assert projects.archive(project=project, by=BY).status == "archived"


def test_archive_again_changes_nothing():
    project = make_project(status="archived")
    assert projects.archive(project=project, by=BY).version == 1


def test_events_of_one_project_are_numbered_without_gaps():
    project = new()
    projects.pause(project=project, by=BY)
    projects.resume(project=project, by=BY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(subject_seq ORDER BY id) FROM event WHERE subject = %s", [project.public_id])
        assert cursor.fetchone() == ([1, 2, 3],)
