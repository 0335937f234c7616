"""Likeness of two rankings of the same items."""

from collections.abc import Hashable, Mapping
from itertools import combinations
from math import sqrt


def tau_b(a: Mapping[Hashable, float], b: Mapping[Hashable, float]) -> float:
    """Kendall's tau-b, -1..1, ties counted (Kendall 1945). a, b: rank of each item, over the same items.

    Two rankings that tie everything are alike (1); one that does says nothing about the other (0).
    """
    balance = ahead_a = ahead_b = 0
    for x, y in combinations(a, 2):
        in_a = (a[x] > a[y]) - (a[x] < a[y])
        in_b = (b[x] > b[y]) - (b[x] < b[y])
        ahead_a += in_a != 0
        ahead_b += in_b != 0
        balance += in_a * in_b
    if ahead_a and ahead_b:
        return balance / sqrt(ahead_a * ahead_b)
    return float(ahead_a == ahead_b)
