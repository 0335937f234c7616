"""Who gets which seat: the matching of greatest benefit, first between people and queues, then between people and tasks of a queue.

Sparse rectangular assignment by Jonker and Volgenant's shortest augmenting paths (LAPJVsp), as scipy has it: exact and deterministic.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOTHING = 1e-6  # benefit of getting no seat: any seat is better
BEST = 8  # queues, and tasks of a queue, among which a person's is chosen
MOST_ROWS = 2_000  # above, exact matching takes more than a round has time for


def solve(row: Ints, col: Ints, benefit: Floats, rows: int, cols: int) -> tuple[Ints, Ints]:
    """The chosen edges as (row i8[m], col i8[m]), each row and each column at most once, with the greatest sum of benefits.

    row, col, benefit: the edges, e of each, none named twice; benefits are positive. Rows without an edge get nothing.
    Over MOST_ROWS rows the choice is greedy: at least half as good.
    """
    if not len(row):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    if rows > MOST_ROWS:
        return greedy(row, col, benefit)
    return _exact(row, col, benefit, rows, cols)


def _exact(row: Ints, col: Ints, benefit: Floats, rows: int, cols: int) -> tuple[Ints, Ints]:
    """Every row has a column of its own that means "nothing", so that a full matching exists."""
    idle = np.arange(rows)
    weights = np.concatenate([benefit, np.full(rows, NOTHING)])
    places = (np.concatenate([row, idle]), np.concatenate([col, cols + idle]))
    graph = csr_array((weights, places), shape=(rows, cols + rows))
    chosen_row, chosen_col = min_weight_full_bipartite_matching(graph, maximize=True)
    real = chosen_col < cols
    return chosen_row[real].astype(np.int64), chosen_col[real].astype(np.int64)


def greedy(row: Ints, col: Ints, benefit: Floats) -> tuple[Ints, Ints]:
    """The best edge first, then the best of what is left; equal ones in the order of rows and columns."""
    taken_rows: set[int] = set()
    taken_cols: set[int] = set()
    chosen = []
    for edge in np.lexsort((col, row, -benefit)):
        a, b = int(row[edge]), int(col[edge])
        if a not in taken_rows and b not in taken_cols:
            taken_rows.add(a)
            taken_cols.add(b)
            chosen.append((a, b))
    pairs = np.array(sorted(chosen), np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def wishes(worth: Floats) -> tuple[Ints, Ints]:
    """The best eight queues of each person: (row i8[e], queue i8[e]), best first. worth: f8[p, q], -inf where somebody may not."""
    best = np.argsort(-worth, axis=1, kind="stable")[:, :BEST]
    row, place = np.nonzero(np.isfinite(np.take_along_axis(worth, best, axis=1)))
    return row, best[row, place]


def choose_queues(worth: Floats, free: Ints) -> Ints:
    """The queue of each person, -1 for none: i8[p]. worth: f8[p, q] > 0, -inf where somebody may not; free: seats of each queue, i8[q].

    Seats of a queue are alike here. Each person wants the best eight queues, and in each two seats: that of their own turn and another one,
    so that scarce seats are shared well.
    """
    people = len(worth)
    row, queue = wishes(worth)
    order = np.argsort(queue, kind="stable")
    row, queue = row[order], queue[order]
    turn = np.arange(len(queue)) - np.searchsorted(queue, queue)  # of the person among those who want this queue
    seats = np.minimum(free, np.bincount(queue, minlength=len(free)))
    first = np.concatenate([[0], np.cumsum(seats)[:-1]])
    row, queue, turn = (each[seats[queue] > 0] for each in (row, queue, turn))
    own = turn % seats[queue]
    other = (own * 7 + 3) % seats[queue]
    two = other != own
    edge_row = np.concatenate([row, row[two]])
    edge_queue = np.concatenate([queue, queue[two]])
    edge_slot = first[edge_queue] + np.concatenate([own, other[two]])
    chosen, slot = solve(edge_row, edge_slot, worth[edge_row, edge_queue], people, int(seats.sum()))
    found = np.full(people, -1, np.int64)
    found[chosen] = np.searchsorted(np.cumsum(seats), slot, side="right")
    return found


def near(people: int, free: Ints) -> tuple[Ints, Ints]:
    """Which of the first tasks of a queue each person in turn considers: (person i8[e], task i8[e]), no pair twice.

    free: seats of each task in the order of the queue, i8[t]. The k-th person looks at eight tasks around
    the one where k seats are taken, since those before may have had it already.
    """
    begin = np.maximum(np.searchsorted(np.cumsum(free), np.arange(people), side="right") - BEST // 2, 0)
    task = begin[:, None] + np.arange(BEST)[None, :]
    person = np.broadcast_to(np.arange(people)[:, None], task.shape)
    inside = task < len(free)
    return person[inside], task[inside]


def choose_tasks(person: Ints, task: Ints, benefit: Floats, people: int, free: Ints) -> tuple[Ints, Ints]:
    """The chosen pairs (person i8[m], task i8[m]): each person once, each task as often as it has seats. Arguments as of `near`."""
    first = np.concatenate([[0], np.cumsum(free)[:-1]])
    seat = first[task] + person % free[task]
    chosen, slot = solve(person, seat, benefit, people, int(free.sum()))
    return chosen, np.searchsorted(np.cumsum(free), slot, side="right")
