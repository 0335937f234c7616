"""Who comes and what is posted on one day: drawn from a seed, the same for every policy. Times are seconds since midnight UTC."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import TypeVar
from uuid import UUID

Drawn = TypeVar("Drawn")

START = datetime(2026, 11, 2, tzinfo=UTC)
DAY_S, HOUR_S = 86_400.0, 3_600.0
WAGE = 1_500  # minor units per hour
SIGMA = 0.5  # of the log-normal seconds of one person and kind of work

SKILLS = ("french", "medicine")
ASKED = (("", 0.55), ("french", 0.25), ("medicine", 0.2))  # what projects ask for
PROFILES = (((), 0.4), (("french",), 0.3), (("medicine",), 0.2), (SKILLS, 0.1))
OVERLAPS = (((1, 1), 0.5), ((2, 3), 0.35), ((3, 5), 0.15))
ANSWERS = {1: 1.0, 2: 2.25, 3: 3.6}  # that tasks of these overlaps get in the end, about
ZONES = (-8, -5, -3, 0, 1, 3, 5.5, 8, 9)
SITS_DOWN = ((9.5, 2.0), (14.0, 2.5), (20.0, 1.5))  # local hours, with their spread


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    tasks: int
    people: int
    projects: int
    organizations: int


QUICK = Size(20_000, 200, 40, 8)
FULL = Size(500_000, 2_000, 200, 40)


@dataclass(frozen=True, slots=True)
class Class:
    """How a service class is posted. `share`: of all tasks; `batch`: tasks of a batch, of all tasks; `due_h`: hours to its deadline.

    `dated`: share of the batches that have a deadline.
    """

    share: float
    batch: float
    dated: float
    due_h: tuple[float, float]


CLASSES = {
    "urgent": Class(0.12, 0.001, 1.0, (0.5, 1.0)),
    "standard": Class(0.38, 0.004, 0.75, (3.0, 12.0)),
    "bulk": Class(0.5, 0.01, 0.0, (0.0, 0.0)),
}
HOG, HOG_SHARE = 0, 0.7  # one organization posts most of the bulk work, all of it at midnight
BURST, BURST_SHARE, BURST_AT = 1, 0.15, 14 * HOUR_S  # another posts much standard work at once
PRIORITIES = ((20, 0.7), (50, 0.2), (80, 0.1))


@dataclass(frozen=True, slots=True)
class Work:
    """A project. `seconds`: the median of its answers; `overlap`: answers wanted at first, at most; `skill`: asked for, or empty."""

    number: int
    organization: int
    skill: str
    overlap: tuple[int, int]
    seconds: float

    @property
    def price(self) -> int:
        """Minor units per answer."""
        return max(1, math.ceil(self.seconds * WAGE / HOUR_S))

    @property
    def lease_s(self) -> int:
        """Seconds that a lease lasts."""
        return max(300, math.ceil(6 * self.seconds))


@dataclass(frozen=True, slots=True)
class Post:
    """Tasks that come together. `due`: deadline, None without."""

    number: int
    project: int
    at: float
    service_class: str
    priority: int
    due: float | None
    tasks: int


@dataclass(frozen=True, slots=True)
class Person:
    """`roams`: takes whatever the scheduler chooses; the others choose a project themselves. `pace`: factor on everybody's seconds."""

    number: int
    skills: tuple[str, ...]
    roams: bool
    pace: float
    accuracy: float
    sittings: tuple[tuple[float, float], ...]

    def may(self, work: Work) -> bool:
        """Has what the project asks for."""
        return not work.skill or work.skill in self.skills


