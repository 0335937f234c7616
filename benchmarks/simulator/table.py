"""The day of several policies side by side, and whether the product keeps its word."""

from collections.abc import Callable, Mapping, Sequence

from benchmarks.simulator.measures import FLOORS, Measures, Waits

CLASSES = ("urgent", "standard", "bulk")
FEWER = 5  # times fewer deadlines missed than by either of the others
EQUAL = 0.02  # difference of utilisation that still is none
MOST_GINI = 0.2


def minutes(seconds: float) -> str:
    """In minutes, or in hours if they are many."""
    return f"{seconds / 60:.1f} min" if seconds < 7_200 else f"{seconds / 3_600:.1f} h"


def _waits(values: tuple[float, float, float]) -> str:
    return " · ".join(map(minutes, values))


def _per_class(name: str) -> dict[str, Callable[[Measures], str]]:
    def of(measures: Measures) -> Waits:
        return measures.waits[name]

    return {
        f"{name}: tasks done": lambda each: f"{of(each).completed:,} of {of(each).tasks:,}",
        f"{name}: open to first lease, 50 % · 95 % · longest": lambda each: _waits(of(each).leased),
        f"{name}: longest allowed": lambda each: minutes(of(each).most),
        f"{name}: open to result, 50 % · 95 % · longest": lambda each: _waits(of(each).done),
    }


ROWS: Mapping[str, Callable[[Measures], str]] = {
    "deadlines missed": lambda each: f"{each.missed:,} of {each.due:,} ({each.missed_share:.2%})",
    **{key: row for name in CLASSES for key, row in _per_class(name).items()},
    "overtaken by what came 0.9 age_max later": lambda each: f"{each.overtaken:,}",
    "least share of an hour's minutes, standard · bulk": lambda each: " · ".join(
        f"{each.floor[name]:.0%}" for name in FLOORS
    ),
    "fairness to organizations (Jain)": lambda each: f"{each.jain:.3f}",
    "unfairness to equals (Gini)": lambda each: f"{each.gini:.3f}",
    "time online spent at work": lambda each: f"{each.utilisation:.1%}",
    "answers": lambda each: f"{each.answers:,}",
    "answers per finished task": lambda each: f"{each.answers_per_task:.2f}",
    "cost per finished task, $": lambda each: f"{each.cost_per_task / 100:.3f}",
    "over-assigned · answered twice by one person": lambda each: f"{each.over_assigned} · {each.duplicates}",
    "CPU of a round": lambda each: f"{each.round_cpu_ms:.1f} ms",
    "time of the simulation": lambda each: minutes(each.seconds),
}


def markdown(days: Sequence[Measures]) -> str:
    """The table, as `benchmarks/README.md` has it."""
    head = f"| | {' | '.join(day.policy for day in days)} |\n|---|{'---|' * len(days)}\n"
    return head + "".join(f"| {name} | {' | '.join(map(row, days))} |\n" for name, row in ROWS.items())


def broken(days: Sequence[Measures]) -> list[str]:
    """What the product promises and did not keep, in words; the other policies are what it is held against."""
    ours = next((day for day in days if day.policy == "ours"), None)
    if ours is None:
        return []
    others = [day for day in days if day is not ours]
    bars = {
        "a task was over-assigned, or answered twice by one person": ours.over_assigned or ours.duplicates,
        "a class starved: its longest wait is over the bound": any(
            each.leased[-1] > each.most for each in ours.waits.values()
        ),
        "a task was overtaken by one that came too long after it": ours.overtaken,
        f"people who are equal were not treated so: Gini {ours.gini:.3f}": ours.gini >= MOST_GINI,
        f"deadlines missed are not {FEWER} times fewer": any(
            ours.missed_share * FEWER > other.missed_share for other in others
        ),
        "more deadlines were kept only by leaving people idle": any(
            ours.utilisation < other.utilisation - EQUAL for other in others
        ),
    }
    return [words for words, missed in bars.items() if missed]
