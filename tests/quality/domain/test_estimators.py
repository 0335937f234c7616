"""Learning from all answers of a project: when, from what, what is kept, and what it changes for tasks that wait."""

import threading
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotation.models import Annotation, Assignment, Project, Result, SchemaVersion, Task
from annotation.queries.schemas import compiled
from quality.domain import consensus, estimators, gold, learning, pipeline
from quality.domain.consensus import Ballot
from quality.domain.pipeline import Outcome
from quality.models import Consensus, ContributorSkill, EstimatorRun
from quality.queries import labels, skills
from tests.factories import SCHEMA, make_answer, make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor

pytestmark = pytest.mark.django_db

TRUTH = ("good", "bad", "mixed", "good", "bad", "mixed", "good", "bad")


def project_with(aggregate: str = "auto", *, least: int = 3, most: int = 3, **overlap) -> Project:
    quality = {
        "overlap": {"min": least, "max": most, **overlap},
        "review": {"share": 0.0, "below_confidence": 0.0},
        "aggregate": aggregate,
    }
    return make_project(quality=quality)


def people(number: int = 3) -> list[Contributor]:
    return [make_contributor() for _ in range(number)]


def answered(project: Project, crowd: list[Contributor], truth=TRUTH, *, seats: int = 3, most: int = 3) -> list[Task]:
    """Tasks that everybody of the crowd has answered; the last of them always says "mixed"."""
    tasks = make_tasks(project, len(truth), seats=seats, seats_max=most)
    for task, right in zip(tasks, truth, strict=True):
        for person in crowd[:-1]:
            make_answer(task, person, {"tone": right})
        make_answer(task, crowd[-1], {"tone": "mixed"})
    return tasks


def judge(tasks: list[Task]) -> Outcome:
    return pipeline.run(keys=[task.public_id for task in tasks])


def present(project: Project) -> EstimatorRun:
    return EstimatorRun.objects.get(project=project, status__in=estimators.PRESENT)


def wanted(project: Project, **changes) -> labels.Wanted:
    return labels.Wanted(
        **{
            "project_id": project.pk,
            "question": "tone",
            "type": "choice",
            "classes": ("good", "bad", "mixed"),
            "versions": (1,),
            **changes,
        }
    )


# --- Reading --------------------------------------------------------------------------------------------------------
def test_labels_are_the_counting_answers_that_are_classes():
    project = project_with()
    (task,) = make_tasks(project, 1, seats=5, seats_max=5)
    right, replaced, left, own, late = people(5)
    first = make_answer(task, right, {"tone": "bad"})
    Annotation.objects.filter(pk=make_answer(task, replaced, {"tone": "good"}).pk).update(status="superseded")
    make_answer(task, left, exit_="broken")
    make_answer(task, own, {"tone": {"other": "Odd"}})
    last = make_answer(task, late, {"tone": "mixed"})
    other = make_tasks(project_with(), 1)[0]
    make_answer(other, right, {"tone": "good"})

    found = labels.read(wanted(project))

    assert found.task.tolist() == [task.pk] * 2
    assert sorted(zip(found.contributor.tolist(), found.label.tolist(), strict=True)) == [(right.pk, 1), (late.pk, 2)]
    assert sorted(found.answer.tolist()) == [first.pk, last.pk]
    assert found.through == last.pk
    assert labels.read(wanted(project, versions=(2,))).task.size == 0


def test_labels_of_a_preference_are_directions():
    project = project_with()
    (task,) = make_tasks(project, 1, seats=4, seats_max=4)
    crowd = people(4)
    scores = ({"score": -2}, {"score": 0}, {"score": 1}, {"score": 0, "both_bad": True})
    for person, score in zip(crowd, scores, strict=True):
        make_answer(task, person, {"better": score})
    found = labels.read(wanted(project, question="better", type="preference", classes=("first", "tie", "second")))
    assert dict(zip(found.contributor.tolist(), found.label.tolist(), strict=True)) == {
        person.pk: place for place, person in enumerate(crowd[:3])
    }


def test_the_digest_is_of_the_labels_and_the_known_answers():
    project = project_with()
    answered(project, people())
    before = labels.read(wanted(project))
    assert labels.read(wanted(project)).sha256 == before.sha256
    item = gold.plant(project=project, payload={"text": "Fine"}, expected={"tone": "good"}, by=SYSTEM)
    after = labels.read(wanted(project))
    assert after.known == {item.task_id: 0}
    assert after.sha256 != before.sha256


