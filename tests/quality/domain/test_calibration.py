"""Known tasks correct what is said of the others; and each question goes by the estimator that was chosen for it."""

import pytest

from annotation.models import Batch, Project, Result, Task
from quality.aggregation.calibration import ENOUGH
from quality.domain import estimators, learning, pipeline
from quality.domain.pipeline import Outcome
from quality.models import AccuracyContract, AuditItem, Consensus, EstimatorRun, GoldItem, Review
from quality.queries import labels, skills
from tests.factories import SCHEMA, make_answer, make_contributor, make_project, make_tasks

pytestmark = pytest.mark.django_db

TONES = ("good", "bad", "mixed")


def project_with(aggregate="auto", *, schema=SCHEMA, least=3, most=3, **quality) -> Project:
    rules = {"overlap": {"min": least, "max": most}, "review": {"share": 0.0, "below_confidence": 0.0}}
    return make_project(schema=schema, quality={**rules, "aggregate": aggregate, **quality})


def known(project, crowd, number):
    """Planted tasks that everybody has answered; the last of the crowd is right in half of them, the others nearly always."""
    tasks = make_tasks(project, number, seats=3, seats_max=3)
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(purpose="gold")
    for place, task in enumerate(tasks):
        truth, other = TONES[place % 3], TONES[(place + 1) % 3]
        GoldItem.objects.create(organization=project.organization, project=project, task=task, expected={"tone": truth})
        make_answer(task, crowd[0], {"tone": truth})
        make_answer(task, crowd[1], {"tone": other if place % 11 == 5 else truth})
        make_answer(task, crowd[2], {"tone": truth if place % 2 else other})
    return tasks


def crowd_of(number=3):
    return [make_contributor() for _ in range(number)]


def answered(project, crowd, tone="good", **seats):
    (task,) = make_tasks(project, 1, **{"seats": len(crowd), "seats_max": len(crowd), **seats})
    for person in crowd:
        make_answer(task, person, {"tone": tone})
    return task


def judge(task) -> Outcome:
    return pipeline.run(keys=[task.public_id])


def present(project) -> EstimatorRun:
    return EstimatorRun.objects.get(project=project, status__in=estimators.PRESENT)


# --- Calibrating ----------------------------------------------------------------------------------------------------
def test_fifty_known_tasks_calibrate():
    project, crowd = project_with(), crowd_of()
    known(project, crowd, ENOUGH)

    learning.refit(project_id=project.pk)

    run = present(project)
    learned = run.parameters["calibration"]
    assert (run.golds, learned["known"]) == (ENOUGH, ENOUGH)
    assert sum(one + other for _, one, other in learned["parts"]) + learned["floor"] == pytest.approx(1)
    found = learned["reliability"]
    assert sum(each["n"] for each in found["bins"]) == ENOUGH
    assert all(each["low"] <= each["right"] <= each["high"] for each in found["bins"])
    assert 0 <= found["error"] < 0.2
    assert 0 <= found["brier"] < 0.2
    calibration = skills.present([project.pk])[project.pk]["tone"].calibration
    assert [list(part) for part in calibration.parts] == learned["parts"]
    task = answered(project, crowd)
    judge(task)
    answer = Result.objects.get(task=task).answers["tone"]
    assert (answer["value"], answer["calibrated"], answer["run"]) == ("good", True, run.public_id)
    assert answer["confidence"] <= calibration.basis("", 3).ceiling


def test_fewer_do_not():
    project, crowd = project_with(), crowd_of()
    known(project, crowd, ENOUGH - 1)

    learning.refit(project_id=project.pk)

    learned = present(project).parameters["calibration"]
    assert learned == {"parts": [[1.0, 0.5, 0.5]], "floor": 0.0, "known": 0, "reliability": None}
    task = answered(project, crowd)
    judge(task)
    assert Result.objects.get(task=task).answers["tone"]["calibrated"] is False


def test_a_run_from_before_there_was_any_goes_by_even_parts():
    project, crowd = project_with(), crowd_of()
    known(project, crowd, 6)
    learning.refit(project_id=project.pk)
    run = present(project)
    del run.parameters["calibration"]
    run.save()
    assert skills.present([project.pk])[project.pk]["tone"].calibration.share == 0.5


@pytest.mark.parametrize(("decision", "method", "counts"), [("accept", "review", True), ("accept", "auto", False)])
def test_what_a_reviewer_decided_is_known(decision, method, counts):
    project, crowd = project_with(), crowd_of()
    task = answered(project, crowd)
    judge(task)
    result = Result.objects.get(task=task)
    assert labels.read(wanted(project)).known == {}
    Review.objects.create(
        organization=project.organization,
        project=project,
        task=task,
        status="decided",
        decision=decision,
        decided_at=result.created_at,
    )
    answers = {"tone": {**result.answers["tone"], "value": "bad", "method": method}}
    Result.objects.filter(pk=result.pk).delete()
    Result.objects.create(
        organization=project.organization,
        project=project,
        task=task,
        revision=result.revision,
        answers=answers,
        provenance={},
    )
    assert labels.read(wanted(project)).known == ({task.pk: 1} if counts else {})


