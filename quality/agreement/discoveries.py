"""Many tests at once: which results are findings, and not what chance brings among so many."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def discovered(p: ArrayLike, rate: float, tests: int | None = None) -> NDArray[np.bool_]:
    """bool[n]: the findings among p-values f[n], of which at most a share `rate` is false on average (Benjamini, Hochberg 1995).

    tests: how many were made, if `p` holds only those that might be findings; the others count as having found nothing.
    """
    values = np.asarray(p, dtype=np.float64)
    bars = rate * np.arange(1, len(values) + 1) / max(tests or 0, len(values), 1)
    under = np.sort(values) <= bars
    most = float(np.sort(values)[under].max()) if under.any() else -1.0
    found: NDArray[np.bool_] = values <= most
    return found
