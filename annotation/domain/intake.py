"""Intake: tasks come in, many at a time, each once per client key. The number of statements does not depend on the number of tasks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotation.domain import admission, batches, events, pace
from annotation.domain.copying import NULL, array_column, copy_in, json_column, text_column
from annotation.domain.inputs import NO_OPTIONS, Input, Options, Wrong, check, sha256, wrong
from annotation.domain.queues import opened, queue_for
from annotation.domain.tasks import WrongState
from annotation.models import Batch, File, Project, Queue
from annotation.queries.schemas import compiled
from annotation.questions.schema import Schema, canonical
from annotation.scheduling.rank import virtual_due
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal
from workforce.models import Skill
from workforce.models.public_id import encode, new_ids, new_keys


class InvalidTask(Refusal):
    """A single task does not fit its project's schema; `errors` [{pointer, code, detail}]."""

    code = "validation_failed"
    message = _("The task does not fit the project's schema.")
    remedy = _("Look at the marked places.")


class UniqueIdTaken(Refusal):
    """Another input has this unique_id; `existing`: the task that holds it."""

    code = "unique_id_taken"
    message = _("Another task has this unique_id.")
    remedy = _("Use another unique_id, or send the very same task.")


class Added(NamedTuple):
    """What became of a row: `created`, `existing` (same unique_id and input), `invalid` or `conflict`.

    `error`: {code, errors [{pointer, code, detail}]} or {code, existing: the task that has the unique_id}.
    """

    row: int
    status: str
    task: str
    unique_id: str
    error: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where tasks with the same options wait; `columns`: what their rows have in common. The batch, if any, is locked."""

    queue_id: int
    rank: int
    columns: str
    batch: Batch | None
    seats_max: int


class Ready(NamedTuple):
    """A row with its place and its ids: `id` and `key` as PostgreSQL reads them, `task` as the outside does."""

    input: Input
    place: Place
    id: str
    key: str
    task: str
    waits_for: str = ""  # empty: open for work


def add_one(*, project: Project, given: Any, by: Actor, batch: Batch | None = None) -> Added:
    """One task. Raises InvalidTask, UniqueIdTaken, WrongState."""
    (added,) = add(project=project, inputs=[given], by=by, batch=batch)
    if added.status == "invalid":
        raise InvalidTask(errors=(added.error or {})["errors"])
    if added.status == "conflict":
        raise UniqueIdTaken(existing=added.task)
    return added


@transaction.atomic
def add(
    *, project: Project, inputs: Sequence[Any], by: Actor, batch: Batch | None = None, first_row: int = 0
) -> list[Added]:
    """Store the tasks `inputs` (TaskInput of the API), open for work at once as far as budget and quotas go; what became of each.

    A row that does not fit stops nothing but itself. A unique index decides which of two equal inputs is first. Raises WrongState if the
    project is archived or the batch canceled, QuotaExceeded.
    """
    if project.status == Project.Status.ARCHIVED:
        raise WrongState(state=project.status)
    schema = compiled(project.pk, project.schema_version)
    rows = [check(schema, given, row) for row, given in enumerate(inputs, first_row)]
    _fill_in_media(project, schema, rows)
    placed = _places(project, [row for row in rows if not row.wrong], batch, by)
    ready = _with_ids(placed)
    created = _admitted(project, _won(project, ready), by)
    _store(project, created, by)
    for queue_id, rank in sorted(_lowest_ranks(created).items()):
        opened(queue_id=queue_id, lowest_rank=rank)
    return _outcomes(project, rows, ready, created)


def try_out(*, project: Project, inputs: Sequence[Any], by: Actor, first_row: int = 0) -> list[Added]:
    """What would become of the rows; nothing is kept. The same way as `add`, so that it cannot say anything else. Raises WrongState."""
    with transaction.atomic():
        added = add(project=project, inputs=inputs, by=by, first_row=first_row)
        transaction.set_rollback(True)
    return added


# --- Media ----------------------------------------------------------------------------------------------------------
def _fill_in_media(project: Project, schema: Schema, rows: Iterable[Input]) -> None:
    """Media come from the media store: their sizes go into the payload; one that is not there makes its row invalid."""
    wanted = [row for row in rows if row.files and not row.wrong]
    sources = {medium["src"] for row in wanted for _path, medium in row.files}
    if not sources:
        return
    known = {
        file.public_id: file
        for file in File.objects.filter(organization=project.organization_id, public_id__in=sources)
    }
    for row in wanted:
        for path, medium in row.files:
            file = known.get(medium["src"])
            heard = schema.field_of[path.split("/")[1]].type == "audio"
            if file is None:
                row.wrong.append(wrong(f"/payload{path}", "unknown_file", "There is no such file. Upload it first."))
            elif file.is_recording != heard:
                row.wrong.append(wrong(f"/payload{path}", "wrong_file", WANTED[heard]))
            else:
                medium.update(file.described)
        row.body = canonical(row.payload)


WANTED = {True: "This should be a recording.", False: "This should be a picture."}


# --- Places ---------------------------------------------------------------------------------------------------------
def _places(project: Project, rows: Iterable[Input], batch: Batch | None, by: Actor) -> list[tuple[Input, Place]]:
    """The rows with their places; equal options share one."""
    now = timezone.now()
    found: dict[tuple[Any, ...] | None, Place | Wrong] = {}
    placed: list[tuple[Input, Place]] = []
    for row in rows:
        options = row.options
        key = None if options is NO_OPTIONS else _key(options)
        if key not in found:
            found[key] = _place(project, options, batch, now, by)
        place = found[key]
        if isinstance(place, Place):
            placed.append((row, place))
        else:
            row.wrong.append(place)
    return placed


def _key(options: Options) -> tuple[Any, ...]:
    wanted = options.requirements and canonical(options.requirements)
    return options.priority, options.service_class, options.deadline, options.seats, wanted, options.batch


def _place(project: Project, options: Options, batch: Batch | None, now: datetime, by: Actor) -> Place | Wrong:
    """The place that these options mean, or what is wrong with them."""
    if options.batch is not None:
        batch = Batch.objects.filter(project=project, public_id=options.batch).first()
        if batch is None:
            return wrong("/batch", "not_found", "The project has no such batch.")
    if batch is not None:
        batch = batches.reopen(batch, by)
    requirements = _requirements(project, options)
    if requirements is None:
        return wrong("/requirements/skills", "not_found", "There is no such skill.")
    overlap = project.quality.get("overlap", {})
    seats, seats_max = options.seats or (overlap.get("min", 1), overlap.get("max", 1))
    priority = options.priority if options.priority is not None else batch.priority if batch else 20
    deadline = options.deadline or (batch.deadline if batch else None)
    queue = queue_for(project=project, service_class=options.service_class, requirements=requirements)
    rank = due(queue=queue, created_at=now, priority=priority, deadline=deadline)
    columns = (project.organization_id, project.pk, batch.pk if batch else NULL, queue.pk, priority,
               deadline.isoformat() if deadline else NULL, rank, seats, max(seats, seats_max), project.schema_version)  # fmt: skip
    return Place(queue.pk, rank, "\t".join(map(str, columns)), batch, max(seats, seats_max))


def due(*, queue: Queue, created_at: datetime, priority: int, deadline: datetime | None) -> int:
    """The rank of a task in this queue."""
    return virtual_due(
        created_at=created_at,
        service_class=queue.service_class,
        priority=priority,
        deadline=deadline,
        tau80_s=pace.quantile(queue, 0.8),
    )


def _requirements(project: Project, options: Options) -> dict[str, Any] | None:
    """The project's requirements and the task's; None if a skill does not exist."""
    own: dict[str, Any] = project.requirements
    if not options.requirements:
        return own
    skills = {entry["skill"] for entry in options.requirements.get("skills", [])}
    if Skill.objects.filter(public_id__in=skills).count() < len(skills):
        return None
    added = {
        kind: own.get(kind, []) + [each for each in entries if each not in own.get(kind, [])]
        for kind, entries in options.requirements.items()
    }
    return {**own, **added}


# --- Rows -----------------------------------------------------------------------------------------------------------
IDS = "SELECT string_agg(nextval(pg_get_serial_sequence('task', 'id'))::text, ' ') FROM generate_series(1, %s)"


def _with_ids(placed: Sequence[tuple[Input, Place]]) -> list[Ready]:
    """Ids and keys ascend with the rows: an index takes them quicker in its order."""
    if not placed:
        return []
    with connection.cursor() as cursor:
        cursor.execute(IDS, [len(placed)])
        ids = cursor.fetchone()[0].split()
    keys = new_ids("tsk", len(placed))
    return [Ready(row, place, pk, *key) for (row, place), pk, key in zip(placed, ids, keys, strict=True)]


KEYS = "COPY task_key (organization_id, mode, unique_id, task_id, input_sha256) FROM STDIN"
FREE_KEYS = """
INSERT INTO task_key (organization_id, mode, unique_id, task_id, input_sha256)
SELECT %s, %s, * FROM unnest(%s::text[], %s::bigint[], %s::text[])
ON CONFLICT (organization_id, mode, unique_id) DO NOTHING RETURNING task_id::text
"""


def _won(project: Project, ready: list[Ready]) -> list[Ready]:
    """The rows whose unique_id was free, and those without one. Mostly all are free: then COPY does it in half the time."""
    # In the order of the keys, so that two senders of the same rows never wait for each other in a circle.
    keyed = sorted((row for row in ready if row.input.unique_id), key=_unique_id)
    if not keyed:
        return ready
    head, mode = f"{project.organization_id}\t{project.mode}\t", project.mode
    try:
        with transaction.atomic():
            copy_in(
                KEYS,
                [f"{head}{text_column(row.input.unique_id)}\t{row.id}\t{row.input.input_sha256}\n" for row in keyed],
            )
    except IntegrityError:
        columns = zip(*((row.input.unique_id, row.id, row.input.input_sha256) for row in keyed), strict=True)
        with connection.cursor() as cursor:
            cursor.execute(FREE_KEYS, [project.organization_id, mode, *map(list, columns)])
            won = {row[0] for row in cursor.fetchall()}
        return [row for row in ready if not row.input.unique_id or row.id in won]
    return ready


def _unique_id(row: Ready) -> str:
    return row.input.unique_id


def _admitted(project: Project, rows: list[Ready], by: Actor) -> list[Ready]:
    """The rows, those that must wait with what they wait for."""
    reasons = admission.judge(project=project, asked=[(row.place.batch, row.place.seats_max) for row in rows])
    if not any(reasons):
        return rows
    for batch in {row.place.batch.pk: row.place.batch for row in rows if row.place.batch}.values():
        waits = any(
            row.place.batch == batch and why == admission.BUDGET for row, why in zip(rows, reasons, strict=True)
        )
        if waits and not batch.tasks.filter(waits_for=admission.BUDGET).exists():
            admission.exhausted(project=project, batch=batch, by=by)
    return [row._replace(waits_for=reason) for row, reason in zip(rows, reasons, strict=True)]


TASKS = """
COPY task (id, public_id, organization_id, project_id, batch_id, queue_id, priority, deadline, rank, seats, seats_max, schema_version,
           stage, purpose, seats_taken, answers, recycled, revision, failure, status, waits_for) FROM STDIN
