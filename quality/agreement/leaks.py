"""Has a known answer become known? Those who meet it late are right more often than they are elsewhere, and than those before them."""

from collections.abc import Sequence

import scipy  # its parts load when first used

LEAST = 20  # viewers: fewer say nothing


def leak(passed: Sequence[bool], skills: Sequence[float]) -> float:
    """p-value of an item, from all who have met it, in order: whether they passed, and how often each is right elsewhere, 0..1.

    Two one-sided tests of the later half, both of which must speak: binomial against the sum of their skills, and Fisher's exact
    against the earlier half, so that an item that was easy from the start is none. 1 for fewer than 20 viewers.
    """
    if len(passed) < LEAST:
        return 1.0
    half = len(passed) // 2
    later, right = len(passed) - half, sum(passed[half:])
    by_skill = scipy.special.bdtrc(right - 1, later, sum(skills[half:]) / later) if right else 1.0
    by_chance = scipy.stats.hypergeom.sf(right - 1, len(passed), sum(passed), later)
    return float(max(by_skill, by_chance))
