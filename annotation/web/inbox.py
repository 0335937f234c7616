"""The inbox: what happened to one's work, in words; and the number on the bell."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from annotation.queries import inbox as notices
from annotation.web.home import contributor_view
from annotation.web.notice_words import worded
from workforce.domain import standing
from workforce.models import Contributor


@require_safe
@contributor_view
def inbox(request: HttpRequest, contributor: Contributor) -> HttpResponse:
    """Notices, newest first, a page at a time; all of them or the unread ones."""
    unread_only = request.GET.get("show") == "unread"
    rows, after = notices.page(contributor=contributor, unread_only=unread_only, after=request.GET.get("after", ""))
    shown = worded(rows)
    compared = {notice.project for notice in shown if notice.pairs}
    context = {
        "notices": shown,
        "unread_only": unread_only,
        "next": after,
        "questions": notices.questions_of(compared) if compared else {},
    }
    return render(request, "annotation/inbox.html", context)


@require_POST
@contributor_view
def read(request: HttpRequest, contributor: Contributor) -> HttpResponse:
    """Mark the notices named as read, all of them if none is named."""
    standing.mark_read(contributor=contributor, public_ids=request.POST.getlist("notice") or None)
    return redirect(
        f"{request.path.removesuffix('read/')}{'?show=unread' if request.POST.get('show') == 'unread' else ''}"
    )


@require_safe
@contributor_view
def bell(request: HttpRequest, contributor: Contributor) -> HttpResponse:
    """The bell of the top bar, read again after a hint."""
    return render(request, "_shell/bell.html")
