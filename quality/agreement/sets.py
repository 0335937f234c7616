"""Likeness of two sets of chosen keys."""

from collections.abc import Set as AbstractSet
from typing import Any


def jaccard(a: AbstractSet[Any], b: AbstractSet[Any]) -> float:
    """Shared over all; 1 for two empty sets."""
    return len(a & b) / len(a | b) if a or b else 1.0


def masi(a: AbstractSet[Any], b: AbstractSet[Any]) -> float:
    """Jaccard times 1 (equal), 2/3 (one holds the other), 1/3 (overlap) or 0 (Passonneau 2006)."""
    if a == b:
        return 1.0
    if a <= b or b <= a:
        return jaccard(a, b) * 2 / 3
    return jaccard(a, b) / 3
