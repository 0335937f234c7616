"""Lots: each batch of a project with a sampling plan is a lot, of which a random sample is looked at by reviewers, and which then passes or
not. What reviewers find wrong is put right in any case; lots that fail lead to more being looked at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from annotation.domain.events import Fact, publish
from annotation.models import Project, Task
from annotation.queries.schemas import compiled
from quality.agreement.lots import bound, limit, share, tightened
from quality.domain import consensus
from quality.models import Lot, Review
from quality.queries import lots as reads
from workforce.domain.actor import SYSTEM

Status = Lot.Status


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a lot is. `bound`: at most this share of its results is wrong, with 95 % confidence; `limit`: what the plan lets through."""

    drawn: int
    looked: int
    errors: int
    size: int
    bound: float
    limit: float


# --- Drawing --------------------------------------------------------------------------------------------------------
def shares(tasks: Iterable[Task]) -> Mapping[int, float]:
    """{batch key: with which probability a result is drawn} for those of the tasks' batches that are lots. No statement without a plan."""
    planned = {task.batch_id: task.project for task in tasks if task.batch_id and _plan(task.project)}
    if not planned:
        return {}
    known = dict(Lot.objects.filter(batch__in=planned).values_list("batch_id", "share"))
    return {**known, **_begun({batch: project for batch, project in planned.items() if batch not in known})}


def _plan(project: Project) -> tuple[int, int] | None:
    """How many are looked at, and how many errors are accepted."""
    plan = project.quality.get("review", {}).get("lot")
    return (int(plan["n"]), int(plan["accept"])) if plan else None


def _begun(planned: Mapping[int, Project]) -> Mapping[int, float]:
    """The first results of these batches are at hand: from now on they are lots, by the project's present plan."""
    sizes = reads.sizes(list(planned)) if planned else {}
    made = [_new(batch, project, sizes.get(batch, 0)) for batch, project in planned.items()]
    Lot.objects.bulk_create(made, ignore_conflicts=True)
    return {lot.batch_id: lot.share for lot in made}


def _new(batch: int, project: Project, size: int) -> Lot:
    n, accept = _plan(project) or (0, 0)
    full = tightened(reads.recent(project))
    return Lot(batch_id=batch, project=project, n=n, accept=accept, full=full, share=1.0 if full else share(n, size))


# --- What the sample shows ------------------------------------------------------------------------------------------
def progress(lot: Lot) -> Progress:
    """What was drawn of a lot, what was looked at, and what that shows. A constant number of statements."""
    drawn = reads.drawn(lot)
    wrong = [_wrong(each) for each in drawn.values()]
    looked = [each for each in wrong if each is not None]
    size, errors = reads.population(lot), sum(looked)
    return Progress(len(drawn), len(looked), errors, size, bound(errors, len(looked), size), limit(lot.n, lot.accept))


def _wrong(reviews: Sequence[Review]) -> bool | None:
    """Whether reviewers found something else than the answers had said; None while they have not decided."""
    decided = [review for review in reviews if review.status == Review.Status.DECIDED]
    if not decided:
        return None
    return any(review.decision != Review.Decision.ACCEPT or not _as_merged(review) for review in decided)


def _as_merged(review: Review) -> bool:
    """An accepted answer is what the answers together had said."""
    answer, known = review.annotation, consensus.merged(getattr(review.task, "consensus", None))
    if answer is None or known is None or answer.exit:
        return answer is None
    schema = compiled(review.project_id, answer.schema_version)
    found = consensus.compare(schema, review.task.payload.body, known, answer.answer["value"])
    return all(each.passed for each in found.values())


# --- Deciding -------------------------------------------------------------------------------------------------------
def decide_ended() -> int:
    """Sweep: lots of batches that have ended pass or fail; how many were decided."""
    return sum(_decide(pk) for pk in reads.ended().order_by("id").values_list("pk", flat=True))


@transaction.atomic
def _decide(lot_id: int) -> bool:
    lot = Lot.objects.select_for_update(no_key=True, of=("self",)).select_related("batch", "project").get(pk=lot_id)
    if lot.status != Status.OPEN:
        return False
    shown = progress(lot)
    lot.status = Status.PASSED if shown.bound <= shown.limit else Status.FAILED
    lot.bound, lot.decided_at = shown.bound, timezone.now()
    lot.save(update_fields=["status", "bound", "decided_at"])
    project, data = lot.project, {"batch": lot.batch.public_id, "bound": shown.bound, "looked": shown.looked}
    kind = f"lot.{lot.status}"
    publish(Fact(project.organization_id, project.mode, project.pk, kind, lot.batch.public_id, data), by=SYSTEM)
    return True
