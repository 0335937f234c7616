"""`dev.py bench adaptive`: recorded crowds answer again, over HTTP, and the product decides when a task has enough.

Of each set every recorded answer may be used, at least two per task, and none more once a result is 99 % sure. Measured: how many answers
that saves, and how often the result is right, against counting all recorded answers. Whoever comes next for a task is drawn from those who
have answered it; their seat is reserved as the dispatcher would. After each round of one more answer the product learns anew, as it does
by itself after a minute.
"""

import argparse
import asyncio
import http.client
import json
import random
import time
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection as database

from annotation.domain import outbox
from annotation.domain.customers import issue_key
from annotation.models import Organization, Project, TaskKey
from benchmarks import recorded, report, stage, work
from benchmarks.work import Person
from quality.domain import learning
from quality.management.crowd.browser import Browser
from quality.models import Consensus
from workforce.domain.actor import SYSTEM
from workforce.models.public_id import encode

PORT = 8176
LEAST, CONFIDENCE = 2, 0.99
AT_ONCE = 16  # people who work at the same moment
PATIENCE_S = 120.0
SAVED_MEAN, ABOVE_MAJORITY = 40.0, -1.0

OFFER = """
WITH offered AS (
    INSERT INTO assignment (organization_id, project_id, task_id, contributor_id, stage, round, status, origin, epoch, offered_until,
                            reason, active_ms, terms)
    SELECT t.organization_id, t.project_id, t.id, v.contributor_id, 'label', 1, 'offered', 'offer', 0, now() + interval '15 minutes',
           '', 0, '{}'
      FROM unnest(%s::bigint[], %s::bigint[]) AS v (task_id, contributor_id) JOIN task t ON t.id = v.task_id
    RETURNING task_id, contributor_id, public_id
), taken AS (
    UPDATE task t SET seats_taken = t.seats_taken + o.n, status = 'collecting'
      FROM (SELECT task_id, count(*) AS n FROM offered GROUP BY task_id) o WHERE t.id = o.task_id
)
SELECT task_id, contributor_id, public_id FROM offered
"""
FREE = """
SELECT id, seats - seats_taken FROM task WHERE project_id = %s AND status IN ('open', 'collecting') AND seats_taken < seats ORDER BY id
"""
BUSY = "SELECT count(*) FROM task WHERE project_id = %s AND status = 'deciding'"


@dataclass(frozen=True, slots=True)
class Replayed:
    """What one order of one set came to: answers used, right results in per cent."""

    used: int
    accuracy: float


def main(argv: Sequence[str] | None = None) -> int:
    """Replay, print, compare with the bars; 1 if one is missed."""
    parser = argparse.ArgumentParser(prog="dev.py bench adaptive", description=__doc__)
    parser.add_argument("--sets", nargs="+", default=list(recorded.SETS), choices=recorded.SETS, help="which of them")
    parser.add_argument("--orders", type=int, default=3, metavar="N", help="in how many random orders (3)")
    parser.add_argument("--quick", action="store_true", help="one order")
    report.add_arguments(parser)
    options = parser.parse_args(argv)
    figures = report.Figures()
    with stage.database(), stage.web(PORT), stage.worker():
        customer = Customer()
        sets = [Set(name) for name in options.sets]
        saved = [_measure(each, customer, 1 if options.quick else options.orders, figures) for each in sets]
    figures.add("mean: answers saved", sum(saved) / len(saved), "%", SAVED_MEAN)
    figures.write(options.json)
    return 0 if figures.hold else 1


class Set:
    """A recorded crowd, each of whom has an account."""

    def __init__(self, name: str) -> None:
        crowd = recorded.load(name)
        self.name, self.truth, self.classes = name, crowd.truth, crowd.classes
        # the last answer, where somebody has answered twice
        self.answers = {(task, worker): label for task, worker, label in crowd.labels}
        workers = sorted({worker for _, worker in self.answers})
        self.people: Mapping[str, Person] = dict(zip(workers, work.crew(len(workers)), strict=True))

    def by_task(self) -> dict[str, list[tuple[str, str]]]:
        """Per task: who has answered, and what."""
        found = defaultdict(list)
        for (task, worker), label in sorted(self.answers.items()):
            found[task].append((worker, label))
        return found

    def majority(self) -> float:
        """How often most votes are right, in per cent."""
        counts = {task: _counted(label for _, label in given) for task, given in self.by_task().items()}
        return _accuracy(counts, self.truth)


