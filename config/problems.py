"""Pages behind the `type` of a problem: what the refusal means and what to do, for people who follow the link."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config.api import STATUS
from workforce.domain.refusal import Refusal


@require_safe
def problem_page(request: HttpRequest, code: str) -> HttpResponse:
    """One code of the API: its status, and the words of every refusal that carries it."""
    found = {(str(each.message), str(each.remedy)) for each in _refusals(Refusal) if each.code == code}
    said = sorted(words for words in found if words[0])
    if not said:
        raise Http404
    return render(request, "problem.html", {"code": code, "status": STATUS.get(code, 409), "said": said})


def _refusals(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for each in kind.__subclasses__():
        yield each
        yield from _refusals(each)
