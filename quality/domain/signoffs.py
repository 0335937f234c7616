"""Signing off: somebody reads what the reviews of a batch have shown, and puts their name under it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from annotation.domain.events import Fact, publish
from annotation.models import Batch
from quality.domain import lots
from quality.models import Lot, SignOff
from quality.queries import signoffs as reads
from quality.queries.agreement import Share
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal
from workforce.models import User


class ReviewsOpen(Refusal):
    """A reviewer, or an adjudicator, has still to decide."""

    code = "reviews_open"
    message = _("Reviews of this batch still wait.")
    remedy = _("Sign when they are decided; the sheet shows how many there are.")


class TasksOpen(Refusal):
    """Tasks of the batch are still being done, or it has none."""

    code = "tasks_open"
    message = _("This batch is not done yet.")
    remedy = _("Sign when every task has ended.")


class WordsMissing(Refusal):
    """A signature says nothing."""

    code = "words_missing"
    message = _("A signature needs a sentence.")
    remedy = _("Write what you have looked at and what you conclude.")


class AlreadySigned(Refusal):
    """The same person has signed the very same sheet."""

    code = "already_signed"
    message = _("You have signed this sheet already.")
    remedy = _("Nothing has changed since. Another person can sign it too.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is signed. looked, wrong: of the random sample of `population` results; bound: at most this share of those was wrong, 95 % sure,
    by what the answers alone had said. Reviewers are taken to be right.

    agreement: by question. appeals: open ones.
    """

    work: reads.Work
    decisions: dict[str, int]
    reviewed: int
    open_reviews: int
    appeals: int
    population: int
    looked: int
    wrong: int
    bound: float
    agreement: dict[str, Share]

    @property
    def left(self) -> float:
        """At most this share of all results is still wrong, 95 % sure: what reviewers found wrong has been put right.

        The sample stands also for what is still to be done: so until the batch has ended it counts as results.
        """
        if not self.looked:
            return 1.0
        bad = max(0, round(self.bound * self.population) - self.wrong)
        return bad / max(self.work.completed, self.population)

    @property
    def values(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)

    @property
    def sha256(self) -> str:
        """Of all figures: any change makes another sheet."""
        return hashlib.sha256(json.dumps(self.values, sort_keys=True).encode()).hexdigest()


def sheet(batch: Batch) -> Sheet:
    """The figures as they are now. A constant number of statements."""
    lot = Lot.objects.filter(batch=batch).first() or Lot(batch=batch, project=batch.project, n=1, accept=0)
    sample = lots.progress(lot)
    return Sheet(
        work=reads.work(batch),
        decisions=reads.decisions(batch),
        reviewed=reads.reviewed(batch),
        open_reviews=reads.open_reviews(batch),
        appeals=reads.open_appeals(batch),
        population=sample.size,
        looked=sample.looked,
        wrong=sample.errors,
        bound=sample.bound,
        agreement=reads.agreement(batch),
    )


@transaction.atomic
def sign(*, batch: Batch, user: User, words: str, by: Actor) -> SignOff:
    """Put a name under the sheet of a batch. Raises WordsMissing, TasksOpen, ReviewsOpen, AlreadySigned."""
    locked = Batch.objects.select_for_update(no_key=True, of=("self",)).select_related("project").get(pk=batch.pk)
    signed = _signable(sheet(locked), words)
    if SignOff.objects.filter(batch=locked, signer=user.public_id, sheet_sha256=signed.sha256).exists():
        raise AlreadySigned
    made = SignOff.objects.create(
        organization_id=locked.organization_id,
        batch=locked,
        signer=user.public_id,
        name=user.name or user.email,
        words=words.strip(),
        sheet=signed.values,
        sheet_sha256=signed.sha256,
    )
    project = locked.project
    about = {"batch": locked.public_id, "project": project.public_id, "sheet_sha256": made.sheet_sha256}
    publish(Fact(locked.organization_id, project.mode, project.pk, "batch.signed", locked.public_id, about), by=by)
    return made


def _signable(found: Sheet, words: str) -> Sheet:
    if not words.strip():
        raise WordsMissing
    if found.open_reviews:
        raise ReviewsOpen
    if found.work.live or not found.work.tasks:
        raise TasksOpen
    return found
