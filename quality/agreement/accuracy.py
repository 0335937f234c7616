"""What is believed of somebody's accuracy: a Beta distribution that begins at what the project's people are like."""

from dataclasses import dataclass
from math import exp2

import scipy  # its parts load when first used

PRIOR_RIGHT, PRIOR_WRONG = 4.0, 2.0  # what somebody is taken for of whom, and of whose project, nothing is known
HALF_LIFE_D = 90.0


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Beta(alpha, beta): so many right and wrong answers, weighted, those of the prior among them."""

    alpha: float
    beta: float

    @classmethod
    def of(cls, right: float, wrong: float, *, usual: float = PRIOR_RIGHT / (PRIOR_RIGHT + PRIOR_WRONG)) -> "Accuracy":
        """After weighted right and wrong answers. usual: mean accuracy of the project's people, 0..1, worth six answers."""
        strength = PRIOR_RIGHT + PRIOR_WRONG
        return cls(strength * usual + right, strength * (1 - usual) + wrong)

    @property
    def mean(self) -> float:
        """The accuracy to reckon with."""
        return self.alpha / (self.alpha + self.beta)

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Holds the accuracy with this probability, and leaves as much on either side."""
        tail = (1 - confidence) / 2
        low, high = scipy.special.betaincinv(self.alpha, self.beta, [tail, 1 - tail])
        return float(low), float(high)

    def below(self, bar: float) -> float:
        """Probability that the accuracy is below a bar: of 0.60 a reason to ask for less, or for more checks."""
        return float(scipy.special.betainc(self.alpha, self.beta, bar))

    def above(self, bar: float) -> float:
        """Probability that the accuracy is above a bar: of 0.90 a reason to trust more."""
        return 1 - self.below(bar)


def usual(right: float, wrong: float) -> float:
    """Mean accuracy of a project's people, 0..1, from the sums of all their weighted answers."""
    return (PRIOR_RIGHT + right) / (PRIOR_RIGHT + PRIOR_WRONG + right + wrong)


def fading(age_d: float) -> float:
    """What an observation still weighs after so many days."""
    return exp2(-age_d / HALF_LIFE_D)
