"""Ratings and options with an order: what is learned of how people read a scale, and what their answers weigh then."""

import pytest

from annotation.models import Result
from quality.domain import estimators, gold, pipeline
from quality.models import ContributorSkill, EstimatorRun
from quality.queries import confusion, labels, pilots, reliability, skills
from quality.queries.skills import Gauge
from tests.factories import make_answer, make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db

LEVELS = [{"key": key, "title": {"en": key}, "value": at} for key, at in (("high", 3), ("low", 1), ("mid", 2))]
QUESTIONS = {
    "ordinal": {"type": "rating", "config": {"min": 1, "max": 5, "allow_na": True}},
    "interval": {"type": "rating", "config": {"min": 1, "max": 5, "measure": "interval"}},
    "long": {"type": "rating", "config": {"min": 0, "max": 100}},
    "choice": {"type": "choice", "config": {"options": LEVELS, "measure": "ordinal"}},
}


def project_of(kind, **quality):
    schema = {
        "language": "manyhands/1",
        "fields": [{"name": "text", "type": "text", "title": {"en": "Text"}}],
        "questions": [{"name": "q", "title": {"en": "Q"}, **QUESTIONS[kind]}],
    }
    rules = {"overlap": {"min": 3, "max": 3}, "review": {"share": 0.0, "below_confidence": 0.0}, **quality}
    return make_project(schema=schema, quality=rules)


def answered(project, crowd, *rows):
    """A task per row, with an answer of each person."""
    tasks = make_tasks(project, len(rows), payload={"text": "x"}, seats=len(crowd), seats_max=len(crowd))
    for task, values in zip(tasks, rows, strict=True):
        for person, value in zip(crowd, values, strict=True):
            make_answer(task, person, {"q": value})
    return tasks


def taught(kind, rows, **quality):
    """A project in which three people have answered so, with what was learned of it."""
    project, crowd = project_of(kind, **quality), [make_contributor() for _ in range(3)]
    answered(project, crowd, *rows)
    estimators.refit(project_id=project.pk)
    return project, crowd


def present(project):
    return EstimatorRun.objects.get(project=project, status__in=estimators.PRESENT)


def judged(task):
    pipeline.run(keys=[task.public_id])
    return Result.objects.get(task=task).answers["q"]


RATED = [(step, step, min(step + 1, 5)) for step in (1, 2, 3, 4, 2, 3, 4, 1, 3, 2, 4, 1)]  # the third says one more


@pytest.mark.parametrize(
    ("kind", "model", "value"), [("ordinal", "ordinal", 2), ("interval", "interval", 2.64), ("long", "interval", 3)]
)
def test_a_rating_is_merged_by_how_people_read_its_scale(kind, model, value):
    project, crowd = taught(kind, RATED)
    (task,) = answered(project, crowd, (2, 3, 3))

    found = judged(task)

    assert (found["method"], found["run"]) == (model, present(project).public_id)
    assert found["value"] == pytest.approx(value, abs=0.02)
    assert isinstance(found["value"], float if kind == "interval" else int)
    assert 0.9 < found["confidence"] <= 1
    assert sum(found["soft"].values()) == pytest.approx(1)
    assert not found["calibrated"]


def test_a_run_on_a_scale_keeps_what_it_learned():
    project, crowd = taught("ordinal", RATED)
    run = present(project)
    assert (run.status, run.method, run.classes) == ("fitted", "auto", ["1", "2", "3", "4", "5"])
    assert (run.tasks, run.contributors, run.labels) == (12, 3, 36)
    assert sum(run.parameters["kinds"]) == pytest.approx(1)
    assert "alike" not in run.parameters  # who leans alike has not conspired
    right = [skills.present([project.pk])[project.pk]["q"].skills.of(person.pk).right for person in crowd]
    assert min(right[:2]) > right[2]
    (found,) = confusion.confusions(project)
    assert (found.scale, found.worst) == (True, None)
    assert [each.method for each in reliability.of_project(project)] == ["auto"]
    assert pilots.questions(project) == []


