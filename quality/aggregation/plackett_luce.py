"""How good each of several items is, from rankings of some of them, and whose rankings can be relied on.

The model of Plackett (1975) and Luce (1959): the best is drawn with a probability in proportion to its worth, then the next out of the
rest. With two items it is Bradley and Terry's. Items of one group share a place: each of them was drawn before all that follow, and the
last group, what is left over, is not told apart. A person either looks, with the probability that is their reliability, or ranks at random.
Climbed by minorisation (Hunter 2004) inside expectation-maximisation, so the objective never falls.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np

from quality.aggregation.bradley_terry import MOST_STEPS, PRIOR, TOLERANCE, centred, log_prior, rested
from quality.aggregation.em import Floats, Integers
from quality.aggregation.one_coin import RIGHT, WRONG, mode

Order = Sequence[Sequence[Hashable]]  # groups of items, best first


@dataclass(frozen=True, slots=True)
class Fit:
    """ability f8[n]: logarithm of the worth of each of `items`, the first 0. reliability f8[J]: of each of `people`.

    objective: per iteration, never falling.
    """

    items: list[Hashable]
    ability: Floats
    people: list[Hashable]
    reliability: Floats
    objective: list[float]
    converged: bool


@dataclass(frozen=True, slots=True)
class _Rankings:
    """N orders of at most L items. item i8[N, L], n where an order is shorter; start, end i8[N, L]: of the group at each place.

    drawn f8[N, L]: 1 for places before the last group, else 0.
    """

    item: Integers
    start: Integers
    end: Integers
    drawn: Floats
    items: int

    @classmethod
    def of(cls, orders: Sequence[Order], number: dict[Hashable, int]) -> "_Rankings":
        """number: of each item. Raises ValueError for an item twice in an order."""
        longest = max((sum(map(len, order)) for order in orders), default=0)
        shape = (len(orders), longest)
        item, drawn = np.full(shape, len(number)), np.zeros(shape)
        start, end = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        for row, order in enumerate(orders):
            flat = [number[each] for group in order for each in group]
            if len(set(flat)) < len(flat):
                raise ValueError("an item stands twice in one order")
            item[row, : len(flat)] = flat
            sizes = [len(group) for group in order]
            ends = np.cumsum(sizes, dtype=np.int64)
            start[row, : len(flat)] = np.repeat(ends - sizes, sizes)
            end[row, : len(flat)] = np.repeat(ends - 1, sizes)
            drawn[row, : len(flat) - sizes[-1] if sizes else 0] = 1
        return cls(item, start, end, drawn, len(number))

    def left(self, worth: Floats) -> Floats:
        """f8[N, L]: worth of all that each place was drawn from; 1 where nothing was drawn."""
        own = np.append(worth, 0.0)[self.item]
        rest = np.cumsum(own[:, ::-1], axis=1)[:, ::-1]
        return np.where(self.drawn > 0, np.take_along_axis(rest, self.start, axis=1), 1.0)

    def log_likelihood(self, worth: Floats) -> Floats:
        """f8[N]: of each order, were everybody to look."""
        own = np.append(np.log(worth), 0.0)[self.item]
        total: Floats = (self.drawn * (own - np.log(self.left(worth)))).sum(axis=1)
        return total

    def improved(self, worth: Floats, weight: Floats, prior: float) -> Floats:
        """f8[n]: one step. weight f8[N]: of each order."""
        draws = self.drawn * weight[:, None]
        chances = np.take_along_axis(np.cumsum(draws / self.left(worth), axis=1), self.end, axis=1)
        won = np.bincount(self.item.ravel(), draws.ravel(), minlength=self.items + 1)[:-1]
        could = np.bincount(self.item.ravel(), chances.ravel(), minlength=self.items + 1)[:-1]
        step: Floats = (won + prior / 2) / (could + prior / (worth + 1))
        return step


@dataclass(slots=True)
class _Climb:
    """Worth and reliability, step by step. author i8[N]: who gave each order; None if everybody is relied on."""

    rankings: _Rankings
    author: Integers | None
    reliability: Floats
    prior: float
    worth: Floats = field(init=False)
    weight: Floats = field(init=False)  # how likely the author of each order has looked
    by_guess: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.worth = np.ones(self.rankings.items)
        self.by_guess = self.rankings.log_likelihood(self.worth)
        self.weight = np.ones(len(self.by_guess))

    def look(self) -> float:
        """Weigh the orders by what is believed; the objective."""
        seen = self.rankings.log_likelihood(self.worth)
        if self.author is not None:
            looked = np.log(self.reliability)[self.author] + seen
            seen = np.logaddexp(looked, np.log(1 - self.reliability)[self.author] + self.by_guess)
            self.weight = np.exp(looked - seen)
        trust = (RIGHT * np.log(self.reliability) + WRONG * np.log(1 - self.reliability)).sum()
        return float(seen.sum() + trust) + log_prior(self.worth, self.prior)

    def step(self) -> None:
        """Believe what the orders say, so weighed."""
        self.worth = centred(self.rankings.improved(self.worth, self.weight, self.prior), self.prior)
        if self.author is not None:
            people = len(self.reliability)
            given = np.bincount(self.author, minlength=people).astype(np.float64)
            looked = np.bincount(self.author, self.weight, minlength=people).astype(np.float64)
            self.reliability = mode(looked, given)


def plackett_luce(
    orders: Sequence[Order],
    people: Sequence[Hashable] | None = None,
    *,
    prior: float = PRIOR,
    tol: float = TOLERANCE,
) -> Fit:
    """Fit all rankings. people: who gave each; without them everybody is relied on. The order of the rankings changes nothing but rounding.

    prior: as `bradley_terry`, above 0; tol as there. Raises ValueError for a prior of 0, or for an item twice in an order.
    """
    if prior <= 0:
        raise ValueError("a prior above 0 is needed: rankings seldom link all items")
    items = sorted({item for order in orders for group in order for item in group}, key=str)
    rankings = _Rankings.of(orders, {item: number for number, item in enumerate(items)})
    who = sorted(set(people or ()), key=str)
    place = {person: number for number, person in enumerate(who)}
    author = np.array([place[person] for person in people], dtype=np.int64) if people else None
    climb = _Climb(rankings, author, np.full(len(who), mode(0.0, 0.0)), prior)
    objective = [climb.look()]
    while not rested(objective, tol) and len(objective) < MOST_STEPS:
        climb.step()
        objective.append(climb.look())
    ability = np.log(climb.worth / climb.worth[:1])
    return Fit(items, ability, who, climb.reliability, objective, rested(objective, tol))
