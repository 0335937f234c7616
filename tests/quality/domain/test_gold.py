"""Known answers: planted with checks, scored once, paid right or wrong, retired when used up."""

import pytest

from annotation.domain import leases
from annotation.domain.answers import submit
from annotation.models import Event, Project, Result, Task
from quality.domain import gold, invariants, pipeline
from quality.models import Evidence, GoldItem, GoldOutcome, Review, Scorecard
from tests.factories import make_answer, make_contributor, make_project
from workforce.domain.actor import SYSTEM
from workforce.models import Earning

pytestmark = pytest.mark.django_db

RATED = {
    "language": "manyhands/1",
    "fields": [{"name": "text", "type": "text", "title": {"en": "Text"}}],
    "questions": [
        {
            "name": "tone",
            "type": "choice",
            "title": {"en": "Tone?"},
            "config": {"options": [{"key": key, "title": {"en": key}} for key in ("good", "bad")]},
        },
        {
            "name": "force",
            "type": "rating",
            "title": {"en": "How strong?"},
            "weight": 3,
            "config": {"min": 1, "max": 5},
        },
        {"name": "why", "type": "text", "title": {"en": "Why?"}, "required": False, "config": {}},
    ],
}


def plant(project: Project, **expected) -> GoldItem:
    return gold.plant(project=project, payload={"text": "A fine day."}, expected=expected, by=SYSTEM)


def test_a_planted_item_is_a_task_like_others_in_a_queue_of_its_own():
    project = make_project()

    item = plant(project, tone="good")

    assert (item.task.purpose, item.task.seats, item.task.claimable) == ("gold", gold.SEATS, True)
    assert item.task.queue.purpose == "gold"
    assert item.task.payload.body == {"text": "A fine day."}
    assert item.expected == {"tone": "good"}
    taken = leases.take(project_id=project.pk, contributor_id=make_contributor().pk, by=SYSTEM, gold=0.0)
    assert taken.task_id == item.task_id
    assert "expected" not in str(taken)
    assert Event.objects.get(type="gold.planted").data == {}


@pytest.mark.parametrize(
    ("payload", "expected", "path"),
    [
        ({}, {"tone": "good"}, "/payload/text"),
        ({"text": "x"}, {"tone": "purple"}, "/expected/tone"),
        ({"text": "x"}, {"mood": "good"}, "/expected/mood"),
    ],
)
def test_what_does_not_fit_the_schema_is_refused(payload, expected, path):
    with pytest.raises(gold.InvalidGold) as refused:
        gold.plant(project=make_project(), payload=payload, expected=expected, by=SYSTEM)
    assert [problem.path for problem in refused.value.problems] == [path]
    assert not Task.objects.exists()


@pytest.mark.parametrize(("tone", "right"), [("good", 1.0), ("bad", 0.0)])
def test_an_answer_is_scored_once_and_paid_in_any_case(tone, right):
    item, person = plant(make_project(), tone="good"), make_contributor()
    given = make_answer(item.task, person, {"tone": tone})

    assert pipeline.run(keys=[item.task.public_id]).gold == 1
    assert pipeline.run(keys=[item.task.public_id]).gold == 0

    outcome = GoldOutcome.objects.get()
    assert (outcome.score, outcome.questions["tone"]) == (right, {"passed": bool(right), "score": right})
    card = Scorecard.objects.get()
    assert (card.alpha, card.beta, card.gold_n, card.gold_right) == (4 + right, 3 - right, 1, right)
    given.refresh_from_db()
    assert given.status == "accepted"
    assert Earning.objects.get().status == "available"
    assert not Result.objects.exists()
    assert not Review.objects.exists()


def test_only_expected_questions_are_scored_by_weight_and_by_the_rule_of_their_type():
    project = make_project(schema=RATED)
    item = plant(project, tone="good", force=4)
    near = make_answer(item.task, make_contributor(), {"tone": "bad", "force": 5, "why": "Because."})

    pipeline.run(keys=[item.task.public_id])

    outcome = GoldOutcome.objects.get(annotation=near)
    assert outcome.questions == {"tone": {"passed": False, "score": 0.0}, "force": {"passed": True, "score": 0.75}}
    assert outcome.score == pytest.approx(0.75 * 3 / 4)
    assert Evidence.objects.get().outcome == pytest.approx(0.75)


def test_other_words_in_a_free_text_prove_nothing():
    project = make_project(schema=RATED)
    item = plant(project, why="It is sunny.")
    for words in ("The sun shines.", "it  is SUNNY."):
        make_answer(item.task, make_contributor(), {"tone": "good", "force": 1, "why": words})

    pipeline.run(keys=[item.task.public_id])

    assert sorted(GoldOutcome.objects.values_list("questions__why__passed", flat=True)) == [False, True]
    assert Evidence.objects.get().outcome == 1.0


def test_an_exit_is_paid_and_proves_nothing():
    item = plant(make_project(), tone="good")
    left = make_answer(item.task, make_contributor(), exit_="cannot_judge")

    pipeline.run(keys=[item.task.public_id])

    left.refresh_from_db()
    assert left.status == "accepted"
    assert not GoldOutcome.objects.exists()


def test_a_used_up_item_retires():
    item = plant(make_project(), tone="good")
    Task.objects.filter(pk=item.task_id).update(seats=1, seats_max=1)
    make_answer(item.task, make_contributor(), {"tone": "good"})

    pipeline.run(keys=[item.task.public_id])

    item.refresh_from_db()
    assert item.status == "retired"
    assert not Task.objects.get(pk=item.task_id).claimable
    assert GoldOutcome.objects.count() == 1


def test_retiring_again_changes_nothing_and_work_in_hand_is_paid():
    project, person = make_project(), make_contributor()
    item = plant(project, tone="good")
    taken = leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM, gold=0.0)

    for _ in range(2):
        assert gold.retire(item=item, by=SYSTEM).status == "retired"
    submit(
        assignment=taken.assignment,
        contributor_id=person.pk,
        epoch=taken.epoch,
        client_key="0191d2a0-0000-7000-8000-000000000000",
        envelope={"schema_version": 1, "value": {"tone": "bad"}},
        active_ms=1000,
        by=SYSTEM,
    )

    assert Event.objects.filter(type="gold.retired").count() == 1
    assert Earning.objects.get(contributor=person).status == "available"
    assert Task.objects.get(pk=item.task_id).status == "canceled"


def test_gold_keeps_every_invariant():
    item = plant(make_project(), tone="good")
    for tone in ("good", "bad"):
        make_answer(item.task, make_contributor(), {"tone": tone})
    pipeline.run(keys=[item.task.public_id])
    violated = [found.invariant.code for found in map(invariants.check, invariants.ALL) if found.violations]
    assert violated == []


def test_the_sweep_finds_unscored_answers():
    item = plant(make_project(), tone="good")
    make_answer(item.task, make_contributor(), {"tone": "good"})
    assert pipeline.redrive().gold == 1
