"""A page with every part of the interface, for eyes: in development, and for staff."""

import re
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from workforce.models import User

CODE = """curl https://example.org/api/v1/tasks \\
  -H "Authorization: Bearer mh_test_…" \\
  -d '{"project": "prj_…", "payload": {"text": "…"}}'"""


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """All components with example content; 404 for everybody else."""
    staff = isinstance(request.user, User) and request.user.is_staff
    if not (settings.DEBUG or staff):
        raise Http404
    if request.GET.get("toast"):
        messages.success(request, "The project is open: 120 tasks wait for people.")
    return render(request, "styleguide.html", examples())


def examples() -> dict[str, object]:
    """What the page shows."""
    now = timezone.now()
    return {
        "moments": [now, now - timedelta(minutes=5), now - timedelta(hours=30), now + timedelta(days=3)],
        "columns": [
            {"key": "name", "title": "Project", "sort": "name"},
            {"key": "status", "title": "State", "sort": "status"},
            {"key": "done", "title": "Done", "sort": "done", "number": True},
            {"key": "paid", "title": "Paid", "number": True},
            {"key": "updated", "title": "Updated", "sort": "updated"},
            {"key": "actions", "title": "", "actions": True},
        ],
        "rows": [
            {
                "name": "Which reply is better?",
                "status": "open",
                "done": 812,
                "paid": 40610,
                "updated": now - timedelta(minutes=2),
            },
            {"name": "血细胞框选", "status": "paused", "done": 64, "paid": 9600, "updated": now - timedelta(hours=7)},
            {
                "name": "Entities in posts",
                "status": "failed",
                "done": 1204,
                "paid": -250,
                "updated": now - timedelta(days=2),
            },
            {
                "name": "Stars for reviews",
                "status": "completed",
                "done": 5000,
                "paid": 125000,
                "updated": now - timedelta(days=20),
            },
        ],
        "statuses": ["open", "review", "paused", "failed", "draft"],
        "values": [3, 5, 4, 8, 7, 11, 9, 14, 13, 18, 16, 22],
        "series": [
            {"name": "Settled", "values": [0, 40, 90, 160, 260, 330, 410, 520], "tone": "accent", "area": True},
            {"name": "In review", "values": [0, 12, 30, 42, 38, 55, 48, 61], "tone": "warn"},
        ],
        "ticks": ["Mon", "Tue", "Wed", "Thu", "Fri"],
        "bars": [
            {"label": "Person", "value": 812, "tone": "accent"},
            {"label": "Location", "value": 430, "tone": "accent"},
            {"label": "Organization", "value": 287, "tone": "accent"},
            {"label": "Disputed", "value": 41, "tone": "warn"},
        ],
        "parts": [
            {"label": "Settled", "value": 520, "tone": "ok"},
            {"label": "In review", "value": 61, "tone": "accent"},
            {"label": "Open", "value": 219, "tone": "muted"},
            {"label": "Failed", "value": 9, "tone": "bad"},
        ],
        "events": [
            {
                "title": "Result settled",
                "moment": now - timedelta(minutes=1),
                "tone": "ok",
                "text": "Confidence 0.97, three answers agree.",
            },
            {"title": "Returned to its author", "moment": now - timedelta(hours=2), "tone": "warn", "by": "Reviewer A"},
            {"title": "Task created", "moment": now - timedelta(days=1)},
        ],
        "slots": range(1, 21),
        "icons": icons(),
        "tabs": [
            {"title": "Overview", "href": "#", "current": True},
            {"title": "Tasks", "href": "#", "count": 809},
            {"title": "Quality", "href": "#"},
            {"title": "Settings", "href": "#"},
        ],
        "crumbs": [{"title": "Projects", "href": "#"}, {"title": "Which reply is better?", "href": "#"}],
        "places": [
            {"title": "General", "href": "#", "icon": "settings", "current": True},
            {"title": "Quality", "href": "#", "icon": "review"},
            {"title": "People", "href": "#", "icon": "users"},
        ],
        "views": [
            {"title": "Open", "href": "#", "current": True},
            {"title": "Settled", "href": "#"},
            {"title": "All", "href": "#"},
        ],
        "code": CODE,
    }


def icons() -> list[str]:
    """The names of all icons of the sprite."""
    sprite = Path(str(finders.find("icons/sprite.svg"))).read_text(encoding="utf-8")
    return sorted(re.findall(r'<symbol id="([\w-]+)"', sprite))
