"""Which marks of different people mean the same thing."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def clusters(
    likeness: NDArray[np.float64], owner: Sequence[int], label: Sequence[str], least: float
) -> list[list[int]]:
    """Groups of marks, at most one per owner, every mark in one group.

    likeness f8[n, n], its upper half is read. Pairs of at least `least` are joined, those of one label first, then the most
    alike, as long as the groups stay alike by `least` on average. Equal pairs go by the order of the marks.
    """
    group_of = [{index} for index in range(len(owner))]
    full = np.maximum(likeness, likeness.T)
    pairs = [(i, j) for i, j in np.argwhere(np.triu(full >= least, 1)).tolist() if owner[i] != owner[j]]
    pairs.sort(key=lambda pair: (label[pair[0]] != label[pair[1]], -round(float(full[pair]), 9), pair))
    for i, j in pairs:
        mine, yours = group_of[i], group_of[j]
        if mine is yours or {owner[each] for each in mine} & {owner[each] for each in yours}:
            continue
        if len(mine) + len(yours) > 2 and full[np.ix_(sorted(mine), sorted(yours))].mean() < least:
            continue
        mine |= yours
        for each in yours:
            group_of[each] = mine
    return sorted({id(group): sorted(group) for group in group_of}.values())
