"""`dev.py bench forecasts`: are the ranges true that forecasts and quotes give?

Batches of many projects are worked through by simulated people: they come by the hour and the day of their week, sit for a while, have
other work too, answer at their own speed, leave tasks lying, and stop answering a task when it is settled. The product's own arithmetic
sees what the product sees: the seconds that people have worked in past hours, the last answers of the project, and how earlier forecasts
came out. It makes a quote before the work, and a forecast at a quarter of it. Counted is how many batches end inside p50, p80 and p95.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from annotation.scheduling import forecast
from benchmarks import report
from benchmarks.crowd import World
from quality.agreement.bounds import wilson

BARS = {0.8: (75.0, 85.0), 0.95: (90.0, 98.0)}
WARM = 60  # batches before the counted ones: their ends teach the corrections
EACH = 13  # batches of one project
KINDS = ("quote before the work", "forecast at 25 %")
SHARES = (0.0, 0.25)


@dataclass(frozen=True, slots=True)
class Said:
    """A forecast as it was made and as it was given (p50, p80, p95), and what it took, all in seconds."""

    made: np.ndarray
    given: np.ndarray
    took: float


def main(argv: Sequence[str] | None = None) -> int:
    """Simulate, count and report; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(prog="dev.py bench forecasts", description=__doc__)
    parser.add_argument("--batches", type=int, default=200, help="that are counted (default: 200)")
    parser.add_argument("--seed", type=int, default=1, help="of the simulated people")
    parser.add_argument("--quick", action="store_true", help="40 batches")
    report.add_arguments(parser)
    options = parser.parse_args(argv)
    counted = 40 if options.quick else options.batches
    figures = report.Figures()
    said: dict[str, list[Said]] = {kind: [] for kind in KINDS}
    for number in range(-(-(counted + WARM) // EACH)):
        _project(World(options.seed * 10_000 + number), said)
    held = [_count(figures, kind, rows[WARM : WARM + counted]) for kind, rows in said.items()]
    figures.write(options.json)
    return 0 if all(held) else 1


def _project(world: World, said: dict[str, list[Said]]) -> None:
    """The batches of one project, one after the other; what was said of each, and what came."""
    for _ in range(EACH):
        batch = world.post()
        made = []
        for kind, share in zip(KINDS, SHARES, strict=True):
            world.work_until(batch, share)
            made.append((kind, world.now, forecast.outlook(world.situation(batch))[0]))
        world.work_until(batch, 1.0)
        for kind, at, ranges in made:
            said[kind].append(Said(ranges, forecast.corrected(ranges, _factors(said[kind])), world.now - at))


def _factors(rows: list[Said]) -> np.ndarray:
    """Learned from the forecasts whose batches have ended, as the product learns them."""
    rows = rows[-forecast.LATEST :]
    return forecast.conformal(
        actual_s=np.array([each.took for each in rows]), forecast_s=np.array([each.made for each in rows])
    )


def _count(figures: report.Figures, kind: str, rows: list[Said]) -> bool:
    """Shares inside, with their 95 % interval, and what they were before correction; whether the bars hold."""
    held = True
    for place, level in enumerate(forecast.LEVELS):
        name = f"{kind}: inside p{100 * level:.0f}"
        inside = sum(bool(each.took <= each.given[place]) for each in rows)
        share = 100 * inside / len(rows)
        least, most = BARS.get(level, (None, None))
        figures.add(name, share, "%", least)
        if most is not None:
            figures.add(f"{name}, and not more often", share, "%", most, most=True)
        for edge, value in zip(("from", "to"), wilson(inside, len(rows)), strict=True):
            figures.add(f"{name}, interval {edge}", 100 * value, "%")
        before = sum(bool(each.took <= each.made[place]) for each in rows)
        figures.add(f"{name}, before correction", 100 * before / len(rows), "%")
        held = held and (least or 0.0) <= share <= (most or 100.0)
    return held


if __name__ == "__main__":
    raise SystemExit(main())
