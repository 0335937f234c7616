"""Pictures and recordings by their signed links."""

import re
from typing import IO

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from annotation.models import File
from annotation.queries.media import seconds_left

RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")
SAFE = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@require_safe
def media(request: HttpRequest, file: str) -> HttpResponse:
    """The bytes, or a range of them: browsers jump about in a recording only where they may ask for parts of it.

    The signature is the right to see them; a file opened by itself may run nothing.
    """
    row, left = _signed(request, file)
    try:
        with default_storage.open(row.storage_key) as stored:
            answer = _part(stored, request.headers.get("Range", ""), row.bytes) or HttpResponse(stored.read())
    except FileNotFoundError as error:
        raise Http404 from error
    return _safe(answer, row.mime, left, **{"Accept-Ranges": "bytes"})


def _part(stored: IO[bytes], wanted: str, size: int) -> HttpResponse | None:
    """The range that is asked for; None if none is, or one that is not understood: then all of it is right too (RFC 9110, 14.2)."""
    asked = RANGE.fullmatch(wanted)
    if not asked:
        return None
    first, last = int(asked[1]), min(int(asked[2] or size - 1), size - 1)
    if first >= size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if last < first:
        return None
    stored.seek(first)
    found = stored.read(last - first + 1)
    return HttpResponse(found, status=206, headers={"Content-Range": f"bytes {first}-{last}/{size}"})


@require_safe
def peaks(request: HttpRequest, file: str) -> HttpResponse:
    """The wave of a recording: int8 pairs of lowest and highest sample."""
    row, left = _signed(request, file)
    if not row.is_recording:
        raise Http404
    return _safe(HttpResponse(bytes(row.peaks)), "application/octet-stream", left)


def _signed(request: HttpRequest, file: str) -> tuple[File, int]:
    """The file, and how many seconds its link still holds. Raises Http404."""
    row = File.objects.filter(public_id=file).first()
    left = seconds_left(row, request.GET.get("until", ""), request.GET.get("signature", "")) if row else 0
    if row is None or not left:
        raise Http404
    return row, left


def _safe(answer: HttpResponse, mime: str, left: int, **more: str) -> HttpResponse:
    headers = {"Content-Type": mime, "Cache-Control": f"private, max-age={left}, immutable", **SAFE, **more}
    for name, value in headers.items():
        answer[name] = value
    return answer
