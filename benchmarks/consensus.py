"""`dev.py bench consensus`: consensus over a million labels beside crowd-kit 1.4.2: CPU, peak memory and accuracy, one thread.

Simulated people label simulated tasks, five labels a task: 70 % of the people are good (right with 0.75 to 0.95), 20 % weak (0.3 to 0.6),
10 % guess. Every fit runs in a process of its own, crowd-kit in an environment of its own; both get the same columns of numbers, and what
is counted begins there: for crowd-kit a frame in pandas, for us the sorting of the rows as well. `--full`: also 10 million labels, and
crowd-kit on 100 classes. Then the update that follows each answer in the product, with the reading of what is known of its authors.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import report, stage, work
from quality.aggregation import auto, dawid_skene, glad, mace, one_coin, voting
from quality.aggregation.em import Fit
from quality.aggregation.store import LabelStore
from quality.aggregation.votes import Vote
from quality.models import ContributorSkill, EstimatorRun
from quality.queries import skills
from quality.queries.skills import Cast

CROWD_KIT = "crowd-kit==1.4.2"
PER_TASK = 5
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
NEVER = 0.0  # a tolerance that no fit meets


@dataclass(frozen=True, slots=True)
class Size:
    """Labels, classes, people."""

    labels: int
    classes: int
    people: int

    def __str__(self) -> str:
        return f"{self.labels:.0e} labels, {self.classes} classes, {self.people:,} people".replace("e+0", "e")


@dataclass(frozen=True, slots=True)
class Work:
    """One fit on both sides. Goals: CPU seconds and peak MB of ours at most; None: none."""

    size: Size
    name: str
    iterations: int
    tolerance: float = NEVER
    seconds: float | None = None
    megabytes: float | None = None
    costly: bool = False  # crowd-kit takes minutes or gigabytes

    def __str__(self) -> str:
        rounds = f" to {self.tolerance:g}" if self.tolerance else f", {self.iterations} iterations"
        return f"{self.name}{rounds if self.name not in ONCE else ''}: {self.size}"


ONCE = ("majority", "auto")
SMALL, USUAL = Size(100_000, 10, 1_000), Size(1_000_000, 10, 1_000)
MANY, LARGE = Size(1_000_000, 100, 10_000), Size(10_000_000, 10, 10_000)
QUICK = [
    Work(SMALL, "dawid_skene", 5),
    Work(SMALL, "glad", 2),
    Work(USUAL, "majority", 1),
    Work(USUAL, "dawid_skene", 5, seconds=0.35, megabytes=260),
]
WHOLE = [
    *QUICK,
    Work(USUAL, "one_coin", 5),
    Work(USUAL, "mace", 5),
    Work(USUAL, "dawid_skene", 100, tolerance=1e-5, seconds=1.0),
    Work(USUAL, "auto", 0, seconds=3.0),
    Work(MANY, "dawid_skene", 5, seconds=5.0, megabytes=600, costly=True),
    Work(LARGE, "dawid_skene", 5, seconds=8.0, megabytes=900, costly=True),
]
MODELS: Mapping[str, Callable[[LabelStore, int, float], Fit]] = {
    "majority": lambda store, _many, _tol: voting.majority(store),
    "dawid_skene": lambda store, many, tol: dawid_skene.fit(store, max_iter=many, tol=tol),
    "one_coin": lambda store, many, tol: one_coin.fit(store, max_iter=many, tol=tol),
    "mace": lambda store, many, tol: mace.fit(store, max_iter=many, tol=tol, restarts=1),
    "glad": lambda store, many, _tol: glad.fit(store, max_iter=many),
    "auto": lambda store, _many, _tol: auto.fit(store).blend(),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and report; 0."""
    parser = argparse.ArgumentParser(prog="dev.py bench consensus", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few of the fits")
    parser.add_argument("--full", action="store_true", help="also what takes crowd-kit minutes and gigabytes")
    parser.add_argument("--alone", action="store_true", help="without crowd-kit")
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    report.add_arguments(parser)
    options = parser.parse_args(argv)
    if options.child:
        print(json.dumps(_ours(*options.child)))
        return 0
    figures = report.Figures()
    with tempfile.TemporaryDirectory(prefix="manyhands-bench-") as folder:
        theirs = None if options.alone else _crowd_kit(Path(folder))
        files: dict[Size, Path] = {}
        for each in QUICK if options.quick else WHOLE:
            path = files.setdefault(each.size, Path(folder) / f"{len(files)}.npz")
            if not path.exists():
                np.savez(path, allow_pickle=False, **simulated(each.size))
            _compare(figures, each, path, theirs if options.full or not each.costly else None)
    with stage.database():
        _updates(figures)
    figures.write(options.json)
    return 0


def simulated(size: Size, seed: int = 7) -> dict[str, np.ndarray]:
    """Columns task, worker, label i4[N] in random order, and truth i8[I]."""
    draw = np.random.default_rng(seed)
    tasks = size.labels // PER_TASK
    truth = draw.integers(0, size.classes, tasks)
    kind = draw.permutation(np.repeat([0, 1, 2], _shares(size.people)))
    skill = np.choose(
        kind, [draw.uniform(0.75, 0.95, size.people), draw.uniform(0.3, 0.6, size.people), 1 / size.classes]
    )
    task = np.repeat(np.arange(tasks), PER_TASK)
    first = draw.integers(0, size.people, tasks)
    stride = draw.integers(1, size.people // PER_TASK, tasks)  # so five of one task are five people
    worker = (first[:, None] + stride[:, None] * np.arange(PER_TASK)).ravel() % size.people
    wrong = (truth[task] + draw.integers(1, size.classes, size.labels)) % size.classes
    label = np.where(draw.random(size.labels) < skill[worker], truth[task], wrong)
    order = draw.permutation(size.labels)
    columns = {"task": task, "worker": worker, "label": label}
    return {**{name: column[order].astype(np.int32) for name, column in columns.items()}, "truth": truth}


def _shares(people: int) -> list[int]:
    good, weak = people * 7 // 10, people * 2 // 10
    return [good, weak, people - good - weak]


# --- Each side in a process of its own ------------------------------------------------------------------------------
def _ours(path: str, name: str, iterations: str, tolerance: str) -> dict[str, float]:
    """What one of our fits took, and how often it was right."""
    with np.load(path) as rows:
        truth, columns = rows["truth"], [rows[column] for column in ("task", "worker", "label")]
    began = time.process_time()
    store = LabelStore.from_rows(columns[0], columns[1], columns[2], int(truth.max()) + 1)
    columns.clear()
    fit = MODELS[name](store, int(iterations), float(tolerance))
    took = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    top = fit.posterior >= fit.posterior.max(axis=1, keepdims=True) - 1e-6  # of equals each is right as often
    right = float((top[np.arange(len(top)), truth[store.tasks.astype(np.int64)]] / top.sum(axis=1)).mean())
    return {
        "cpu_s": took,
        "peak_mb": peak,
        "accuracy": right,
    }


def _crowd_kit(folder: Path) -> Path | None:
    """The Python of an environment that has crowd-kit; None, and why, where none can be made."""
    home = folder / "crowd-kit"
    python = home / "bin/python"
    make = [[sys.executable, "-m", "venv", home], [python, "-m", "pip", "install", "--quiet", CROWD_KIT]]
    if uv := shutil.which("uv"):
        make = [
            [uv, "venv", "--quiet", "--python", sys.executable, home],
            [uv, "pip", "install", "--quiet", "--python", python, CROWD_KIT],
        ]
    for command in make:
        done = subprocess.run([str(word) for word in command], check=False, capture_output=True, text=True)
        if done.returncode:
            print(f"Without {CROWD_KIT}, which could not be installed: {done.stderr.strip()[-400:]}")
            return None
    return python


def _compare(figures: report.Figures, fit: Work, path: Path, theirs: Path | None) -> None:
    """The same fit on both sides, and the ratio of their CPU."""
    given = [str(path), fit.name, str(fit.iterations), str(fit.tolerance)]
    ours = _child([sys.executable, "-m", "benchmarks.consensus", "--child", *given])
    figures.add(f"{fit}", ours["cpu_s"], "s", fit.seconds, most=True)
    figures.add("   peak memory", ours["peak_mb"], "MB", fit.megabytes, most=True)
    figures.add("   right", 100 * ours["accuracy"], "%")
    if theirs and fit.name != "auto":
        other = _child([str(theirs), str(Path(__file__).parent / "reference.py"), *given])
        figures.add("   crowd-kit", other["cpu_s"], "s")
        figures.add("   crowd-kit, peak memory", other["peak_mb"], "MB")
        figures.add("   crowd-kit, right", 100 * other["accuracy"], "%")
        figures.add("   crowd-kit / ours, CPU", other["cpu_s"] / ours["cpu_s"], "x")


def _child(command: Sequence[str]) -> Mapping[str, Any]:
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **ONE_THREAD})
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