@pytest.mark.parametrize(("outcome", "counts"), [("right", True), ("wrong", True), ("", False), ("void", False)])
def test_what_an_audit_found_is_known(outcome, counts):
    project = project_with()
    batch = Batch.objects.create(organization=project.organization, project=project, name="One")
    task, copy = make_tasks(project, 2)
    contract = AccuracyContract.objects.create(
        organization=project.organization, batch=batch, planned_answers=2, planned_s=1, planned_minor=10
    )
    AuditItem.objects.create(
        contract=contract,
        attempt=1,
        task=task,
        revision=1,
        audit_task=copy,
        stratum=0,
        pi=1,
        outcome=outcome,
        truths=[{"tone": "mixed"}, {"tone": "mixed"}],
    )
    assert labels.read(wanted(project)).known == ({task.pk: 2} if counts else {})


def wanted(project):
    return labels.Wanted(project.pk, "tone", "choice", TONES, (1,))


# --- Choosing -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("method", ["dawid_skene", "mace", "glad"])
def test_other_estimators_are_calibrated_too(method):
    project, crowd = project_with(method), crowd_of()
    known(project, crowd, ENOUGH)
    learning.refit(project_id=project.pk)
    run = present(project)
    assert (run.method, run.parameters["calibration"]["known"]) == (method, ENOUGH)
    task = answered(project, crowd)
    judge(task)
    answer = Result.objects.get(task=task).answers["tone"]
    assert (answer["value"], answer["method"], answer["calibrated"]) == ("good", method, True)


def test_another_estimator_makes_a_new_run_at_once():
    project, crowd = project_with(), crowd_of()
    known(project, crowd, 6)
    learning.refit(project_id=project.pk)
    assert estimators.due() == []
    project.quality["aggregate"] = "mace"
    project.save()
    assert estimators.due() == [project.pk]
    task = answered(project, crowd)
    judge(task)
    assert Result.objects.get(task=task).answers["tone"]["method"] == "auto"

    learning.refit_due()

    assert present(project).method == "mace"
    assert estimators.due() == []


def test_a_run_that_nobody_needs_any_more_is_dropped():
    project, crowd = project_with(), crowd_of()
    known(project, crowd, 6)
    learning.refit(project_id=project.pk)
    project.quality["aggregate_for"] = {"tone": "majority"}
    project.save()
    assert estimators.due() == [project.pk]

    learning.refit_due()

    assert EstimatorRun.objects.get(project=project).status == "replaced"
    assert estimators.due() == []


def test_one_question_goes_its_own_way():
    (tone,) = SCHEMA["questions"]
    schema = {**SCHEMA, "questions": [tone, {**tone, "name": "again"}]}
    project, crowd = project_with("majority", schema=schema, aggregate_for={"again": "one_coin"}), crowd_of()
    for value in TONES * 2:
        (task,) = make_tasks(project, 1, seats=3, seats_max=3)
        for person in crowd:
            make_answer(task, person, {"tone": value, "again": value})
    judge(task)
    assert estimators.due() == [project.pk]
    learning.refit_due()
    assert present(project).question == "again"
    task = Task.objects.exclude(status="completed").first()
    judge(task)
    answers = Result.objects.get(task=task).answers
    assert {name: part["method"] for name, part in answers.items()} == {"tone": "majority", "again": "one_coin"}


def test_scorecards_weigh_where_that_is_chosen():
    project, crowd = project_with("weighted"), crowd_of()
    task = answered(project, crowd)
    judge(task)
    assert estimators.due() == []
    answer = Result.objects.get(task=task).answers["tone"]
    assert (answer["value"], answer["method"], answer["calibrated"]) == ("good", "weighted", False)


def test_answers_that_are_kept_apart_end_a_task_with_the_least_number():
    project, crowd = project_with("none", least=2, most=5), crowd_of(2)
    (task,) = make_tasks(project, 1, seats=2, seats_max=5)
    for person, tone in zip(crowd, ("good", "bad"), strict=True):
        make_answer(task, person, {"tone": tone})

    assert judge(task) == Outcome(settled=1)

    assert Consensus.objects.get(task=task).status == "plural"
    result = Result.objects.get(task=task)
    answer = result.answers["tone"]
    assert (answer["value"], answer["confidence"], answer["method"], answer["status"]) == (None, None, "none", "plural")
    assert answer["soft"] == {"good": 0.5, "bad": 0.5, "mixed": 0}
    assert len(result.provenance["annotations"]) == 2
    assert estimators.due() == []
