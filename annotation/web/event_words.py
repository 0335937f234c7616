"""Events in words, for the history on a page."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotation.models import Event
from annotation.web.reasons import event_reason, fault_words

TYPES = {
    "task.created": gettext_lazy("Task created"),
    "task.queued": gettext_lazy("Waits to be opened"),
    "task.opened": gettext_lazy("Opened after waiting"),
    "task.started": gettext_lazy("First opened"),
    "task.returned": gettext_lazy("Back to be answered"),
    "task.in_review": gettext_lazy("Sent to review"),
    "task.completed": gettext_lazy("Result settled"),
    "task.failed": gettext_lazy("Failed"),
    "task.canceled": gettext_lazy("Canceled"),
    "task.reopened": gettext_lazy("Asked once more"),
    "assignment.leased": gettext_lazy("Taken by a contributor"),
    "assignment.returned": gettext_lazy("Given back"),
    "assignment.expired": gettext_lazy("Time ran out"),
    "assignment.revoked": gettext_lazy("Taken back"),
    "assignment.returned_to_author": gettext_lazy("Returned to its author"),
    "annotation.submitted": gettext_lazy("Answer received"),
    "annotation.accepted": gettext_lazy("Answer accepted"),
    "annotation.corrected": gettext_lazy("Answer corrected"),
    "annotation.rejected": gettext_lazy("Answer rejected"),
    "annotation.superseded": gettext_lazy("Answer set aside"),
    "annotation.appealed": gettext_lazy("Its author asks for another look"),
    "review.decided": gettext_lazy("Review decided"),
    "review.escalated": gettext_lazy("Passed on to an expert"),
}
TONES = {
    "task.completed": "ok",
    "annotation.accepted": "ok",
    "annotation.rejected": "bad",
    "task.failed": "bad",
    "task.canceled": "warn",
    "assignment.expired": "warn",
    "assignment.revoked": "warn",
    "task.in_review": "accent",
}


def told(event: Event) -> dict[str, Any]:
    """The event as the timeline component shows it."""
    return {
        "title": TYPES.get(event.type, event.type),
        "moment": event.created_at,
        "tone": TONES.get(event.type, ""),
        "by": _who(event),
        "text": _detail(event.data),
    }


def _who(event: Event) -> str:
    if event.actor_kind == "contributor":
        return str(event.data.get("contributor") or _("a contributor"))
    return {"system": "", "member": _("a member"), "key": _("a key")}.get(event.actor_kind, "")


def _detail(data: dict[str, Any]) -> str:
    """What else the event says: what the reviewer found and wrote, else why it came about."""
    decision = data.get("decision")
    if isinstance(decision, dict):
        return " · ".join(filter(None, [*fault_words(decision.get("reasons", [])), str(decision.get("note", ""))]))
    return event_reason(str(data.get("reason") or data.get("cause") or ""))