def _counted(labels: Any) -> dict[str, float]:
    counts: dict[str, float] = defaultdict(float)
    for label in labels:
        counts[label] += 1
    return counts


def _accuracy(weights: Mapping[str, Mapping[str, float]], truth: Mapping[str, str]) -> float:
    """Share of tasks whose heaviest class is true, in per cent; a tie counts as what a draw would bring."""
    right = 0.0
    for task, weight in weights.items():
        leaders = [label for label, each in weight.items() if each > max(weight.values()) - 1e-9]
        right += (truth[task] in leaders) / len(leaders)
    return 100 * right / len(weights)


def _measure(each: Set, customer: "Customer", orders: int, figures: report.Figures) -> float:
    """All orders of a set; how many answers were saved, in per cent."""
    runs = [Replay(each, customer, order).play() for order in range(orders)]
    labels, majority = len(each.answers), each.majority()
    used = sum(run.used for run in runs) / orders
    accuracy = sum(run.accuracy for run in runs) / orders
    saved = 100 * (1 - used / labels)
    figures.add(f"{each.name}: recorded answers", labels, "")
    figures.add(f"{each.name}: answers used", used, "")
    figures.add(f"{each.name}: answers saved", saved, "%")
    figures.add(f"{each.name}: right by counting all", majority, "%")
    figures.add(f"{each.name}: right", accuracy, "%", majority + ABOVE_MAJORITY)
    return saved


class Customer:
    """Whoever wants the answers: an organization with a key, who speaks to the API."""

    def __init__(self) -> None:
        organization = Organization.objects.create(slug="bench", name="Bench")
        organization.refresh_from_db()
        self._key = issue_key(organization=organization, mode="live", name="bench", scopes=["full"], by=SYSTEM)[1]

    def post(self, path: str, body: Any) -> str:
        """Send JSON, or lines as they are; the id of what was made."""
        return str(json.loads(self._post(path, json.dumps(body).encode(), "application/json"))["id"])

    def send(self, path: str, rows: Sequence[Any]) -> None:
        """Send rows as lines of JSON."""
        self._post(path, "".join(f"{json.dumps(row)}\n" for row in rows).encode(), "application/x-ndjson")

    def _post(self, path: str, body: bytes, kind: str) -> bytes:
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": kind}
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)
        connection.request("POST", f"/api/v1/{path}", body, headers)
        reply = connection.getresponse()
        told = reply.read()
        connection.close()
        if reply.status >= 300:
            raise SystemExit(f"{path}: {reply.status} {told[:500].decode()}")
        return told


