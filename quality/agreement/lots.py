"""Acceptance sampling: of each lot so many results are looked at, and so many errors among them are accepted.

A plan stands for what it can show: with `accept` errors among `n`, at most so large a share of the lot is wrong, with 95 % confidence. A
lot passes if its own sample shows as much, by the exact bound for a sample without replacement: so one of another size is judged alike.
The plans are probabilities, not a claim of conformance to any inspection standard.
"""

from collections.abc import Sequence
from math import sqrt

from quality.agreement.bounds import exact_upper, hypergeometric_upper

RECENT, FAILED = 5, 2  # after two failed lots of the last five everything is looked at, until five have passed


def limit(n: int, accept: int) -> float:
    """The largest share of errors, 0..1, that a plan lets through with 95 % confidence."""
    return exact_upper(accept, n)


def share(n: int, size: int) -> float:
    """With which probability each result of a lot is drawn, so that hardly ever fewer than n are: two standard deviations more."""
    return min((n + 2 * sqrt(n)) / size, 1.0) if size else 1.0


def bound(errors: int, looked: int, size: int) -> float:
    """Exact upper bound of the share of errors in a lot, 0..1, at 95 %; 1 if nothing was looked at."""
    return hypergeometric_upper(errors, looked, max(size, looked)) if looked else 1.0


def tightened(recent: Sequence[tuple[bool, bool]]) -> bool:
    """Whether everything in the next lot is looked at. recent: (everything was, it passed) of the lots before, the latest first."""
    last = recent[:RECENT]
    if last and last[0][0]:
        return len(last) < RECENT or not all(full and passed for full, passed in last)
    return sum(not passed for _full, passed in last) >= FAILED
