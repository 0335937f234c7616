"""Answers that are written while they are made, by either kind of server."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse


def streamed(request: HttpRequest, parts: Iterator[bytes], **options: Any) -> StreamingHttpResponse:
    """An answer of these parts, one in memory at a time. Under ASGI Django would gather a plain iterator into a list first."""
    source = _awaited(parts) if isinstance(request, ASGIRequest) else parts
    return StreamingHttpResponse(source, **options)


async def _awaited(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The parts, each made in the request's own thread, which has its database connection."""

    def following() -> bytes | None:
        return next(parts, None)

    while (part := await sync_to_async(following)()) is not None:
        yield part
