"""Is somebody good enough? Decided from their known answers, in order: first by the fast test, then by the watch for a fall."""

from collections.abc import Iterable, Iterator
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
    states = [state for state, _fall in _steps(outcomes)]
    return states[-1] if states else Trial()


def falls(outcomes: Iterable[float]) -> list[float | None]:
    """The sum of the watch after each of these known answers, an alarm from 3 on; None while the fast test runs."""
    return [fall for _state, fall in _steps(outcomes)]


def _steps(outcomes: Iterable[float]) -> Iterator[tuple[Trial, float | None]]:
    state, right, wrong = Trial(), 0.0, 0.0
    for outcome in outcomes:
        fall = None
        if state.standing == TRUSTED:
            fall = cusum.step(state.drift, outcome, usual(right, wrong))
            state = Trial(PROBATION) if cusum.alarm(fall) else Trial(TRUSTED, state.evidence, fall)
        else:
            state = _tested(state, outcome)
        right, wrong = right + outcome, wrong + 1 - outcome
        yield state, fall


def _tested(state: Trial, outcome: float) -> Trial:
    evidence = sprt.step(state.evidence, outcome)
    match sprt.decided(evidence):
        case True:
            return Trial(TRUSTED, evidence)
        case False:
            return Trial(PROBATION)
        case _:
            return Trial(state.standing, evidence)
