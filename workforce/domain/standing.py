"""Notices: what a contributor should know."""

from typing import Any

from django.db.models.functions import Now

from workforce.models import Contributor, Notice


def notify(*, contributor_id: int, code: str, source_key: str, params: dict[str, Any]) -> None:
    """Put a notice into the inbox, once per (contributor, code, source key)."""
    Notice.objects.bulk_create(
        [Notice(contributor_id=contributor_id, code=code, source_key=source_key, params=params)], ignore_conflicts=True
    )


def mark_read(*, contributor: Contributor, public_ids: list[str] | None = None) -> int:
    """Mark notices as read, all of them if none is named; the number that changed."""
    unread = Notice.objects.filter(contributor=contributor, read_at=None)
    if public_ids is not None:
        unread = unread.filter(public_id__in=public_ids)
    return unread.update(read_at=Now())
