"""One's own restriction: why, until when, and the way to ask somebody to look."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from annotation.web.home import contributor_view
from annotation.web.restriction_words import checked
from quality.domain import objections, restrictions
from quality.models import Restriction
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal
from workforce.models import Contributor

WORDS_LENGTH = 4000
LIMIT_H = objections.LIMIT.days * 24


@require_http_methods(["GET", "HEAD", "POST"])
@contributor_view
def restriction(request: HttpRequest, contributor: Contributor, restriction: str) -> HttpResponse:
    """A POST says in `words` why it is wrong."""
    own = Restriction.objects.select_related("project", "hit__rule").filter(
        contributor=contributor, since__isnull=False
    )
    found = own.filter(public_id=restriction).first()
    if found is None:
        raise Http404
    if request.method != "POST":
        return _page(request, found)
    words, by = request.POST.get("words", "")[:WORDS_LENGTH], Actor("contributor", contributor.public_id)
    try:
        objections.ask(restriction=found, words=words, by=by, now=timezone.now())
    except Refusal as refusal:
        return _page(request, found, words, refusal)
    return redirect("restriction", found.public_id)


def _page(request: HttpRequest, found: Restriction, words: str = "", refusal: Refusal | None = None) -> HttpResponse:
    in_force = found.status == Restriction.Status.IMPOSED and found.until is not None and found.until > timezone.now()
    context = {
        "found": found,
        "why": checked(restrictions.why(found)),
        "in_force": in_force,
        "due": objections.due(found),
        "limit": LIMIT_H,
        "said": words,
        "refusal": refusal,
    }
    return render(request, "quality/own_restriction.html", context, status=422 if refusal else 200)
