"""Who takes what for what: the labels as (worker, label) pairs, and what is learned of these. Only pairs that occur are kept."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from quality.aggregation.em import Fit, Floats
from quality.aggregation.store import LabelStore

BLOCK = 1 << 16  # cells of pairs x classes worked on at once: they stay in the cache
LARGE = 1 << 25  # cells from which on single precision has to do, so that they fit into memory


@dataclass(frozen=True, slots=True)
class Pairs:
    """The labels by who says what. table csr [I, P]: 1 for each label of a task, at its pair.

    worker i4[P], label i2[P]: of each pair, sorted; first i8[J]: where each worker's begin.
    """

    table: csr_array
    worker: NDArray[np.int32]
    label: NDArray[np.int16]
    first: NDArray[np.int64]
    classes: int

    @classmethod
    def of(cls, store: LabelStore) -> "Pairs":
        """The pairs that occur, sorted by worker and label."""
        codes, pair = store.pairs()
        worker = (codes // store.classes).astype(np.int32)
        kind = np.float32 if len(codes) * store.classes > LARGE else np.float64
        table = csr_array((np.ones(len(pair), kind), pair, store.first_rows()), shape=(len(store.tasks), len(codes)))
        first = np.searchsorted(worker, np.arange(len(store.workers)))
        return cls(table, worker, (codes % store.classes).astype(np.int16), first, store.classes)

    @property
    def pair(self) -> NDArray[np.int32]:
        """i4[N]: the pair of each label."""
        found: NDArray[np.int32] = self.table.indices
        return found

    def counts(self, belief: Floats) -> Floats:
        """[P, K]: how many labels of each pair are expected to be of tasks of each true class."""
        found: Floats = self.table.T @ belief.astype(self.table.dtype, copy=False)
        return found

    def totals(self, counts: Floats) -> Floats:
        """f8[J, K]: sum of each worker's pairs."""
        ends = np.append(self.first, len(self.worker))
        ones, every = np.ones(len(self.worker), counts.dtype), np.arange(len(self.worker))
        of_workers = csr_array((ones, every, ends), shape=(len(self.first), len(self.worker)))
        sums: Floats = (of_workers @ counts).astype(np.float64, copy=False)
        return sums

    def blocks(self) -> Iterator[slice]:
        """The pairs in pieces, for what would need too much memory at once."""
        rows = max(1, BLOCK // max(self.classes, 1))
        return (slice(start, start + rows) for start in range(0, len(self.worker), rows))


@dataclass(frozen=True, slots=True)
class Crowd:
    """Where confusions are drawn to: phi f8[K, K] (truth, label), rows sum to 1, and the strength s of its pull, in labels."""

    phi: Floats
    strength: float


@dataclass(frozen=True, slots=True)
class Confusions:
    """What was learned. prior f8[K]: share of each class. worker i4[P], label i2[P]: the pairs that occur, sorted.

    counts f8[P, K]: how many labels of that pair are expected to be of tasks of each true class.
    """

    crowd: Crowd
    prior: Floats
    worker: NDArray[np.int32]
    label: NDArray[np.int16]
    counts: Floats


@dataclass(frozen=True, slots=True)
class ConfusionFit(Fit):
    """A fit with the confusions of the workers."""

    confusions: Confusions
