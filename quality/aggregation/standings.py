"""Which of several sources does best, from what people prefer of their work over many tasks: strengths with intervals.

Preferences by Bradley and Terry (1952), a tie being half a win for each; rankings by Plackett and Luce. Whose answers count how much is
learned from all of them. An interval follows from how strengths vary over other draws of the tasks (Efron 1979).
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.special import expit

from quality.aggregation.bradley_terry import bradley_terry
from quality.aggregation.em import Floats, Integers
from quality.aggregation.plackett_luce import plackett_luce

DRAWS = 40
NORMAL = 1.96
ROUGH = 1e-8  # of an objective: far finer than any interval
Order = list[list[str]]  # groups of sources, best first


@dataclass(frozen=True, slots=True)
class Ranked:
    """What one person (key) has said of one task (key): sources, best first. In a pair of equals there is one group."""

    task: int
    person: int
    order: Order


@dataclass(frozen=True, slots=True)
class Standing:
    """A source. chance: how likely it is preferred to a middling one, 0..1, with a 95 % interval; n: answers that compare it."""

    source: str
    chance: float
    low: float
    high: float
    n: int


class Apart(Exception):  # noqa: N818  a fact about the answers
    """Some sources were never compared with the others, not even by way of a third. groups: those that hang together."""

    def __init__(self, groups: list[list[str]]) -> None:
        super().__init__(groups)
        self.groups = groups


def standings(answers: Sequence[Ranked], *, pairs: bool, draws: int = DRAWS, seed: int = 0) -> list[Standing]:
    """The best first; empty without answers. pairs: each answer is about two sources. Raises Apart.

    The same whatever the order of the answers. The same seed gives the same intervals.
    """
    answers = sorted(answers, key=lambda each: (each.task, each.person))
    sources = sorted({source for each in answers for group in each.order for source in group})
    if not sources:
        return []
    _linked(answers, sources)
    found = plackett_luce([each.order for each in answers], [each.person for each in answers])
    trust = dict(zip(found.people, found.reliability.tolist(), strict=True))
    strength = partial(_of_pairs, trust) if pairs else _of_rankings
    middle = strength(answers, sources)
    drawn = np.array([strength(each, sources) for each in _draws(answers, draws, seed)])
    reach = NORMAL * drawn.std(axis=0, ddof=1)
    n = [sum(source in group for each in answers for group in each.order) for source in sources]
    ends = (expit(each).tolist() for each in (middle, middle - reach, middle + reach))
    rows = zip(sources, *ends, n, strict=True)
    return sorted((Standing(*row) for row in rows), key=lambda each: (-each.chance, each.source))


def _linked(answers: Sequence[Ranked], sources: list[str]) -> None:
    place = {source: number for number, source in enumerate(sources)}
    together = {
        (place[a], place[b])
        for each in answers
        for a, b in combinations([one for group in each.order for one in group], 2)
    }
    rows, columns = np.array(sorted(together), dtype=np.int64).reshape(-1, 2).T
    graph = csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(sources), len(sources)))
    count, part = connected_components(graph, directed=False)
    if count > 1:
        raise Apart([[source for source, at in zip(sources, part, strict=True) if at == each] for each in range(count)])


def _draws(answers: Sequence[Ranked], draws: int, seed: int) -> list[list[Ranked]]:
    """As many tasks, with replacement."""
    tasks: dict[int, list[Ranked]] = {}
    for each in answers:
        tasks.setdefault(each.task, []).append(each)
    groups, draw = list(tasks.values()), np.random.default_rng(seed)
    numbers: Integers = draw.integers(0, len(groups), (draws, len(groups)))
    return [[each for number in row for each in groups[number]] for row in numbers.tolist()]


def _of_rankings(answers: Sequence[Ranked], sources: list[str]) -> Floats:
    """f8[n]: log-worth, the mean 0; a source that does not occur is middling."""
    fit = plackett_luce([each.order for each in answers], [each.person for each in answers], tol=ROUGH)
    known = dict(zip(fit.items, (fit.ability - fit.ability.mean()).tolist(), strict=True))
    return np.array([known.get(source, 0.0) for source in sources])


def _of_pairs(trust: Mapping[Hashable, float], answers: Sequence[Ranked], sources: list[str]) -> Floats:
    """f8[n]: log-ability, the mean 0, from wins that weigh as much as their people can be relied on."""
    place, wins = {source: number for number, source in enumerate(sources)}, np.zeros((len(sources), len(sources)))
    for each in answers:
        (one, other), tied = [place[source] for group in each.order for source in group], len(each.order) == 1
        wins[one, other] += trust[each.person] * (0.5 if tied else 1)
        wins[other, one] += trust[each.person] * 0.5 * tied
    ability = bradley_terry(wins, tol=ROUGH)
    found: Floats = ability - ability.mean()
    return found