# --- Fitting --------------------------------------------------------------------------------------------------------
def test_a_run_keeps_what_it_was_made_from_and_what_it_learned():
    project, crowd = project_with(), people()
    answered(project, crowd)

    estimators.refit(project_id=project.pk)

    run = present(project)
    assert (run.status, run.question, run.classes) == ("fitted", "tone", ["good", "bad", "mixed"])
    assert (run.tasks, run.contributors, run.labels, run.golds, run.fresh) == (8, 3, 24, 0, 0)
    assert run.through == Annotation.objects.latest("id").pk
    assert run.converged
    known = skills.present([project.pk])[project.pk]["tone"]
    right = [known.skills.of(person.pk).right for person in crowd]
    assert right[0] == pytest.approx(right[1])
    assert right[0] > 7 > 3.5 > right[2]
    assert known.skills.of(crowd[2].pk).labels == [2]
    assert known.skills.of(crowd[2].pk).total.sum() == pytest.approx(8, abs=1e-6)


def test_what_is_worked_out_ahead_is_what_a_task_asks_for():
    """Other numbers are put in the place of those that were worked out, and come back."""
    project, crowd = project_with(), people()
    (task, *_) = answered(project, crowd)
    estimators.refit(project_id=project.pk)
    ballots = [
        Ballot(each.pk, each.public_id, each.contributor_id, each.answer["value"], 0.8, each.sha256)
        for each in Annotation.objects.filter(task=task).order_by("-id")
    ]
    unreadable = replace(ballots[0], value={"tone": 3})
    schema, present_ = compiled(project.pk, 1), skills.present([project.pk])[project.pk]

    known = consensus.ahead(schema, [ballots, [unreadable], []], present_)["tone"]

    assert len(known.ready) == 1
    other = replace(known, ready=dict.fromkeys(known.ready, np.array([0.1, 0.2, 0.7])))
    args = (schema, task.payload.body, ballots, project.quality, 3)
    assert consensus.estimate(*args, {"tone": other}, {}).answers["tone"]["soft"]["mixed"] == pytest.approx(0.7)
    plainly = consensus.estimate(*args, present_, {}).answers["tone"]["soft"]
    assert consensus.estimate(*args, {"tone": known}, {}).answers["tone"]["soft"] == pytest.approx(plainly, abs=1e-12)


def test_the_same_answers_again_change_nothing():
    project = project_with()
    answered(project, people())
    estimators.refit(project_id=project.pk)
    before = present(project)
    estimators.heard(answers={project.pk: 3})

    assert estimators.refit(project_id=project.pk).size == 0

    after = present(project)
    assert (after.pk, after.fresh) == (before.pk, 0)
    assert after.fitted_at > before.fitted_at
    assert EstimatorRun.objects.count() == 1


def test_a_new_run_takes_the_place_of_the_old_one():
    project, crowd = project_with(), people()
    answered(project, crowd)
    estimators.refit(project_id=project.pk)
    old = present(project)
    answered(project, crowd, TRUTH[:2])

    estimators.refit(project_id=project.pk)

    new = present(project)
    assert (new.labels, new.warm) == (30, False)
    old.refresh_from_db()
    assert (old.status, old.parameters, old.labels) == ("replaced", {}, 24)
    assert set(ContributorSkill.objects.values_list("run", flat=True)) == {new.pk}


def test_people_who_never_met_twice_teach_nothing():
    project = project_with()
    answered(project, people(), TRUTH[:1])
    assert estimators.refit(project_id=project.pk).size == 0
    run = present(project)
    assert (run.status, run.labels) == ("refused", 3)
    assert not ContributorSkill.objects.exists()
    assert skills.present([project.pk]) == {}


@pytest.mark.parametrize(
    "question",
    [
        {"type": "text", "config": {}},
        {
            "type": "choice",
            "config": {"options": [{"key": "a", "title": "A"}, {"key": "b", "title": "B", "abstain": True}]},
        },
    ],
    ids=["no classes", "only one class"],
)
def test_other_questions_are_not_fitted(question):
    schema = {**SCHEMA, "questions": [{"name": "tone", "title": {"en": "Tone?"}, "on": "text", **question}]}
    project = make_project(schema=schema)
    estimators.refit(project_id=project.pk)
    assert not EstimatorRun.objects.exists()


def test_where_votes_are_counted_nothing_is_learned():
    project = project_with("majority")
    judge(answered(project, people()))
    assert estimators.due() == []
    estimators.refit(project_id=project.pk)
    assert not EstimatorRun.objects.exists()


