"""What a customer is promised of a batch, and whether an audit keeps the promise.

The count of errors in a sample that is drawn from strata in proportion is no more spread than a binomial one (Hoeffding 1956), so the
exact bound of a plain sample holds for it. Each further attempt spends half of the doubt that the one before it spent, so all of them
together are wrong with at most the probability promised.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quality.agreement.bounds import exact_upper, sample_size, smallest
from quality.agreement.sampling import Estimate, stratified

EDGES = (0.9, 0.97, 0.99)  # of the confidence of results: where one stratum of an audit ends


@dataclass(frozen=True, slots=True)
class Promise:
    """At most this share of the delivered results is wrong, with this confidence over all attempts to show it."""

    error: float = 0.02
    confidence: float = 0.95

    def confidence_of(self, attempt: int) -> float:
        """What attempt 1, 2, .. has to show it with."""
        return 1 - (1 - self.confidence) * 0.5**attempt


@dataclass(frozen=True, slots=True)
class Audit:
    """Outcome of an audit. upper: with the attempt's confidence the error rate is no higher. shown: estimate and interval for people."""

    audited: int
    errors: int
    upper: float
    met: bool
    shown: Estimate


def strata(confidence: ArrayLike) -> NDArray[np.int64]:
    """i8[N]: the stratum, 0 to 3, of results of these confidences f[N]; the least certain are in the first."""
    return np.searchsorted(EDGES, np.asarray(confidence, dtype=np.float64), side="right").astype(np.int64)


def audit_size(promise: Promise, *, attempt: int, expected: float, finished: int) -> int:
    """How many of the finished results to audit so that the promise can be shown although `expected` (0..1) of them are wrong.

    All of them if fewer do not suffice, as when no fewer errors are expected than were promised.
    """

    def size(errors: int) -> int:
        return sample_size(promise.error, promise.confidence_of(attempt), errors)

    found = smallest(0, finished, lambda errors: size(errors) >= finished or size(errors) * expected <= errors)
    return min(size(found), finished)


def judge(promise: Promise, *, attempt: int, errors: ArrayLike, drawn: ArrayLike, sizes: ArrayLike) -> Audit:
    """Decide about a batch: errors i[H] among drawn i[H] audited results of sizes i[H] finished ones, per stratum.

    Drawn in proportion (`sampling.draw`). If all were audited, what was found is what there is.
    """
    found, looked, held = (np.asarray(each, dtype=np.int64) for each in (errors, drawn, sizes))
    wrong, audited, finished = (int(each.sum()) for each in (found, looked, held))
    everything = 0 < audited == finished
    upper = wrong / finished if everything else exact_upper(wrong, audited, promise.confidence_of(attempt))
    return Audit(audited, wrong, upper, upper <= promise.error, stratified(found, looked, held))


def rework(promise: Promise, confidence: ArrayLike) -> NDArray[np.int64]:
    """i8[m]: which results to do again after an audit that failed: the least certain first, until half of the promised errors are expected.

    confidence: f[N], calibrated, of each finished result.
    """
    doubt = 1 - np.asarray(confidence, dtype=np.float64)
    order = np.argsort(-doubt, kind="stable")
    left = doubt.sum() - np.concatenate([[0.0], np.cumsum(doubt[order])])
    enough = int(np.argmax(left <= promise.error / 2 * len(doubt) + 1e-12))
    return order[:enough]
