"""Reads of floor 1."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from workforce.models import Contributor, SkillGrant
from workforce.models.public_id import encode

SIGNED_IN = "SELECT * FROM signed_in(%s)"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who holds a session, as far as the workspace needs to know."""

    user_id: int
    contributor_id: int | None
    contributor: str  # public id, empty if the user is no contributor
    standing: str


def signed_in(session_key: str | None) -> SignedIn | None:
    """The user and contributor of a live session, in one statement; None if the session has ended or the user was disabled."""
    if not session_key:
        return None
    with connection.cursor() as cursor:
        cursor.execute(SIGNED_IN, [session_key])
        row = cursor.fetchone()
    if row is None:
        return None
    user_id, contributor_id, public_id, standing = row
    return SignedIn(user_id, contributor_id, encode("per", public_id) if public_id else "", standing or "")


def skills_of(contributor: Contributor) -> list[SkillGrant]:
    """The contributor's live grants with their skills, by name; one statement."""
    live = Q(expires_at=None) | Q(expires_at__gt=Now())
    grants = SkillGrant.objects.filter(live, contributor=contributor, revoked_at=None)
    return list(grants.select_related("skill").order_by("skill__name", "id"))
