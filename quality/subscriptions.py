"""Where an event leads on this floor: an answer leads to the pipeline, and is counted until there are enough to learn from.

A lost wake-up is found by the sweep, a doubled one changes nothing; a count may be a little off.
"""

from collections import Counter

import structlog
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from annotation.domain import choosing, outbox
from quality import tasks
from quality.domain import estimators, scorecards
from quality.domain.pipeline import CHUNK

log = structlog.get_logger(__name__)

AWAY = (OSError, RedisError, OperationalError)  # Valkey is away: the sweep comes later
JUDGED = ("annotation.submitted", "annotation.readmitted")


def connect() -> None:
    """Called once when the apps are ready."""
    outbox.listen(judge_answers)
    outbox.listen(count_answers)
    choosing.on_skills(scorecards.skills)


def judge_answers(drained: list[outbox.Drained]) -> None:
    """Every task that got an answer is judged, a hundred at a time."""
    keys = list(dict.fromkeys(event.task for event in drained if event.type in JUDGED and event.task))
    for start in range(0, len(keys), CHUNK):
        try:
            tasks.judge.apply_async(kwargs={"keys": keys[start : start + CHUNK]}, retry=False)
        except AWAY as error:
            log.warning("judgement_not_asked", error=str(error))
            return


def count_answers(drained: list[outbox.Drained]) -> None:
    """Each project hears how many new answers it has."""
    estimators.heard(
        answers=Counter(event.project_id for event in drained if event.type in JUDGED and event.project_id)
    )