"""
NEW = "label\twork\t0\t0\tf\t0\t\t"
PAYLOADS = "COPY task_payload (task_id, body, sha256, tags, metadata) FROM STDIN"
# With an id: a default that is not the same for all rows makes COPY store them one by one.
EVENTS = """
COPY event (organization_id, mode, project_id, type, subject_seq, actor_kind, actor, request_id, public_id, subject, data) FROM STDIN
"""


def _store(project: Project, rows: Sequence[Ready], by: Actor) -> None:
    """Tasks, payloads and events."""
    if not rows:
        return
    copy_in(
        TASKS, [f"{row.id}\t{row.key}\t{row.place.columns}\t{NEW}{_status(row)}\t{row.waits_for}\n" for row in rows]
    )
    copy_in(PAYLOADS, [_payload_line(row.id, row.input) for row in rows])
    copy_in(EVENTS, _event_lines(project, rows, by))
    events.publish(*(_queued(project, row) for row in rows if row.waits_for), by=by)
    events.announce()


def _queued(project: Project, row: Ready) -> events.Fact:
    about = {"task": row.task, "project": project.public_id, "reason": row.waits_for}
    return events.Fact(project.organization_id, project.mode, project.pk, "task.queued", row.task, about)


def _status(row: Ready) -> str:
    return "queued" if row.waits_for else "open"


def _payload_line(pk: str, row: Input) -> str:
    body, options = row.body, row.options
    tags = array_column(options.tags) if options.tags else "{}"
    return f"{pk}\t{json_column(body)}\t{sha256(body)}\t{tags}\t{json_column(options.metadata)}\n"


def _event_lines(project: Project, rows: Sequence[Ready], by: Actor) -> list[str]:
    """`task.created` of each."""
    about = (project.organization_id, project.mode, project.pk, "task.created", 1, by.kind, by.id)
    head = "\t".join(map(str, about)) + f"\t{text_column(events.request_id())}\t"
    tail = f'","project":"{project.public_id}","unique_id":'
    return [
        f'{head}{key}\t{row.task}\t{{"task":"{row.task}{tail}{_json_unique_id(row.input.unique_id)},"status":"{_status(row)}"}}\n'
        for key, row in zip(new_keys(len(rows)), rows, strict=True)
    ]


def _json_unique_id(unique_id: str) -> str:
    return json_column(quoted(unique_id)) if unique_id else "null"


def _lowest_ranks(rows: Iterable[Ready]) -> dict[int, int]:
    """By queue, of what is open."""
    lowest: dict[int, int] = {}
    for place in {row.place for row in rows if not row.waits_for}:
        lowest[place.queue_id] = min(place.rank, lowest.get(place.queue_id, place.rank))
    return lowest


# --- Outcomes -------------------------------------------------------------------------------------------------------
HELD = """
SELECT k.unique_id, k.input_sha256, t.public_id FROM task_key k JOIN task t ON t.id = k.task_id
 WHERE k.organization_id = %s AND k.mode = %s AND k.unique_id = ANY(%s)
