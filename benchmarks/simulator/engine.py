"""The day, event by event: people come, work, leave; batches are posted; the product's rounds run. Same seed, same log."""

import hashlib
import heapq
import os
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.db import connection

from annotation.domain import answers, batches, dispatch, events, expiry, hints, leases, pace, routing, shares
from annotation.domain.leases import LeaseLost, Taken
from benchmarks.simulator import house
from benchmarks.simulator.clock import Clock
from benchmarks.simulator.house import House
from benchmarks.simulator.policies import Policy, Sitter
from benchmarks.simulator.world import DAY_S, Effort, Post, World
from quality.domain import pipeline

# Between two rounds of the dispatcher, and of the rest that Celery does; in the product every second, and as soon as something happens.
ROUND_S, SWEEP_S = 15.0, 30.0
UPKEEP_S = 600.0
SAMPLE_S = 900.0  # between two looks at what is open
BEAT_S = 60.0
ASK_AGAIN_S = 60.0  # somebody waits for work, and no hint comes
AWAY_S = 600.0  # a closed tab, a lost connection
SKIPPED = 0.3  # of a task's seconds pass before somebody gives it back
TICKS = os.sysconf("SC_CLK_TCK")
BACKLOG = """
INSERT INTO sim.backlog SELECT now(), w.organization, w.service_class, sum(t.seats - t.seats_taken)
  FROM task t JOIN sim.wish w ON w.task_id = t.id WHERE t.claimable GROUP BY 1, 2, 3
"""


