"""How much longer somebody will take who has been at it for a while."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]


def left_s(*, passed_s: Floats, median_s: Floats, sigma: Floats) -> Floats:
    """E[T - a | T > a] of log-normal seconds T, after a = passed_s: f8[n]. All in seconds; sigma of the logarithm.

    For such times what is left grows with what has passed: a straggler is not nearly done.
    """
    spread = np.maximum(sigma, 1e-6)
    z = (np.log(np.maximum(median_s, 1e-9)) - np.log(np.maximum(passed_s, 1e-9))) / spread
    beyond, mean = ndtr(z), median_s * np.exp(spread**2 / 2)
    # Where nobody takes that long, Mills' ratio says how the tail falls off: left ~ a sigma^2 / ln(a / median).
    tail = passed_s * spread / np.maximum(-z, 1e-9)
    left: Floats = np.where(beyond > 1e-12, mean * ndtr(z + spread) / np.maximum(beyond, 1e-12) - passed_s, tail)
    return left
