"""Keys of programs: `<live·test>_<access key id, 20 of A-Z2-7>_<secret, 40 of A-Za-z0-9>`. Only the SHA-256 of the secret is kept."""

import hashlib
import hmac
import re
import secrets
import string
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotation.domain.events import Fact, publish
from annotation.models import ApiKey, Organization
from annotation.permissions import PRESETS
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal
from workforce.models import User

ID_LETTERS = string.ascii_uppercase + "234567"
SECRET_LETTERS = string.ascii_letters + string.digits
PLAIN = re.compile(r"(live|test)_([A-Z2-7]{20})_([A-Za-z0-9]{40})")
YEAR = timedelta(days=365)
LONGEST = timedelta(days=5 * 365)
LONGEST_OVERLAP_S = 7 * 86_400
USED_EVERY = timedelta(minutes=1)  # how often a busy key's row is written
NO_SECRET = hashlib.sha256(b"").hexdigest()  # compared with when there is no such key, so that both take as long


class UnknownScope(Refusal):
    """A key needs scopes, and knows only those of the table."""

    code = "validation_failed"
    message = _("A key needs at least one scope, each one that this product knows.")
    remedy = _("Choose a preset (full, submit, read) or name scopes like tasks:write.")


class BadExpiry(Refusal):
    """A key ends, and not in the past."""

    code = "validation_failed"
    message = _("A key lives for a day at least and for five years at most.")
    remedy = _("Choose another day.")


class KeyEnded(Refusal):
    """A dead key has no successor."""

    code = "wrong_state"
    message = _("This key has been revoked or has expired.")
    remedy = _("Make a new key.")


@transaction.atomic
def issue_key(
    *,
    organization: Organization,
    mode: str,
    name: str,
    scopes: Iterable[str],
    by: Actor,
    created_by: User | None = None,
    expires_in: timedelta = YEAR,
) -> tuple[ApiKey, str]:
    """A new key and its plain text, which is shown this once. `scopes` may hold presets. Raises UnknownScope, BadExpiry."""
    if not timedelta(days=1) <= expires_in <= LONGEST:
        raise BadExpiry
    key, plain = _make(
        organization=organization,
        mode=mode,
        name=name,
        scopes=_spelled_out(scopes),
        created_by=created_by,
        expires_at=timezone.now() + expires_in,
    )
    publish(_fact(key, "key.created", name=name, scopes=key.scopes), by=by)
    return key, plain


@transaction.atomic
def rotate_key(
    *, key: ApiKey, overlap_s: int, by: Actor, created_by: User | None = None, expires_in: timedelta = YEAR
) -> tuple[ApiKey, str]:
    """A successor with the same name, mode and scopes, and its plain text. Raises KeyEnded.

    The old key works on for `overlap_s` seconds, 0 to 7 days.
    """
    now = timezone.now()
    old = ApiKey.objects.select_for_update(no_key=True, of=("self",)).select_related("organization").get(pk=key.pk)
    if old.revoked_at or old.expires_at <= now:
        raise KeyEnded
    successor, plain = _make(
        organization=old.organization,
        mode=old.mode,
        name=old.name,
        scopes=old.scopes,
        created_by=created_by,
        expires_at=now + expires_in,
    )
    ends = now + timedelta(seconds=max(0, min(overlap_s, LONGEST_OVERLAP_S)))
    ApiKey.objects.filter(pk=old.pk).update(expires_at=min(old.expires_at, ends))
    publish(_fact(old, "key.rotated", successor=successor.public_id), by=by)
    return successor, plain


@transaction.atomic
def revoke_key(*, key: ApiKey, by: Actor) -> None:
    """The key works no longer, from now on and for ever; a revoked one stays as it is."""
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
        publish(_fact(key, "key.revoked"), by=by)


def key_of(plain: str) -> ApiKey | None:
    """The live key of this text, with its organization; None for any other text. Notes the use at most once a minute."""
    parts = PLAIN.fullmatch(plain)
    if parts is None:
        return None
    mode, access_key_id, secret = parts.groups()
    key = ApiKey.objects.select_related("organization").filter(access_key_id=access_key_id, mode=mode).first()
    same = hmac.compare_digest(_digest(secret), key.secret_sha256 if key else NO_SECRET)
    now = timezone.now()
    if key is None or not same or key.revoked_at or key.expires_at <= now:
        return None
    _used(key, now)
    return key


def _used(key: ApiKey, now: datetime) -> None:
    before = now - USED_EVERY
    if key.last_used_at is None or key.last_used_at < before:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=before)
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


def _make(
    *,
    organization: Organization,
    mode: str,
    name: str,
    scopes: list[str],
    created_by: User | None,
    expires_at: datetime,
) -> tuple[ApiKey, str]:
    secret = _draw(SECRET_LETTERS, 40)
    key = ApiKey.objects.create(
        organization=organization,
        mode=mode,
        name=name,
        access_key_id=_draw(ID_LETTERS, 20),
        secret_sha256=_digest(secret),
        scopes=scopes,
        created_by=created_by,
        expires_at=expires_at,
    )
    key.refresh_from_db()
    return key, f"{mode}_{key.access_key_id}_{secret}"


def _spelled_out(scopes: Iterable[str]) -> list[str]:
    """Presets replaced by what they hold. Keys for customers never get `work:write`, which is a person's or a model's own."""
    wanted = {scope for name in scopes for scope in PRESETS.get(name, (name,))}
    if not wanted or not wanted <= set(PRESETS["full"]):
        raise UnknownScope
    return [scope for scope in PRESETS["full"] if scope in wanted]


def _draw(letters: str, length: int) -> str:
    return "".join(secrets.choice(letters) for _ in range(length))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _fact(key: ApiKey, kind: str, **data: object) -> Fact:
    return Fact(key.organization_id, key.mode, None, kind, key.public_id, {"key": key.public_id, **data})
