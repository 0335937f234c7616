"""The crowd at work: starts people, watches the projects, brings more people where tasks want more, and stops."""

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from asgiref.sync import sync_to_async
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Count, F, Q

from annotation.domain.tasks import LIVE
from annotation.models import Project, SchemaVersion, Stage, Task
from annotation.questions.schema import Schema
from quality.management.crowd import accounts, library
from quality.management.crowd.labeler import Door, Labeler, Manner, Person, Place
from quality.management.crowd.reviewer import Reviewer

MOST_EXTRA = 60  # people beyond the wanted number, for tasks that want more answers than there are people
TASKS_IN_A_ROW = 8  # then somebody who has several projects looks for another
GRACE_S = 3.0
SIGN_INS = 2  # at once
LEFT_FOR_OTHERS = 4  # reviews per project that the demo's reviewers leave alone


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be simulated. `refill`: called with each project now and then, so that a demo never runs out of work."""

    address: str
    projects: Sequence[Project]
    contributors: int
    reviewers: int
    manner: Manner
    until_complete: bool = False
    timeout_s: float | None = None
    seed: str = ""
    refill: Callable[[Project], None] | None = None
    tell: Callable[[str], None] = print


@dataclass(frozen=True, slots=True)
class State:
    """Where the tasks of all projects stand."""

    total: int
    ended: int
    claimable: int
    deciding: int
    in_review: int

    @property
    def live(self) -> int:
        """Tasks that have not ended."""
        return self.total - self.ended


@sync_to_async
def _state(projects: Sequence[Project]) -> State | None:
    """None if the database is away at the moment."""
    try:
        return _counted(projects)
    except (OperationalError, InterfaceError):
        connection.close()
        return None


@sync_to_async
def _let_go() -> None:
    """Close the connection of the thread in which the database was asked."""
    connection.close()


def _counted(projects: Sequence[Project]) -> State:
    work = Task.objects.filter(project__in=projects, purpose="work")
    return State(
        **work.aggregate(
            total=Count("id"),
            ended=Count("id", filter=~Q(status__in=LIVE)),
            claimable=Count("id", filter=Q(stage=Stage.LABEL, status__in=("open", "collecting"), seats_taken__lt=F("seats"))),
            deciding=Count("id", filter=Q(status="deciding")),
            in_review=Count("id", filter=Q(status="in_review")),
        )
    )  # fmt: skip


def place_of(project: Project) -> Place:
    """What simulated people must know of a project."""
    schemas = {each.number: Schema.load(each.body) for each in SchemaVersion.objects.filter(project=project)}
    return Place(project.public_id, schemas, library.known_of(project))


@dataclass(slots=True)
class Crowd:
    """People at work, as asyncio tasks."""

    plan: Plan
    places: list[Place]
    labelers: list[Labeler] = field(default_factory=list)
    reviewers: list[Reviewer] = field(default_factory=list)
    jobs: list[asyncio.Task[None]] = field(default_factory=list)
    door: Door = field(default_factory=lambda: Door(SIGN_INS))
    in_vain: int = 0  # looks in a row at which tasks were open and nobody got one
    over: bool = False

    async def bring(self, kind: str, first: int, count: int) -> None:
        """So many more people of a kind, from the first number on."""
        numbers = range(first, first + count)
        emails = await sync_to_async(accounts.enlist)(kind=kind, numbers=numbers, projects=self.plan.projects)
        for number, email in zip(numbers, emails, strict=True):
            random = Random(f"{self.plan.seed}{email}") if self.plan.seed else Random()
            source = _own_address(self.plan.address, number + (2_000 if kind == "reviewer" else 0))
            if kind == "reviewer":
                reviewer = Reviewer(
                    self.plan.address, email, accounts.password(), self.door, source=source, random=random
                )
                self.reviewers.append(reviewer)
                self.jobs.append(asyncio.create_task(self._review(reviewer)))
            else:
                labeler = Labeler(
                    self.plan.address, email, accounts.password(), self.door, source=source, random=random
                )
                self.labelers.append(labeler)
                self.jobs.append(asyncio.create_task(self._label(labeler)))

    async def _label(self, person: Labeler) -> None:
        await self._begin(person)
        while not self._ends():
            place = person.random.choice(self.places)
            for _ in range(TASKS_IN_A_ROW):
                if not await person.work(place, self.plan.manner) or self._ends():
                    break
            await self._rest(person)

    async def _review(self, person: Reviewer) -> None:
        await self._begin(person)
        demo = self.plan.refill is not None
        while not self._ends():
            place = person.random.choice(self.places)
            await person.work(
                place, self.plan.manner, returned=0.3 if demo else 0.0, leave=LEFT_FOR_OTHERS if demo else 0
            )
            await self._rest(person)

    def _ends(self) -> bool:
        return self.over

    async def _begin(self, person: Person) -> None:
        """Not everybody at the same second."""
        await asyncio.sleep(person.random.uniform(0, self.plan.manner.pace_s))
        await person.sign_in()

    async def _rest(self, person: Person) -> None:
        if person.idle:
            await asyncio.sleep(3.0 if self.plan.manner.pace_s else 0.2)

    async def end(self) -> None:
        """Let everybody finish what they are at, for a moment; then go."""
        self.over = True
        if self.jobs:
            _done, left = await asyncio.wait(self.jobs, timeout=GRACE_S)
            for job in left:
                job.cancel()
            await asyncio.gather(*self.jobs, return_exceptions=True)
        for person in (*self.labelers, *self.reviewers):
            await person.browser.close()

    def failure(self) -> BaseException | None:
        """Why somebody stopped before the end."""
        stopped = [job for job in self.jobs if job.done() and not job.cancelled()]
        return next((error for job in stopped if (error := job.exception())), None)


def _own_address(address: str, number: int) -> str:
    """Everybody calls from an address of their own where the machine has many: Linux, on its loopback."""
    local = any(name in address for name in ("//localhost", "//127.0.0.1"))
    return f"127.1.{number // 250}.{number % 250 + 1}" if local and sys.platform == "linux" else ""


async def play(plan: Plan) -> bool:
    """Simulate until the plan is fulfilled; True if nothing is left to do, False if time ran out first. Raises SignInRefusedError."""
    places = [await sync_to_async(place_of)(project) for project in plan.projects]
    crowd = Crowd(plan, places)
    await crowd.bring("labeler", 1, plan.contributors)
    await crowd.bring("reviewer", 1, plan.reviewers)
    try:
        return await _watch(crowd)
    finally:
        await crowd.end()
        await _let_go()


async def _watch(crowd: Crowd) -> bool:
    """Look at the tasks every now and then; as `play`."""
    plan, started = crowd.plan, time.monotonic()
    told = 0.0
    while True:
        await asyncio.sleep(2.0 if plan.manner.pace_s else 0.3)
        if error := crowd.failure():
            raise error
        passed = time.monotonic() - started
        late = plan.timeout_s is not None and passed >= plan.timeout_s
        state = await _state(plan.projects)
        finished = state is not None and plan.until_complete and _complete(state, plan)
        if state and (finished or late or passed - told >= _between(passed)):
            told = passed
            plan.tell(_line(passed, state, plan.manner))
        if finished or late:
            return finished or not plan.until_complete
        if state:
            await _keep_going(crowd, state)


async def _keep_going(crowd: Crowd, state: State) -> None:
    """More people where tasks want more answers than there are people; more tasks where a demo would run dry."""
    plan = crowd.plan
    crowd.in_vain = crowd.in_vain + 1 if state.claimable and all(each.idle for each in crowd.labelers) else 0
    if plan.until_complete and crowd.in_vain >= 3 and len(crowd.labelers) < plan.contributors + MOST_EXTRA:
        crowd.in_vain = 0
        plan.tell(f"{state.claimable} tasks want answers from more people: one more joins.")
        await crowd.bring("labeler", len(crowd.labelers) + 1, 1)
    if plan.refill is not None:
        for project in plan.projects:
            await sync_to_async(plan.refill)(project)


def _complete(state: State, plan: Plan) -> bool:
    """Nothing is left for these people: reviews count only if there are reviewers."""
    return state.live == 0 if plan.reviewers else state.live == state.in_review


def _between(passed: float) -> float:
    """Seconds between two lines: few at first, a minute in a long run."""
    return min(max(passed / 4, 2.0), 60.0)


def _line(passed: float, state: State, manner: Manner) -> str:
    tally = manner.tally
    return (
        f"{passed:7.1f} s  {tally.answers} answers ({tally.answers / passed:.1f}/s), {tally.skips} given back, {tally.reviews} reviews, "
        f"{tally.refusals} refused; tasks: {state.ended} of {state.total} done, {state.deciding} being decided, {state.in_review} in review"
    )
