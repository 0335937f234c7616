"""Gold: tasks whose answer is known. They look like all others, and every answer to one is evidence of its author's accuracy."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from annotation.domain import judgements, project_people, queues, tasks
from annotation.domain.eligibility import GOLD_RANKS
from annotation.domain.events import Fact, publish
from annotation.models import Project, Purpose, Result, ServiceClass, Task, TaskPayload
from annotation.queries.schemas import compiled
from annotation.questions.answers import check_expected, check_payload
from annotation.questions.base import Problem
from annotation.questions.schema import canonical
from quality.domain import consensus, feedback, scorecards
from quality.domain.scorecards import Observation
from quality.models import Evidence, GoldItem, GoldOutcome
from quality.queries import gold_candidates
from quality.queries.work import GoldAnswer
from workforce.domain.actor import SYSTEM, Actor
from workforce.domain.refusal import Refusal

log = structlog.get_logger(__name__)

SEATS = 200  # an item retires after as many answers
PRACTISED = 30_000  # one for practice, which has nothing to hide


class InvalidGold(Refusal):
    """The payload or the expected answer does not fit the project's schema; paths start with /payload or /expected."""

    code = "validation_failed"
    message = _("The known answer does not fit the project's questions.")
    remedy = _("Look at the marked places.")

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems=problems)
        self.problems = problems


class NotBeyondDoubt(Refusal):
    """Neither reviewed nor agreed by at least three people; or it has no result, or is a known answer already."""

    code = "not_beyond_doubt"
    message = _("The result of this task is not sure enough for a known answer, or it has been used for one already.")
    remedy = _("Choose a task that a reviewer has decided, or plant the answer by hand.")


@dataclass(frozen=True, slots=True)
class From:
    """Where an item comes from, if not from somebody's own hand: a task, and why its result can be trusted."""

    task: Task
    source: str


@transaction.atomic
def plant(
    *,
    project: Project,
    payload: dict[str, Any],
    expected: dict[str, Any],
    by: Actor,
    training: bool = False,
    why: str = "",
    origin: From | None = None,
) -> GoldItem:
    """Add a task with a known answer to some or all questions. Nothing tells a contributor that it is one. Raises InvalidGold.

    `training`: for practice instead. Everybody does it before other work, also who has worked before, and then reads the answer and `why`;
    beyond those that come first in the project, only who is asked to practise again.
    """
    schema = compiled(project.pk, project.schema_version)
    stored, problems = check_payload(schema, payload)
    problems = [each.under("payload") for each in problems]
    answer, found = check_expected(schema, stored, expected) if not _blocking(problems) else ({}, [])
    problems += [each.under("expected") for each in found]
    if _blocking(problems):
        raise InvalidGold(_blocking(problems))
    purpose, seats = (Purpose.TRAIN, PRACTISED) if training else (Purpose.GOLD, SEATS)
    queue = queues.queue_for(project=project, service_class=ServiceClass.STANDARD, purpose=purpose)
    task = Task.objects.create(
        organization_id=project.organization_id,
        project=project,
        queue=queue,
        purpose=purpose,
        rank=secrets.randbelow(GOLD_RANKS),
        seats=seats,
        seats_max=seats,
        schema_version=project.schema_version,
    )
    digest = hashlib.sha256(canonical(stored).encode()).hexdigest()
    TaskPayload.objects.create(task=task, body=stored, sha256=digest)
    item = GoldItem.objects.create(
        organization_id=project.organization_id,
        project=project,
        task=task,
        expected=answer,
        training=training,
        why=why.strip(),
        origin=origin.task if origin else None,
        source=origin.source if origin else GoldItem.Source.PLANTED,
    )
    item.refresh_from_db()
    if training:
        Task.objects.filter(pk=task.pk).update(rank=task.pk)  # by age, in the same order for all
        project_people.look_again(project=project)
    queues.opened(queue_id=queue.pk, lowest_rank=task.pk if training else task.rank)
    publish(fact(item, "gold.planted"), by=by)
    return item


