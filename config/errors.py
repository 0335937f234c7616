"""The last resort: a page for what no view answered."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from config.api import Internal, problem


def server_error(request: HttpRequest) -> HttpResponse:
    """500, with the id under which the log has the cause; JSON for programs."""
    request_id = getattr(request, "request_id", "")
    if request.path.startswith("/api/"):
        return problem(request, Internal())
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"code": "internal_error", "request_id": request_id}, status=500)
    return HttpResponse(render_to_string("500.html", {"request_id": request_id}), status=500)
