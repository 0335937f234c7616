"""A project's people and work, simulated: the model of which the forecasts know nothing. Seconds from a Monday, 00:00 UTC."""

import heapq
from dataclasses import dataclass, field

import numpy as np

from annotation.scheduling import supply
from annotation.scheduling.forecast import Situation

HOUR, WEEK = 3600.0, 168 * 3600.0
LONGEST_H = 2 * 52 * 168
HISTORY_W = 5  # weeks before the first batch
SPELL_S = 600.0  # so long somebody stays with one kind of work
LEFT_LYING = 0.02  # tasks taken and never answered; their seat comes back after a lease
LATEST = 500
WEEKLY = supply.WEEK_H * HOUR


@dataclass(slots=True)
class Person:
    """When somebody comes, how fast they are, and what they have done of the present batch."""

    starts: list[float]  # of their sittings, the next one last
    speed: float
    until: float = 0.0
    spell: float = 0.0
    here: bool = False
    task: int = -1
    began: float = 0.0
    seen: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Batch:
    """Tasks by number: how many answers each gets before it is settled, and how many it has."""

    posted: float
    stops: np.ndarray
    answers: np.ndarray
    free: list[int]  # tasks with a free seat, a heap
    seen_s: float = 0.0

    @property
    def share(self) -> float:
        """Of all the answers it will get."""
        return float(self.answers.sum() / self.stops.sum())


