"""Saying 0.9 only of what is right nine times in ten: how the two models of `auto` are mixed, learned from tasks whose class is known.

A setting has three parts: the share of the one-coin model, the temperature at which both posteriors are cooled (q^(1/T)), and a floor, the
probability that all evidence is worth nothing. Temperature alone does not do: people who misread the same task together are as sure at
0.99 as at 0.9. With fifty known tasks many settings are about as good, so none is picked: all are averaged, each weighing what it makes of
the known classes. The average of posteriors is again a weighted sum of the same two, at the few temperatures.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from quality.aggregation.em import Floats, Integers
from quality.aggregation.votes import Basis

TEMPERATURES = (0.7, 1.0, 1.4, 2.0, 2.8, 4.0, 5.6, 8.0)
SHARES = tuple(np.linspace(0, 1, 11).tolist())
FLOORS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3)
ENOUGH = 50  # known tasks; with fewer nothing is learned
LEAST = 1e-12  # what no class is less likely than, so that one surprise is not infinitely bad
SLIGHT = 1e-3  # weights below this are left out


@dataclass(frozen=True, slots=True)
class Calibration:
    """How posteriors are mixed. parts: (temperature, weight of the one-coin model, weight of the pooled one); floor: weight of all classes
    alike; the weights sum to 1. known: tasks it was learned from, 0 where nothing was.
    """

    parts: Sequence[tuple[float, float, float]]
    floor: float = 0.0
    known: int = 0

    @classmethod
    def even(cls, share: float = 0.5) -> "Calibration":
        """The one-coin model at this share and nothing cooled, for want of known tasks."""
        return cls([(1.0, share, 1 - share)])

    @property
    def share(self) -> float:
        """Of the one-coin model in what both say, 0..1."""
        one, other = (sum(part[place] for part in self.parts) for place in (1, 2))
        return one / (one + other)

    @property
    def temperature(self) -> float:
        """Mean of the temperatures, on a scale of ratios."""
        weight = [part[1] + part[2] for part in self.parts]
        return float(np.exp(np.average([np.log(part[0]) for part in self.parts], weights=weight)))

    def mix(self, one_coin: Floats, pooled: Floats) -> Floats:
        """f8[.., K]: one posterior from two of that shape."""
        if one_coin.ndim == 1:
            return self._of_one(np.stack([one_coin, pooled]))
        belief = np.full_like(one_coin, self.floor / one_coin.shape[-1])
        for temperature, one, other in self.parts:
            if one:
                belief += one * cooled(one_coin, temperature)
            if other:
                belief += other * cooled(pooled, temperature)
        return belief

    def _of_one(self, both: Floats) -> Floats:
        """f8[K]: of one task, as both models see it, f8[2, K]; at all temperatures at once, which takes microseconds."""
        table = np.array(self.parts)
        powers = both ** (1 / table[:, :1, None])
        powers *= (table[:, 1:] / powers.sum(axis=2))[:, :, None]
        belief: Floats = powers.sum(axis=(0, 1)) + self.floor / both.shape[1]
        return belief

    def basis(self, run: str, classes: int) -> Basis:
        """What the confidences of this run (key) rest on."""
        return Basis(run, self.known > 0, 1 - self.floor + self.floor / classes)


def calibrate(one_coin: Floats, pooled: Floats, truth: Integers, shares: Sequence[float] = SHARES) -> Calibration:
    """Learn from G tasks: posteriors f8[G, K] that have not seen the class of their task, truth i8[G].

    shares: what the one-coin model may weigh, 0..1; a single one where the project has chosen.
    """
    settings, fits = zip(*_settings(one_coin, pooled, truth, shares), strict=True)
    weights = np.exp(np.array(fits) - max(fits))
    weights /= weights.sum()
    ones, others, floor = dict.fromkeys(TEMPERATURES, 0.0), dict.fromkeys(TEMPERATURES, 0.0), 0.0
    for (share, temperature, bottom), weight in zip(settings, weights.tolist(), strict=True):
        ones[temperature] += weight * (1 - bottom) * share
        others[temperature] += weight * (1 - bottom) * (1 - share)
        floor += weight * bottom
    parts = [(each, ones[each], others[each]) for each in TEMPERATURES if ones[each] + others[each] >= SLIGHT]
    total = floor + sum(one + other for _, one, other in parts)  # without those left out
    return Calibration([(each, one / total, other / total) for each, one, other in parts], floor / total, len(truth))


def _settings(
    one_coin: Floats, pooled: Floats, truth: Integers, shares: Sequence[float]
) -> Iterator[tuple[tuple[float, float, float], float]]:
    """Each setting (share, temperature, floor), and the log-likelihood of the known classes under it."""
    rows = np.arange(len(truth))
    for temperature in TEMPERATURES:
        one, other = (cooled(each, temperature)[rows, truth] for each in (one_coin, pooled))
        for share in shares:
            both = share * one + (1 - share) * other
            for floor in FLOORS:
                likelihood = (1 - floor) * both + floor / one_coin.shape[1]
                yield (share, temperature, floor), float(np.log(np.maximum(likelihood, LEAST)).sum())


def cooled(posterior: Floats, temperature: float) -> Floats:
    """f8[.., K]: nearer to even above temperature 1, nearer to certain below."""
    if temperature == 1:
        return posterior
    powers: Floats = np.power(posterior, 1 / temperature)
    powers /= powers.sum(axis=-1, keepdims=True)
    return powers


def calibration_error(posterior: Floats, truth: Integers, bins: int = 10) -> float:
    """Expected calibration error, 0..1: how far stated confidence and share of right winners are apart, over bins of equal width.

    Guo, Pleiss, Sun and Weinberger (2017), On calibration of modern neural networks, ICML. posterior f8[G, K], truth i8[G], G >= 1.
    """
    sure = posterior.max(axis=1)
    right = posterior.argmax(axis=1) == truth
    place = np.minimum((sure * bins).astype(np.int64), bins - 1)
    apart = np.bincount(place, sure - right, minlength=bins)
    return float(np.abs(apart).sum() / len(truth))
