"""When work will be done: paths through the coming weeks, drawn from how past days have differed from what was expected of them.

All times are seconds. The same seed gives the same forecast.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # its parts load when first used
from numpy.typing import NDArray

from annotation.scheduling.supply import BLOCK_H, DAY_H, WEEK_H, Supply

Floats = NDArray[np.float64]

LEVELS = (0.5, 0.8, 0.95)
PATHS = 400
RUN_D = 7  # days that follow each other in the past are drawn together: a slow week is slow for days
LONGEST_H = 52 * WEEK_H
ALIKE = 5.0  # answers of one person resemble each other: so many tell as much as one of a stranger
FEWEST, LATEST = 30, 200  # finished forecasts that a correction needs, and takes
LEAST, MOST = 0.5, 4.0  # that a correction may be
TRUST_WEEKS = 0.1  # what was expected weighs as much as this part of a week that was seen


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of a batch, or of one that is thought of. Seconds; answers; `start_s`: now, since Monday 00:00 UTC."""

    tasks: int  # unfinished
    given: int  # answers they have
    least: int  # answers that they want still at least, and at most
    most: int
    stops: Floats  # answers at which past tasks stopped
    median_s: float  # active seconds of an answer, log-normal
    sigma: float
    measured: int  # answers that this was measured from
    supply: Supply  # of everybody who may work here, wherever they do
    share: float  # of it that comes here
    people: int
    start_s: float
    ahead_s: float = 0.0  # active seconds of work that is served before
    passed_s: float = 0.0  # since the work was opened, and the active seconds that came here since
    seen_s: float = 0.0
    seed: int = 0


def outlook(now: Situation, *, scales: Sequence[float] = (1.0,)) -> Floats:
    """p50, p80 and p95 of the seconds until everything is done, before any correction; a row for each of `scales` of the supply."""
    last = tail(left=now.most or 1, people=now.people, median_s=now.median_s, sigma=now.sigma, seed=now.seed)
    return finish(
        work_s=wanted_s(now), supply=coming(now), tail_s=last, start_s=now.start_s, seed=now.seed, scales=scales
    )


def wanted(now: Situation) -> Floats:
    """Draws of the answers still wanted."""
    return answers(tasks=now.tasks, given=now.given, least=now.least, most=now.most, stops=now.stops, seed=now.seed)


def wanted_s(now: Situation) -> Floats:
    """Draws of the active seconds still wanted, with what is served before."""
    return work(
        answers=wanted(now),
        median_s=now.median_s,
        sigma=now.sigma,
        measured=now.measured,
        ahead_s=now.ahead_s,
        seed=now.seed,
    )


def coming(now: Situation) -> Supply:
    """What is expected to come here: the share of people's time, pulled to what has come so far."""
    here = now.supply._replace(seconds=now.supply.seconds * now.share)
    begun = now.start_s - now.passed_s
    before = expected(supply=here, start_s=begun % (WEEK_H * 3600), passed_s=now.passed_s) if now.passed_s else 0.0
    trust = float(here.seconds.sum()) * TRUST_WEEKS
    return pulled(supply=here, expected_s=before, seen_s=now.seen_s, trust_s=trust) if trust else here


def finish(
    *,
    work_s: Floats,
    supply: Supply,
    tail_s: Floats,
    start_s: float,
    seed: int,
    paths: int = PATHS,
    scales: Sequence[float] = (1.0,),
) -> Floats:
    """p50, p80 and p95 of the time until the work is done, in seconds from now; inf where there is not enough within a year.

    `work_s`, `tail_s`: draws of the active seconds that are wanted, and of how long the last answers take. `start_s`: now, since Monday
    00:00 UTC. A row for each of `scales`: with so many times the supply, on the same paths.
    """
    random = np.random.default_rng(seed)
    work = random.choice(work_s, paths)
    first, gone = divmod(start_s / 3600, 1)
    hours = WEEK_H
    while True:
        given = _paths(supply, int(first), hours, random, paths)
        given[:, 0] *= 1 - gone
        total = np.cumsum(given, axis=1)
        if hours >= LONGEST_H or (total[:, -1] >= work / min(scales)).all():
            break
        hours *= 4
    last = random.choice(tail_s, paths)
    done_s = [_reached(total, given, work / scale, gone) * 3600 + last for scale in scales]
    found: Floats = np.quantile(np.array(done_s), LEVELS, axis=1, method="higher").T
    return found


