"""Posteriors from stored skills, one task or many at once, against the formulas written out in loops."""

from functools import cache
from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.aggregation import auto
from quality.aggregation.calibration import Calibration
from quality.aggregation.skills import Ballot, update, updates
from tests.quality.aggregation.simulated import crowd, store_of

PEOPLE, STRANGER = 5, 99


@cache
def skills():
    return auto.fit(store_of(crowd(6)[0], 3)).skills()


def shares(score):
    top = [exp(value - max(score)) for value in score]
    return [value / sum(top) for value in top]


def by_accuracy(ballots, own):
    score = [0.0] * 3
    for ballot, mine in zip(ballots, own, strict=True):
        skill = skills().of(ballot.person)
        right, total = max(skill.right - mine[ballot.label], 0), skill.total.sum() - sum(mine)
        accuracy = (3 + right) / (4 + total)
        score[ballot.label] += log(accuracy * 2 / (1 - accuracy))
    return score


def by_confusion(ballots, own):
    crowd_, score = skills().crowd, [0.0] * 3
    for ballot, mine in zip(ballots, own, strict=True):
        skill = skills().of(ballot.person)
        for truth in range(3):
            count = (
                max(skill.said(ballot.label)[truth] - mine[truth], 0)
                + crowd_.strength * crowd_.phi[truth, ballot.label]
            )
            score[truth] += log(count / (max(skill.total[truth] - mine[truth], 0) + crowd_.strength))
    return score


def plain(ballots, calibration):
    """As `update`."""
    found = []
    for weigh, prior in ((by_accuracy, [0.0] * 3), (by_confusion, np.log(skills().prior).tolist())):
        seen, nothing = [ballot for ballot in ballots if ballot.seen], [0.0] * 3
        believed = shares([a + b for a, b in zip(weigh(seen, [nothing] * len(seen)), prior, strict=True)])
        own = [believed if ballot.seen else nothing for ballot in ballots]
        found.append(shares([a + b for a, b in zip(weigh(ballots, own), prior, strict=True)]))
    return calibration.mix(*map(np.array, found))


one_vote = st.builds(Ballot, st.integers(0, 2), st.sampled_from([*range(PEOPLE), STRANGER]), st.booleans())
vote = one_vote.map(lambda each: each._replace(seen=False) if each.person == STRANGER else each)
calibrations = st.sampled_from(
    [Calibration.even(), Calibration([(1.0, 0.3, 0.2), (1.4, 0.2, 0.1), (2.0, 0.1, 0.05)], 0.05, 60)]
)


@given(st.lists(st.lists(vote, max_size=4), max_size=5), calibrations)
def test_as_the_formulas_say(tasks, calibration):
    wanted = np.array([plain(ballots, calibration) for ballots in tasks]).reshape(-1, 3)
    assert updates(tasks, skills(), calibration) == pytest.approx(wanted, abs=1e-12)
    for ballots, belief in zip(tasks, wanted, strict=True):
        assert update(ballots, skills(), calibration) == pytest.approx(belief, abs=1e-12)


@pytest.mark.parametrize("share", [0, 1])
def test_one_model_alone(share):
    tasks = [[Ballot(1, 0, seen=True), Ballot(2, 3)], [Ballot(0, 4)]]
    calibration = Calibration.even(share)
    wanted = [plain(ballots, calibration) for ballots in tasks]
    assert updates(tasks, skills(), calibration) == pytest.approx(np.array(wanted), abs=1e-12)
