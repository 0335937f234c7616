"""CSV files of answers and of known answers: UTF-8, commas, a line of names first. A million lines in a few seconds."""

import csv
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quality.aggregation.store import LabelStore

MOST_CLASSES = 32_767  # a label is a number of 16 bits
MOST_CELLS = 100_000_000  # tasks x classes: one table of probabilities is 800 MB then
FREE_TEXT = "Labels must be options out of a list, not free text: look whether the column is the right one."
QUOTES = (
    'Put double quotes around a cell with commas, quotes or line breaks, and write each quote inside it twice ("").'
)


class TableError(Exception):
    """A file that cannot be used: which, where, why, and what to do."""

    def __init__(self, path: Path, line: int | None, says: str) -> None:
        super().__init__(f"{path}{'' if line is None else f', line {line}'}: {says}")


@dataclass(frozen=True, slots=True)
class Answers:
    """What a file says. tasks, classes: names, sorted. store: its ids are places in the sorted names.

    row i4[N]: the place in the file of each label of the store.
    """

    tasks: Sequence[str]
    classes: Sequence[str]
    store: LabelStore
    row: NDArray[np.int32]


class _Names(dict[str, int]):
    """Names as numbers, in the order in which they come."""

    def __missing__(self, name: str) -> int:
        """One more."""
        self[name] = number = len(self)
        return number

    def sorted(self, more: frozenset[str] = frozenset()) -> tuple[list[str], NDArray[np.int32]]:
        """All names, these too, in order; and per number the place of its name in them."""
        names = sorted(self.keys() | more)
        place = np.empty(len(self), dtype=np.int32)
        for number, name in enumerate(names):
            if name in self:
                place[self[name]] = number
        return names, place


def read_answers(path: Path, known: Mapping[str, str] | None = None) -> Answers:
    """The labels of a file with the columns task, worker, label; where somebody has answered twice, the last. Raises TableError.

    known: {task: label}; what is known of these tasks is a class even if nobody has said it.
    """
    tasks, workers, classes = _Names(), _Names(), _Names()
    cells = array("i")
    for _, (task, worker, label) in _rows(path, ("task", "worker", "label")):
        cells.extend((tasks[task], workers[worker], classes[label]))
    unsaid = frozenset(label for task, label in (known or {}).items() if task in tasks)
    (task_names, task_places), (_, worker_places) = tasks.sorted(), workers.sorted()
    class_names, class_places = classes.sorted(unsaid)
    if len(class_names) > MOST_CLASSES or len(tasks) * len(class_names) > MOST_CELLS:
        raise TableError(
            path, None, f"{len(class_names)} different labels for {len(tasks)} tasks are too many. {FREE_TEXT}"
        )
    column = np.frombuffer(cells, dtype=np.int32).reshape(-1, 3).T
    task_column, worker_column = task_places[column[0]], worker_places[column[1]]
    row = _last(task_column.astype(np.int64) * len(workers) + worker_column)
    columns = task_column[row], worker_column[row], class_places[column[2][row]]
    return Answers(task_names, class_names, LabelStore.from_rows(*columns, len(class_names)), row)


def _last(pair: NDArray[np.int64]) -> NDArray[np.int32]:
    """Where each pair stands for the last time; by pair."""
    _, from_the_end = np.unique(pair[::-1], return_index=True)
    return (len(pair) - 1 - from_the_end).astype(np.int32)


def read_gold(path: Path) -> Mapping[str, str]:
    """{task: label} of a file with these columns. Raises TableError, also for a task with two different labels."""
    known: dict[str, tuple[int, str]] = {}
    for line, (task, label) in _rows(path, ("task", "label")):
        before, said = known.setdefault(task, (line, label))
        if said != label:
            raise TableError(
                path, line, f"task {task!r} is {label!r} here and {said!r} in line {before}. Keep one of them."
            )
    return {task: label for task, (_, label) in known.items()}


def _rows(path: Path, wanted: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Number of the line and the cells of the wanted columns, blanks around them removed, none empty."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _cells(path, file, wanted)
    except UnicodeDecodeError as error:
        raise TableError(path, _undecodable(path), "this is not UTF-8. Save the file as CSV in UTF-8.") from error
    except OSError as error:
        raise TableError(path, None, f"cannot be read ({error.strerror}). Name a CSV file.") from error


def _cells(path: Path, file: Iterator[str], wanted: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    reader, line = csv.reader(file, strict=True), 1
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(path, header, wanted)
        pick = itemgetter(*(header.index(name) for name in wanted))
        line = reader.line_num + 1
        for cells in reader:
            if any(cells):
                if len(cells) != len(header):
                    raise TableError(path, line, f"{len(cells)} cells, but {len(header)} columns are named. {QUOTES}")
                found = tuple([cell.strip() for cell in pick(cells)])
                if not all(found):
                    raise TableError(
                        path, line, f"the {wanted[found.index('')]} is empty. Fill it in or remove the line."
                    )
                yield line, found
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError(path, line, f"this is not CSV ({error}). {QUOTES}") from error


def _check_header(path: Path, header: Sequence[str], wanted: Sequence[str]) -> None:
    for name in wanted:
        if header.count(name) != 1:
            fault = f"two columns are named {name!r}" if name in header else f"no column is named {name!r}"
            remedy = f"The first line must name {', '.join(wanted)}, separated by commas"
            raise TableError(path, 1, f"{fault}. {remedy}; it says: {', '.join(header)[:200] or 'nothing'}")


def _undecodable(path: Path) -> int | None:
    """The first line that is not UTF-8; None where the file cannot be read twice."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return None
