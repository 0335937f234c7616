"""Who acts: every act names its actor, and every event keeps it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """A key, a member, a contributor or the system; `id` is a public id, empty for the system."""

    kind: Literal["key", "member", "contributor", "system"]
    id: str = ""


SYSTEM = Actor("system")
