"""Known answers stay healthy: old and leaked ones retire, and one that good people contradict is set aside until a person has looked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from annotation.domain import tasks
from annotation.domain.events import publish
from annotation.queries.schemas import compiled
from quality.agreement.accuracy import Accuracy
from quality.agreement.discoveries import discovered
from quality.agreement.leaks import LEAST, leak
from quality.domain import consensus, gold, scorecards
from quality.models import GoldItem, GoldOutcome
from quality.queries import gold_health, work
from quality.queries.gold_health import Missed
from workforce.domain.actor import SYSTEM, Actor
from workforce.domain.refusal import Refusal

OLD = timedelta(days=60)  # since somebody met it first
FALSE_LEAKS = 0.01  # share of healthy items among those found leaked, at most
GOOD, CONFIDENCE = 0.85, 0.90  # the lower end of this interval of somebody's accuracy: then they can contradict
CONTRADICTIONS = 3  # people with the same other answer


class NotDisputed(Refusal):
    """The item is not set aside."""

    code = "not_disputed"
    message = _("This known answer is not disputed any more.")
    remedy = _("Reload the page to see where it stands.")


# --- Retiring -------------------------------------------------------------------------------------------------------
def retire_old(*, now: datetime) -> int:
    """Sweep: items that have been met for sixty days; how many."""
    met = GoldOutcome.objects.filter(created_at__lt=now - OLD).values("item")
    return _each(GoldItem.objects.filter(status=GoldItem.Status.ACTIVE, training=False, pk__in=met), _retire("old"))


def retire_leaked() -> int:
    """Weekly: items that people know before they meet them; how many. Over all items at once, so that few are found by chance."""
    seen = gold_health.viewed(least=LEAST)
    found = discovered([leak(each.passed, each.skills) for each in seen], FALSE_LEAKS)
    leaked = [each.item_id for each, known in zip(seen, found.tolist(), strict=True) if known]
    return _each(GoldItem.objects.filter(pk__in=leaked), _retire("leaked"))


def _retire(reason: str) -> Callable[[GoldItem], object]:
    return lambda item: gold.retire(item=item, by=SYSTEM, reason=reason)


def _each(items: Any, act: Callable[[GoldItem], object]) -> int:
    """Act on each, in key order; what has moved on meanwhile is left out."""
    done = 0
    for item in items.select_related("project", "task").order_by("task_id"):
        try:
            act(item)
        except Refusal:
            continue
        done += 1
    return done


# --- Disputes -------------------------------------------------------------------------------------------------------
def quarantine_disputed() -> int:
    """Sweep: set aside what three people contradict in the same way whose work is known to be good; how many."""
    rivals = {item: rival for item, given in gold_health.missed(bar=GOOD).items() if (rival := rival_of(given))}
    items = GoldItem.objects.filter(pk__in=rivals)
    return _each(items, lambda item: quarantine(item=item, rival=rivals[item.pk], by=SYSTEM))


def rival_of(given: Iterable[Missed]) -> Mapping[str, Any] | None:
    """The other answer that enough good people give, to the questions of the expected one; None if there is none."""
    good = [each for each in given if Accuracy(each.right, each.wrong).interval(CONFIDENCE)[0] >= GOOD]
    for each in good:
        rival = {name: value for name, value in each.value.items() if name in each.expected}
        if len({other.contributor_id for other in good if _says(other, rival)}) >= CONTRADICTIONS:
            return rival
    return None


def _says(given: Missed, rival: Mapping[str, Any]) -> bool:
    schema = compiled(given.project_id, given.schema_version)
    found = consensus.compare(schema, given.payload, given.value, rival)
    return bool(found) and all(each.passed for each in found.values())


@transaction.atomic
def quarantine(*, item: GoldItem, rival: Mapping[str, Any], by: Actor) -> GoldItem:
    """Nobody new meets an item in use, and what it has shown of people does not count; their pay stands. Raises NotDisputed."""
    scorecards.withdraw(annotations=_answered(item))
    (task,) = tasks.lock([item.task_id])
    tasks.hold(task=task)
    return _moved(item, GoldItem.Status.ACTIVE, "gold.quarantined", by, status=GoldItem.Status.QUARANTINED, rival=rival)


@transaction.atomic
def correct(*, item: GoldItem, by: Actor) -> GoldItem:
    """The others are right: their answer is expected from now on, and everybody's answers count as compared with it. Raises NotDisputed."""
    return _decided(item, "gold.corrected", by, {**item.expected, **(item.rival or {})})


@transaction.atomic
def release(*, item: GoldItem, by: Actor) -> GoldItem:
    """The expected answer is right: everybody's answers count again, and what was said so far is no reason any more. Raises NotDisputed."""
    return _decided(item, "gold.released", by, item.expected)


def _decided(item: GoldItem, kind: str, by: Actor, expected: Mapping[str, Any]) -> GoldItem:
    """Evidence first, then the task, then the item: as everybody locks them who scores an answer."""
    answers = work.given_to(item.pk)
    scorecards.withdraw(annotations=[each.id for each in answers])
    gold.record(answers=[replace(each, expected=dict(expected), disputed=False) for each in answers])
    (task,) = tasks.lock([item.task_id])
    tasks.resume(task=task)
    values = {"status": GoldItem.Status.ACTIVE, "expected": expected, "rival": None, "cleared_at": Now()}
    return _moved(item, GoldItem.Status.QUARANTINED, kind, by, **values)


def _answered(item: GoldItem) -> Sequence[int]:
    return list(GoldOutcome.objects.filter(item=item).order_by("pk").values_list("pk", flat=True))


def _moved(item: GoldItem, before: str, kind: str, by: Actor, **values: Any) -> GoldItem:
    """Change an item that has this status, and tell it. Raises NotDisputed."""
    if not GoldItem.objects.filter(pk=item.pk, status=before).update(**values):
        raise NotDisputed
    publish(gold.fact(item, kind), by=by)
    item.refresh_from_db()
    return item
