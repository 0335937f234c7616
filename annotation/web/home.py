"""The contributor's home: returned work, projects to work on, the day so far; and the start page that leads people there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from annotation.domain import routing
from annotation.domain.eligibility import Verdict
from annotation.models import Project, Purpose, Queue, ServiceClass, Stage
from annotation.queries import inbox, work
from annotation.queries.shell import facts
from annotation.web import silence_words, verdict_words
from annotation.web.notice_words import worded
from annotation.web.verdict_words import READY, SILENT, Missing
from workforce.models import Contributor, User

CLASS_ORDER = list(ServiceClass)
LATEST_NOTICES = 3

View = Callable[Concatenate[HttpRequest, Contributor, ...], HttpResponseBase]


def contributor_view(view: View) -> Callable[..., HttpResponseBase]:
    """A page for contributors: `view(request, contributor, **url_kwargs)`; others are led to the first step."""

    @wraps(view)
    @login_required
    def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        contributor = Contributor.objects.select_related("user").filter(user_id=request.user.pk or 0).first()
        if contributor is None:
            return redirect("start")
        return view(request, contributor, **kwargs)

    return wrapped


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What Manyhands is, for visitors; people who are signed in go where they belong."""
    if not isinstance(request.user, User):
        return render(request, "annotation/front.html")
    known = facts(request.user.pk)
    if known.is_contributor:
        return redirect("home")
    return redirect("/projects/" if any(seat.is_console for seat in known.seats) else "start")


@dataclass(frozen=True, slots=True)
class Card:
    """A project on the home page."""

    project: Project
    figures: work.Figures
    service_class: ServiceClass
    in_hand: bool = False
    missing: Missing | None = None
    code: str = ""  # of the verdict, if something is missing

    @property
    def promise(self) -> str:
        """What becomes of answers that nobody judges."""
        return silence_words.promise(self.project)


def zone_of(contributor: Contributor) -> str:
    """The IANA name of the person's time zone."""
    return contributor.user.time_zone if contributor.user else "UTC"


def midnight_of(contributor: Contributor) -> datetime:
    """When the person's day began, in their time zone."""
    now = timezone.now().astimezone(ZoneInfo(zone_of(contributor)))
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


@require_safe
@contributor_view
def home(request: HttpRequest, contributor: Contributor) -> HttpResponse:
    """Returned work first, then projects by class and deadline, then those that are not open yet. A constant number of statements."""
    held = work.in_hand(contributor)
    returned = [row for row in held if row.origin == row.Origin.RETURN]
    cards = _cards(contributor, {row.project_id for row in held})
    order = request.GET.get("sort", "")
    context = {
        "contributor": contributor,
        "returned": returned,
        "cards": sorted((card for card in cards if card.missing is None), key=ORDERS.get(order, _suggested)),
        "later": [card for card in cards if card.missing is not None and card.code not in verdict_words.PERSONAL],
        "personal": list({card.code: card.missing for card in cards if card.code in verdict_words.PERSONAL}.values()),
        "orders": _orders(order),
        "day": work.today(contributor=contributor, midnight=midnight_of(contributor)),
        "notices": worded(inbox.latest(contributor, LATEST_NOTICES)),
    }
    return render(request, "annotation/home.html", context)


def _cards(contributor: Contributor, in_hand: set[int]) -> list[Card]:
    projects = work.candidates(contributor)
    board = routing.board(contributor=contributor, projects=projects, stage=Stage.LABEL)
    told = {key: _told(verdicts) for key, verdicts in board.items()}
    queues = [queue.pk for each in told.values() for queue in each.queues]
    known = work.figures(contributor=contributor, projects=projects, queues=queues)
    skills = verdict_words.skill_names(each.verdict for each in told.values())
    cards = []
    for project in projects:
        each = told[project.pk]
        if each.verdict.code in SILENT or not each.queues or not known[project.pk].open_tasks:
            continue
        code = "" if each.verdict.code in READY else each.verdict.code
        why = verdict_words.missing(each.verdict, skills) if code else None
        cards.append(Card(project, known[project.pk], each.service_class, project.pk in in_hand, why, code))
    return cards


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a project: the verdict of its best queue, and the queues that have it."""

    verdict: Verdict
    queues: list[Queue]

    @property
    def service_class(self) -> ServiceClass:
        """The most urgent class among the queues."""
        return min((ServiceClass(queue.service_class) for queue in self.queues), key=CLASS_ORDER.index)


def _told(verdicts: list[tuple[Queue, Verdict]]) -> Told:
    """Queues the person may work from, if there are any; else those that could open, with the first reason."""
    ready = [(queue, verdict) for queue, verdict in verdicts if verdict.code in READY]
    later = [(queue, verdict) for queue, verdict in verdicts if verdict.code not in READY | SILENT]
    chosen = ready or later or verdicts
    working = [queue for queue, _verdict in chosen if queue.purpose != Purpose.GOLD]
    return Told(chosen[0][1] if chosen else Verdict("paused"), working)


def _suggested(card: Card) -> tuple[Any, ...]:
    """Work in hand first, then the class, then the nearest deadline, then the oldest project."""
    deadline = card.figures.deadline
    far = deadline is None
    return (
        not card.in_hand,
        CLASS_ORDER.index(card.service_class),
        far,
        deadline and deadline.timestamp(),
        card.project.pk,
    )


def _best_paid(card: Card) -> tuple[Any, ...]:
    paid = card.figures.hour_median
    return paid is None, -(paid or 0), _suggested(card)


def _shortest(card: Card) -> tuple[Any, ...]:
    seconds = card.figures.seconds
    return seconds is None, seconds or 0, _suggested(card)


ORDERS: dict[str, Callable[[Card], tuple[Any, ...]]] = {"pay": _best_paid, "time": _shortest}


def _orders(order: str) -> list[dict[str, object]]:
    titles = {"": _("Suggested"), "pay": _("Best paid"), "time": _("Shortest")}
    current = order if order in ORDERS else ""
    return [
        {"title": title, "href": f"?sort={name}" if name else "?", "current": name == current}
        for name, title in titles.items()
    ]
