"""The event log: by number, in order, waiting for what comes next."""

import re
import time
from typing import Any

from django.db import connection
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotation.api.base import KeyView
from annotation.api.docs import operation
from annotation.api.pages import whole
from annotation.api.refusals import EventsExpired, InvalidRequest
from annotation.models import Event
from annotation.queries.events import bounds, on_the_wire, readable

LONGEST_WAIT_S, LOOK_EVERY_S = 30, 1.0
USUAL, MOST = 100, 1000
PATTERN = re.compile(r"\*|[a-z_]+(\.([a-z_]+|\*))?")


class EventShape(serializers.Serializer[Any]):
    """Something that happened."""

    id = serializers.CharField()
    object = serializers.CharField()
    mode = serializers.ChoiceField(["live", "test"])
    created_at = serializers.DateTimeField()
    seq = serializers.IntegerField()
    type = serializers.CharField()
    subject = serializers.DictField(help_text="type, id")
    subject_seq = serializers.IntegerField()
    actor = serializers.DictField(help_text="kind, id")
    data = serializers.DictField(source="*", help_text="The changed keys.")  # type: ignore[assignment]  # not Serializer.data


class EventFeed(serializers.Serializer[Any]):
    """A stretch of the log. `next`: for `after`; `head`: the last number there is."""

    data = EventShape(many=True)  # type: ignore[assignment]  # not Serializer.data
    next = serializers.IntegerField()
    head = serializers.IntegerField()


class EventsView(KeyView):
    """The log of the key's mode."""

    rights = {"GET": "event.read"}

    @operation(
        "readEvents",
        "Events behind `after`; waits up to `wait` seconds for the first one",
        answers=EventFeed,
        query=[
            OpenApiParameter(
                "after", OpenApiTypes.INT, description="`next` of the answer before; the oldest if absent."
            ),
            OpenApiParameter("wait", OpenApiTypes.INT, description="0 to 30 seconds."),
            OpenApiParameter("limit", OpenApiTypes.INT, description="1 to 1000, 100 if absent."),
            OpenApiParameter("types", OpenApiTypes.STR, description="Patterns with commas: task.*,batch.completed"),
            OpenApiParameter("subject", OpenApiTypes.STR, description="Only of this id."),
        ],
    )
    def get(self, request: Request) -> Response:
        """Read, and wait."""
        after = whole(request, "after", 0, 0, 2**62)
        until = time.monotonic() + whole(request, "wait", 0, 0, LONGEST_WAIT_S)
        limit = whole(request, "limit", USUAL, 1, MOST)
        types = _types(request)
        first, head = bounds(self.key.organization_id)
        if 0 < after < first - 1:
            raise EventsExpired(earliest_seq=first)
        subject = request.query_params.get("subject", "")
        while True:
            rows = readable(organization_id=self.key.organization_id, mode=self.key.mode, types=types, subject=subject)
            found: list[Event] = list(rows.filter(seq__gt=after)[:limit])
            if found or time.monotonic() >= until:
                break
            _rest()
        last = found[-1].seq if found else after
        return Response({"data": [on_the_wire(each) for each in found], "next": last, "head": max(head, last or 0)})


def _types(request: Request) -> list[str]:
    given = request.query_params.get("types", "")
    types = [each for each in given.split(",") if each]
    if not all(PATTERN.fullmatch(each) for each in types):
        raise InvalidRequest(parameter="types")
    return types


def _rest() -> None:
    """Wait without keeping a connection from those who work."""
    if not connection.in_atomic_block:
        connection.close()
    time.sleep(LOOK_EVERY_S)