# --- The update that follows an answer ------------------------------------------------------------------------------
def _updates(figures: report.Figures, rounds: int = 300) -> None:
    """Of a task with five answers: what is known of its authors is read from the database, and its posterior is made anew."""
    project = work.project("consensus", 1)
    _learn(project.pk)
    random = np.random.default_rng(7)
    for tasks, words in ((1, "alone"), (100, "in a round of 100 tasks")):
        took = [_round(project.pk, random, tasks) for _ in range(max(10, rounds // tasks))]
        figures.add(f"posterior after an answer, {words}", statistics.median(took) * 1e6, "us", 200, most=True)


def _learn(project: int) -> None:
    """Keep a fit of 100 thousand labels by a thousand people, as the product does."""
    rows = simulated(SMALL)
    fit = auto.fit(LabelStore.from_rows(rows["task"], rows["worker"], rows["label"], SMALL.classes))
    found = fit.skills()
    learned = {"strength": found.crowd.strength, "phi": found.crowd.phi.tolist(), "prior": found.prior.tolist()}
    run = EstimatorRun.objects.create(
        project_id=project, question="q", status=EstimatorRun.Status.FITTED, method="auto",
        classes=[str(number) for number in range(SMALL.classes)], inputs_sha256="0" * 64, through=0,
        parameters=learned, tasks=0, contributors=0, labels=SMALL.labels, golds=0, warm=False, converged=True, seconds=0,
    )  # fmt: skip
    ContributorSkill.objects.bulk_create(
        ContributorSkill(
            run=run, contributor_id=person, expected_right=skill.right, labels=list(skill.labels),
            counts=skill.counts.ravel().tolist(),
        )
        for person, skill in found.people.items()
    )  # fmt: skip


def _round(project: int, random: np.random.Generator, tasks: int) -> float:
    """Seconds per task."""
    people = [random.choice(SMALL.people, PER_TASK, replace=False).tolist() for _ in range(tasks)]
    given = [[str(label) for label in random.integers(0, SMALL.classes, PER_TASK)] for _ in range(tasks)]
    began = time.perf_counter()
    known = skills.present([project], {person for each in people for person in each})[project]["q"]
    cast = [
        [Cast(label, person, 1) for label, person in zip(labels, authors, strict=True)]
        for labels, authors in zip(given, people, strict=True)
    ]
    known = known.ahead(cast)
    for authors, labels in zip(people, given, strict=True):
        votes = [Vote(str(person), label, 0.8) for person, label in zip(authors, labels, strict=True)]
        known.estimator({str(person): (person, 1) for person in authors})(votes, labels, known.classes)
    return (time.perf_counter() - began) / tasks


if __name__ == "__main__":
    raise SystemExit(main())
