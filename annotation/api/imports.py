"""Bulk create: a job, its rows as NDJSON, its end."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.conf import settings
from django.http import StreamingHttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from annotation.api import streams
from annotation.api.base import KeyView, idempotent, tagged
from annotation.api.docs import operation
from annotation.api.pages import page, whole
from annotation.api.shapes import ImportShape
from annotation.domain import imports, intake
from annotation.domain.intake import Added
from annotation.models import Batch, ImportJob
from workforce.web.streams import streamed

NDJSON = "application/x-ndjson"
MOST = 2**31 - 1
PAGE = 2_000
ROW_REFUSALS = {"validation_failed": (intake.InvalidTask, 422), "unique_id_taken": (intake.UniqueIdTaken, 409)}


class ImportInput(serializers.Serializer[Any]):
    """A new job. `on_error: stop` stores nothing behind the first faulty row."""

    batch = serializers.CharField(required=False, allow_null=True)
    on_error = serializers.ChoiceField(["continue", "stop"], default="continue")


class NdjsonParser(BaseParser):
    """Lets the rows be read as they come."""

    media_type = NDJSON


class ImportsView(KeyView):
    """The import jobs of a project."""

    rights = {"GET": "task.read", "POST": "task.add"}

    @operation("listImports", "Import jobs of a project", answers=ImportShape, listed=True)
    def get(self, request: Request, project: str) -> Response:
        """List."""
        rows = ImportJob.objects.filter(project=self.project(project)).select_related("project", "batch")
        return page(request, rows, ImportShape)

    @operation("beginImport", "Begin an import", takes=ImportInput, answers=ImportShape, status=201, kept=True)
    @idempotent
    def post(self, request: Request, project: str) -> Response:
        """Begin."""
        row, given = self.project(project), self.given(ImportInput)
        if "batch" in given:
            given["batch"] = self.one(Batch.objects.filter(project=row), given["batch"])
        job = imports.begin(project=row, by=self.actor, **given)
        return tagged(request, ImportShape(job).data, 201, reverse("api_import", args=[job.public_id]))


class JobView(KeyView):
    """One import job."""

    def job(self, public_id: str) -> ImportJob:
        """Raises NotFound."""
        rows = ImportJob.objects.select_related("project", "batch")
        return self.one(self.mine(rows, "project__mode"), public_id)


class ImportView(JobView):
    """How it stands."""

    rights = {"GET": "task.read"}

    @operation("getImport", "An import job: where to go on, and the counts so far", answers=ImportShape)
    def get(self, request: Request, job: str) -> Response:
        """Read."""
        return tagged(request, ImportShape(self.job(job)).data)


class ImportRowsView(JobView):
    """The rows of an import job."""

    rights = {"GET": "task.read", "POST": "task.add"}
    parser_classes = (NdjsonParser,)

    @operation(
        "readImportRows",
        "Results of the rows behind `after`, as NDJSON",
        answers=OpenApiTypes.BINARY,
        query=[OpenApiParameter("after", OpenApiTypes.INT, description="Row; from the first one if absent.")],
    )
    def get(self, request: Request, job: str) -> StreamingHttpResponse:
        """Read the stored results."""
        row = self.job(job)
        first = whole(request, "after", 0, 0, MOST) + 1 if "after" in request.query_params else 0
        return _answer(request, row, first, [])

    @operation(
        "sendImportRows",
        "Send rows: one task per line (gzip allowed); answered row by row when all of them are read",
        takes={NDJSON: OpenApiTypes.BINARY},
        answers=OpenApiTypes.BINARY,
        query=[OpenApiParameter("from", OpenApiTypes.INT, description="Number of the first row sent; 0 if absent.")],
    )
    def post(self, request: Request, job: str) -> StreamingHttpResponse:
        """Store the rows in chunks; those that are stored already are skipped."""
        row = self.job(job)
        first = at = whole(request, "from", 0, 0, MOST)
        left_over: list[Added] = []
        lines = streams.rows(request)
        while not left_over and (chunk := list(islice(lines, imports.CHUNK))):
            added = imports.add_rows(job=row, inputs=chunk, first_row=at, by=self.actor)
            at += len(added)
            left_over = [each for each in added[-1:] if each.row >= row.next_row]
        for _line in lines:
            pass  # answered only when the caller has said all
        return _answer(request, row, first, left_over, until=at)


def _answer(
    request: Request, job: ImportJob, first: int, left_over: list[Added], until: int = MOST
) -> StreamingHttpResponse:
    return streamed(request._request, _lines(job, first, left_over, until), content_type=NDJSON)  # noqa: SLF001  Django's own


def _lines(job: ImportJob, first: int, left_over: list[Added], until: int) -> Iterator[bytes]:
    """Row results in their order, then the summary."""
    counts = {"created": 0, "existing": 0, "failed": 0}
    at = first
    while chunk := imports.stored_rows(job=job, first_row=at, count=min(PAGE, until - at)):
        for each in chunk:
            counts[each.status if each.status in counts else "failed"] += 1
        yield "".join(map(_line, chunk)).encode()
        at += len(chunk)
    counts["failed"] += len(left_over)
    yield "".join(map(_line, left_over)).encode()
    end = first + sum(counts.values())
    summary = {"from": first, "to": end, **counts, "next_row": end - len(left_over)}
    yield (json.dumps({"summary": summary}) + "\n").encode()


def _line(added: Added) -> str:
    shown: dict[str, Any] = {"row": added.row, "status": added.status}
    if added.task and not added.error:
        shown["id"] = added.task
    if added.unique_id:
        shown["unique_id"] = added.unique_id
    if added.error:
        shown["error"] = _problem(added.error)
    return json.dumps(shown, ensure_ascii=False) + "\n"


def _problem(error: dict[str, Any]) -> dict[str, Any]:
    """The problem of one row."""
    refusal, status = ROW_REFUSALS[error["code"]]
    about = {"type": f"{settings.BASE_URL}/problems/{error['code']}", "title": str(refusal.message), "status": status}
    return {**about, "detail": str(refusal.remedy), "errors": [], **error}


class FinishImportView(JobView):
    """No more rows."""

    rights = {"POST": "task.add"}

    @operation("finishImport", "The counts are final", answers=ImportShape)
    def post(self, request: Request, job: str) -> Response:
        """Finish."""
        return tagged(request, ImportShape(imports.finish(job=self.job(job), by=self.actor)).data)


class AbortImportView(JobView):
    """Give up."""

    rights = {"POST": "task.add"}

    @operation("abortImport", "No more rows; what is stored stays", answers=ImportShape)
    def post(self, request: Request, job: str) -> Response:
        """Abort."""
        return tagged(request, ImportShape(imports.abort(job=self.job(job), by=self.actor)).data)
