"""Is somebody good enough? Decided from their known answers, in order: first by the fast test, then by the watch for a fall."""

from collections.abc import Iterable
from dataclasses import dataclass

from quality.agreement import cusum, sprt
from quality.agreement.accuracy import usual

NEW, TRUSTED, PROBATION = "new", "trusted", "probation"


@dataclass(frozen=True, slots=True)
class Trial:
    """Where somebody stands. evidence: of the fast test, from -2.944 (not good enough) to 2.944; drift: of the watch, alarm at 3."""

    standing: str = NEW
    evidence: float = 0.0
    drift: float = 0.0


def trial(outcomes: Iterable[float]) -> Trial:
    """After these known answers, 0 (wrong) to 1 (right) each, the first one first.

    Who fails the fast test, or falls after having passed it, is on probation, and the test begins anew: nobody stays there for what was.
    """
    state, right, wrong = Trial(), 0.0, 0.0
    for outcome in outcomes:
        state = _watched(state, outcome, usual(right, wrong)) if state.standing == TRUSTED else _tested(state, outcome)
        right, wrong = right + outcome, wrong + 1 - outcome
    return state


def _tested(state: Trial, outcome: float) -> Trial:
    evidence = sprt.step(state.evidence, outcome)
    match sprt.decided(evidence):
        case True:
            return Trial(TRUSTED, evidence)
        case False:
            return Trial(PROBATION)
        case _:
            return Trial(state.standing, evidence)


def _watched(state: Trial, outcome: float, usually: float) -> Trial:
    drift = cusum.step(state.drift, outcome, usually)
    return Trial(PROBATION) if cusum.alarm(drift) else Trial(TRUSTED, state.evidence, drift)
