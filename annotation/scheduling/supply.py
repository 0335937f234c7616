"""How much work people bring, by hour of the week, and how much single days have differed from that. Pure arithmetic."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WEEK_H, DAY_H, BLOCK_H = 168, 24, 6
HALF_LIFE_H = 21 * DAY_H
LONGEST_H = 84 * DAY_H
FEWEST_DAYS = 14  # of history, before days are compared with each other
CEILING = 4.0
_LEVELS = np.exp(0.6 * np.linspace(-1.65, 1.65, 28))
UNKNOWN = np.repeat(_LEVELS / _LEVELS.mean(), 7)[:, None] * np.ones(
    DAY_H // BLOCK_H
)  # weeks that differ log-normally, sigma 0.6


class Supply(NamedTuple):
    """Active seconds to expect per hour of the week (168, from Monday 00:00 UTC), and past days: actual / expected per quarter."""

    seconds: Floats
    days: Floats  # (days, 4)


def profile(*, first_h: int, seconds: Floats, guess_s: float = 0.0) -> Supply:
    """Of the active seconds in each hour from `first_h` (hours since a Monday 00:00 UTC) until now.

    Cells are means over the weeks, with a half-life of 21 days, and a day is compared with what the other weeks let expect, so that nothing
    is explained by itself. With less than two weeks all days are taken as alike, and the hours lean on `guess_s` seconds an hour.
    """
    first_h += max(0, len(seconds) - LONGEST_H)
    seconds = seconds[-LONGEST_H:]
    hours = first_h + np.arange(len(seconds))
    if len(seconds) < FEWEST_DAYS * DAY_H:
        return Supply(_young(hours, seconds, guess_s), UNKNOWN)
    weights = 0.5 ** ((len(seconds) - 1 - np.arange(len(seconds))) / HALF_LIFE_H)
    cells = hours % WEEK_H
    total = np.bincount(cells, weights * seconds, WEEK_H)
    weight = np.bincount(cells, weights, WEEK_H)
    others = np.maximum(weight[cells] - weights, 1e-9)
    return Supply(total / weight, _days(hours, seconds, (total[cells] - weights * seconds) / others))


def _young(hours: NDArray[np.int64], seconds: Floats, guess_s: float) -> Floats:
    """By the hour of the day; the guess is worth a day, and the mean of all hours two days of each."""
    mean = (seconds.sum() + guess_s * DAY_H) / (len(seconds) + DAY_H)
    total = np.bincount(hours % DAY_H, seconds, DAY_H) + 2 * mean
    return np.resize(total / (np.bincount(hours % DAY_H, minlength=DAY_H) + 2), WEEK_H)


def _days(hours: NDArray[np.int64], seconds: Floats, expected: Floats) -> Floats:
    """Actual / expected per quarter of a day, whole days only; 1 where hardly anything was expected."""
    skip = int(-hours[0] % DAY_H)
    whole = (len(seconds) - skip) // DAY_H * DAY_H
    actual, usual = (
        each[skip : skip + whole].reshape(-1, DAY_H // BLOCK_H, BLOCK_H).sum(2) for each in (seconds, expected)
    )
    known = usual > 0.05 * usual.mean()
    ratios: Floats = np.divide(actual, usual, out=np.ones_like(usual), where=known)
    return np.minimum(ratios, CEILING)


def assumed(*, people: float, week_s: float) -> Supply:
    """Before anything is known: so many people, each with `week_s` active seconds a week, spread evenly; days that differ a lot."""
    return Supply(np.full(WEEK_H, people * week_s / WEEK_H), UNKNOWN)


def share(*, own: Floats, all_: Floats, prior: float, trust_s: float) -> float:
    """Which part of people's time came here while there was work here: active seconds per hour, here and anywhere.

    Half-life 21 days; `trust_s`: seconds of evidence that `prior` is worth.
    """
    weights = 0.5 ** ((len(own) - 1 - np.arange(len(own))) / HALF_LIFE_H) * (own > 0)
    return float(((weights * own).sum() + prior * trust_s) / ((weights * all_).sum() + trust_s))
