"""Labels of a project as integer columns: what the batch estimators read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, triu

COMPARED = 10_000
BLOCK = 1_000_000


@dataclass(frozen=True, slots=True)
class LabelStore:
    """N labels of I tasks by J workers in K classes, sorted by (task, worker, label).

    tasks [I], workers [J]: their ids, sorted. task i4[N], worker i4[N], label i2[N]: places in these lists, and classes 0..K-1.
    """

    tasks: NDArray[np.str_] | NDArray[np.int64]
    workers: NDArray[np.str_] | NDArray[np.int64]
    classes: int
    task: NDArray[np.int32]
    worker: NDArray[np.int32]
    label: NDArray[np.int16]

    @classmethod
    def from_rows(cls, task: ArrayLike, worker: ArrayLike, label: ArrayLike, classes: int) -> "LabelStore":
        """From columns of one length: ids (all text or all numbers) and class numbers. Raises ValueError for a class out of range."""
        tasks, at_task = _places(np.asarray(task))
        workers, at_worker = _places(np.asarray(worker))
        labels = np.asarray(label, dtype=np.int16)
        if labels.size and not (labels.min() >= 0 and labels.max() < classes):
            raise ValueError("a label is not one of the classes")
        rows = at_task.astype(np.int64)
        rows *= max(len(workers), 1)
        rows += at_worker
        rows *= classes
        rows += labels
        rows.sort()  # one number a row is sorted ten times as fast as three columns
        rows, label_column = np.divmod(rows, classes)
        task_column, worker_column = np.divmod(rows, max(len(workers), 1))
        return cls(
            tasks,
            workers,
            classes,
            task_column.astype(np.int32),
            worker_column.astype(np.int32),
            label_column.astype(np.int16),
        )

    def first_rows(self) -> NDArray[np.int32]:
        """i4[I + 1]: where the labels of each task begin, and the end."""
        ends = np.cumsum(np.bincount(self.task, minlength=len(self.tasks)))
        return np.concatenate(([0], ends)).astype(np.int32)

    def pairs(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """The (worker, label) pairs that occur: worker x K + label i8[P], sorted; and i4[N], at which of them a label is."""
        found, at = _places(self.worker.astype(np.int64) * self.classes + self.label)
        return found, at

    def comparable(self) -> bool:
        """Do two workers have two tasks in common? Otherwise nothing can be learned of anybody. Looked for in the first 10,000 tasks."""
        rows = self.task < COMPARED
        shape = (COMPARED, len(self.workers))
        answered = csr_array((np.ones(rows.sum(), dtype=np.int32), (self.task[rows], self.worker[rows])), shape=shape)
        together = triu(answered.T @ answered, k=1)
        return bool(together.nnz and together.max() >= 2)

    def blocks(self, width: int = 0) -> Iterator[tuple[slice, slice]]:
        """Tasks and their labels in pieces of at least BLOCK labels x `width` (0: classes), for what would need too much memory at once."""
        first, labels = self.first_rows(), BLOCK // (width or self.classes) + 1
        start = 0
        while start < len(self.tasks):
            end = max(start + 1, int(np.searchsorted(first, first[start] + labels)))
            end = min(end, len(self.tasks))
            yield slice(start, end), slice(int(first[start]), int(first[end]))
            start = end


def _places(ids: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int32]]:
    """The ids that occur, sorted, and i4[N] where in that list each is. Whole numbers that lie close together need no sorting."""
    if not (ids.size and ids.dtype.kind in "iu" and int(ids.max()) - int(ids.min()) <= 2 * ids.size):
        found, at = np.unique(ids, return_inverse=True)
        return found, at.astype(np.int32)
    least = ids.min()
    offset = ids - least
    occurs = np.zeros(int(offset.max()) + 1, dtype=bool)
    occurs[offset] = True
    place = np.cumsum(occurs, dtype=np.int32) - 1
    return np.flatnonzero(occurs).astype(ids.dtype) + least, place[offset]
