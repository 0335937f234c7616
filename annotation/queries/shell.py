"""What the frame of a page shows of the person who is signed in: one statement."""

from dataclasses import dataclass

from django.db import connection

from annotation.models import Role
from workforce.models.public_id import encode

# Unread notices are counted to a hundred: the bell says "99+".
FACTS = """
SELECT c.id IS NOT NULL,
       EXISTS (SELECT 1 FROM skill_grant g JOIN skill s ON s.id = g.skill_id
                WHERE g.contributor_id = c.id AND g.revoked_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > now())
                  AND s.name IN ('review', 'adjudicate')),
       (SELECT count(*) FROM (SELECT 1 FROM notice n WHERE n.contributor_id = c.id AND n.read_at IS NULL LIMIT 100) unread),
       m.role, o.public_id, o.name
  FROM user_account u
  LEFT JOIN contributor c ON c.user_id = u.id
  LEFT JOIN membership m ON m.user_id = u.id
  LEFT JOIN organization o ON o.id = m.organization_id
 WHERE u.id = %s
 ORDER BY o.name, o.id
"""


@dataclass(frozen=True, slots=True)
class Seat:
    """An organization that somebody belongs to, and in which role."""

    public_id: str
    name: str
    role: str

    @property
    def role_name(self) -> str:
        """The role in words."""
        return str(Role(self.role).label)

    @property
    def is_console(self) -> bool:
        """Whether the role has pages in the customer console; a labeler only works."""
        return self.role != Role.LABELER


@dataclass(frozen=True, slots=True)
class Facts:
    """Who somebody is to the product."""

    is_contributor: bool = False
    may_review: bool = False
    unread: int = 0
    seats: tuple[Seat, ...] = ()


def facts(user_id: int) -> Facts:
    """The facts of one user; none of them for somebody who does not exist."""
    with connection.cursor() as cursor:
        cursor.execute(FACTS, [user_id])
        rows = cursor.fetchall()
    if not rows:
        return Facts()
    contributor, reviewer, unread, *_rest = rows[0]
    seats = tuple(Seat(encode("org", key), name, role) for *_facts, role, key, name in rows if key)
    return Facts(contributor, reviewer, unread, seats)
