"""`dev.py bench marks`: merged spans and boxes beside the truth: recorded annotators of names, and simulated ones who draw.

Spans: news texts in which people marked names, each by about five; right is what is equal in both ends and in type. Everybody's vote weighs
as they agree with the others. Boxes: five people draw on fifteen pictures, in eight error models; how often the merged boxes are at least
as good as those of the best of the five, and of the median one, in panoptic quality. The truth is used for nothing but this comparison.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import drawn, recorded, report
from quality.aggregation import peers, regions, spans
from quality.aggregation.registry import Kind
from quality.aggregation.votes import Vote

SPANS: Mapping[str, Any] = {"labels": [{"key": key} for key in ("LOC", "MISC", "ORG", "PER")]}
BOXES: Mapping[str, Any] = {"labels": [{"key": key} for key in drawn.KINDS], "shapes": ["box"]}
PEOPLE, PICTURES = 5, 15
RUNS, FEW = 1_000, 80


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and report; 0."""
    parser = argparse.ArgumentParser(prog="dev.py bench marks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{FEW} runs with boxes instead of {RUNS:,}")
    report.add_arguments(parser)
    options = parser.parse_args(argv)
    figures = report.Figures()
    found = names()
    figures.add("spans, precision", 100 * found.precision, "%")
    figures.add("spans, recall", 100 * found.recall, "%")
    figures.add("spans, F1", 100 * found.f1, "%", 71.0)
    _boxes(figures, (FEW if options.quick else RUNS) // len(drawn.MODELS))
    figures.write(options.json)
    return 0


def _boxes(figures: report.Figures, runs: int) -> None:
    every = []
    for model in drawn.MODELS:
        met = np.array([boxes(model, seed) for seed in range(runs)])
        every.append(met)
        figures.add(f"boxes, {model}: as good as the best", _reached(met, 1), "%")
        figures.add("   mean quality, merged", 100 * float(met[:, 0].mean()), "%")
        figures.add("   of the best one alone", 100 * float(met[:, 1].mean()), "%")
    together = np.concatenate(every)
    figures.add("boxes, as good as the best", _reached(together, 1), "%", 95.0)
    figures.add("boxes, as good as the median", _reached(together, 2), "%", 95.0)


def _reached(met: NDArray[np.float64], column: int) -> float:
    """Per cent of the runs in which the merged boxes are at least as good."""
    return 100 * float((met[:, 0] >= met[:, column]).mean())


@dataclass(frozen=True, slots=True)
class Found:
    """Shares, 0..1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def names() -> Found:
    """Of the names in the recorded texts, over all texts together (CoNLL 2003)."""
    marked = recorded.load_marks()
    merged = merge(spans, list(marked.answers.values()), SPANS)
    found = [recorded.spans_in(value) if value else frozenset() for value in merged]  # one text nobody has answered
    right = sum(len(mine & yours) for mine, yours in zip(found, marked.truth.values(), strict=True))
    return Found(right / sum(map(len, found)), right / sum(map(len, marked.truth.values())))


def boxes(model: str, seed: int) -> tuple[float, float, float]:
    """Panoptic quality of the merged boxes, of the best person and of the median one, 0..1."""
    random = np.random.default_rng([seed, list(drawn.MODELS).index(model)])
    pictures = [drawn.scene(random) for _ in range(PICTURES)]
    people = drawn.crowd(model, PEOPLE, random)
    answers = [[person.draw(picture, random) for person in people] for picture in pictures]
    values = [{str(number): answer.value() for number, answer in enumerate(each)} for each in answers]
    own = [drawn.panoptic_quality(each, pictures) for each in zip(*answers, strict=True)]
    merged = [drawn.Picture.of(value) for value in merge(regions, values, BOXES)]
    return drawn.panoptic_quality(merged, pictures), max(own), float(np.median(own))


def merge(kind: Kind, tasks: Sequence[Mapping[str, Any]], config: Mapping[str, Any]) -> list[Any]:
    """The merged value of each task, from the answers by person."""
    merged = partial(_merged, kind, config)
    known = peers.learn(tasks, lambda a, b: kind.distance(a, b, config, {}), merged)
    return [merged(known.votes(answers)) for answers in tasks]


def _merged(kind: Kind, config: Mapping[str, Any], votes: Sequence[Vote]) -> Any:
    return kind.aggregate(votes, config, {}).value


if __name__ == "__main__":
    raise SystemExit(main())
