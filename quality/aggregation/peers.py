"""How far people are to be relied on whose answers have no classes, as marks in a text: by how near they come to what the others say.

In two passes: first everybody is held against each of the others, then against what these say together, each weighed by the first pass.
Assumes that whoever comes near to the others is right, so it fails where most people make the same mistake. A weight is a power of the
mean likeness, drawn towards what is usual as far as little is known of somebody: of marks the square, so that who is half as near counts
a quarter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quality.aggregation.votes import Vote

SQUARE = 2
PULL = 5.0  # tasks as which the usual likeness counts in everybody's own

Answers = Mapping[str, Any]  # to one task, by person
Distance = Callable[[Any, Any], float]  # 0 alike .. 1
Merge = Callable[[Sequence[Vote]], Any]  # what votes say together; None where they do not


@dataclass(frozen=True, slots=True)
class Peers:
    """usual: mean likeness, 0..1. known: by person the sum of the likenesses to the others, each task once, and the number of tasks."""

    usual: float
    known: Mapping[str, tuple[float, int]]

    def weight(self, person: str, power: int = SQUARE) -> float:
        """For the votes of somebody, 0..1."""
        near, tasks = self.known.get(person, (0.0, 0))
        return ((PULL * self.usual + near) / (PULL + tasks)) ** power

    def votes(self, answers: Answers, power: int = SQUARE) -> list[Vote]:
        """The answers to a task, weighed."""
        return [Vote(person, value, self.weight(person, power)) for person, value in answers.items()]


def learn(tasks: Sequence[Answers], distance: Distance, merge: Merge, power: int = SQUARE) -> Peers:
    """From all answers to a question. Who has never had the same task as somebody else is taken for as good as usual."""
    first = _summed([_to_each(answers, distance) for answers in tasks])
    return _summed([_to_all(first.votes(answers, power), distance, merge) for answers in tasks])


def _summed(likenesses: Sequence[Mapping[str, float]]) -> Peers:
    known: dict[str, tuple[float, int]] = {}
    for of_task in likenesses:
        for person, likeness in of_task.items():
            near, tasks = known.get(person, (0.0, 0))
            known[person] = near + likeness, tasks + 1
    total = sum(tasks for _, tasks in known.values())
    return Peers(sum(near for near, _ in known.values()) / total if total else 1.0, known)


def _to_each(answers: Answers, distance: Distance) -> dict[str, float]:
    """Mean likeness of each person to the others."""
    people = sorted(answers)
    near = dict.fromkeys(people, 0.0)
    for place, one in enumerate(people):
        for other in people[:place]:
            likeness = 1 - distance(answers[one], answers[other])
            near[one] += likeness
            near[other] += likeness
    return {person: total / (len(people) - 1) for person, total in near.items()} if len(people) > 1 else {}


def _to_all(votes: Sequence[Vote], distance: Distance, merge: Merge) -> dict[str, float]:
    """Likeness of each person to what the others say together."""
    found = {}
    for vote in votes:
        others = merge([other for other in votes if other is not vote])
        if others is not None:
            found[vote.contributor] = 1 - distance(vote.value, others)
    return found
