"""Lists: pages by key, so that rows added while paging neither repeat nor hide others, and cursors that cannot be forged."""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from annotation.api.auth import caller_of
from annotation.api.refusals import BadCursor, InvalidRequest

USUAL, MOST = 50, 200
MAC_BYTES = 12
PAGING = frozenset({"after", "limit"})


def page(request: Request, rows: QuerySet[Any], shape: type[BaseSerializer[Any]]) -> Response:
    """`{"data": [...], "next": cursor or null}`, newest first unless `order=asc`. Raises BadCursor, InvalidRequest."""
    limit = whole(request, "limit", USUAL, 1, MOST)
    ascending = {"asc": True, "desc": False}.get(request.query_params.get("order", "desc"))
    if ascending is None:
        raise InvalidRequest(parameter="order")
    after = request.query_params.get("after")
    if after:
        place = place_of(request, rows, after)
        rows = rows.filter(pk__gt=place) if ascending else rows.filter(pk__lt=place)
    found = list(rows.order_by("pk" if ascending else "-pk")[: limit + 1])
    following = cursor_for(request, found[limit - 1].public_id) if len(found) > limit else None
    answer = Response({"data": shape(found[:limit], many=True).data, "next": following})
    if following:
        query = urlencode([*_filters(request), ("limit", str(limit)), ("after", following)])
        answer["Link"] = f'<{request.build_absolute_uri(request.path)}?{query}>; rel="next"'
    return answer


def whole(request: Request, name: str, usual: int, least: int, most: int) -> int:
    """A whole number of the query string. Raises InvalidRequest."""
    text = request.query_params.get(name, str(usual))
    if not (text.isascii() and text.isdigit() and len(text) < 19 and least <= int(text) <= most):
        raise InvalidRequest(parameter=name)
    return int(text)


def moment(request: Request, name: str) -> datetime | None:
    """A time of the query string, if it is there. Raises InvalidRequest."""
    if name not in request.query_params:
        return None
    try:
        at = parse_datetime(request.query_params[name])
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise InvalidRequest(parameter=name)
    return at


def _filters(request: Request) -> list[tuple[str, str]]:
    return sorted(
        (name, value) for name, values in request.query_params.lists() if name not in PAGING for value in values
    )


def cursor_for(request: Request, key: str) -> str:
    """What leads on from the row with this id."""
    return base64.urlsafe_b64encode(_mac(request, key) + key.encode()).decode().rstrip("=")


def place_of(request: Request, rows: QuerySet[Any], cursor: str) -> int:
    """Key of the row that the cursor names. Raises BadCursor."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        key = raw[MAC_BYTES:].decode()
    except ValueError as error:
        raise BadCursor from error
    if not hmac.compare_digest(raw[:MAC_BYTES], _mac(request, key)):
        raise BadCursor
    found = QuerySet(rows.model).filter(public_id=key).values_list("pk", flat=True).first()
    if found is None:
        raise BadCursor
    return int(found)


def _mac(request: Request, key: str) -> bytes:
    """Binds a cursor to its list, filters, organization and mode."""
    caller = caller_of(request)
    about = repr([request.path, _filters(request), caller.organization_id, caller.mode, key])
    return hmac.digest(settings.SECRET_KEY.encode(), f"cursor:{about}".encode(), hashlib.sha256)[:MAC_BYTES]