class Engine:
    """One day of one policy, which can be stopped, pickled, and gone on with in the same database.

    `digest`: of every event that has been noted, and of their order.
    """

    def __init__(self, world: World, rooms: House, policy: Policy, clock: Clock) -> None:
        self.world, self.house, self.policy, self.clock = world, rooms, policy, clock
        self.sitters = [Sitter(person, row) for person, row in zip(world.people, rooms.people, strict=True)]
        self.at = 0.0
        self.digest = b""
        self.rounds_cpu_s = 0.0
        self.rounds = 0
        self.stopped = False
        self._by_key = {sitter.row.public_id: sitter for sitter in self.sitters}
        self._log: IO[str] | None = None
        self._progress: Callable[[datetime], None] | None = None
        self._heap: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._count = 0
        self._unjudged: dict[str, None] = {}
        self._plan_day()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_log": None, "_progress": None, "stopped": False}

    def run(
        self,
        until: float = DAY_S,
        *,
        log: IO[str] | None = None,
        progress: Callable[[datetime], None] | None = None,
        over: Callable[[], bool] = lambda: False,
    ) -> None:
        """Play the day, or on from where it was stopped. log: where every event is noted, one line each. progress: called now and then.
        over: asked before each event whether to stop there.
        """
        self._log, self._progress = log, progress
        events.on_publish(lambda: None)  # what follows an answer follows in the next round
        hints.on_hint(self._hear)
        while self._heap and self._heap[0][0] < until:
            if over():
                self.stopped = True
                return
            at, _, act, values = heapq.heappop(self._heap)
            if at > self.at:
                self.at = at
                self.clock.move(at)
            act(*values)
        self._end(until)

    def _plan_day(self) -> None:
        for post in self.world.posts:
            self._plan(post.at, self._post, post)
        for sitter in self.sitters:
            for start, end in sitter.person.sittings:
                self._plan(start, self._come, sitter, end)
        for every, act in (
            (SWEEP_S, self._sweep),
            (ROUND_S, self._round),
            (UPKEEP_S, self._upkeep),
            (SAMPLE_S, self._sample),
        ):
            self._plan(every, self._again, every, act)

    def _plan(self, at: float, act: Callable[..., None], *values: Any) -> None:
        self._count += 1
        heapq.heappush(self._heap, (at, self._count, act, values))

    def _note(self, *words: object) -> None:
        line = f"{self.at:.3f} {' '.join(map(str, words))}\n"
        self.digest = hashlib.sha256(self.digest + line.encode()).digest()
        if self._log is not None:
            self._log.write(line)

    # --- Customers and rounds ------------------------------------------------------------------------------------------
    def _post(self, post: Post) -> None:
        self._note("post", post.number, post.tasks)
        work = self.world.works[post.project]
        due = self.clock.at(post.due) if post.due is not None else None
        house.post(self.house, self.clock, work, post, self.policy.told(post, due))
        self.policy.posted(post)

    def _again(self, every: float, act: Callable[[], None]) -> None:
        act()
        self._plan(self.at + every, self._again, every, act)

    def _sweep(self) -> None:
        """What beat and wake-ups lead to: the ends of leases, the judgement of what came in, the shares of customers."""
        now = self.clock.now()
        expiry.expire(now=now)
        expiry.lapse(now=now)
        dispatch.raise_heads()
        shares.count(now=now)
        routing.measure_reach()
        if self._unjudged:
            pipeline.run(keys=self._unjudged)
            self._unjudged.clear()

    def _round(self) -> None:
        before = self._cpu_s()
        self.policy.round(self.clock.now())
        self.rounds_cpu_s += self._cpu_s() - before
        self.rounds += 1

    def _upkeep(self) -> None:
        batches.complete_ended()
        pace.measure()

    def _sample(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(BACKLOG)
        if self._progress is not None and self.clock.now().minute == 0:
            self._progress(self.clock.now())

    def _cpu_s(self) -> float:
        """CPU seconds of this process and of its connection's in the database."""
        stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
        return time.process_time() + (int(stat[11]) + int(stat[12])) / TICKS

    # --- People ------------------------------------------------------------------------------------------------------
    def _come(self, sitter: Sitter, until: float) -> None:
        sitter.until = until
        if not sitter.here:
            self._note("come", sitter.person.number)
            sitter.here, sitter.came, sitter.chosen = True, self.at, None
            self._next(sitter)

    def _go(self, sitter: Sitter) -> None:
        self._note("go", sitter.person.number)
        sitter.here, sitter.waiting = False, False
        sitter.turn += 1
        sitter.online_s += self.at - sitter.came

    def _back(self, sitter: Sitter, late: tuple[Taken, Effort] | None) -> None:
        """After a closed tab or a lost connection; an answer that could not be sent is sent now."""
        if late is not None:
            self._send(sitter, *late)
        if self.at < sitter.until:
            self._come(sitter, sitter.until)

    def _hear(self, hinted: Sequence[hints.Hint]) -> None:
        """Hints of the product's: whoever waits looks again."""
        for group, _message in hinted:
            sitter = self._by_key.get(group.removeprefix("contributor."))
            if sitter is not None and sitter.waiting:
                sitter.waiting = False
                self._plan(self.at, self._look_again, sitter, sitter.turn)

    def _look_again(self, sitter: Sitter, turn: int) -> None:
        if sitter.here and sitter.turn == turn:
            self._next(sitter)

    def _next(self, sitter: Sitter) -> None:
        """The next task, or a while of waiting, or the end of the sitting."""
        sitter.turn += 1
        sitter.waiting = False
        if self.at >= sitter.until:
            self._go(sitter)
            return
        given = self.policy.take(sitter, self.at)
        if given is None:
            self._note("wait", sitter.person.number)
            sitter.waiting = True
            self._plan(min(self.at + ASK_AGAIN_S, sitter.until), self._look_again, sitter, sitter.turn)
        else:
            self._begin(sitter, *given)

    def _begin(self, sitter: Sitter, number: int, taken: Taken) -> None:
        task = taken.task_id - self.house.before
        self._note("take", sitter.person.number, task)
        effort = self.world.effort(sitter.person, self.world.works[number], task)
        seconds = effort.seconds * (SKIPPED if effort.end == "skip" else 1)
        self._plan(self.at + seconds, getattr(self, f"_{effort.end}"), sitter, taken, effort)
        sitter.worked_s += min(seconds, DAY_S - self.at)
        if effort.end != "lose":
            self._plan_beat(sitter, taken, number, self.at + seconds, self.at)

    def _plan_beat(self, sitter: Sitter, taken: Taken, number: int, done: float, began: float) -> None:
        if done - self.at > BEAT_S:
            self._plan(self.at + BEAT_S, self._beat, sitter, taken, number, done, began)

    def _beat(self, sitter: Sitter, taken: Taken, number: int, done: float, began: float) -> None:
        leases.beat(
            assignment=taken.assignment,
            contributor_id=sitter.row.pk,
            epoch=taken.epoch,
            active_ms=round((self.at - began) * 1000),
            place=self.house.projects[number].public_id,
        )
        self._plan_beat(sitter, taken, number, done, began)

    # --- The ends of a task -------------------------------------------------------------------------------------------
    def _answer(self, sitter: Sitter, taken: Taken, effort: Effort) -> None:
        self._send(sitter, taken, effort)
        self._next(sitter)

    def _send(self, sitter: Sitter, taken: Taken, effort: Effort) -> None:
        """The right answer to every second task is yes."""
        right = "yes" if (taken.task_id - self.house.before) % 2 else "no"
        wrong = "no" if right == "yes" else "yes"
        try:
            done = answers.submit(
                assignment=taken.assignment,
                contributor_id=sitter.row.pk,
                epoch=taken.epoch,
                client_key=effort.key,
                envelope={"value": {"right": right if effort.right else wrong}},
                active_ms=round(effort.seconds * 1000),
                by=sitter.actor,
            )
        except LeaseLost:
            self._note("lost", sitter.person.number, taken.task_id - self.house.before)
            return
        self._note(done.status, sitter.person.number, taken.task_id - self.house.before)
        self._unjudged[taken.task] = None

    def _skip(self, sitter: Sitter, taken: Taken, effort: Effort) -> None:
        self._note("skip", sitter.person.number, taken.task_id - self.house.before)
        expiry.release(
            assignment=taken.assignment,
            contributor_id=sitter.row.pk,
            epoch=taken.epoch,
            reason="unclear",
            by=sitter.actor,
        )
        self._next(sitter)

    def _close(self, sitter: Sitter, taken: Taken, effort: Effort) -> None:
        self._note("close", sitter.person.number, taken.task_id - self.house.before)
        leases.leaving(assignment=taken.assignment, contributor_id=sitter.row.pk, epoch=taken.epoch)
        self._go(sitter)
        self._plan(self.at + AWAY_S, self._back, sitter, None)

    def _lose(self, sitter: Sitter, taken: Taken, effort: Effort) -> None:
        self._note("lose", sitter.person.number, taken.task_id - self.house.before)
        self._go(sitter)
        self._plan(self.at + AWAY_S, self._back, sitter, (taken, effort))

    def _end(self, until: float) -> None:
        """Midnight: whoever is still here has been here until now."""
        self.at = until
        self.clock.move(until)
        for sitter in self.sitters:
            if sitter.here:
                self._go(sitter)
        self._sweep()
