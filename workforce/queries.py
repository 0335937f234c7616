"""Reads of floor 1."""

from dataclasses import dataclass

from django.db import connection

from workforce.models.public_id import encode

SIGNED_IN = """
SELECT u.id, u.public_id, c.id, c.public_id, c.status, u.locale
  FROM usersessions_usersession s
  JOIN django_session d ON d.session_key = s.session_key AND d.expire_date > now()
  JOIN user_account u ON u.id = s.user_id AND u.is_active
  LEFT JOIN contributor c ON c.user_id = u.id
 WHERE s.session_key = %s
"""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who holds a session, as far as the workspace needs to know."""

    user_id: int
    contributor_id: int | None
    contributor: str  # public id, empty if the user is no contributor
    standing: str
    locale: str


def signed_in(session_key: str | None) -> SignedIn | None:
    """The user and contributor of a live session, in one statement; None if the session has ended or the user was disabled."""
    if not session_key:
        return None
    with connection.cursor() as cursor:
        cursor.execute(SIGNED_IN, [session_key])
        row = cursor.fetchone()
    if row is None:
        return None
    user_id, _, contributor_id, public_id, standing, locale = row
    return SignedIn(user_id, contributor_id, encode("per", public_id) if public_id else "", standing or "", locale)