def test_answers_under_another_major_version_are_not_pooled():
    project = project_with()
    answered(project, people())
    SchemaVersion.objects.create(project=project, number=2, major=2, body=SCHEMA, sha256="1" * 64)
    Project.objects.filter(pk=project.pk).update(schema_version=2)
    estimators.refit(project_id=project.pk)
    assert present(project).labels == 0


def test_an_option_more_makes_a_new_run():
    project = project_with()
    answered(project, people())
    estimators.refit(project_id=project.pk)
    (question,) = SCHEMA["questions"]
    options = [*question["config"]["options"], {"key": "none", "title": {"en": "None"}}]
    body = {**SCHEMA, "questions": [{**question, "config": {"options": options}}]}
    SchemaVersion.objects.create(project=project, number=2, major=1, body=body, sha256="1" * 64)
    Project.objects.filter(pk=project.pk).update(schema_version=2)
    estimators.refit(project_id=project.pk)
    run = present(project)
    assert (run.labels, run.classes) == (24, ["good", "bad", "mixed", "none"])


def test_known_answers_teach():
    project, crowd = project_with(), people(2)
    answered(project, [*crowd, make_contributor()])
    estimators.refit(project_id=project.pk)
    before = skills.present([project.pk])[project.pk]["tone"].skills.of(crowd[0].pk).right
    for _ in range(4):
        item = gold.plant(project=project, payload={"text": "Fine"}, expected={"tone": "mixed"}, by=SYSTEM)
        make_answer(item.task, crowd[0], {"tone": "good"})
    estimators.refit(project_id=project.pk)
    assert present(project).golds == 4
    assert skills.present([project.pk])[project.pk]["tone"].skills.of(crowd[0].pk).right < before + 0.5


def test_large_projects_go_on_from_the_last_run_and_begin_anew_at_night(monkeypatch):
    monkeypatch.setattr(estimators, "WARM_FROM", 1)
    project, crowd = project_with(), people()
    answered(project, crowd)
    estimators.refit(project_id=project.pk)
    assert not present(project).warm
    answered(project, crowd, TRUTH[:1])
    estimators.refit(project_id=project.pk)
    assert present(project).warm
    assert estimators.warm() == [project.pk]

    learning.refit_cold()

    assert not present(project).warm
    assert estimators.warm() == []


def test_only_one_run_is_present():
    project = project_with()
    answered(project, people())
    estimators.refit(project_id=project.pk)
    run = present(project)
    run.pk = None
    run.public_id = "est_00000000000000000000000000"
    with pytest.raises(IntegrityError, match="estimator_run_present"), transaction.atomic():
        run.save(force_insert=True)


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_whoever_comes_second_leaves_it_to_the_first():
    project = project_with()
    answered(project, people())
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            assert estimators._alone(project.pk)
            held.set()
            done.wait(10)
        connection.close()

    first = threading.Thread(target=hold)
    first.start()
    held.wait(10)
    estimators.refit(project_id=project.pk)
    assert not EstimatorRun.objects.exists()
    done.set()
    first.join()
    estimators.refit(project_id=project.pk)
    assert EstimatorRun.objects.count() == 1


# --- When -----------------------------------------------------------------------------------------------------------
def test_a_project_is_due_when_the_pipeline_has_judged_something():
    project = project_with()
    tasks = answered(project, people())
    assert estimators.due() == []
    judge(tasks)
    assert estimators.due() == [project.pk]
    learning.refit_due()
    assert present(project).status == "fitted"
    assert estimators.due() == []


@pytest.mark.parametrize(
    ("fresh", "age_s", "due"), [(0, 120, False), (1, 120, False), (2, 30, False), (2, 120, True), (50, 3600, True)]
)
def test_due_after_a_minute_and_a_hundredth_of_the_answers_whichever_is_later(fresh, age_s, due):
    project = project_with()
    answered(project, people())
    estimators.refit(project_id=project.pk)
    EstimatorRun.objects.update(labels=200, fitted_at=timezone.now() - timedelta(seconds=age_s))
    for _ in range(fresh):
        estimators.heard(answers={project.pk: 1, -1: 5})
    assert estimators.due() == ([project.pk] if due else [])


@pytest.mark.parametrize(("age_s", "due"), [(120, False), (700, True)])
def test_a_run_that_took_long_waits_ten_times_as_long(age_s, due):
    project = project_with()
    answered(project, people())
    estimators.refit(project_id=project.pk)
    EstimatorRun.objects.update(fresh=50, seconds=60, fitted_at=timezone.now() - timedelta(seconds=age_s))
    assert estimators.due() == ([project.pk] if due else [])


