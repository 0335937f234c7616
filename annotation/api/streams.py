"""Lines of a request's body, read as they come: neither their number nor their length fills the memory."""

import gzip
import zlib
from collections.abc import Iterator
from typing import IO, Any, cast

from rest_framework.request import Request

from annotation.api.refusals import InvalidRequest, PayloadTooLarge
from annotation.formats.uploads import Unreadable, parsed

MOST_LINE = 2**20
MOST_LINES = 100_000
MOST_BYTES = 256 * 2**20


def rows(request: Request) -> Iterator[Any]:
    """One JSON value per line, `Unreadable` for a line that is none; blank lines do not count. Raises PayloadTooLarge, InvalidRequest."""
    source = cast("IO[bytes]", request._request)  # noqa: SLF001  DRF would parse the whole body
    if request.headers.get("Content-Encoding") == "gzip":
        source = cast("IO[bytes]", gzip.GzipFile(fileobj=source))
    count = size = 0
    try:
        while line := source.readline(MOST_LINE + 1):
            size += len(line)
            if line.isspace():
                continue
            count += 1
            if count > MOST_LINES or size > MOST_BYTES:
                raise PayloadTooLarge(limit=MOST_LINES if count > MOST_LINES else MOST_BYTES)
            yield parsed(line) if len(line) <= MOST_LINE else _skipped(source, line)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InvalidRequest(parameter="Content-Encoding") from error


def _skipped(source: IO[bytes], line: bytes) -> Unreadable:
    while line and not line.endswith(b"\n"):
        line = source.readline(MOST_LINE)
    return Unreadable("too_large", f"A line has at most {MOST_LINE} bytes.")
