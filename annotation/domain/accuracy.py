"""How accurate a batch will be: what may be promised of it. Who keeps such promises is the floor above, which registers here."""

from dataclasses import dataclass
from typing import Protocol

from annotation.models import Batch, Project
from workforce.domain.actor import Actor


@dataclass(frozen=True, slots=True)
class Accuracy:
    """At most this share of the results is wrong (0..1), shown by an audit with this confidence (0..1)."""

    error: float = 0.02
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class Cost:
    """What the audit takes: answers, active seconds, and their price in minor units."""

    answers: int
    seconds: float
    minor: int


class Keeper(Protocol):
    """Who promises, and knows what that takes. `tasks`: how many are expected; None if nobody has said."""

    def promise(self, *, batch: Batch, accuracy: Accuracy, tasks: int | None, by: Actor) -> object:
        """Promise the accuracy of a new batch, in its transaction."""

    def cost(self, *, project: Project, accuracy: Accuracy, tasks: int | None) -> Cost:
        """What the first audit takes at most; others are at no charge."""


_keepers: list[Keeper] = []


def kept_by(keeper: Keeper) -> None:
    """Register who keeps promises, when the apps are ready."""
    _keepers[:] = [keeper]


def promise(*, batch: Batch, accuracy: Accuracy, tasks: int | None, by: Actor) -> None:
    """Promise the accuracy of a new batch."""
    _keepers[0].promise(batch=batch, accuracy=accuracy, tasks=tasks, by=by)


def cost(*, project: Project, accuracy: Accuracy, tasks: int | None) -> Cost:
    """What the first audit of so many tasks takes at most."""
    return _keepers[0].cost(project=project, accuracy=accuracy, tasks=tasks)
