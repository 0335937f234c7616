"""A simulated contributor: signs in, takes the next task, thinks, answers; sometimes gives one back."""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

from annotation.questions.schema import Schema
from quality.management.crowd import mind
from quality.management.crowd.browser import Browser, Reply, SignInRefusedError

BEAT_S = 20.0
WAIT_S = 3.0  # before asking again when there is no work
AWAY_S = 0.5  # before asking again when the server is away
BUSY = (429, 503)
MOST_BROKEN = 20  # answers of a server that has failed, before one is taken for final
MOST_REFUSED = 4  # a server that was killed while somebody signed in has their attempts locked for a moment
SKIP_REASONS = ("unclear", "not_for_me", "too_long")
Door = asyncio.Semaphore
Acknowledged = Callable[[str, dict[str, Any]], None]


@dataclass(slots=True)
class Place:
    """A project as a simulated person knows it."""

    project: str
    schemas: dict[int, Schema]
    known: dict[str, mind.Known]


@dataclass(slots=True)
class Tally:
    """What all people together have done."""

    answers: int = 0
    skips: int = 0
    reviews: int = 0
    refusals: int = 0
    late: int = 0


@dataclass(slots=True)
class Manner:
    """How people work. `pace_s`: median seconds of thought per average question, 0 for none; `skips`: share of tasks given back."""

    accuracy: float = 0.8
    pace_s: float = 0.0
    skips: float = 0.0
    acknowledged: Acknowledged | None = None  # told of every answer that the server has confirmed
    tally: Tally = field(default_factory=Tally)


class Person:
    """Somebody with an account, who can be asked to do things until the server has answered."""

    def __init__(self, address: str, email: str, password: str, door: Door, *, source: str, random: Random) -> None:
        """`door`: lets so many people at once through the login form; checking a password is slow on purpose."""
        self.browser = Browser(address, source=source)
        self.random = random
        self.idle = False  # asked for work in vain, the last time
        self._email, self._password = email, password
        self._signed_in, self._door = False, door

    async def sign_in(self) -> None:
        """Through the login form, however often it takes while the server is away or overloaded. Raises SignInRefusedError."""
        refusals = 0
        while not self._signed_in:
            try:
                async with self._door:
                    await self.browser.sign_in(self._email, self._password)
                self._signed_in = True
            except SignInRefusedError as refused:
                refusals += refused.args[0] not in BUSY and refused.args[0] < 500
                if refusals >= MOST_REFUSED:
                    raise
                await asyncio.sleep(WAIT_S)
            except (OSError, TimeoutError):
                await asyncio.sleep(AWAY_S)

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Reply:
        """Ask until there is an answer: signed in again, patient while the server is away, busy or (a while) broken."""
        for left in count(MOST_BROKEN, -1):
            try:
                await self.sign_in()
                reply = await (self.browser.get(path) if body is None else self.browser.send(path, body, method=method))
            except (OSError, TimeoutError):
                await asyncio.sleep(AWAY_S)
                continue
            if reply.status == 401:
                self._signed_in = False
            elif reply.status in BUSY or (reply.status >= 500 and left > 0):
                await asyncio.sleep(AWAY_S)
            else:
                return reply
        raise AssertionError("unreachable")

    async def think(self, pace_s: float) -> int:
        """A person's time for one task, in milliseconds; taken only if there is a pace."""
        seconds = self.random.lognormvariate(0, 0.5) * pace_s
        if pace_s:
            await asyncio.sleep(seconds)
        return int((seconds or self.random.lognormvariate(1.5, 0.5)) * 1000)


class Labeler(Person):
    """A contributor in the workspace."""

    async def work(self, place: Place, manner: Manner) -> bool:
        """One task, from taking it to its answer; False if there was none."""
        lease = await self._take(place, manner)
        self.idle = "assignment" not in lease
        if self.idle:
            return False
        seat = f"/workspace/a/{lease['assignment']}"
        schema, payload = await self._schema(place, lease["schema_version"]), lease["payload"]
        known = place.known.get(mind.digest(payload), mind.Known())
        value = mind.answer(schema, payload, known, manner.accuracy, self.random)
        active_ms = await self._look(seat, lease, place, manner.pace_s * mind.effort(schema))
        if value is None or self.random.random() < manner.skips:
            reason = self.random.choice(SKIP_REASONS)
            await self.ask("POST", f"{seat}/return", {"epoch": lease["epoch"], "reason": reason})
            manner.tally.skips += 1
        else:
            await self._submit(seat, lease, value, active_ms, manner)
        return True

    async def _take(self, place: Place, manner: Manner) -> dict[str, Any]:
        """The next task; at a human pace the page looks ahead first, as the workspace does."""
        body: dict[str, Any] = {}
        if manner.pace_s:
            ahead = (await self.ask("GET", f"/workspace/{place.project}/ahead")).json()
            body = {"assignment": ahead["offers"][0]["assignment"]} if ahead.get("offers") else {}
        lease = (await self.ask("POST", f"/workspace/{place.project}/take", body)).json()
        if lease.get("code") in ("open_work", "offer_lapsed"):
            lease = (await self.ask("POST", f"/workspace/{place.project}/take", {"resume": True})).json()
        if lease.get("none", {}).get("reason") == "guideline_unread":
            read = {"number": lease["none"]["params"]["number"]}
            await self.ask("POST", f"/workspace/{place.project}/guideline", read)
            lease = (await self.ask("POST", f"/workspace/{place.project}/take", {})).json()
        return lease

    async def _schema(self, place: Place, number: int) -> Schema:
        """The questions of a version; one that came out meanwhile is asked for once."""
        if number not in place.schemas:
            reply = await self.ask("GET", f"/workspace/{place.project}/schema/{number}")
            place.schemas[number] = Schema.load(reply.json())
        return place.schemas[number]

    async def _look(self, seat: str, lease: dict[str, Any], place: Place, pace_s: float) -> int:
        """Think, with signs of life meanwhile."""
        thinking = asyncio.ensure_future(self.think(pace_s))
        while not (await asyncio.wait({thinking}, timeout=BEAT_S))[0]:
            await self.ask("POST", f"{seat}/beat", {"epoch": lease["epoch"], "project": place.project})
        return thinking.result()

    async def _submit(
        self, seat: str, lease: dict[str, Any], value: dict[str, Any], active_ms: int, manner: Manner
    ) -> None:
        """Send the answer with one key, however often it must be sent."""
        answer = {"schema_version": lease["schema_version"], "value": value}
        key = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        body = {"epoch": lease["epoch"], "client_key": key, "answer": answer, "active_ms": active_ms}
        reply = await self.ask("POST", f"{seat}/submit", body)
        if reply.status not in (200, 201):
            manner.tally.refusals += 1
            return
        manner.tally.answers += 1
        manner.tally.late += reply.json().get("status") == "late"
        if manner.acknowledged is not None:
            manner.acknowledged(lease["assignment"], answer)
