"""What is taken for what: how the answers to a question lie over the true classes, as the present fit believes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotation.models import Project
from quality.aggregation.ordinal import Readers
from quality.agreement.bounds import wilson
from quality.queries import skills


@dataclass(frozen=True, slots=True)
class Row:
    """The answers to tasks of one true class. right: share with Wilson's 95 % interval; taken_for: the most frequent other answer."""

    truth: str
    cells: list[float]  # expected answers by class
    n: float
    right: float
    low: float
    high: float
    taken_for: str


@dataclass(frozen=True, slots=True)
class Confusion:
    """A question with its classes: answers across, truth down."""

    question: str
    classes: list[str]
    rows: list[Row]
    scale: bool  # the classes are steps: who is off by one has not mixed them up

    @property
    def worst(self) -> Row | None:
        """The class of which it is most certain that answers miss it: least upper limit. None where none is missed, or on a scale."""
        if self.scale:
            return None
        missed = [row for row in self.rows if row.taken_for]
        return min(missed, key=lambda row: row.high, default=None)


def confusions(project: Project) -> list[Confusion]:
    """Of the questions that have been fitted, by name. Two statements at most, however many answers there are."""
    found = skills.present([project.pk]).get(project.pk, {})
    return [_confusion(name, known) for name, known in sorted(found.items())]


def _confusion(name: str, known: skills.Known) -> Confusion:
    """Each person's share of it has been learned already; here they are added up."""
    cells = np.zeros((len(known.classes), len(known.classes)))  # truth x answer
    for skill in known.skills.people.values():
        cells[:, list(skill.labels)] += np.asarray(skill.counts).T
    classes = list(known.classes)
    rows = [_row(classes, place, cells[place]) for place in range(len(classes))]
    return Confusion(name, classes, rows, scale=isinstance(known.skills.crowd, Readers))


def _row(classes: list[str], place: int, cells: NDArray[np.float64]) -> Row:
    n = float(cells.sum())
    others = np.where(np.arange(len(cells)) == place, 0.0, cells)
    most = int(others.argmax())
    low, high = wilson(float(cells[place]), n)
    return Row(
        truth=classes[place],
        cells=[float(each) for each in cells],
        n=n,
        right=float(cells[place]) / n if n else 0.0,
        low=low,
        high=high,
        taken_for=classes[most] if others[most] >= 0.5 else "",
    )