@transaction.atomic
def promote(*, task: Task, by: Actor) -> GoldItem:
    """A task whose result is beyond doubt becomes a known answer too; `by` has looked at it. Raises NotBeyondDoubt, InvalidGold.

    Whoever answered it then may meet it again: that says nothing of them.
    """
    (task,) = tasks.lock([task.pk])
    ended = task.status == Task.Status.COMPLETED and task.purpose == Purpose.WORK
    result = Result.objects.filter(task=task, revision=task.revision).first() if ended else None
    source = gold_candidates.source_of(result) if result else None
    if result is None or source is None or GoldItem.objects.filter(origin=task).exists():
        raise NotBeyondDoubt
    payload = TaskPayload.objects.get(pk=task.pk).body
    expected = gold_candidates.value_of(result)
    return plant(project=task.project, payload=payload, expected=expected, by=by, origin=From(task, source))


@transaction.atomic
def retire(*, item: GoldItem, by: Actor, reason: str = "") -> GoldItem:
    """No new answers to this item; whoever has it open is paid when done. A retired one stays retired.

    `reason`: used, old or leaked; empty if a person wishes it. Of a disputed one, what it has shown stays uncounted.
    """
    tasks.cancel(task_id=item.task_id, by=by, reason="retired")
    live = GoldItem.objects.filter(pk=item.pk).exclude(status=GoldItem.Status.RETIRED)
    if live.update(status=GoldItem.Status.RETIRED, retired_for=reason, rival=None):
        publish(fact(item, "gold.retired"), by=by)
        if item.training:  # another one may come first now
            project_people.look_again(project=item.project)
    item.refresh_from_db()
    return item


def retire_used(*, items: Iterable[int], by: Actor) -> None:
    """Retire those of the items in use that have had all their answers."""
    used = GoldItem.objects.filter(pk__in=set(items), status=GoldItem.Status.ACTIVE, task__status=Task.Status.DECIDING)
    for item in used.select_related("project", "task").order_by("task_id"):
        retire(item=item, by=by, reason="used")


def _blocking(problems: Iterable[Problem]) -> list[Problem]:
    return [each for each in problems if each.blocking]


def fact(item: GoldItem, kind: str) -> Fact:
    """An event of this item; it says nothing of its answer."""
    project = item.project
    return Fact(project.organization_id, project.mode, project.pk, kind, item.public_id)


def score(*, answers: Sequence[GoldAnswer]) -> None:
    """Compare locked answers with what is expected; keep outcome and evidence; accept and pay at once, right or wrong.

    A wrong answer is paid too: rejections need a person and a reason. An exit is paid and proves nothing.
    """
    if not answers:
        return
    record(answers=answers)
    judgements.accept(annotations=[row.id for row in answers], by=SYSTEM, how="policy")
    feedback.practised(outcomes=[row.id for row in answers if row.training])
    retire_used(items=(row.item_id for row in answers), by=SYSTEM)


def record(*, answers: Sequence[GoldAnswer]) -> None:
    """Keep how these answers compare with what is expected, and what that shows of their authors, unless the item is disputed.

    An outcome that is there already is replaced; evidence that is there already stays.
    """
    scored = [(row, found) for row in answers if not row.exit and (found := _matches(row))]
    GoldOutcome.objects.bulk_create(
        [
            GoldOutcome(
                annotation_id=row.id,
                item_id=row.item_id,
                score=consensus.mean_score(found),
                questions={name: {"passed": each.passed, "score": each.score} for name, each in found.items()},
            )
            for row, found in scored
        ],
        update_conflicts=True,
        unique_fields=["annotation"],
        update_fields=["score", "questions"],
    )
    scorecards.observe(
        observations=[
            Observation(row.id, row.project_id, row.contributor_id, Evidence.Kind.GOLD, share)
            for row, found in scored
            if not (row.disputed or row.familiar or row.training)
            and (share := consensus.share_passed(found)) is not None
        ]
    )


def _matches(row: GoldAnswer) -> dict[str, consensus.Match]:
    """Per expected question; nothing if the answer cannot be read, which must not hold up the others."""
    try:
        schema = compiled(row.project_id, row.schema_version)
        return consensus.compare(schema, row.payload, row.answer.get("value", {}), row.expected)
    except Exception:
        log.exception("gold_not_scored", annotation=row.id)
        return {}
