"""Notices: what a contributor should know."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models.functions import Now

from workforce.models import Contributor, Notice


def notify(*, contributor_id: int, code: str, source_key: str, params: dict[str, Any]) -> None:
    """Put a notice into the inbox, once per (contributor, code, source key)."""
    notify_all(contributor_ids=[contributor_id], code=code, source_key=source_key, params=params)


def notify_all(*, contributor_ids: Sequence[int], code: str, source_key: str, params: dict[str, Any]) -> None:
    """The same notice to several, in one statement."""
    notify_each(code=code, notices={(person, source_key): params for person in contributor_ids})


def notify_each(*, code: str, notices: Mapping[tuple[int, str], dict[str, Any]]) -> None:
    """To each (contributor, source key) their own notice of one code, in one statement."""
    Notice.objects.bulk_create(
        [
            Notice(contributor_id=person, code=code, source_key=source_key, params=params)
            for (person, source_key), params in sorted(notices.items())
        ],
        ignore_conflicts=True,
    )


def mark_read(*, contributor: Contributor, public_ids: list[str] | None = None) -> int:
    """Mark notices as read, all of them if none is named; the number that changed."""
    unread = Notice.objects.filter(contributor=contributor, read_at=None)
    if public_ids is not None:
        unread = unread.filter(public_id__in=public_ids)
    return unread.update(read_at=Now())
