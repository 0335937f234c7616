"""Import jobs: a stream of task rows in chunks, each one transaction with its rows' results, resumed after any loss at `next_row`."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from json.encoder import encode_basestring as quoted
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from annotation.domain import intake
from annotation.domain.copying import copy_in, json_column, text_column
from annotation.domain.events import Fact, publish
from annotation.domain.intake import Added
from annotation.domain.tasks import WrongState
from annotation.models import Batch, ImportChunk, ImportJob, Project
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal
from workforce.models import User

CHUNK = 2_000
MOST_ROWS = 5_000_000


class WrongRow(Refusal):
    """Rows would be left out between what is stored and what was sent; `next_row`: where to go on."""

    code = "wrong_row"
    message = _("Rows are missing before the ones that were sent.")
    remedy = _("Send the rows from next_row on.")


@transaction.atomic
def begin(
    *,
    project: Project,
    by: Actor,
    batch: Batch | None = None,
    on_error: str = ImportJob.OnError.CONTINUE,
    source: str = "",
    storage_key: str = "",
    created_by: User | None = None,
) -> ImportJob:
    """A new job at row 0. `source` and `storage_key`: name and place of an uploaded file. Raises WrongState if the project is archived."""
    if project.status == Project.Status.ARCHIVED:
        raise WrongState(state=project.status)
    job = ImportJob.objects.create(
        organization_id=project.organization_id,
        project=project,
        batch=batch,
        on_error=on_error,
        source=source[:200],
        storage_key=storage_key,
        created_by=created_by,
    )
    job.refresh_from_db()
    return job


@transaction.atomic
def add_rows(*, job: ImportJob, inputs: Sequence[Any], first_row: int, by: Actor) -> list[Added]:
    """Store a chunk: tasks, row results and `next_row` together. Rows that are stored already come back with the results they had.

    A job that stops on errors stores what stands before the first faulty row, and stays open at that row. Raises WrongRow, WrongState.
    """
    locked = _locked(job)
    if locked.status != ImportJob.Status.OPEN:
        raise WrongState(state=locked.status)
    if first_row > locked.next_row or first_row + len(inputs) > MOST_ROWS:
        raise WrongRow(next_row=locked.next_row)
    known = min(locked.next_row - first_row, len(inputs))
    added = _stored(locked, first_row, first_row + known) if known else []
    if known < len(inputs):
        added += _add_new(locked, inputs[known:], by)
    job.next_row = locked.next_row
    return added


def _locked(job: ImportJob) -> ImportJob:
    rows = ImportJob.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "project__organization", "batch"
    )
    return rows.get(pk=job.pk)


def _add_new(job: ImportJob, inputs: Sequence[Any], by: Actor) -> list[Added]:
    """Rows from `next_row` on."""
    stop = job.on_error == ImportJob.OnError.STOP
    with transaction.atomic(savepoint=stop):
        added = intake.add(project=job.project, inputs=inputs, by=by, batch=job.batch, first_row=job.next_row)
        bad = next((place for place, each in enumerate(added) if each.error), None) if stop else None
        if bad is None:
            _store(job, added)
            return added
        transaction.set_rollback(True)
    before = _add_new(job, inputs[:bad], by) if bad else []
    return [*before, added[bad]]


FAULTY = "COPY import_row (job_id, row, status, unique_id, error) FROM STDIN"
COUNT = """
UPDATE import_job SET next_row = next_row + %s, created = created + %s, existing = existing + %s, failed = failed + %s, updated_at = now()
 WHERE id = %s
"""


def _store(job: ImportJob, added: Sequence[Added]) -> None:
    ImportChunk.objects.create(job=job, first_row=job.next_row, rows=len(added), lines=lines_of(added))
    faulty = [each for each in added if each.error]
    if faulty:
        copy_in(FAULTY, [_faulty_line(job, each) for each in faulty])
    counts = Counter(each.status for each in added)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [len(added), counts["created"], counts["existing"], len(faulty), job.pk])
    job.next_row += len(added)


def lines_of(added: Sequence[Added]) -> str:
    """As `stored_lines` has them."""
    return "".join(map(_line, added))


def _line(each: Added) -> str:
    key = f', "unique_id": {quoted(each.unique_id)}' if each.unique_id else ""
    if each.error:
        about = f', "error": {json.dumps(each.error, ensure_ascii=False)}'
    else:
        about = ""
        key = f', "id": "{each.task}"{key}'
    return f'{{"row": {each.row}, "status": "{each.status}"{key}{about}}}\n'


def _faulty_line(job: ImportJob, each: Added) -> str:
    error = json_column(json.dumps(each.error))
    return f"{job.pk}\t{each.row}\t{each.status}\t{text_column(each.unique_id)}\t{error}\n"


def stored_lines(*, job: ImportJob, first_row: int, until: int) -> Iterator[str]:
    """What became of these rows, a chunk at a time: lines of JSON {row, status, id?, unique_id?, error?} in their order.

    `error`: that of Added.
    """
    chunks = ImportChunk.objects.filter(job=job).order_by("-first_row")
    at = first_row
    while at < until and (chunk := chunks.filter(first_row__lte=at).first()):
        end = chunk.first_row + chunk.rows
        if end <= at:
            return
        yield _part(chunk, at, until)
        at = end


def _part(chunk: ImportChunk, first_row: int, until: int) -> str:
    if first_row == chunk.first_row and until >= chunk.first_row + chunk.rows:
        return chunk.lines
    lines = chunk.lines.split("\n")
    return "".join(f"{line}\n" for line in lines[first_row - chunk.first_row : until - chunk.first_row] if line)


def _stored(job: ImportJob, first_row: int, until: int) -> list[Added]:
    parts = stored_lines(job=job, first_row=first_row, until=until)
    return [_added(json.loads(line)) for part in parts for line in part.split("\n") if line]


def _added(line: dict[str, Any]) -> Added:
    error = line.get("error")
    task = line.get("id") or (error or {}).get("existing", "")
    return Added(line["row"], line["status"], task, line.get("unique_id", ""), error)


@transaction.atomic
def finish(*, job: ImportJob, by: Actor) -> ImportJob:
    """The counts are final. A finished job stays finished. Raises WrongState if it is aborted."""
    return _end(job, ImportJob.Status.FINISHED, by=by)


@transaction.atomic
def abort(*, job: ImportJob, by: Actor, problem: str = "") -> ImportJob:
    """No more rows; what is stored stays. `problem`: why a file could not be read. Raises WrongState if the job is finished."""
    return _end(job, ImportJob.Status.ABORTED, by=by, problem=problem)


def _end(job: ImportJob, status: ImportJob.Status, *, by: Actor, problem: str = "") -> ImportJob:
    locked = _locked(job)
    if locked.status == status:
        return locked
    if locked.status != ImportJob.Status.OPEN:
        raise WrongState(state=locked.status)
    locked.status, locked.problem = status, problem[:500]
    ImportJob.objects.filter(pk=locked.pk).update(status=status, problem=locked.problem, updated_at=Now())
    counts = {"created": locked.created, "existing": locked.existing, "failed": locked.failed}
    project = locked.project
    about = {"import": locked.public_id, "project": project.public_id, "counts": counts}
    kind = f"intake.{status.value}"
    publish(Fact(locked.organization_id, project.mode, project.pk, kind, locked.public_id, about), by=by)
    return locked
