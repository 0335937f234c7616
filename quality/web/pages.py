"""Pages of the reviewer: where review work waits, and the desk of one project."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from annotation.models import Project
from annotation.queries.projects import project_ref
from annotation.web.reasons import CAUSES, DISAGREEMENTS, FAULTS
from quality.queries import appeals, desk, reviewer_cards
from quality.queries.reviewer_cards import Card
from workforce.models import Contributor

FEWEST_LOOKS = 5
# Letters that no decision has. B: both are right; C: careless.
DISAGREEMENT_KEYS = {"unclear_guidelines": "G", "several_right": "B", "unclear_data": "U", "hard": "H", "slip": "C"}


def _contributor(request: HttpRequest) -> Contributor | None:
    return Contributor.objects.filter(user_id=request.user.pk or 0).first()


@require_GET
@login_required
def reviews(request: HttpRequest) -> HttpResponse:
    """Projects with review work for this person: how much, why, since when."""
    contributor, now = _contributor(request), timezone.now()
    granted = contributor is not None and any(desk.granted(contributor, now).values())
    rows = desk.waiting_for(contributor=contributor, now=now) if contributor else []
    shown = [
        {"project": row.project, "count": row.count, "oldest": row.oldest, "causes": _causes(row.causes)}
        for row in rows
    ]
    heard = appeals.waiting_for(contributor=contributor, now=now) if contributor else []
    context = {
        "granted": granted,
        "rows": shown,
        "appeals": heard,
        "own": _own(contributor) if granted and contributor else None,
        "fewest": FEWEST_LOOKS,
    }
    return render(request, "quality/reviews.html", context)


def _own(contributor: Contributor) -> Card | None:
    """What became of one's own decisions, once enough were looked at again to tell nothing of a single one."""
    card = reviewer_cards.own(contributor)
    return card if card.looked >= FEWEST_LOOKS or card.appeals.n else None


def _causes(counts: dict[str, int]) -> list[tuple[str, int]]:
    """In words, most frequent first."""
    return [(str(CAUSES.get(cause, cause)), n) for cause, n in sorted(counts.items(), key=lambda each: -each[1])]


@require_GET
@login_required
@ensure_csrf_cookie
def desk_page(request: HttpRequest, project: str) -> HttpResponse:
    """The desk: an empty frame; tasks come over its protocol. Without the grant it says so on the page of reviews."""
    row, contributor = project_ref(project), _contributor(request)
    if row is None or contributor is None:
        raise Http404
    if not _may_review(row, contributor):
        return redirect("reviews")
    context = {
        "project": row,
        "setup": _setup(row, contributor),
        "decisions": _decisions(),
        "reasons": FAULTS.items(),
        "disagreements": [(code, words, DISAGREEMENT_KEYS[code]) for code, words in DISAGREEMENTS.items()],
    }
    return render(request, "quality/desk.html", context)


def _may_review(project: Project, contributor: Contributor) -> bool:
    """Holds a grant of the platform or of the project's organization."""
    owners = desk.granted(contributor, timezone.now())
    return any(keys & {"platform", f"org:{project.organization.public_id}"} for keys in owners.values())


def _setup(project: Project, contributor: Contributor) -> dict[str, Any]:
    """What the page's script needs."""
    return {
        "project": project.public_id,
        "person": contributor.public_id,
        "sign_in": reverse("account_login"),
        "urls": {
            **{name: reverse(f"desk_{name}", args=[project.public_id]) for name in ("take", "ahead", "queue")},
            "guideline": reverse("workspace_guideline", args=[project.public_id]),
        },
        "reasons": _why(),
    }


def _why() -> dict[str, str]:
    """Why there is nothing to review, by the refusal's code."""
    return {
        "queue_empty": _("Nothing waits for a review here right now. New tasks appear by themselves."),
        "stage_not_granted": _("You do not hold the review grant of this project."),
        "paused": _("The project is paused."),
        "guideline_unread": _("The guideline changed: read it in the workspace first."),
        "not_in_team": _("Only the project's own team reviews here."),
        "excluded": _("You do not take part in this project."),
        "restricted": _("Your account is paused."),
        "restricted_here": _(
            "You get no new tasks of this project for a while. Your messages say why, and what you can do."
        ),
    }


def _decisions() -> list[dict[str, str]]:
    return [
        {"decision": "accept", "to": "", "title": _("Accept"), "key": "A"},
        {"decision": "correct", "to": "", "title": _("Correct it myself"), "key": "E"},
        {"decision": "return", "to": "", "title": _("Return with comments"), "key": "R"},
        {"decision": "reject", "to": "", "title": _("Reject with a reason"), "key": "D"},
        {"decision": "escalate", "to": "expert", "title": _("Ask an expert"), "key": "X"},
        {"decision": "escalate", "to": "peer", "title": _("Another opinion"), "key": "Q"},
    ]