@dataclass(frozen=True, slots=True)
class Effort:
    """What a task costs somebody, and how it ends: `answer`, `skip`, `close` (the tab) or `lose` (the connection)."""

    seconds: float
    end: str
    right: bool
    key: UUID


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is drawn before the day begins, and the rule by which efforts are drawn while it lasts."""

    seed: int
    works: tuple[Work, ...]
    posts: tuple[Post, ...]
    people: tuple[Person, ...]

    def effort(self, person: Person, work: Work, task: int) -> Effort:
        """Of this person with this task: whatever else happens, it is always the same."""
        skill = Random(f"{self.seed} pace {person.number} {work.number}").lognormvariate(0, 0.2)
        chance = Random(f"{self.seed} effort {person.number} {task}")
        seconds = work.seconds * person.pace * skill * chance.lognormvariate(0, SIGMA)
        end = _one_of(chance, (("answer", 0.973), ("skip", 0.02), ("close", 0.004), ("lose", 0.003)))
        right = chance.random() < person.accuracy
        return Effort(max(2.0, seconds), end, right, UUID(int=chance.getrandbits(128), version=4))


def draw(size: Size, seed: int, load: float) -> World:
    """The day of this size and seed. `load`: work posted, in shares of what the people of the day can do; bulk is left over above 1."""
    people = tuple(_person(number, Random(f"{seed} person {number}")) for number in range(size.people))
    plain = [_work(number, size, Random(f"{seed} project {number}")) for number in range(size.projects)]
    posts = tuple(_posts(size, plain, Random(f"{seed} posts")))
    supply = sum(end - start for person in people for start, end in person.sittings)
    pace = sum(person.pace for person in people) / len(people) * math.exp(SIGMA**2 / 2)
    posted = sum(post.tasks * ANSWERS[plain[post.project].overlap[0]] * plain[post.project].seconds for post in posts)
    unit = load * supply / (posted * pace)
    works = tuple(Work(w.number, w.organization, w.skill, w.overlap, w.seconds * unit) for w in plain)
    return World(seed, works, posts, people)


def _one_of(chance: Random, shares: tuple[tuple[Drawn, float], ...]) -> Drawn:
    """One of them, by their shares."""
    return chance.choices([each for each, _ in shares], [share for _, share in shares])[0]


def _person(number: int, chance: Random) -> Person:
    return Person(
        number=number,
        skills=_one_of(chance, PROFILES),
        roams=chance.random() < 2 / 3,
        pace=chance.lognormvariate(0, 0.25),
        accuracy=chance.betavariate(18, 2),
        sittings=tuple(_sittings(chance)),
    )


def _sittings(chance: Random) -> Iterator[tuple[float, float]]:
    """One or two stretches at the desk, in order, some over midnight and cut there."""
    zone = chance.choice(ZONES)
    hours = sorted(
        (chance.gauss(*chance.choice(SITS_DOWN)) - zone) % 24 for _ in range(_one_of(chance, ((1, 0.6), (2, 0.4))))
    )
    free = 0.0
    for hour in hours:
        start = max(free, hour * HOUR_S)
        end = min(start + min(max(chance.lognormvariate(math.log(110), 0.5), 10), 360) * 60, DAY_S)
        if start < end:
            yield start, end
        free = end + 600


def _work(number: int, size: Size, chance: Random) -> Work:
    """A project with seconds that are only in proportion to those of others; every organization has as many."""
    seconds = chance.lognormvariate(0, 0.5)
    return Work(number, number % size.organizations, _one_of(chance, ASKED), _one_of(chance, OVERLAPS), seconds)


def _posts(size: Size, works: list[Work], chance: Random) -> list[Post]:
    """All batches, by time. The hog's come first, the burst in ten minutes, the others at any time but the last two hours."""
    drawn: list[tuple[float, int, str, int]] = []
    for name, kind in CLASSES.items():
        left = {HOG: 0, BURST: 0, None: round(kind.share * size.tasks)}
        if name == "bulk":
            left[HOG] = round(left[None] * HOG_SHARE)
        if name == "standard":
            left[BURST] = round(left[None] * BURST_SHARE)
        left[None] -= left[HOG] + left[BURST]
        for who, tasks in left.items():
            drawn += _split(who, tasks, name, kind, size, works, chance)
    drawn.sort()
    return [_post(number, *each, chance) for number, each in enumerate(drawn)]


def _split(
    who: int | None, tasks: int, name: str, kind: Class, size: Size, works: list[Work], chance: Random
) -> Iterator[tuple[float, int, str, int]]:
    """So many tasks of somebody (None: of anybody but the hog) in batches: time, project, class, tasks."""
    mine = [work.number for work in works if work.organization == who or (who is None and work.organization != HOG)]
    while tasks > 0:
        many = min(tasks, max(1, round(kind.batch * size.tasks * chance.lognormvariate(0, 0.6))))
        start, length = {HOG: (0.0, 0.0), BURST: (BURST_AT, 600.0), None: (0.0, DAY_S - 2 * HOUR_S)}[who]
        yield start + length * chance.random(), chance.choice(mine), name, many
        tasks -= many


def _post(number: int, at: float, project: int, name: str, tasks: int, chance: Random) -> Post:
    kind = CLASSES[name]
    due = at + chance.uniform(*kind.due_h) * HOUR_S if chance.random() < kind.dated else None
    return Post(number, project, at, name, _one_of(chance, PRIORITIES), due, tasks)
