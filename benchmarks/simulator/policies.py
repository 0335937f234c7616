"""Who gets what next. All claim through the same functions, so seats and fences hold for all; only the choice differs.

`ours` is the product. `fcfs` is what open tools do: the oldest unfinished task of all that the person may do. `random` is any open task.
These two are told of no class, deadline or priority.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, ClassVar, NamedTuple
from unittest.mock import patch

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
    """A person of the world at their desk. `chosen`: the project that is open there; `in_vain`: where nothing was, and when."""

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
    """What is open in a project; `oldest`: the lowest rank."""

    seats: int
    oldest: int


OPEN = """
SELECT project_id, count(*), min(rank) FROM task WHERE claimable AND stage = 'label' GROUP BY project_id ORDER BY project_id
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
        self._places = {project.public_id: number for number, project in enumerate(house.projects)}

    def told(self, post: Post, due: datetime | None) -> dict[str, Any]:
        """The options of a batch's tasks that the product is told."""
        return {}

    def posted(self, post: Post) -> None:
        """The tasks of a batch are there."""

    def round(self, now: datetime) -> None:
        """Every few seconds."""

    def take(self, sitter: Sitter, at: float) -> tuple[int, Taken] | None:
        """The next task of somebody: the project's number and the lease."""
        return self.roam(sitter, at) if sitter.person.roams else self.stay(sitter, at)

    def roam(self, sitter: Sitter, at: float) -> tuple[int, Taken] | None:
        """For those who take whatever comes."""
        raise NotImplementedError

    def stay(self, sitter: Sitter, at: float) -> tuple[int, Taken] | None:
        """For those who choose a project themselves: where they are, else in one that they pick blindly."""
        choices = self.choices(sitter, at)
        mixed = self.chance.sample(choices, len(choices))
        return self.first(sitter, at, sorted(mixed, key=lambda choice: choice[0] != sitter.chosen))

    def first(self, sitter: Sitter, at: float, choices: Iterable[Choice]) -> tuple[int, Taken] | None:
        """The next task of the first of these projects that has one."""
        for number, _ in choices:
            taken = self._claim(sitter, number)
            if taken is not None:
                return number, taken
            sitter.in_vain[number] = at
        return None

    def _claim(self, sitter: Sitter, number: int) -> Taken | None:
        """The next task of a project, which is then what is open in their workspace."""
        pk = self.house.projects[number].pk
        try:
            taken = leases.take(project_id=pk, contributor_id=sitter.row.pk, by=sitter.actor)
        except (leases.NothingToLabel, leases.OpenWork):
            return None
        sitter.chosen = number
        return taken

    def choices(self, sitter: Sitter, at: float) -> list[Choice]:
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


class Ours(Policy):
    """The product. Who roams goes where their offers are, stays while there is work, and is then sent on: as the workspace does it."""

    name = "ours"

    def told(self, post: Post, due: datetime | None) -> dict[str, Any]:
        return {
            "service_class": post.service_class,
            "priority": post.priority,
            "deadline": due.isoformat() if due else None,
        }

    def round(self, now: datetime) -> None:
        with patch("annotation.domain.dispatch.secrets.randbits", self.chance.getrandbits):
            dispatch.offer(now=now)

    def take(self, sitter: Sitter, at: float) -> tuple[int, Taken] | None:
        taken = super().take(sitter, at)
        if sitter.chosen is not None:
            place = self.house.projects[sitter.chosen].public_id
            leases.seen(contributor_id=sitter.row.pk, place=place, roams=sitter.person.roams)
        return taken

    def roam(self, sitter: Sitter, at: float) -> tuple[int, Taken] | None:
        for number in self._stops(sitter):
            taken = self._claim(sitter, number)
            if taken is not None:
                return number, taken
        return None

    def _stops(self, sitter: Sitter) -> Iterator[int]:
        """Where they are expected, or are, and then where the scheduler sends them."""
        if sitter.chosen is not None:
            pk = self.house.projects[sitter.chosen].pk
            place = leases.expected_in(contributor_id=sitter.row.pk, project_id=pk)
            yield sitter.chosen if place is None else self._places[place]
        project = dispatch.next_place(contributor_id=sitter.row.pk)
        if project is not None:
            yield self._numbers[project.pk]


class FirstComeFirstServed(Policy):
    """The oldest task first."""

    name = "fcfs"

    def roam(self, sitter: Sitter, at: float) -> tuple[int, Taken] | None:
        oldest = sorted(self.choices(sitter, at), key=lambda choice: (choice[1].oldest, choice[0]))
        return self.first(sitter, at, oldest)


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

    def roam(self, sitter: Sitter, at: float) -> tuple[int, Taken] | None:
        drawn = sorted(self.choices(sitter, at), key=lambda choice: -(self.chance.random() ** (1 / choice[1].seats)))
        return self.first(sitter, at, drawn)


POLICIES: Mapping[str, type[Policy]] = {each.name: each for each in (Ours, FirstComeFirstServed, AtRandom)}
