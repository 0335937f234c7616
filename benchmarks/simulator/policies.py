"""Who gets what next. All claim through the same functions, so seats and fences hold for all; only the choice differs.

`ours` is the product. `fcfs` is what open tools do: the oldest unfinished task of all that the person may do. `random` is any open task.
These two are told of no class, deadline or priority.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, ClassVar, NamedTuple

from django.db import connection

from annotation.domain import dispatch, leases
from annotation.domain.leases import Taken
from annotation.domain.queues import opened
from benchmarks.simulator.house import House
from benchmarks.simulator.world import Person, Post, World
from workforce.domain.actor import Actor
from workforce.models import Contributor

LOOK_S = 60.0  # how old a person's view of the open projects may be


@dataclass(slots=True)
class Sitter:
    """A person of the world at their desk. `chosen`: the project that they chose themselves; `in_vain`: where nothing was, and when."""

    person: Person
    row: Contributor
    until: float = 0.0  # end of this sitting
    turn: int = 0  # what was planned in an earlier turn is void
    here: bool = False
    waiting: bool = False
    came: float = 0.0
    online_s: float = 0.0
    worked_s: float = 0.0
    chosen: int | None = None
    in_vain: dict[int, float] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return Actor("contributor", self.row.public_id)


class Open(NamedTuple):
    """What is open in a project. `oldest`: the lowest rank; `urgency`: of its first class, 0 is urgent; `due`: the nearest deadline."""

    seats: int
    oldest: int
    urgency: int
    due: datetime | None


OPEN = """
SELECT t.project_id, count(*), min(t.rank),
       min(CASE q.service_class WHEN 'urgent' THEN 0 WHEN 'standard' THEN 1 ELSE 2 END), min(t.deadline)
  FROM task t JOIN queue q ON q.id = t.queue_id WHERE t.claimable AND t.stage = 'label' GROUP BY t.project_id ORDER BY t.project_id
"""
Choice = tuple[int, Open]


class Policy:
    """Chooses a project for whoever asks. People who do not roam choose one themselves, and another when it has nothing left for them."""

    name: ClassVar[str]

    def __init__(self, world: World, house: House) -> None:
        self.world, self.house = world, house
        self.chance = Random(f"{world.seed} {self.name}")
        self._open: dict[int, Open] = {}
        self._seen = -LOOK_S
        self._numbers = {project.pk: number for number, project in enumerate(house.projects)}

    def told(self, post: Post, due: datetime | None) -> dict[str, Any]:
        """The options of a batch's tasks that the product is told."""
        return {}

    def posted(self, post: Post) -> None:
        """The tasks of a batch are there."""

    def round(self, now: datetime) -> None:
        """Every few seconds."""

    def order(self, choices: list[Choice]) -> Iterable[Choice]:
        """In which order these projects are asked for work."""
        raise NotImplementedError

    def take(self, sitter: Sitter, at: float) -> tuple[int, Taken] | None:
        """The next task of somebody: the project's number and the lease."""
        for number, _ in self._asked(sitter, self._choices(sitter, at)):
            try:
                taken = leases.take(
                    project_id=self.house.projects[number].pk, contributor_id=sitter.row.pk, by=sitter.actor
                )
            except (leases.NothingToLabel, leases.OpenWork):
                sitter.in_vain[number] = at
                continue
            sitter.chosen = None if sitter.person.roams else number
            return number, taken
        return None

    def _choices(self, sitter: Sitter, at: float) -> list[Choice]:
        """Projects with open work that this person may do, and that had something for them when they last asked."""
        if at - self._seen >= LOOK_S:
            self._open, self._seen = self._look(), at
        return [
            (number, each)
            for number, each in self._open.items()
            if sitter.person.may(self.world.works[number]) and at - sitter.in_vain.get(number, -LOOK_S) >= LOOK_S
        ]

    def _look(self) -> dict[int, Open]:
        with connection.cursor() as cursor:
            cursor.execute(OPEN)
            return {self._numbers[project]: Open(*rest) for project, *rest in cursor.fetchall()}

    def _asked(self, sitter: Sitter, choices: list[Choice]) -> Iterable[Choice]:
        if sitter.person.roams:
            return self.order(choices)
        return sorted(self.chance.sample(choices, len(choices)), key=lambda choice: choice[0] != sitter.chosen)


class Ours(Policy):
    """The product: ranks, classes, offers ahead by the dispatcher; people who roam see the home page."""

    name = "ours"

    def told(self, post: Post, due: datetime | None) -> dict[str, Any]:
        return {
            "service_class": post.service_class,
            "priority": post.priority,
            "deadline": due.isoformat() if due else None,
        }

    def round(self, now: datetime) -> None:
        dispatch.offer(now=now)

    def order(self, choices: list[Choice]) -> Iterable[Choice]:
        return sorted(choices, key=lambda choice: (choice[1].urgency, choice[1].due is None, choice[1].due, choice[0]))

    def take(self, sitter: Sitter, at: float) -> tuple[int, Taken] | None:
        taken = super().take(sitter, at)
        if taken is not None:
            leases.seen(contributor_id=sitter.row.pk, place=self.house.projects[taken[0]].public_id)
        return taken


class FirstComeFirstServed(Policy):
    """The oldest task first."""

    name = "fcfs"

    def order(self, choices: list[Choice]) -> Iterable[Choice]:
        return sorted(choices, key=lambda choice: (choice[1].oldest, choice[0]))


SHUFFLE = """
WITH shuffled AS (
    UPDATE task SET rank = hashint8extended(id - %s, %s) & 2147483647 WHERE batch_id = (SELECT max(id) FROM batch) RETURNING queue_id, rank
)
SELECT queue_id, min(rank) FROM shuffled GROUP BY queue_id
"""


class AtRandom(Policy):
    """Any open task: a project by how much is open in it, and there in the order of random ranks."""

    name = "random"

    def posted(self, post: Post) -> None:
        with connection.cursor() as cursor:
            cursor.execute(SHUFFLE, [self.house.before, self.world.seed])
            ((queue, lowest),) = cursor.fetchall()
        opened(queue_id=queue, lowest_rank=lowest)

    def order(self, choices: list[Choice]) -> Iterable[Choice]:
        return sorted(choices, key=lambda choice: -(self.chance.random() ** (1 / choice[1].seats)))


POLICIES: Mapping[str, type[Policy]] = {each.name: each for each in (Ours, FirstComeFirstServed, AtRandom)}
