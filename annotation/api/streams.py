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
TOO_LONG = Unreadable("too_large", f"A line has at most {MOST_LINE} bytes.")
BLOCK = 2**17  # read at a time
CHUNK_BYTES = 4 * 2**20  # parsed at a time, at most


def chunks(request: Request, most: int) -> Iterator[list[Any]]:
    """Lists of at most so many JSON values, one per line; `Unreadable` for a line that is none. Blank lines do not count.

    Raises PayloadTooLarge, InvalidRequest.
    """
    chunk: list[Any] = []
    size = read = 0
    for count, line in enumerate(_lines(request), 1):
        read += len(line) + 1
        size += len(line)
        if count > MOST_LINES or read > MOST_BYTES:
            raise PayloadTooLarge(limit=MOST_LINES if count > MOST_LINES else MOST_BYTES)
        chunk.append(parsed(line) if len(line) <= MOST_LINE else TOO_LONG)
        if len(chunk) == most or size > CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _lines(request: Request) -> Iterator[bytes]:
    """Lines that are not blank. Of one that is too long only so much that this is seen."""
    source = cast("IO[bytes]", request._request)  # noqa: SLF001  DRF would parse the whole body
    if request.headers.get("Content-Encoding") == "gzip":
        source = cast("IO[bytes]", gzip.GzipFile(fileobj=source))
    rest = b""
    try:
        while block := source.read(BLOCK):
            *whole, rest = (rest + block).split(b"\n")
            yield from filter(bytes.strip, whole)
            rest = rest[: MOST_LINE + 1]
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InvalidRequest(parameter="Content-Encoding") from error
    if rest.strip():
        yield rest