def test_nothing_heard_costs_nothing():
    with CaptureQueriesContext(connection) as captured:
        estimators.heard(answers={})
    assert len(captured) == 0


# --- What follows ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("aggregate", ["auto", "one_coin", "pooled_dawid_skene"])
def test_what_was_learned_weighs_the_next_answers(aggregate):
    """Somebody who always says the same does not outweigh somebody who has been right."""
    project, crowd = project_with(aggregate, least=2, most=2), people(4)
    answered(project, crowd, TRUTH * 2, seats=4, most=4)
    learning.refit(project_id=project.pk)
    (task,) = make_tasks(project, 1, seats=2, seats_max=2)
    make_answer(task, crowd[0], {"tone": "good"})
    make_answer(task, crowd[-1], {"tone": "mixed"})

    assert judge([task]) == Outcome(settled=1)

    answer = Result.objects.get(task=task).answers["tone"]
    assert (answer["value"], answer["method"]) == ("good", aggregate)
    assert answer["run"] == present(project).public_id
    assert sum(answer["soft"].values()) == pytest.approx(1)


def test_before_anything_is_learned_scorecards_weigh():
    project = project_with()
    (task, *_) = answered(project, people())
    judge([task])
    answer = Consensus.objects.get(task=task).answers["tone"]
    assert answer["method"] == "one_coin"
    assert "run" not in answer


def test_own_words_are_left_to_the_scorecards():
    project, crowd = project_with(), people()
    answered(project, crowd)
    learning.refit(project_id=project.pk)
    (task,) = make_tasks(project, 1, seats=3, seats_max=3)
    for person in crowd:
        make_answer(task, person, {"tone": {"other": "Odd"}})
    judge([task])
    assert Consensus.objects.get(task=task).answers["tone"]["method"] == "one_coin"


def test_asking_for_more_says_how_unsure_it_is():
    project = project_with(least=2, most=5)
    (task,) = make_tasks(project, 1, seats=2, seats_max=5)
    assert task.uncertainty == 1000
    for person, tone in zip(people(2), ("good", "bad"), strict=True):
        make_answer(task, person, {"tone": tone})
    assert judge([task]) == Outcome(more=1)
    confidence = Consensus.objects.get(task=task).confidence
    task.refresh_from_db()
    assert task.uncertainty == round(1000 * (1 - confidence))


def waiting(project: Project, crowd: list[Contributor]) -> Task:
    """A task that two good people have answered alike, and that waits for one more."""
    (task,) = make_tasks(project, 1, seats=2, seats_max=5)
    for person in crowd[:2]:
        make_answer(task, person, {"tone": "good"})
    assert judge([task]) == Outcome(more=1)
    return task


def test_a_new_fit_settles_what_needs_no_more_answers():
    project, crowd = project_with(least=2, most=5, confidence=0.96), people(5)
    task = waiting(project, crowd)
    answered(project, crowd, TRUTH * 3, seats=5, most=5)

    outcome = learning.refit(project_id=project.pk)

    assert outcome == Outcome(settled=1)
    result = Result.objects.get(task=task)
    assert result.answers["tone"]["run"] == present(project).public_id
    assert result.confidence >= 0.96
    task.refresh_from_db()
    assert (task.status, task.seats, task.seats_taken, task.claimable) == ("completed", 2, 2, False)
    assert learning.refit(project_id=project.pk) == Outcome()


@pytest.mark.parametrize("reason", ["somebody is at work", "not sure", "unsafe"])
def test_a_new_fit_leaves_alone_what(reason):
    project, crowd = project_with(least=2, most=5, confidence=1.0 if reason == "not sure" else 0.96), people(5)
    task = waiting(project, crowd)
    answered(project, crowd, TRUTH * 3, seats=5, most=5)
    if reason == "somebody is at work":
        Task.objects.filter(pk=task.pk).update(seats_taken=3)
        Assignment.objects.filter(task=task).update(status="submitted")
    if reason == "unsafe":
        make_answer(task, make_contributor(), exit_="unsafe")
    assert learning.refit(project_id=project.pk) == Outcome()
    task.refresh_from_db()
    assert task.status == "collecting"


def test_statements_do_not_grow_with_the_tasks():
    project, crowd = project_with(), people()
    answered(project, crowd)
    learning.refit(project_id=project.pk)
    counts = []
    for number in (1, 3):
        tasks = answered(project, crowd, TRUTH[:number])
        with CaptureQueriesContext(connection) as captured:
            assert judge(tasks) == Outcome(settled=number)
        counts.append(len(captured))
    assert counts[0] == counts[1]
