"""Results as a stream."""

import json
from collections.abc import Iterator

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from annotation.api.base import KeyView
from annotation.api.docs import operation
from annotation.api.pages import cursor_for, moment, place_of
from annotation.api.refusals import InvalidRequest
from annotation.models import Batch, Project, Result
from annotation.queries import exports
from workforce.models.public_id import encode

INCLUDED = {exports.ANNOTATIONS, exports.PAYLOAD}
FILTERS = [
    OpenApiParameter("include", OpenApiTypes.STR, description="payload, annotations; with commas. payload if absent."),
    OpenApiParameter("batch", OpenApiTypes.STR),
    OpenApiParameter("completed_after", OpenApiTypes.DATETIME),
    OpenApiParameter("completed_before", OpenApiTypes.DATETIME),
]


class ResultsNdjsonView(KeyView):
    """All results of a project."""

    rights = {"GET": "export.request"}

    @operation(
        "streamResults",
        "Results as NDJSON; the last line is {next}, for `after` of the next call. Those of the last minute may come again",
        answers=OpenApiTypes.BINARY,
        query=[*FILTERS, OpenApiParameter("after", OpenApiTypes.STR)],
    )
    def get(self, request: Request, project: str) -> StreamingHttpResponse:
        """Stream."""
        wanted = _wanted(self, request, self.project(project))
        lines = _with_cursor(request, wanted)
        return StreamingHttpResponse(lines, content_type="application/x-ndjson")


class ResultsCsvView(KeyView):
    """All results of a project, for spreadsheets."""

    rights = {"GET": "export.request"}

    @operation("streamResultsAsCsv", "Results as CSV, one row each", answers=OpenApiTypes.BINARY, query=FILTERS)
    def get(self, request: Request, project: str) -> StreamingHttpResponse:
        """Stream."""
        wanted = _wanted(self, request, self.project(project))
        return StreamingHttpResponse(exports.csv(wanted), content_type="text/csv; charset=utf-8")


def _wanted(view: KeyView, request: Request, project: Project) -> exports.Wanted:
    """What the query string asks for. Raises InvalidRequest, BadCursor, NotFound."""
    query = request.query_params
    include = frozenset(filter(None, query.get("include", exports.PAYLOAD).split(",")))
    if not include <= INCLUDED:
        raise InvalidRequest(parameter="include")
    batch = view.one(Batch.objects.filter(project=project), query["batch"]) if "batch" in query else None
    after = query.get("after")
    return exports.Wanted(
        project=project,
        after=place_of(request, Result.objects.filter(project=project), after) if after else 0,
        include=include,
        batch=batch.pk if batch else None,
        since=moment(request, "completed_after"),
        until=moment(request, "completed_before"),
    )


def _with_cursor(request: Request, wanted: exports.Wanted) -> Iterator[bytes]:
    """The lines, then the cursor. It is drawn first: what comes in meanwhile may be told twice, but is never left out."""
    safe = exports.safe_end(wanted)
    following = cursor_for(request, encode("res", safe)) if safe else request.query_params.get("after")
    yield from exports.jsonl(wanted)
    yield (json.dumps({"next": following}) + "\n").encode()
