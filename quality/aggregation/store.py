"""Labels of a project as integer columns: what the batch estimators read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


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
    def from_rows(
        cls, task: Sequence[str | int], worker: Sequence[str | int], label: ArrayLike, classes: int
    ) -> "LabelStore":
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
