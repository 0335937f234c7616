"""Idempotency keys: the answer to a request is kept with its effect, and given again when the request is repeated."""

import hashlib
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotation.models import ApiKey, IdempotencyRecord
from workforce.domain.refusal import Refusal

KEPT = timedelta(days=7)
LONGEST = 255
LOCK = "SELECT pg_try_advisory_xact_lock(%s)"


class IdempotencyInProgress(Refusal):
    """The first request with this key has not been answered yet."""

    code = "idempotency_in_progress"
    message = _("A request with this Idempotency-Key is being worked on.")
    remedy = _("Send it again in a second.")


class IdempotencyKeyReused(Refusal):
    """The key was used for another request."""

    code = "idempotency_key_reused"
    message = _("This Idempotency-Key was used for another request.")
    remedy = _("Use a new key for a new request.")


def recall(*, key: ApiKey, name: str, fingerprint: str) -> IdempotencyRecord | None:
    """The kept answer of this key's organization and mode; None if the request is new. Inside the transaction of the effect.

    Raises IdempotencyInProgress, IdempotencyKeyReused.
    """
    lock = hashlib.sha256(f"idempotency:{key.organization_id}:{key.mode}:{name}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [int.from_bytes(lock[:8], signed=True)])
        if not cursor.fetchone()[0]:
            raise IdempotencyInProgress
    mine = IdempotencyRecord.objects.filter(organization=key.organization_id, mode=key.mode, key=name)
    mine.filter(expires_at__lte=timezone.now()).delete()
    kept = mine.first()
    if kept and kept.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    return kept


def keep(*, key: ApiKey, name: str, fingerprint: str, status: int, body: str, headers: dict[str, Any]) -> None:
    """Keep the answer for seven days, in the transaction of its effect."""
    IdempotencyRecord.objects.create(
        organization_id=key.organization_id,
        mode=key.mode,
        key=name,
        fingerprint=fingerprint,
        status=status,
        body=body,
        headers=headers,
        expires_at=timezone.now() + KEPT,
    )


def forget() -> int:
    """Delete the answers whose time is over; the number."""
    return IdempotencyRecord.objects.filter(expires_at__lte=timezone.now()).delete()[0]
