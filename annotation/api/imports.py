"""Bulk create: a job, its rows as NDJSON, its end."""

import json
from collections import Counter
from collections.abc import Iterator
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
from annotation.api.shapes import Shape
from annotation.domain import imports, intake
from annotation.domain.intake import Added
from annotation.models import Batch, ImportJob

NDJSON = "application/x-ndjson"
MOST = 2**31 - 1
ROW_REFUSALS = {"validation_failed": (intake.InvalidTask, 422), "unique_id_taken": (intake.UniqueIdTaken, 409)}


class ImportShape(Shape):
    """A stream of rows."""

    noun = "import"
    mode_from = "project.mode"

    project = serializers.CharField(source="project.public_id")
    batch = serializers.CharField(source="batch.public_id", default=None, allow_null=True)
    status = serializers.ChoiceField(["open", "finished", "aborted"])
    on_error = serializers.ChoiceField(["continue", "stop"])
    next_row = serializers.IntegerField()
    counts = serializers.SerializerMethodField()
    problem = serializers.CharField()

    def get_counts(self, row: Any) -> dict[str, int]:
        """created, existing, failed."""
        return {"created": row.created, "existing": row.existing, "failed": row.failed}


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
        for chunk in streams.chunks(request, imports.CHUNK):
            if left_over:
                continue  # answered only when the caller has said all
            added = imports.add_rows(job=row, inputs=chunk, first_row=at, by=self.actor)
            at += len(added)
            left_over = [each for each in added[-1:] if each.row >= row.next_row]
        return _answer(request, row, first, left_over, until=at)


def _answer(
    request: Request, job: ImportJob, first: int, left_over: list[Added], until: int = MOST
) -> StreamingHttpResponse:
    return StreamingHttpResponse(_lines(job, first, left_over, until), content_type=NDJSON)


def _lines(job: ImportJob, first: int, left_over: list[Added], until: int) -> Iterator[bytes]:
    """Row results in their order, then the summary."""
    counts: Counter[str] = Counter()
    for lines in imports.stored_lines(job=job, first_row=first, until=until):
        counts += _counted(lines)
        yield _told(lines).encode()
    if left_over:
        lines = imports.lines_of(left_over)
        counts += _counted(lines)
        yield _told(lines).encode()
    end = first + counts.total()
    about = {name: counts[name] for name in ("created", "existing", "failed")}
    summary = {"from": first, "to": end, **about, "next_row": end - len(left_over)}
    yield (json.dumps({"summary": summary}) + "\n").encode()


def _counted(lines: str) -> Counter[str]:
    """By status. A unique_id cannot look like one: inside a text of JSON a quotation mark follows a backslash."""
    counts = Counter({name: lines.count(f'"status": "{name}"') for name in ("created", "existing")})
    counts["failed"] = lines.count("\n") - counts.total()
    return counts


def _told(lines: str) -> str:
    """The errors as problems; most chunks have none."""
    if '"error": ' not in lines:
        return lines
    return "\n".join(map(_told_line, lines.split("\n")))


def _told_line(line: str) -> str:
    if '"error": ' not in line:
        return line
    shown = json.loads(line)
    shown["error"] = _problem(shown["error"])
    return json.dumps(shown, ensure_ascii=False)


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
