"""Exits: a task that several people could not answer is closed or looked at; the exits that were confirmed are paid.

What nobody confirmed is paid for its time: up to a quarter of the price where others could answer the task, and up to the price where it
ended before anybody could.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from annotation.domain import judgements
from annotation.models import Task
from quality.queries.work import lock_left
from workforce.domain import pay
from workforce.domain.actor import SYSTEM, Actor

BROKEN, UNSAFE, CANNOT_JUDGE = "broken", "unsafe", "cannot_judge"
CONFIRMED = 2  # persons who say the same
UNDECIDED = 3
NOT_CONFIRMED, CUT_SHORT = "exit_not_confirmed", "exit_cut_short"
PARTS = {NOT_CONFIRMED: 0.25, CUT_SHORT: 1.0}  # of the price at most


@dataclass(frozen=True, slots=True)
class Exit:
    """An exit that nobody has judged yet."""

    annotation_id: int
    kind: str


def broken(exits: Iterable[Exit]) -> bool:
    """Two people found the task broken: it is closed with that reason."""
    return Counter(each.kind for each in exits)[BROKEN] >= CONFIRMED


def to_be_reviewed(exits: Iterable[Exit]) -> str:
    """Why a reviewer has to look, empty if they need not: one person called it unsafe, or three could not judge it."""
    kinds = Counter(each.kind for each in exits)
    if kinds[UNSAFE]:
        return UNSAFE
    return "exit" if kinds[CANNOT_JUDGE] >= UNDECIDED else ""


def close(
    *, exits: Mapping[int, Sequence[Exit]], by: Actor, confirmed: str = "", unconfirmed: str = NOT_CONFIRMED
) -> None:
    """The tasks (key: their exits) are done: exits of a kind that a second person, or a reviewer (`confirmed`), shared are paid.

    "Unsafe" is always paid: nobody should hesitate to say it. The rest is set aside without blame; `unconfirmed`: why, a key of PARTS.
    """
    paid, dropped = list[int](), list[int]()
    for left in exits.values():
        kinds = Counter(each.kind for each in left)
        for each in left:
            right = each.kind in (confirmed, UNSAFE) or kinds[each.kind] >= CONFIRMED
            (paid if right else dropped).append(each.annotation_id)
    if paid:
        judgements.accept(annotations=paid, by=by, how="policy", note="exit_confirmed")
    if dropped:
        judgements.drop(annotations=dropped, reason=unconfirmed, most=PARTS[unconfirmed])


@transaction.atomic
def close_left() -> int:
    """Sweep: exits of tasks that ended before anybody judged them, by a cancellation or while their author was at it.

    Returns of how many tasks.
    """
    ended = lock_left()
    with pay.together():
        for status, tasks in ended.items():
            exits = {key: [Exit(*each) for each in left] for key, left in tasks.items()}
            close(exits=exits, by=SYSTEM, unconfirmed=NOT_CONFIRMED if status == Task.Status.COMPLETED else CUT_SHORT)
    return sum(map(len, ended.values()))
