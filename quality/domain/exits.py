"""Exits: a task that several people could not answer is closed or looked at; the exits that were confirmed are paid."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from annotation.domain import judgements
from workforce.domain.actor import Actor

BROKEN, UNSAFE, CANNOT_JUDGE = "broken", "unsafe", "cannot_judge"
CONFIRMED = 2  # persons who say the same
UNDECIDED = 3
NOT_CONFIRMED = "exit_not_confirmed"


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


def close(*, exits: Mapping[int, Sequence[Exit]], by: Actor, confirmed: str = "") -> None:
    """The tasks (key: their exits) are done: exits of a kind that a second person, or a reviewer (`confirmed`), shared are paid.

    "Unsafe" is always paid: nobody should hesitate to say it. The rest is set aside without blame.
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
        judgements.drop(annotations=dropped, reason=NOT_CONFIRMED)
