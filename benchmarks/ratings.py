"""`dev.py bench ratings`: merged ratings and numbers beside the truth, of simulated people and of recorded ones.

Simulated: five answers a task by people with a bias and a spread of their own, in seven error models; recorded: sentences rated by five of
twenty people (vader; right is the mean of all twenty), and web sites by what they show (adult2: its four classes have an order). Measured
are the share of tasks that get the right step, and how far the others are off; of numbers the root mean squared error. The truth is used
for nothing but this comparison.
"""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import recorded, report
from quality.aggregation import fitting, interval
from quality.aggregation.median import median_step
from quality.aggregation.store import LabelStore

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
VADER = Path(__file__).resolve().parents[1] / "tests/vectors/vader.json"
TASKS, ANSWERS = 400, 5
RUNS, FEW = 5, 1
METHODS = ("majority", "dawid_skene", "auto", "ordinal")


@dataclass(frozen=True, slots=True)
class Model:
    """Biases and spreads of people, in steps; the share of them who guess."""

    steps: int = 5
    people: int = 40
    bias: float = 0.6
    spread: float = 0.8
    guessers: float = 0.15


MODELS: Mapping[str, Model] = {
    "exact people": Model(bias=0, spread=0.5, guessers=0),
    "bias and spread": Model(guessers=0),
    "one in seven guesses": Model(),
    "one in three guesses": Model(guessers=0.33),
    "strong biases": Model(bias=1.2, spread=0.5),
    "nine steps": Model(steps=9, bias=1.0, spread=1.2),
    "few answers a person": Model(people=400),
}


@dataclass(frozen=True, slots=True)
class Crowd:
    """store: with the steps as classes; truth f8[I], nan where it is not known."""

    store: LabelStore
    truth: Floats


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and report; 0."""
    parser = argparse.ArgumentParser(prog="dev.py bench ratings", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{FEW} crowd of each kind instead of {RUNS}")
    report.add_arguments(parser)
    options = parser.parse_args(argv)
    figures, runs = report.Figures(), FEW if options.quick else RUNS
    for name, model in MODELS.items():
        _compare(figures, name, [simulated(model, seed) for seed in range(runs)])
    _compare(figures, "vader, 5 of 20", [vader(seed) for seed in range(runs)])
    _compare(figures, "adult2", [adult()])
    figures.write(options.json)
    return 0


def _compare(figures: report.Figures, name: str, crowds: Sequence[Crowd]) -> None:
    for method, merge in _merges().items():
        found = np.array([_held_against(merge(crowd.store), crowd.truth) for crowd in crowds]).mean(axis=0)
        figures.add(f"{name}, {method}: right", 100 * found[0], "%")
        figures.add(f"{name}, {method}: mean distance", found[1], "steps")
    for method, mean in (("mean", _mean), ("interval", _interval)):
        errors = [_error(mean(crowd.store), crowd.truth) for crowd in crowds]
        figures.add(f"{name}, {method}: root mean squared error", float(np.mean(errors)), "steps")


def _merges() -> dict[str, Callable[[LabelStore], Integers]]:
    """Steps of all tasks, by what merges them; a tie goes to the lower."""
    return {"median": _median} | {method: _likeliest(method) for method in METHODS}


def _likeliest(method: str) -> Callable[[LabelStore], Integers]:
    return lambda store: fitting.fit(store, method).posterior.argmax(axis=1)


def _median(store: LabelStore) -> Integers:
    given = np.split(store.label, store.first_rows()[1:-1])
    middle = (store.classes - 1) / 2
    return np.array([median_step(each.tolist(), [1.0] * len(each), middle) for each in given])


def _mean(store: LabelStore) -> Floats:
    means: Floats = np.bincount(store.task, store.label) / np.bincount(store.task)
    return means


def _interval(store: LabelStore) -> Floats:
    return interval.fit(store, np.arange(store.classes)).belief.mean


def _held_against(steps: Integers, truth: Floats) -> tuple[float, float]:
    """Share right; mean distance from the true step."""
    off = abs(steps - np.round(truth))[~np.isnan(truth)]
    return float((off == 0).mean()), float(off.mean())


def _error(numbers: Floats, truth: Floats) -> float:
    return float(np.sqrt(np.nanmean((numbers - truth) ** 2)))


def simulated(model: Model, seed: int) -> Crowd:
    """Everybody perceives the true step with a bias and a spread of their own, and says the nearest one; guessers say any."""
    draw = np.random.default_rng(seed)
    truth = draw.integers(0, model.steps, TASKS)
    task = np.repeat(np.arange(TASKS), ANSWERS)
    person = np.concatenate([draw.choice(model.people, ANSWERS, replace=False) for _ in range(TASKS)])
    bias = draw.normal(0, model.bias, model.people)
    spread = model.spread * np.exp(draw.normal(0, 0.4, model.people))
    seen = np.round(truth[task] + bias[person] + spread[person] * draw.normal(size=len(task)))
    guesses = draw.random(model.people) < model.guessers
    said = np.where(guesses[person], draw.integers(0, model.steps, len(task)), seen.clip(0, model.steps - 1))
    return Crowd(LabelStore.from_rows(task, person, said.astype(np.int64), model.steps), truth.astype(np.float64))


def vader(seed: int) -> Crowd:
    """Five of the twenty people who have rated 150 sentences from -4 to 4; the truth is the mean of all twenty."""
    rows = [row.split()[1:] for row in json.loads(VADER.read_text(encoding="utf-8"))["rows"]]
    ratings = np.array(rows, dtype=np.int64) + 4
    draw = np.random.default_rng(seed)
    person = np.concatenate([draw.choice(ratings.shape[1], ANSWERS, replace=False) for _ in ratings])
    task = np.repeat(np.arange(len(ratings)), ANSWERS)
    return Crowd(LabelStore.from_rows(task, person, ratings[task, person], 9), ratings.mean(axis=1))


def adult() -> Crowd:
    """Eleven thousand web sites by what they show, from G (anybody may see it) over P and R to X; of 333 the truth is known."""
    found = recorded.load("adult2")
    task, person, label = zip(*found.labels, strict=True)
    store = LabelStore.from_rows(task, person, ["GPRX".index(each) for each in label], 4)
    known = {name: float("GPRX".index(each)) for name, each in found.truth.items()}
    return Crowd(store, np.array([known.get(name, np.nan) for name in store.tasks.tolist()]))


if __name__ == "__main__":
    raise SystemExit(main())
