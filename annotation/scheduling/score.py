"""The order between queues for one person: nine terms in 0..1, their weights sum to 1, and the class comes before them all.

Shapes: p people, q queues. Everything here is numbers in, numbers out; `explain` shows the same terms that decide.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from annotation.scheduling.rank import AGE_MAX_S

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CLASSES = ("urgent", "standard", "bulk", "training")
# urgency: deadline slack · fair_share between customers · scarcity: how few people may do it, so that they do not do what anybody could ·
# age of the oldest task · priority of the first task · fit: how good the person is at it · exploration: little is known of them there ·
# continuity: they are at it already · pay among what is there
WEIGHTS: Mapping[str, float] = {
    "urgency": 0.30,
    "fair_share": 0.15,
    "scarcity": 0.15,
    "age": 0.10,
    "priority": 0.10,
    "fit": 0.10,
    "exploration": 0.04,
    "continuity": 0.03,
    "pay": 0.03,
}
TERMS = tuple(WEIGHTS)
FIT_FROM, FIT_TO = 0.60, 0.90  # accuracy that counts nothing, and all
FEW_ANSWERS, WIDE = 20, 0.08  # scored answers, standard deviation of the accuracy: below and above, somebody is new
STREAK = 50  # answers in a row in one project: then variety comes back by itself
CLASS_STEP = 2.0  # a class outweighs everything else together
GAIN, PLACE = 0.10, 0.001


def age_max(classes: Ints) -> Floats:
    """Seconds after which a task of each class is due whatever its priority. classes: i8[q], places in CLASSES."""
    return np.array([AGE_MAX_S[name] for name in CLASSES], np.float64)[classes]


def of_queues(
    *,
    classes: Ints,
    slack_s: Floats,
    age_s: Floats,
    priority: Floats,
    fair_share: Floats,
    reach: Floats,
    pay_hour: Floats,
) -> dict[str, Floats]:
    """The terms that do not depend on the person, each f8[q].

    slack_s: time to the deadline less the work still needed, NaN without one. age_s: of the oldest open task. priority: 0..100
    of the first task. fair_share: `fairshare.factor` of the customer. reach: share of people who may do it, 0..1. pay_hour: minor
    units per hour of active time.
    """
    most = age_max(classes)
    order = np.argsort(np.argsort(pay_hour, kind="stable"), kind="stable")
    return {
        "urgency": np.where(np.isnan(slack_s), 0.0, np.clip(1 - np.nan_to_num(slack_s) / most, 0, 1)),
        "fair_share": fair_share,
        "scarcity": 1 - reach,
        "age": np.clip(age_s / most, 0, 1),
        "priority": priority / 100,
        "pay": order / max(len(order) - 1, 1),
    }


def of_people(
    *, alpha: Floats, beta: Floats, scored: Floats, streak: Ints, rng: np.random.Generator | None
) -> dict[str, Floats]:
    """The terms of a person in a queue, each f8[p, q].

    alpha, beta: Beta posterior of the accuracy; drawn from (Thompson sampling) with `rng`, without it the mean stands. scored: answers
    behind it. streak: answers in a row there up to now, 0 if the last was elsewhere.
    """
    total = alpha + beta
    theta = alpha / total if rng is None else rng.beta(alpha, beta)
    spread = np.sqrt(alpha * beta / (total * total * (total + 1)))
    return {
        "fit": np.clip((theta - FIT_FROM) / (FIT_TO - FIT_FROM), 0, 1),
        "exploration": np.where((scored < FEW_ANSWERS) | (spread > WIDE), 1.0, 0.0),
        "continuity": np.where((streak > 0) & (streak < STREAK), 1.0, 0.0),
    }


def total(terms: Mapping[str, Floats]) -> Floats:
    """The weighted sum of all terms, 0..1: f8[p, q] if one of them has that shape."""
    found: Floats = np.zeros(())
    for name, weight in WEIGHTS.items():
        found = found + weight * terms[name]
    return found


def benefit(classes: Ints, score: Floats) -> Floats:
    """What a queue is worth to a person, above 0: the class before everything else, then the score. f8[p, q]."""
    worth: Floats = CLASS_STEP * (len(CLASSES) - classes) + score
    return worth


def of_tasks(*, gain: Floats, place: Floats) -> Floats:
    """What a task of a queue is worth to one of its people, above 0: what the answer would teach, then the task's place.

    gain: 0..1, the task's uncertainty times the person's accuracy. place: 0 (first) .. 1 in the window of the queue.
    """
    worth: Floats = GAIN * gain + PLACE * (2 - place)
    return worth
