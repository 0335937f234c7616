"""Good enough or not, after as few known answers as it takes: the sequential probability ratio test (Wald 1945)."""

from dataclasses import dataclass
from math import ceil, log

POOR, GOOD = 0.60, 0.85  # accuracies between which it decides
ERROR = 0.05  # probability to trust a poor one, and to fail a good one, at most about
RIGHT = log(GOOD / POOR)
WRONG = log((1 - GOOD) / (1 - POOR))
LIMIT = log((1 - ERROR) / ERROR)
NEGLIGIBLE = 1e-9


def step(state: float, right: float) -> float:
    """The state after one more known answer, 0 (wrong) to 1 (right); begins at 0, and stays once it has decided."""
    return state if decided(state) is not None else state + right * RIGHT + (1 - right) * WRONG


def decided(state: float) -> bool | None:
    """True: good enough. False: not. None: ask on."""
    return state > 0 if abs(state) >= LIMIT else None


def still_needed(state: float) -> int:
    """Right answers until it decides that somebody is good enough, if all are right; 0 once it has decided."""
    return max(0, ceil((LIMIT - state) / RIGHT)) if decided(state) is None else 0


@dataclass(frozen=True, slots=True)
class Outlook:
    """answers: how many known answers it takes on average; trusted: probability to end as good enough."""

    answers: float
    trusted: float


def outlook(accuracy: float) -> Outlook:
    """What the test does with somebody of this accuracy: exact, by the number of right ones among the answers so far."""
    waiting, answers, trusted, given = {0: 1.0}, 0.0, 0.0, 0
    while (mass := sum(waiting.values())) > NEGLIGIBLE:
        answers += mass
        given += 1
        after: dict[int, float] = {}
        for right, chance in waiting.items():
            for gain, share in ((1, accuracy), (0, 1 - accuracy)):
                end = decided((right + gain) * RIGHT + (given - right - gain) * WRONG)
                if end is None:
                    after[right + gain] = after.get(right + gain, 0.0) + chance * share
                elif end:
                    trusted += chance * share
        waiting = after
    return Outlook(answers, trusted)
