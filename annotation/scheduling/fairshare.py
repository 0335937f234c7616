"""Fair share between customers: what each has used lately, against what is due to it."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HALF_LIFE_S = 7 * 86_400  # use counts half after a week
WINDOW_S = 3_600  # the same for the floors of the classes
FLOORS = {"standard": 0.20, "bulk": 0.05, "training": 0.02}  # least share of the last hour's minutes


def factor(use: Floats, weight: Floats) -> Floats:
    """2^-(share used / share due), f8[o] in 0..1: 1 for who has used nothing, a half for who has used just their share.

    use: decayed minutes. weight: of the customer, 0 for those without open work, whose share is lent to the others.
    """
    used = use / max(use.sum(), 1e-9)
    due = weight / max(weight.sum(), 1e-9)
    found: Floats = np.where(weight > 0, np.exp2(-used / np.maximum(due, 1e-9)), 0.0)
    return found


def behind(minutes: dict[str, float]) -> dict[str, float]:
    """{class: its floor} of the classes that got less than their floor of these minutes {class: minutes}."""
    total = sum(minutes.values())
    return {name: floor for name, floor in FLOORS.items() if total > 0 and minutes.get(name, 0.0) < floor * total}