def test_a_run_of_numbers_keeps_a_record_of_each_person():
    project, crowd = taught("interval", RATED)
    run = present(project)
    assert (run.status, run.method, run.classes) == ("fitted", "auto", [])
    assert run.parameters["crowd"].keys() == {"centre", "variance", "noise", "lean", "doubt", "known"}
    gauge = skills.near([project.pk], [person.pk for person in crowd])[project.pk]["q"]
    assert isinstance(gauge, Gauge)
    total = [gauge.people[person.pk][1] for person in crowd]
    assert total[2] > total[0] == pytest.approx(total[1])
    assert skills.present([project.pk]) == {}
    assert reliability.of_project(project) == []


@pytest.mark.parametrize("kind", ["ordinal", "interval"])
def test_the_same_answers_again_change_nothing_and_new_ones_do(kind):
    project, crowd = taught(kind, RATED)
    before = present(project)
    estimators.refit(project_id=project.pk)
    assert present(project).pk == before.pk
    answered(project, crowd, (4, 4, 5))
    estimators.refit(project_id=project.pk)
    assert present(project).pk != before.pk
    assert set(ContributorSkill.objects.values_list("run", flat=True)) == {present(project).pk}


def test_until_something_is_known_ratings_are_counted():
    project, crowd = project_of("ordinal"), [make_contributor() for _ in range(3)]
    (task,) = answered(project, crowd, (2, 3, 4))
    found = judged(task)
    assert (found["value"], found["method"], "run" in found) == (3, "weighted_median", False)
    estimators.refit(project_id=project.pk)
    assert present(project).status == "refused"


def test_numbers_of_people_who_share_no_tasks_teach_nothing():
    project = project_of("interval")
    answered(project, [make_contributor() for _ in range(3)], (2, 3, 4))
    estimators.refit(project_id=project.pk)
    assert present(project).status == "refused"
    assert skills.near([project.pk], []) == {}


@pytest.mark.parametrize("method", ["majority", "weighted"])
def test_ratings_that_are_to_be_counted_teach_nothing(method):
    project, crowd = taught("ordinal", RATED, aggregate=method)
    assert not EstimatorRun.objects.filter(project=project).exists()
    (task,) = answered(project, crowd, (2, 3, 4))
    assert judged(task)["method"] == "weighted_median"


def test_who_finds_it_not_applicable_has_not_read_the_scale():
    project, crowd = taught("ordinal", [*RATED, ("na", "na", 3)])
    assert present(project).labels == 37
    (task,) = answered(project, crowd, (2, 2, "na"))
    assert judged(task)["value"] == 2


@pytest.mark.parametrize(("chosen", "model"), [("auto", "auto"), ("ordinal", "ordinal"), ("interval", "interval")])
def test_options_with_an_order_get_what_is_chosen(chosen, model):
    rows = [("low", "low", "mid"), ("mid", "mid", "high"), ("high", "high", "high")] * 4
    project, crowd = taught("choice", rows, aggregate=chosen)
    (task,) = answered(project, crowd, ("low", "low", "mid"))
    found = judged(task)
    assert (found["value"], found["method"]) == ("low", model)
    assert found["soft"].keys() == {"low", "mid", "high"}
    assert present(project).classes == ([] if chosen == "interval" else ["low", "mid", "high"])


@pytest.mark.parametrize("kind", ["ordinal", "interval"])
def test_known_ratings_teach_and_make_a_task_sure(kind):
    project = project_of(kind)
    crowd = [make_contributor() for _ in range(3)]
    answered(project, crowd, *RATED)
    item = gold.plant(project=project, payload={"text": "y"}, expected={"q": 2}, by=SYSTEM)
    make_answer(item.task, crowd[2], {"q": 3})
    estimators.refit(project_id=project.pk)
    assert present(project).golds == 1


def test_tasks_that_are_sure_enough_are_told():
    project = project_of("interval", overlap={"min": 1, "max": 9, "confidence": 0.8})
    crowd = [make_contributor() for _ in range(3)]
    tasks = answered(project, crowd, *[(step, step, step) for step in (1, 2, 3, 4, 5)] * 3)
    assert estimators.refit(project_id=project.pk).tolist() == [task.pk for task in tasks]


def test_the_classes_of_ratings_are_their_numbers():
    project, crowd = project_of("ordinal"), [make_contributor() for _ in range(3)]
    answered(project, crowd, (5, "na", 1))
    wanted = labels.Wanted(project.pk, "q", "rating", ["1", "2", "3", "4", "5"], (1,))
    assert sorted(labels.read(wanted).label.tolist()) == [0, 4]