"""


def _outcomes(project: Project, rows: Sequence[Input], ready: Sequence[Ready], created: Sequence[Ready]) -> list[Added]:
    """One outcome per row, in their order."""
    new = {row.input.row: row.task for row in created}
    lost = [row.input for row in ready if row.input.row not in new]
    held = _held(project, [row.unique_id for row in lost]) if lost else {}
    return [_outcome(row, new, held) for row in rows]


def _held(project: Project, unique_ids: list[str]) -> dict[str, tuple[str, str]]:
    """(input hash, task) per unique_id."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, [project.organization_id, project.mode, unique_ids])
        return {unique_id: (digest, encode("tsk", key)) for unique_id, digest, key in cursor.fetchall()}


def _outcome(row: Input, new: dict[int, str], held: dict[str, tuple[str, str]]) -> Added:
    if row.wrong:
        return Added(row.row, "invalid", "", row.unique_id, {"code": InvalidTask.code, "errors": row.wrong})
    if row.row in new:
        return Added(row.row, "created", new[row.row], row.unique_id)
    digest, task = held.get(row.unique_id, ("", ""))  # empty: it was freed a moment ago, and may be sent again
    if digest == row.input_sha256:
        return Added(row.row, "existing", task, row.unique_id)
    return Added(row.row, "conflict", task, row.unique_id, {"code": UniqueIdTaken.code, "existing": task})
