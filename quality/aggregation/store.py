"""Labels of a project as integer columns: what the batch estimators read."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, triu

COMPARED = 10_000
BLOCK = 100_000


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
        tasks, at_task = np.unique(np.asarray(task), return_inverse=True)
        workers, at_worker = np.unique(np.asarray(worker), return_inverse=True)
        labels = np.asarray(label, dtype=np.int16)
        if labels.size and not (labels.min() >= 0 and labels.max() < classes):
            raise ValueError("a label is not one of the classes")
        order = np.lexsort((labels, at_worker, at_task))
        return cls(
            tasks=tasks,
            workers=workers,
            classes=classes,
            task=at_task[order].astype(np.int32),
            worker=at_worker[order].astype(np.int32),
            label=labels[order],
        )

    def comparable(self) -> bool:
        """Do two workers have two tasks in common? Otherwise nothing can be learned of anybody. Looked for in the first 10,000 tasks."""
        rows = self.task < COMPARED
        shape = (COMPARED, len(self.workers))
        answered = csr_array((np.ones(rows.sum(), dtype=np.int32), (self.task[rows], self.worker[rows])), shape=shape)
        together = triu(answered.T @ answered, k=1)
        return bool(together.nnz and together.max() >= 2)

    def blocks(self) -> Iterator[tuple[slice, slice]]:
        """Tasks and their labels in pieces of at least BLOCK labels, for what would need too much memory at once."""
        first = np.searchsorted(self.task, np.arange(len(self.tasks) + 1))
        start = 0
        while start < len(self.tasks):
            end = max(start + 1, int(np.searchsorted(first, first[start] + BLOCK)))
            end = min(end, len(self.tasks))
            yield slice(start, end), slice(int(first[start]), int(first[end]))
            start = end
