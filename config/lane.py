"""The short lane: what an open workspace asks again and again passes by the middleware that only pages need."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import resolve
from django.utils import translation

PREFIX = "/workspace/"
POLICY = "default-src 'none'; frame-ancestors 'none'"  # answers for scripts: nothing in them is shown as a page

Handler = Callable[[HttpRequest], HttpResponseBase]


class WorkspaceLane:
    """Answers `/workspace/…` addresses without a closing slash: JSON and fragments, whose views read the session cookie themselves.

    Kept from the long way: request id and security headers (they stand before), the CSRF check, the reader's language, the host check.
    Left out: the session and user objects, messages, htmx, and the page's content policy, in whose stead everything is forbidden.
    """

    def __init__(self, get_response: Handler) -> None:
        self._pages = get_response
        self._csrf = CsrfViewMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The view's answer; pages take the long way."""
        if not request.path_info.startswith(PREFIX) or request.path_info.endswith("/"):
            return self._pages(request)
        request.get_host()
        with translation.override(translation.get_language_from_request(request)):
            response = self._answer(request)
        response["Content-Security-Policy"] = POLICY
        response["Content-Length"] = str(len(response.content))
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        """Of the view, unless the token is missing or there is no such thing."""
        try:
            view, args, kwargs = request.resolver_match = resolve(request.path_info)
            self._csrf.process_request(request)
            refused = self._csrf.process_view(request, view, args, kwargs)
            answer: HttpResponse = refused or view(request, *args, **kwargs)
        except Http404:
            return JsonResponse({"code": "not_found"}, status=404)
        self._csrf.process_response(request, answer)
        return answer
