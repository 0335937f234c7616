"""How good each of several items is, from who beat whom: the model of Bradley and Terry (1952).

Item i beats j with probability 1 / (1 + exp(b_j - b_i)). Climbed by minorisation (Hunter 2004): no step goes down.
"""

import numpy as np
import scipy  # its parts load when first used
from numpy.typing import ArrayLike

from quality.aggregation.em import Floats

# Comparisons of each item with one of middling ability, half of them won: nobody is infinitely good by one win.
PRIOR = 1.0
TOLERANCE = 1e-12
MOST_STEPS = 10_000


def bradley_terry(wins: ArrayLike, *, prior: float = PRIOR, tol: float = TOLERANCE) -> Floats:
    """f8[n]: log-abilities, the first 0. wins f8[n, n]: how often row beat column; a tie is half a win for each.

    Without a prior (0) there are none unless wins lead from every item to every other: ValueError. Also where there is no item.
    Stops at a relative change of the objective below `tol`. Raises ArithmeticError if it does not come to rest.
    """
    won = np.asarray(wins, dtype=np.float64)
    if not len(won):
        raise ValueError("no items to compare")
    if prior == 0 and scipy.sparse.csgraph.connected_components(won, connection="strong")[0] > 1:
        raise ValueError("some items never beat, or never lost to, the others: without a prior nothing bounds them")
    met, total = won + won.T, won.sum(axis=1) + prior / 2
    worth, objective = np.ones(len(won)), list[float]()
    for _ in range(MOST_STEPS):
        worth = total / ((met / (worth[:, None] + worth[None, :])).sum(axis=1) + prior / (worth + 1))
        worth = centred(worth, prior)
        objective.append(_log_posterior(won, worth, prior))
        if rested(objective, tol):
            ability: Floats = np.log(worth / worth[0])
            return ability
    raise ArithmeticError("the abilities do not come to rest")


def _log_posterior(won: Floats, worth: Floats, prior: float) -> float:
    chance = worth[:, None] / (worth[:, None] + worth[None, :])
    return float((won * np.log(chance)).sum()) + log_prior(worth, prior)


def rested(objective: list[float], tol: float = TOLERANCE) -> bool:
    """Has the last step changed next to nothing, `tol` of the whole? Raises ArithmeticError if it went down."""
    if len(objective) < 2:
        return False
    before, now = objective[-2:]
    if now < before - 1e-9 * abs(before):
        raise ArithmeticError("the objective fell")
    return now - before <= tol * abs(before)


def log_prior(worth: Floats, prior: float) -> float:
    """Of so many comparisons of each item with one of worth 1, half of them won."""
    return float(prior * (np.log(worth) / 2 - np.log(worth + 1)).sum())


def centred(worth: Floats, prior: float) -> Floats:
    """On the scale that the prior likes better; wins alone do not care. One step of Newton's, if that is one upwards."""
    if prior == 0:
        even: Floats = worth / np.exp(np.log(worth).mean())
        return even
    if not len(worth):
        return worth
    chance = worth / (worth + 1)
    moved: Floats = worth * np.exp((0.5 - chance).sum() / (chance * (1 - chance)).sum())
    return moved if log_prior(moved, prior) > log_prior(worth, prior) else worth
