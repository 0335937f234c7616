"""The sweep of silence against a reviewer, a customer and itself: each answer is judged once, and paid or not accordingly."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotation.domain.judgements import TooLateToReject
from annotation.models import Annotation, Task
from quality.domain import customer_decisions, invariants, pipeline, review_queue, reviews, silence
from quality.domain.decisions import Decision
from quality.models import Review
from tests.factories import fresh, grant_skill, make_answer, make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM
from workforce.models import Earning

pytestmark = pytest.mark.races
TIMES = range(3)
WHY = {"reasons": ["wrong"], "note": "No."}


def sweep() -> int:
    """As in a week: whoever decides at this moment is still in time."""
    return silence.accept_unjudged(now=timezone.now() + timedelta(days=8))


def sound() -> bool:
    """No invariant is violated but that events have no number yet, and that the sweep came early."""
    found = {found.invariant.code for found in map(invariants.check, invariants.ALL) if found.violations}
    return found <= {"I9", "I23"}


def paid() -> list[str]:
    return sorted(Earning.objects.filter(kind="work").values_list("status", flat=True))


@pytest.mark.parametrize("_time", TIMES)
def test_a_reviewer_rejects_while_two_sweeps_run(together, _time):
    task, person = in_review(), make_contributor()
    grant_skill(person, "review")
    taken = review_queue.take(project_id=task.project_id, contributor_id=person.pk, by=SYSTEM)
    answer = Annotation.objects.filter(task=task).order_by("id").last()

    def reject() -> Review | None:
        return reviews.decide(
            assignment=taken.assignment, contributor_id=person.pk, epoch=taken.epoch, active_ms=1000, by=SYSTEM,
            decision=Decision("reject", answer=answer.public_id, **WHY),
        )  # fmt: skip

    decided, *swept = together(reject, sweep, sweep)

    if isinstance(decided, Review):
        assert (fresh(answer).status, fresh(task).status) == ("rejected", "collecting")
    else:
        assert isinstance(decided, TooLateToReject)
        assert (fresh(answer).status, fresh(task).status) == ("accepted", "in_review")
    sweep()  # what was held at that moment
    assert paid().count("available") == 3 - isinstance(decided, Review)
    assert sum(swept) <= 3 - isinstance(decided, Review)
    assert sound()


def in_review() -> Task:
    quality = {"overlap": {"min": 3, "max": 3}, "review": {"below_confidence": 0.99}}
    (task,) = make_tasks(make_project(quality=quality), 1, seats=3, seats_max=3)
    for tone in ("good", "good", "bad"):
        make_answer(task, make_contributor(), {"tone": tone})
    pipeline.run(keys=[task.public_id])
    return fresh(task)


@pytest.mark.parametrize("_time", TIMES)
def test_a_customer_rejects_while_the_sweep_runs(together, _time):
    answer = make_answer(make_tasks(make_project())[0], make_contributor(), {"tone": "good"})

    decided, swept = together(lambda: customer_decisions.reject(annotation=answer, by=SYSTEM, **WHY), sweep)

    assert isinstance(decided, Annotation) or (isinstance(decided, TooLateToReject) and swept == 1)
    assert fresh(answer).status == ("rejected" if isinstance(decided, Annotation) else "accepted")
    assert paid() == ["reversed" if isinstance(decided, Annotation) else "available"]
    assert sound()


@pytest.mark.parametrize("_time", TIMES)
def test_the_last_answer_settles_the_task_while_two_sweeps_run(together, _time):
    (task,) = make_tasks(make_project(), 1, seats=3, seats_max=3)
    for _ in range(3):
        make_answer(task, make_contributor(), {"tone": "good"})

    together(lambda: pipeline.run(keys=[task.public_id]), sweep, sweep)
    pipeline.redrive()  # if the sweep held it

    assert fresh(task).status == "completed"
    assert paid() == ["available"] * 3
    assert sound()
