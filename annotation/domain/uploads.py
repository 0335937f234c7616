"""Files uploaded in the console: kept, looked at, then imported by a worker, chunk by chunk, from wherever it stopped."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import IO, Any

from django.core.files.base import File as Content
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotation.domain import imports, intake, media
from annotation.domain.probing import MediumTooLarge, UnknownMedium
from annotation.formats.uploads import ROW_FILES, Unreadable, UnreadableFileError, Upload
from annotation.models import Batch, ImportJob, Project
from annotation.queries.schemas import compiled
from annotation.questions.answers import check_payload, media_of
from workforce.domain.actor import SYSTEM, Actor
from workforce.domain.refusal import Refusal
from workforce.models import User

MOST_BYTES = 2**30
LOOKED_AT = 100
STALLED = timedelta(seconds=60)


class WrongFile(Refusal):
    """The file is none that can be imported."""

    code = "unsupported_media_type"
    message = _("This file cannot be imported.")
    remedy = _("Upload a .jsonl or .csv file, or a .zip with one of these beside its pictures and recordings.")


class NoFile(Refusal):
    """The job is a stream of a program."""

    code = "wrong_state"
    message = _("This import is sent by a program, not by a file.")
    remedy = _("The program that began it ends it.")


_wake: Callable[[int], None] | None = None


def on_start(wake: Callable[[int], None]) -> None:
    """Register what is called after an import was started or has stalled. It may be lost: the sweep finds the job."""
    global _wake  # noqa: PLW0603  set once, when the apps are ready
    _wake = wake


def receive(
    *,
    project: Project,
    name: str,
    content: "Content[bytes]",
    by: Actor,
    created_by: User | None = None,
    batch: Batch | None = None,
) -> ImportJob:
    """Keep the file and open a job for it, for `batch` if it is named; nothing is imported before `start`. Raises WrongFile, WrongState."""
    if not name.lower().endswith((*ROW_FILES, ".zip")) or (content.size or 0) > MOST_BYTES:
        raise WrongFile
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    key = default_storage.save(f"uploads/{project.public_id}/{digest.hexdigest()}", content)
    job = imports.begin(project=project, by=by, batch=batch, source=name[-200:], storage_key=key, created_by=created_by)
    try:
        with opened(job) as upload:
            next(upload.rows(), None)
    except UnreadableFileError as error:
        discard(job=job, by=by)
        raise WrongFile(str(error)) from error
    return job


def look(*, job: ImportJob, by: Actor) -> list[intake.Added]:
    """What would become of the first rows; no task is kept. Raises UnreadableFileError."""
    with opened(job) as upload:
        rows = list(islice(upload.rows(), LOOKED_AT))
        inputs = [_with_media(job, upload, row, by) for row in rows]
    return intake.try_out(project=job.project, inputs=inputs, by=by)


def start(*, job: ImportJob, by: Actor) -> None:
    """Let a worker import the file; a started job goes on. Raises NoFile, UnreadableFileError."""
    _has_file(job)
    with opened(job) as upload:
        total = sum(1 for _row in upload.rows())
    ImportJob.objects.filter(pk=job.pk, status=ImportJob.Status.OPEN).update(
        total_rows=total, updated_at=timezone.now()
    )
    _call(job.pk)


def discard(*, job: ImportJob, by: Actor) -> None:
    """Give the file up; what was imported stays. Raises NoFile."""
    _has_file(job)
    imports.abort(job=job, by=by)
    default_storage.delete(job.storage_key)


def _has_file(job: ImportJob) -> None:
    if not job.storage_key:
        raise NoFile


def run(*, job_id: int) -> None:
    """Import what is left of the file, and finish the job. May be called again at any time: rows are stored once."""
    job = ImportJob.objects.select_related("project__organization").get(pk=job_id)
    if job.status != ImportJob.Status.OPEN or job.total_rows is None:
        return
    by = Actor("member", job.created_by.public_id) if job.created_by else SYSTEM
    try:
        with opened(job) as upload:
            _import(job, upload, by)
    except (UnreadableFileError, FileNotFoundError) as error:
        imports.abort(job=job, by=by, problem=str(error))
    else:
        imports.finish(job=job, by=by)
    default_storage.delete(job.storage_key)


def go_on() -> int:
    """Wake the jobs that have stalled; their number."""
    stalled = ImportJob.objects.filter(
        status=ImportJob.Status.OPEN,
        total_rows__isnull=False,
        updated_at__lt=timezone.now() - STALLED,
    ).exclude(storage_key="")
    ids = list(stalled.values_list("pk", flat=True))
    for pk in ids:
        _call(pk)
    return len(ids)


def _call(job_id: int) -> None:
    if _wake is not None:
        wake = _wake
        transaction.on_commit(lambda: wake(job_id), robust=True)


@contextmanager
def opened(job: ImportJob) -> Iterator[Upload]:
    """The job's file, ready to be read."""
    schema = compiled(job.project_id, job.project.schema_version)
    content: IO[bytes] = default_storage.open(job.storage_key)
    with content:
        yield Upload(job.source, content, {field.name: field.type for field in schema.fields})


def _import(job: ImportJob, upload: Upload, by: Actor) -> None:
    digest, at = job.storage_key.rpartition("/")[2], job.next_row
    rows = islice(upload.rows(), at, None)
    while chunk := list(islice(rows, imports.CHUNK)):
        named = [_named(row, digest, number) for number, row in enumerate(chunk, at)]
        inputs = [_with_media(job, upload, row, by) for row in named]
        imports.add_rows(job=job, inputs=inputs, first_row=at, by=by)
        at += len(chunk)


def _named(row: Any, digest: str, number: int) -> Any:
    """A row without a unique_id gets one of its file and place, so that the same file again adds nothing."""
    if isinstance(row, dict) and row.get("unique_id") is None:
        return {**row, "unique_id": f"{digest[:24]}:{number}"}
    return row


def _with_media(job: ImportJob, upload: Upload, row: Any, by: Actor) -> Any:
    """The row with the pictures and recordings of the zip in the media store. One that is neither makes the row unreadable."""
    schema = compiled(job.project_id, job.project.schema_version)
    if not isinstance(row, dict) or not schema.has_media:
        return row
    stored, problems = check_payload(schema, row.get("payload"))
    if any(each.blocking for each in problems):
        return row
    for _path, medium in media_of(schema, stored):
        data = upload.medium(medium["src"])
        if data is None:
            continue
        try:
            file = media.store(organization=job.project.organization, name=medium["src"], data=data, by=by)
        except (UnknownMedium, MediumTooLarge) as refusal:
            return Unreadable(refusal.code, f"{medium['src']}: {refusal.message}")
        medium["src"] = file.public_id
    return {**row, "payload": stored}