class Replay:
    """One set in one random order, in a project of its own."""

    def __init__(self, each: Set, customer: Customer, order: int) -> None:
        self._set = each
        draw = random.Random(f"{each.name} {order}")
        waiting = each.by_task()
        for given in waiting.values():
            draw.shuffle(given)
        self._project = _project(customer, f"{each.name} {order}", each.classes)
        self._tasks = _tasks(customer, self._project, f"{each.name} {order}", waiting)
        self._waiting = {key: waiting[task] for key, task in self._tasks.items()}

    def play(self) -> Replayed:
        """Round by round, until nothing is wanted any more."""
        used = 0
        while offers := self._offers():
            asyncio.run(self._answer(offers))
            used += len(offers)
            self._settle_down()
            learning.refit(project_id=self._project.pk)
        known = Consensus.objects.filter(project=self._project).values_list("task_id", "answers")
        soft = {self._tasks[key]: answers["label"]["soft"] for key, answers in known}
        return Replayed(used, _accuracy(soft, self._set.truth))

    def _offers(self) -> dict[str, tuple[Person, str]]:
        """A seat for the next of those who have answered a task, wherever one is free: {assignment: (who, what they say)}."""
        with database.cursor() as cursor:
            cursor.execute(FREE, [self._project.pk])
            drawn = [(task, *self._waiting[task].pop()) for task, free in cursor.fetchall() for _ in range(free)]
            people = self._set.people
            cursor.execute(OFFER, [[task for task, _, _ in drawn], [people[who].contributor_id for _, who, _ in drawn]])
            keys = {(task, person): encode("asg", key) for task, person, key in cursor.fetchall()}
        return {keys[task, people[who].contributor_id]: (people[who], label) for task, who, label in drawn}

    async def _answer(self, offers: Mapping[str, tuple[Person, str]]) -> None:
        """Everybody opens what is reserved for them and says what they said then."""
        mine: dict[int, list[tuple[str, str]]] = defaultdict(list)
        cookies = {person.contributor_id: person.cookies for person, _ in offers.values()}
        for assignment, (person, label) in offers.items():
            mine[person.contributor_id].append((assignment, label))
        door = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(self._work(door, cookies[person], todo) for person, todo in mine.items()))

    async def _work(self, door: asyncio.Semaphore, cookies: dict[str, str], todo: list[tuple[str, str]]) -> None:
        async with door:
            browser = Browser(f"http://127.0.0.1:{PORT}", cookies=cookies)
            for assignment, label in todo:
                taken = await browser.send(f"/workspace/{self._project.public_id}/take", {"assignment": assignment})
                body = {"client_key": str(uuid.uuid4()), "answer": {"value": {"label": label}}, "active_ms": 4000}
                at = f"/workspace/a/{assignment}/submit"
                done = await browser.send(at, {"epoch": taken.json().get("epoch", 0), **body})
                if done.status != 201:
                    raise SystemExit(f"{at}: {taken.body[:300]!r} {done.status} {done.body[:300]!r}")
            await browser.close()

    def _settle_down(self) -> None:
        """Wait until the pipeline has judged everything. Raises TimeoutError."""
        until = time.monotonic() + PATIENCE_S
        while outbox.drain().events or work.count(BUSY, [self._project.pk]):
            if time.monotonic() > until:
                raise TimeoutError("The pipeline does not come to rest.")
            time.sleep(0.05)


def _project(customer: Customer, name: str, classes: Sequence[str]) -> Project:
    """One question with these classes."""
    question = {
        "name": "label",
        "type": "choice",
        "title": {"en": "What is it?"},
        "on": "text",
        "config": {"options": [{"key": key, "title": {"en": f"Class {key}"}} for key in classes]},
    }
    text = {"name": "text", "type": "text", "title": {"en": "Item"}}
    quality = {
        "overlap": {"min": LEAST, "max": 50, "confidence": CONFIDENCE},
        "review": {"share": 0, "below_confidence": 0},
        "gold": {"share": 0},
    }
    schema = {"language": "manyhands/1", "fields": [text], "questions": [question]}
    made = customer.post("projects", {"name": name, "schema": schema, "guideline": "Choose.", "quality": quality})
    return Project.objects.get(public_id=made)


def _tasks(
    customer: Customer, project: Project, prefix: str, waiting: Mapping[str, list[tuple[str, str]]]
) -> dict[int, str]:
    """One task per item, which gets at most as many answers as were recorded: {key: item}."""
    rows = [
        {
            "unique_id": f"{prefix} {task}",
            "payload": {"text": f"Item {task}"},
            "quality": {"overlap": {"min": min(LEAST, len(given)), "max": len(given)}},
        }
        for task, given in waiting.items()
    ]
    job = customer.post(f"projects/{project.public_id}/imports", {})
    customer.send(f"imports/{job}/rows?from=0", rows)
    customer.post(f"imports/{job}/finish", {})
    keys = TaskKey.objects.filter(task__project=project).values_list("task_id", "unique_id")
    return {key: unique_id.rpartition(" ")[2] for key, unique_id in keys}


if __name__ == "__main__":
    raise SystemExit(main())
