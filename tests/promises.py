"""People with known error rates answer a batch whose accuracy was promised, by the acts that everybody uses."""

import random
import uuid
from dataclasses import dataclass, field

from annotation.domain import answers, batches, intake, leases
from annotation.domain.accuracy import Accuracy
from annotation.models import Batch
from quality.domain import contracts, pipeline
from quality.models import AccuracyContract
from tests.factories import grant_skill, make_contributor, make_project
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor

QUALITY = {"overlap": {"min": 1, "max": 1, "confidence": 0.6}, "review": {"share": 0.0, "below_confidence": 0.0}}
PROMISE = Accuracy(error=0.2, confidence=0.8)
TONES = ("good", "bad", "mixed")


@dataclass
class Person:
    """Somebody who errs in so many of a hundred answers."""

    errs: float = 0.0
    grants: tuple[str, ...] = ()
    who: Contributor = field(default_factory=make_contributor)

    def __post_init__(self) -> None:
        self.random = random.Random(7)
        for name in self.grants:
            grant_skill(self.who, name)

    def says(self, text: str) -> str:
        truth = text.split(maxsplit=1)[0]
        return next(tone for tone in TONES if tone != truth) if self.random.random() < self.errs else truth


def auditor(errs: float = 0.0) -> Person:
    return Person(errs, ("audit",))


def promised(n: int = 60, accuracy: Accuracy = PROMISE) -> tuple[Batch, AccuracyContract]:
    """A batch of so many tasks whose text begins with the right answer."""
    project = make_project(quality=QUALITY)
    batch = batches.create(project=project, name="June", by=SYSTEM, tasks=n, accuracy=accuracy)
    inputs = [{"payload": {"text": f"{TONES[at % 3]} {at}"}} for at in range(n)]
    intake.add(project=project, inputs=inputs, by=SYSTEM, batch=batch)
    return batch, AccuracyContract.objects.get(batch=batch)


def work(batch: Batch, *people: Person, most: int = 10_000, advance: bool = True) -> int:
    """They take turns until there is nothing left for anybody; how many answers. `advance`: then the contracts go on."""
    given, hopeful = 0, list(people)
    while hopeful and given < most:
        person = hopeful.pop(0)
        try:
            taken = leases.take(project_id=batch.project_id, contributor_id=person.who.pk, by=SYSTEM)
        except leases.NothingToLabel:
            continue
        answers.submit(
            assignment=taken.assignment, contributor_id=person.who.pk, epoch=taken.epoch, client_key=uuid.uuid4(),
            envelope={"schema_version": 1, "value": {"tone": person.says(taken.payload["text"])}}, active_ms=9000, by=SYSTEM,
        )  # fmt: skip
        hopeful.append(person)
        given += 1
    pipeline.redrive()
    batches.complete_ended()
    if advance:
        contracts.advance()
    return given
