"""Has somebody become worse? A one-sided cumulative sum over known answers (Page 1954)."""

SLACK = 0.075  # half of the fall that is worth finding
ALARM = 3.0


def step(state: float, right: float, usual: float) -> float:
    """The sum after one more known answer, 0 (wrong) to 1 (right). usual: accuracy so far. Begins at 0, rises with each surprise."""
    return max(0.0, state + usual - right - SLACK)


def alarm(state: float) -> bool:
    """Worth a check by more known answers: not a verdict."""
    return state >= ALARM
