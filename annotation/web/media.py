"""Pictures by their signed links."""

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from annotation.models import File
from annotation.queries.media import seconds_left


@require_safe
def media(request: HttpRequest, file: str) -> HttpResponse:
    """The bytes. The signature is the right to see them; a file opened by itself may run nothing."""
    row = File.objects.filter(public_id=file).first()
    left = seconds_left(row, request.GET.get("until", ""), request.GET.get("signature", "")) if row else 0
    if row is None or not left:
        raise Http404
    try:
        with default_storage.open(row.storage_key) as stored:
            content = stored.read()
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(
        content,
        content_type=row.mime,
        headers={
            "Cache-Control": f"private, max-age={left}, immutable",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Content-Disposition": "inline",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )
