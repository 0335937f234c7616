"""The accuracy contract of a batch: promised when it is made, shown by a blind audit when its tasks are done.

A batch that an audit does not show to be good enough is improved at no charge and audited again, three times at most. Each step is
idempotent: events wake them, the sweep finds what no event told. Locks are taken batch first, then contract, then tasks.
"""

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from annotation.domain import batches, forecasts, task_changes
from annotation.domain.accuracy import Accuracy, Cost
from annotation.domain.events import Fact, publish
from annotation.domain.tasks import LIVE, cancel
from annotation.models import Batch, Project, Task
from quality.agreement import contract as rule
from quality.agreement.contract import Promise
from quality.agreement.sampling import draw
from quality.domain import audits
from quality.domain.audits import Drawn
from quality.models import AccuracyContract, AuditItem
from quality.models.contract import ATTEMPTS
from quality.queries import contracts as reads
from quality.queries.contracts import Delivered
from workforce.domain.actor import SYSTEM, Actor
from workforce.domain.pay import PLATFORM

LIKELY = 0.5  # of the promised errors are expected at most: a sample that allows for more costs more than it tells
MANY = 1_000_000  # tasks of a batch whose number nobody has said

Floats = NDArray[np.float64]
Status = AccuracyContract.Status


# --- Promising --------------------------------------------------------------------------------------------------------
@transaction.atomic
def promise(*, batch: Batch, accuracy: Accuracy, tasks: int | None, by: Actor) -> AccuracyContract:
    """Promise the accuracy of a new batch of so many tasks (None: nobody knows). What the audit takes is known from then on."""
    planned = cost(project=batch.project, accuracy=accuracy, tasks=tasks)
    made = AccuracyContract.objects.create(
        organization_id=batch.organization_id,
        batch=batch,
        error=accuracy.error,
        confidence=accuracy.confidence,
        planned_answers=planned.answers,
        planned_s=planned.seconds,
        planned_minor=planned.minor,
    )
    made.refresh_from_db(fields=["public_id", "created_at"])
    _publish(made, "contract.promised", by)
    return made


def cost(*, project: Project, accuracy: Accuracy, tasks: int | None) -> Cost:
    """What the first audit of so many tasks takes at most: of results that are surer it takes less."""
    asked = Promise(accuracy.error, accuracy.confidence)
    size = rule.audit_size(
        asked, attempt=1, expected=accuracy.error * LIKELY, finished=MANY if tasks is None else tasks
    )
    return _plan(project, size)


def _plan(project: Project, size: int) -> Cost:
    answers = size * audits.SEATS
    return Cost(answers, answers * forecasts.answer_s(project=project), answers * int(project.terms["price_minor"]))


# --- Going on ---------------------------------------------------------------------------------------------------------
def advance(*, project_ids: Iterable[int] | None = None) -> None:
    """Whatever is ready for its next step, in these projects or everywhere: audits are scored, contracts decided, samples drawn."""
    waiting = reads.open_contracts(project_ids)
    for key in reads.called_off(waiting).values_list("pk", flat=True):
        call_off(contract_id=key)
    audits.score(contracts=waiting)
    for key in reads.ready_to_decide(waiting).values_list("pk", flat=True):
        decide(contract_id=key)
    for key in reads.ready_to_sample(waiting).values_list("pk", flat=True):
        sample(contract_id=key)


def _locked(contract_id: int) -> AccuracyContract:
    """The contract, with its batch and project; both are locked, the batch first."""
    batch = (
        Batch.objects.select_for_update(no_key=True, of=("self",)).select_related("project").get(contract=contract_id)
    )
    contract = AccuracyContract.objects.select_for_update(no_key=True).get(pk=contract_id)
    contract.batch = batch
    return contract


@transaction.atomic
def sample(*, contract_id: int) -> bool:
    """Draw the results to look at, once all tasks of the batch have ended; whether it did. Without a result there is nothing to show."""
    contract = _locked(contract_id)
    if not reads.ready_to_sample(AccuracyContract.objects.filter(pk=contract_id)).exists():
        return False
    results = reads.delivered(contract)
    contract.attempt += 1
    contract.status = Status.AUDITING
    fresh = [each for each in results if not each.audited]
    if fresh:
        _sample(contract, fresh)
    elif results:
        _look_again(contract, results)
    else:
        contract.upper = 0.0
        _end(contract, Status.MET)
        return True
    contract.save()
    _publish(contract, "contract.sampled", SYSTEM)
    return True


def _sample(contract: AccuracyContract, fresh: Sequence[Delivered]) -> None:
    """Results of tasks that no audit has looked at, from all strata in proportion. The seed follows from contract and attempt."""
    doubt = [contract.error if each.confidence is None else 1 - each.confidence for each in fresh]
    expected = min(float(np.mean(doubt)), contract.error * LIKELY)
    size = rule.audit_size(_promise(contract), attempt=contract.attempt, expected=expected, finished=len(fresh))
    stratum = _strata(fresh)
    drawn = draw(stratum, size, np.random.default_rng(seed(contract)))
    contract.sizes = np.bincount(stratum, minlength=reads.STRATA).tolist()
    if contract.attempt == 1:
        plan = _plan(contract.batch.project, size)
        contract.planned_answers, contract.planned_s, contract.planned_minor = plan.answers, plan.seconds, plan.minor
    rows = [
        Drawn(fresh[at].task, fresh[at].revision, int(stratum[at]), pi)
        for at, pi in zip(drawn.items.tolist(), drawn.pi.tolist(), strict=True)
    ]
    audits.ask(contract=contract, drawn=rows, payer="" if contract.attempt == 1 else PLATFORM)