def _paths(supply: Supply, first: int, hours: int, random: np.random.Generator, paths: int) -> Floats:
    """Active seconds in each hour of each path: what is expected, times a past day's quarter."""
    days = (first % DAY_H + hours) // DAY_H + 1
    runs = -(-days // RUN_D)
    begin = random.integers(0, len(supply.days), (paths, runs, 1))
    drawn = (begin + np.arange(RUN_D)).reshape(paths, -1)[:, :days] % len(supply.days)
    quarters = supply.days[drawn].reshape(paths, -1)
    clock = first + np.arange(hours)
    found: Floats = supply.seconds[clock % WEEK_H] * quarters[:, (first % DAY_H + np.arange(hours)) // BLOCK_H]
    return found


def _reached(total: Floats, given: Floats, work: Floats, gone: float) -> Floats:
    """Hours until each path has brought its work; of the first hour the part `gone` is over."""
    hour = (total < work[:, None]).sum(axis=1)
    enough = hour < total.shape[1]
    hour = np.minimum(hour, total.shape[1] - 1)
    rows = np.arange(len(work))
    last = np.maximum(given[rows, hour], 1e-9)
    part = 1 - np.clip((total[rows, hour] - work) / last, 0, 1)
    passed = np.where(hour == 0, part * (1 - gone), hour - gone + part)
    found: Floats = np.where(enough, passed, np.inf)
    return found


def work(*, answers: Floats, median_s: float, sigma: float, measured: int, seed: int, ahead_s: float = 0.0) -> Floats:
    """Draws of the active seconds that are wanted: one per draw of `answers` still wanted, each answer log-normal.

    What `measured` answers leave open about their mean is in it. `ahead_s`: work that is served before.
    """
    random = np.random.default_rng(seed)
    mean = median_s * np.exp(sigma**2 / 2)
    spread = np.sqrt(np.exp(sigma**2) - 1)  # of one answer, relative
    known = spread / np.sqrt(max(measured / ALIKE, 2.0))
    level = np.exp(known * random.standard_normal(len(answers)) - known**2 / 2)
    chance = spread * np.sqrt(answers) * random.standard_normal(len(answers))
    found: Floats = np.maximum((answers + chance) * mean * level + ahead_s * level, 0.0)
    return found


def answers(*, tasks: int, given: int, least: int, stops: Floats, most: int, seed: int, draws: int = PATHS) -> Floats:
    """Draws of the answers still wanted for `tasks` unfinished tasks that have `given`: each stops like one of the past (`stops`).

    Never fewer than `least` nor more than `most`, which the tasks' seats leave.
    """
    random = np.random.default_rng(seed)
    spread = stops.std() if len(stops) > 1 else 0.0
    error = spread * np.sqrt(tasks + tasks**2 / len(stops))
    drawn = tasks * stops.mean() - given + error * random.standard_normal(draws)
    found: Floats = np.clip(drawn, least, max(most, least))
    return found


def tail(*, left: int, people: int, median_s: float, sigma: float, seed: int, draws: int = PATHS) -> Floats:
    """Draws of how long the last answers take: the longest of as many as are then in work."""
    random = np.random.default_rng(seed)
    together = max(1, min(left, people))
    found: Floats = median_s * np.exp(sigma * scipy.special.ndtri(random.random(draws) ** (1 / together)))
    return found


def conformal(*, actual_s: Floats, forecast_s: Floats) -> Floats:
    """Factors by which p50, p80 and p95 (forecast_s, n x 3) must be stretched so that those shares of the actual times lie inside.

    Split conformal prediction (Vovk et al. 2005) on ratios; 1 with fewer than 30.
    """
    n = len(actual_s)
    if n < FEWEST:
        return np.ones(len(LEVELS))
    ratios = actual_s[:, None] / np.maximum(forecast_s, 1.0)
    shares = [min(1.0, level * (n + 1) / n) for level in LEVELS]
    found = [np.quantile(ratios[:, each], share, method="higher") for each, share in enumerate(shares)]
    return np.clip(np.array(found), LEAST, MOST)


def corrected(forecast_s: Floats, factors: Floats) -> Floats:
    """The forecast stretched, its levels in their order."""
    return np.maximum.accumulate(forecast_s * factors)


def pulled(*, supply: Supply, expected_s: float, seen_s: float, trust_s: float) -> Supply:
    """The supply after it brought `seen_s` where `expected_s` was expected; `trust_s`: seconds of evidence that the latter is worth."""
    return supply._replace(seconds=supply.seconds * (seen_s + trust_s) / (expected_s + trust_s))


def expected(*, supply: Supply, start_s: float, passed_s: float) -> float:
    """Active seconds to expect in `passed_s` seconds from `start_s` (since Monday 00:00 UTC)."""
    first, gone = divmod(start_s / 3600, 1)
    edge = gone + passed_s / 3600
    hours = int(np.ceil(edge)) or 1
    given = supply.seconds[(int(first) + np.arange(hours)) % WEEK_H].copy()
    until = np.clip(edge - np.arange(hours), 0, 1)
    until[0] -= gone
    return float((given * until).sum())


def hourly(*, supply: Supply, start_s: float, hours: int) -> Floats:
    """Active seconds to expect in each of the coming hours, counted from `start_s` (since Monday 00:00 UTC)."""
    found: Floats = supply.seconds[(int(start_s // 3600) + np.arange(hours)) % WEEK_H]
    return found