class World:
    """One project: its people, their hours, their other work."""

    def __init__(self, seed: int) -> None:
        self.random = random = np.random.default_rng(seed)
        self.now = 0.0
        self.all, self.own = np.zeros(LONGEST_H), np.zeros(LONGEST_H)
        self.median = float(np.exp(random.uniform(np.log(15), np.log(240))))
        self.least = int(random.integers(1, 4))
        self.chances = random.dirichlet([6, 3, 2])  # to stop at least, one later, two later
        self.favour = random.beta(4, 3, LONGEST_H // 24)  # of this project against other work, day by day
        self.stops: list[int] = []
        self.seconds: list[float] = []
        moods = _moods(random)
        count = random.integers(8, 50)
        self.people = [Person(self._sittings(moods), float(random.lognormal(0, 0.3))) for _ in range(count)]
        self.batch: Batch | None = None
        self.queue = [(person.starts.pop(), number) for number, person in enumerate(self.people)]
        heapq.heapify(self.queue)
        self._work(HISTORY_W * WEEK)

    def _sittings(self, moods: np.ndarray) -> list[float]:
        """When somebody begins to work, the last time first: around an hour they like, less or more at weekends."""
        random = self.random
        hour = np.arange(LONGEST_H)
        away = np.abs((hour - random.integers(0, 24) + 12) % 24 - 12)  # hours from the one they like
        likes = np.exp(-(away**2) / 24.0)
        weekend = np.where(hour // 24 % 7 >= 5, random.uniform(0.1, 1.2), 1.0)
        rate = likes / likes[:24].sum() * random.uniform(0.2, 1.3) * weekend * moods
        starts = np.flatnonzero(random.random(LONGEST_H) < rate)
        return list((starts + random.random(len(starts)))[::-1] * HOUR)

    # --- Work --------------------------------------------------------------------------------------------------------
    def post(self) -> Batch:
        """After a pause the next batch: some hours or days of work."""
        self._work(self.now + self.random.uniform(0.1, 3) * 24 * HOUR)
        random = self.random
        week_s = self.all[int(self.now / HOUR) - 336 : int(self.now / HOUR)].sum() / 2
        answer_s = self.median * 1.2
        mean = self.least + self.chances @ [0, 1, 2]
        days = random.lognormal(np.log(1.2), 0.8)
        count = int(np.clip(week_s * 0.5 * days / 7 / (answer_s * mean), 10, 4000))
        stops = self.least + random.choice(3, count, p=self.chances)
        free = [task for task in range(count) for _ in range(self.least)]
        self.batch = Batch(self.now, stops, np.zeros(count, int), free)
        for person in self.people:
            person.seen.clear()
        return self.batch

    def work_until(self, batch: Batch, share: float) -> None:
        """Until so much of the batch is answered."""
        while batch.share < share:
            self._step()
        if share >= 1:
            self.batch = None

    def _work(self, until: float) -> None:
        while self.queue[0][0] < until:
            self._step()
        self.now = until

    def _step(self) -> None:
        """Whoever is next ends what they did, and begins something."""
        self.now, number = heapq.heappop(self.queue)
        person = self.people[number]
        if person.task >= 0:
            self._answered(person)
        heapq.heappush(self.queue, (self._next(person), number))

    def _answered(self, person: Person) -> None:
        took, task, batch = self.now - person.began, person.task, self.batch
        person.task = -1
        self.all[int(self.now / HOUR)] += took
        if batch is None:
            return
        self.own[int(self.now / HOUR)] += took
        batch.seen_s += took
        self.seconds.append(took)
        batch.answers[task] += 1
        if self.least <= batch.answers[task] < batch.stops[task]:
            heapq.heappush(batch.free, task)
        elif batch.answers[task] == batch.stops[task]:
            self.stops.append(int(batch.stops[task]))

    def _next(self, person: Person) -> float:
        """When they are done with what they do now."""
        random, now = self.random, self.now
        if now >= person.until:
            if not person.starts or person.starts[-1] > now:
                start = person.starts.pop() if person.starts else np.inf
                person.until = start + random.lognormal(np.log(2000), 0.8)
                person.spell = 0.0
                return float(start)
            person.starts.pop()
            return now
        if now >= person.spell:
            person.spell = now + random.exponential(SPELL_S)
            person.here = random.random() < self.favour[int(now / HOUR / 24)]
        if person.here and self.batch is not None and (task := self._free(person, self.batch)) is not None:
            length = self.median * person.speed * random.lognormal(0, 0.5)
            if random.random() < LEFT_LYING:
                heapq.heappush(self.batch.free, task)  # for somebody else
                return now + length
            person.task, person.began = task, now
            return now + length
        end = min(person.until, person.spell)
        self.all[int(now / HOUR)] += end - now
        return end

    def _free(self, person: Person, batch: Batch) -> int | None:
        """The first task with a free seat that they have not had."""
        passed = []
        found = None
        while batch.free:
            task = heapq.heappop(batch.free)
            if task not in person.seen:
                found = task
                break
            passed.append(task)
        for task in passed:
            heapq.heappush(batch.free, task)
        if found is not None:
            person.seen.add(found)
        return found

    # --- What the product sees ---------------------------------------------------------------------------------------
    def situation(self, batch: Batch) -> Situation:
        """As `annotation.domain.forecasts` puts it together."""
        hours = int(self.now / HOUR)
        known = supply.profile(first_h=0, seconds=self.all[:hours])
        last = self.seconds[-LATEST:]
        logs = np.log(last) if len(last) >= 30 else np.log([self.median * 1.3])
        left = batch.answers < batch.stops
        given = int(batch.answers[left].sum())
        stops = np.array(self.stops[-LATEST:] or [self.least, self.least + 1, self.least + 2], float)
        return Situation(
            tasks=int(left.sum()),
            given=given,
            least=int(np.maximum(self.least - batch.answers[left], 0).sum()),
            most=int(left.sum()) * (self.least + 2) - given,
            stops=stops,
            median_s=float(np.exp(np.median(logs))),
            sigma=max(0.05, float(np.subtract(*np.quantile(logs, [0.8413, 0.1587]))) / 2) if len(last) >= 30 else 0.7,
            measured=len(last) if len(last) >= 30 else 0,
            supply=known,
            share=supply.share(
                own=self.own[:hours], all_=self.all[:hours], prior=0.5, trust_s=known.seconds.sum() / 20
            ),
            people=len(self.people),
            start_s=self.now % WEEKLY,
            passed_s=self.now - batch.posted,
            seen_s=batch.seen_s,
            seed=len(self.stops),
        )


def _moods(random: np.random.Generator) -> np.ndarray:
    """What all people have in common, by the hour: weeks and days on which more or fewer come."""
    weeks = np.repeat(random.lognormal(0, 0.15, LONGEST_H // 168), 168)
    days = np.repeat(random.lognormal(-0.03, 0.25, LONGEST_H // 24), 24)
    holidays = np.repeat(np.where(random.random(LONGEST_H // 24) < 0.03, 0.25, 1.0), 24)
    moods: np.ndarray = weeks * days * holidays
    return moods
