"""Where an event leads on this floor: an answer leads to the pipeline, and is counted until there are enough to learn from.

A lost wake-up is found by the sweep, a doubled one changes nothing; a count may be a little off.
"""

from collections import Counter

import structlog
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from annotation.domain import accuracy, choosing, outbox
from annotation.queries.batches import on_accuracy
from annotation.subscriptions import ENDS
from quality import tasks
from quality.domain import contracts, estimators, redo, scorecards
from quality.domain.pipeline import CHUNK
from quality.queries import contracts as reads

log = structlog.get_logger(__name__)

AWAY = (OSError, RedisError, OperationalError)  # Valkey is away: the sweep comes later
JUDGED = ("annotation.submitted", "annotation.readmitted")
AUDITED = (*JUDGED, *ENDS, "review.decided")


def connect() -> None:
    """Called once when the apps are ready."""
    outbox.listen(judge_answers)
    outbox.listen(count_answers)
    outbox.listen(keep_promises)
    redo.on_start(ask_to_do_again)
    choosing.on_skills(scorecards.skills)
    accuracy.kept_by(contracts)
    on_accuracy(shown=reads.shown(), undecided=reads.undecided())


def judge_answers(drained: list[outbox.Drained]) -> None:
    """Every task that got an answer is judged, a hundred at a time."""
    keys = list(dict.fromkeys(event.task for event in drained if event.type in JUDGED and event.task))
    for start in range(0, len(keys), CHUNK):
        try:
            tasks.judge.apply_async(kwargs={"keys": keys[start : start + CHUNK]}, retry=False)
        except AWAY as error:
            log.warning("judgement_not_asked", error=str(error))
            return


def ask_to_do_again(redo_id: int) -> None:
    """Somebody's answers wait to be set aside; if Valkey is away, the sweep begins."""
    try:
        tasks.do_again.apply_async(kwargs={"redo_id": redo_id}, retry=False)
    except AWAY as error:
        log.warning("redo_not_asked", error=str(error))


def count_answers(drained: list[outbox.Drained]) -> None:
    """Each project hears how many new answers it has."""
    estimators.heard(
        answers=Counter(event.project_id for event in drained if event.type in JUDGED and event.project_id)
    )


def keep_promises(drained: list[outbox.Drained]) -> None:
    """Where an accuracy was promised, what has ended or was answered may lead to the next step."""
    projects = reads.promised_in({event.project_id for event in drained if event.type in AUDITED and event.project_id})
    if not projects:
        return
    try:
        tasks.audit.apply_async(kwargs={"projects": projects}, retry=False)
    except AWAY as error:
        log.warning("audit_not_asked", error=str(error))