def _look_again(contract: AccuracyContract, results: Sequence[Delivered]) -> None:
    """All tasks have been looked at: what is known of them tells what their present results are worth, and nobody is asked."""
    stratum = _strata(results)
    contract.sizes = np.bincount(stratum, minlength=reads.STRATA).tolist()
    rows = [Drawn(each.task, each.revision, at, 1.0) for each, at in zip(results, stratum.tolist(), strict=True)]
    audits.again(contract=contract, drawn=rows)


def seed(contract: AccuracyContract) -> int:
    """Of the draw of the present attempt: whoever knows contract and attempt can repeat it over the results in key order."""
    return int.from_bytes(hashlib.sha256(f"{contract.public_id} {contract.attempt}".encode()).digest()[:8])


def _strata(results: Sequence[Delivered]) -> NDArray[np.int64]:
    """Results without a confidence are as uncertain as any."""
    return rule.strata([each.confidence or 0.0 for each in results])


def _promise(contract: AccuracyContract) -> Promise:
    return Promise(contract.error, contract.confidence)


# --- Deciding ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def decide(*, contract_id: int) -> Status:
    """Once every drawn result has its outcome: met, or more work and another attempt, or given up. Returns the status."""
    contract = _locked(contract_id)
    if not reads.ready_to_decide(AccuracyContract.objects.filter(pk=contract_id)).exists():
        return Status(contract.status)
    found = reads.counts(contract)
    audit = rule.judge(
        _promise(contract), attempt=contract.attempt, errors=found.errors, drawn=found.audited, sizes=found.held
    )
    contract.upper = audit.upper
    if audit.audited:
        contract.share, contract.low, contract.high = audit.shown.share, audit.shown.low, audit.shown.high
    if audit.met or contract.attempt == ATTEMPTS:
        _end(contract, Status.MET if audit.met else Status.MISSED)
    else:
        _rework(contract)
    return Status(contract.status)


def _end(contract: AccuracyContract, status: Status) -> None:
    """The results are delivered: as promised, or as best effort with what is known of them."""
    contract.status = status
    contract.decided_at = timezone.now()
    contract.save()
    _publish(contract, f"contract.{status.value}", SYSTEM)
    batches.complete(batch_id=contract.batch_id)


def _rework(contract: AccuracyContract) -> None:
    """What was found wrong is done again, and of the rest the least certain, until half of the promised errors are expected in it.

    The platform pays.
    """
    results = reads.delivered(contract)
    chosen = [each.task for each in results if each.outcome == AuditItem.Outcome.WRONG]
    unseen = [each for each in results if not each.outcome]
    if unseen:
        sure = 1 - _doubt(unseen, contract.share or 0.0)
        chosen += [unseen[at].task for at in rule.rework(_promise(contract), sure).tolist()]
    done = task_changes.redo(task_ids=chosen, payer=PLATFORM, by=SYSTEM, reason="accuracy")
    contract.status = Status.REWORKING
    contract.save()
    _publish(contract, "contract.reworked", SYSTEM, tasks=len(done))


def _doubt(results: Sequence[Delivered], found: float) -> Floats:
    """f8[N]: how likely each is wrong, by its confidence; as much more likely as the audit found more errors (a share) than that says."""
    doubt = np.array([found if each.confidence is None else 1 - each.confidence for each in results])
    return np.minimum(doubt * max(1.0, found / max(float(doubt.mean()), 1e-9)), 1.0)


@transaction.atomic
def call_off(*, contract_id: int) -> None:
    """The batch is canceled: what is being looked at for it is not wanted any more; who has begun is paid when done."""
    contract = _locked(contract_id)
    if contract.decided_at or contract.batch.status != Batch.Status.CANCELED:
        return
    copies = Task.objects.filter(audits__contract=contract, phase__in=LIVE).order_by("id").distinct()
    for key in copies.values_list("id", flat=True):
        cancel(task_id=key, by=SYSTEM, reason="batch_canceled")
    contract.status, contract.decided_at = Status.CANCELED, timezone.now()
    contract.save()
    _publish(contract, "contract.canceled", SYSTEM)


# --- Telling ----------------------------------------------------------------------------------------------------------
def _publish(contract: AccuracyContract, kind: str, by: Actor, **more: int) -> None:
    batch = contract.batch
    about = {
        "batch": batch.public_id,
        "project": batch.project.public_id,
        "contract": {
            "id": contract.public_id,
            "status": contract.status,
            "error": contract.error,
            "confidence": contract.confidence,
            "attempt": contract.attempt,
            "upper": contract.upper,
        },
        **more,
    }
    publish(Fact(batch.organization_id, batch.project.mode, batch.project_id, kind, contract.public_id, about), by=by)
