"""Tasks come in: every exit of `add`, and two senders at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotation.domain import batches, intake
from annotation.domain.tasks import WrongState
from annotation.models import Event, File, Project, Queue, Task, TaskKey
from annotation.scheduling.rank import EPOCH
from tests.factories import fresh, grant_skill, make_contributor, make_project
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db

IMAGE_SCHEMA = {
    "language": "manyhands/1",
    "fields": [{"name": "picture", "type": "image"}],
    "questions": [{"name": "what", "type": "text", "title": {"en": "What is it?"}}],
}


def row(text: str = "Late again.", **options: Any) -> dict[str, Any]:
    return {"payload": {"text": text}, **options}


def add(project: Project, *inputs: Any, **options: Any) -> list[intake.Added]:
    return intake.add(project=project, inputs=inputs, by=SYSTEM, **options)


def test_tasks_are_stored_open_with_payload_event_and_seats_of_the_project() -> None:
    project = make_project()
    (added,) = add(project, row('Quoted "text"\twith\\ marks\n', unique_id="r-1"))
    task = Task.objects.select_related("payload", "key", "queue").get(public_id=added.task)
    event = Event.objects.get(subject=added.task)
    assert (added.status, added.unique_id, task.key.unique_id) == ("created", "r-1", "r-1")
    assert (task.status, task.stage, task.seats, task.seats_max, task.claimable) == ("open", "label", 3, 5, True)
    assert task.payload.body == {"text": 'Quoted "text"\twith\\ marks\n'}
    assert (event.type, event.subject_seq, event.project_id) == ("task.created", 1, project.pk)
    assert event.data == {"task": task.public_id, "project": project.public_id, "unique_id": "r-1", "status": "open"}


def test_options_choose_place_seats_tags_and_rank() -> None:
    project, now = make_project(), timezone.now()
    options = {
        "priority": 100,
        "service_class": "urgent",
        "quality": {"overlap": {"min": 2, "max": 4}},
        "tags": ["a\tb", 'c"d\\e'],
        "metadata": {"from": "x\\y"},
    }
    (added,) = add(project, row(**options))
    task = Task.objects.select_related("payload", "queue").get(public_id=added.task)
    assert (task.priority, task.queue.service_class, task.seats, task.seats_max) == (100, "urgent", 2, 4)
    assert (task.payload.tags, task.payload.metadata) == (["a\tb", 'c"d\\e'], {"from": "x\\y"})
    assert abs(task.rank - (now.timestamp() + 360 - EPOCH.timestamp())) < 5


def test_a_deadline_ranks_before_the_age() -> None:
    project = make_project()
    soon, late = add(project, row(deadline="2021-01-01T00:00:00Z"), row())
    ranks = dict(Task.objects.values_list("public_id", "rank"))
    assert ranks[soon.task] < ranks[late.task]


def test_requirements_of_a_task_wait_in_a_queue_of_their_own() -> None:
    project = make_project(requirements={"languages": [{"tag": "en"}]})
    skill = grant_skill(make_contributor(), "medicine").skill
    wanted = {"skills": [{"skill": skill.public_id, "value": 50}]}
    added = add(project, row("a"), row("b", requirements=wanted), row("c", requirements=wanted))
    queues = [Task.objects.get(public_id=each.task).queue_id for each in added]
    queue = Queue.objects.get(pk=queues[1])
    assert queues[1] == queues[2] != queues[0]
    assert queue.requirements == {"languages": [{"tag": "en"}], "skills": wanted["skills"]}


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        (7, "", "type"),
        ({}, "/payload", "type"),
        ({"payload": {}}, "/payload/text", "required"),
        ({"payload": {"text": 7}}, "/payload/text", "type"),
        ({"payload": {"text": "a", "more": 1}}, "/payload/more", "unknown_field"),
        ({"payload": {"text": "a\x00"}}, "/payload/text", "bad_character"),
        (row(unique_id=""), "/unique_id", "type"),
        (row(unique_id="\ud800"), "/unique_id", "type"),
        (row(colour="red"), "/colour", "unknown_member"),
        (row(**{"\ud800": 1}), "", "unknown_member"),
        (row(priority=101), "/priority", "out_of_range"),
        (row(priority=True), "/priority", "out_of_range"),
        (row(service_class="fast"), "/service_class", "unknown_option"),
        (row(deadline="tomorrow"), "/deadline", "type"),
        (row(deadline="2026-13-01T00:00:00Z"), "/deadline", "type"),
        (row(quality={"gold": {}}), "/quality", "unknown_member"),
        (row(quality={"overlap": {"min": 4, "max": 2}}), "/quality/overlap", "out_of_range"),
        (row(requirements={"age": 3}), "/requirements", "type"),
        (row(requirements={"skills": ["x"]}), "/requirements/skills", "type"),
        (row(requirements={"skills": [{"skill": "skl_nobody"}]}), "/requirements/skills", "not_found"),
        (row(batch=7), "/batch", "type"),
        (row(batch="bat_nobody"), "/batch", "not_found"),
        (row(tags="a"), "/tags", "type"),
        (row(metadata={"a": "x" * 20_000}), "/metadata", "type"),
    ],
)
def test_a_row_that_does_not_fit_stops_only_itself(given: Any, pointer: str, code: str) -> None:
    project = make_project()
    bad, good = add(project, given, row("good"))
    assert (bad.status, good.status) == ("invalid", "created")
    assert bad.error is not None
    assert [(each["pointer"], each["code"]) for each in bad.error["errors"]] == [(pointer, code)]


def test_the_same_input_again_is_the_same_task() -> None:
    project = make_project()
    first, twin = add(project, row(unique_id="r-1"), row(unique_id="r-1"))
    (again,) = add(project, row(unique_id="r-1"))
    assert (first.status, twin.status, again.status) == ("created", "existing", "existing")
    assert first.task == twin.task == again.task
    assert Task.objects.count() == Event.objects.count() == 1


def test_another_input_with_the_same_unique_id_is_refused_over_all_projects() -> None:
    project = make_project()
    (first,) = add(project, row(unique_id="r-1"))
    (other,) = add(make_project(project.organization), row("other", unique_id="r-1"))
    assert (other.status, other.error) == ("conflict", {"code": "unique_id_taken", "existing": first.task})
    assert add(make_project(), row("other", unique_id="r-1"))[0].status == "created"
    assert add(make_project(project.organization, mode="test"), row(unique_id="r-1"))[0].status == "created"


def test_add_one_says_no_by_refusals() -> None:
    project = make_project()
    intake.add_one(project=project, given=row(unique_id="r-1"), by=SYSTEM)
    with pytest.raises(intake.UniqueIdTaken):
        intake.add_one(project=project, given=row("other", unique_id="r-1"), by=SYSTEM)
    with pytest.raises(intake.InvalidTask):
        intake.add_one(project=project, given={}, by=SYSTEM)


def test_an_archived_project_and_a_canceled_batch_take_nothing() -> None:
    project = make_project()
    batch = batches.create(project=project, name="b", by=SYSTEM)
    batches.cancel(batch=batch, by=SYSTEM)
    with pytest.raises(WrongState):
        add(project, row(), batch=batch)
    with pytest.raises(WrongState):
        add(make_project(status="archived"), row())


def test_a_completed_batch_is_in_progress_again() -> None:
    project = make_project()
    batch = batches.create(project=project, name="b", by=SYSTEM, priority=70, deadline=timezone.now(), best_effort=True)
    type(batch).objects.update(status="completed")
    (added,) = add(project, row(batch=batch.public_id))
    task = Task.objects.get(public_id=added.task)
    assert fresh(batch).status == "in_progress"
    assert (task.batch_id, task.priority, task.deadline) == (batch.pk, 70, batch.deadline)


def test_pictures_come_from_the_media_store_with_their_sizes() -> None:
    project = make_project(schema=IMAGE_SCHEMA)
    file = fresh(
        File.objects.create(
            organization=project.organization,
            name="a.png",
            sha256="ab" * 32,
            bytes=1,
            mime="image/png",
            width=4,
            height=3,
        )
    )
    here, away = add(project, {"payload": {"picture": file.public_id}}, {"payload": {"picture": "https://x.org/a.png"}})
    body = Task.objects.get(public_id=here.task).payload.body
    assert body == {"picture": {"src": file.public_id, "width": 4, "height": 3, "sha256": "ab" * 32}}
    assert away.error is not None
    assert away.error["errors"][0]["code"] == "unknown_file"


def test_opened_tasks_move_the_queue() -> None:
    project = make_project()
    add(project, row())
    queue = Task.objects.get().queue
    changes = queue.changes
    add(project, row(), row("b"))
    assert fresh(queue).changes == changes + 1


def test_the_number_of_statements_is_that_of_one() -> None:
    project = make_project()
    add(project, row())
    counts = []
    for number in (1, 30):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            add(project, *(row(str(n), unique_id=f"{number}-{n}") for n in range(number)))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_eight_senders_at_once_make_one_task_each() -> None:
    project = make_project()
    inputs = [row(f"{n}", unique_id=f"r-{n}") for n in range(50)]

    def send(turn: int) -> list[intake.Added]:
        try:
            return add(project, *(inputs if turn % 2 else reversed(inputs)))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        sent = [each for batch in pool.map(send, range(8)) for each in batch]
    tasks = {(each.unique_id, each.task) for each in sent}
    assert len(tasks) == Task.objects.count() == TaskKey.objects.count() == 50
    assert Event.objects.filter(type="task.created").count() == 50
    assert sum(each.status == "created" for each in sent) == 50
