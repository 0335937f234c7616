"""The event log as customers read it: by number, in order, without gaps for those who may see all."""

from typing import Any

from django.db.models import Max, Min, QuerySet

from annotation.models import Event

# Only these leave the house; the rest is for the house itself.
INTERNAL = ("task.more_wanted", "task.returned", "task.collected", "appeal.opened", "appeal.decided")
SUBJECTS = {
    "acc": "contract",
    "asg": "assignment",
    "ann": "annotation",
    "bat": "batch",
    "imp": "import",
    "key": "key",
    "mem": "member",
    "inv": "member",
    "prj": "project",
    "rev": "review",
    "tsk": "task",
    "whe": "webhook",
    "org": "organization",
    "fil": "file",
    "gld": "gold",
    "rul": "rule",
    "rst": "restriction",
    "rdo": "redo",
}


def readable(*, organization_id: int, mode: str, types: list[str] | None = None, subject: str = "") -> QuerySet[Event]:
    """Numbered events of one world of an organization, in order; `types` are patterns like `task.*`."""
    events = (
        Event.objects.filter(organization_id=organization_id, mode=mode, seq__isnull=False)
        .exclude(type__in=INTERNAL)
        .order_by("seq")
    )
    if subject:
        events = events.filter(subject=subject)
    if types and "*" not in types:
        pattern = "|".join(kind.replace(".", r"\.").replace("*", ".*") for kind in types)
        events = events.filter(type__regex=f"^({pattern})$")
    return events


def bounds(organization_id: int) -> tuple[int, int]:
    """The first and last number of an organization's log; (0, 0) if it is empty."""
    found = Event.objects.filter(organization_id=organization_id).aggregate(first=Min("seq"), last=Max("seq"))
    return found["first"] or 0, found["last"] or 0


def on_the_wire(event: Event) -> dict[str, Any]:
    """The event as the API, the feed and webhooks show it."""
    return {
        "id": event.public_id,
        "object": "event",
        "mode": event.mode,
        "created_at": event.created_at.isoformat().replace("+00:00", "Z"),
        "seq": event.seq,
        "type": event.type,
        "subject": {"type": SUBJECTS.get(event.subject.partition("_")[0], ""), "id": event.subject},
        "subject_seq": event.subject_seq,
        "actor": {"kind": event.actor_kind, "id": event.actor or None},
        "data": event.data,
    }
