"""Likeness of marked stretches of text: F1 over characters."""

from collections.abc import Hashable, Iterable, Mapping

Run = tuple[int, int]


def joined(runs: Iterable[Run]) -> list[Run]:
    """Sorted runs [start, end) with overlapping and touching ones made one."""
    out: list[Run] = []
    for start, end in sorted(runs):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def shared_length(a: list[Run], b: list[Run]) -> int:
    """Characters in both of two joined lists."""
    total = i = j = 0
    while i < len(a) and j < len(b):
        total += max(0, min(a[i][1], b[j][1]) - max(a[i][0], b[j][0]))
        if a[i][1] < b[j][1]:
            i += 1
        else:
            j += 1
    return total


def character_f1(a: Mapping[Hashable, list[Run]], b: Mapping[Hashable, list[Run]]) -> float:
    """2 shared / (all of a + all of b) over joined runs per key (text and label); 1 for two empty markings."""
    both = sum(shared_length(runs, b[key]) for key, runs in a.items() if key in b)
    size = sum(end - start for marking in (a, b) for runs in marking.values() for start, end in runs)
    return 2 * both / size if size else 1.0
