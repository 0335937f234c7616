"""People who mark: what is learned of them from the latest answers, and what their marks weigh then."""

import pytest

from annotation.models import Annotation, Result
from quality.domain import estimators, pipeline
from quality.models import ContributorSkill, EstimatorRun
from quality.queries import agreement, marks, reliability, skills
from tests.factories import make_answer, make_contributor, make_project, make_tasks
from tests.quality.domain.test_every_type import THREE, box, call, canonical, heard, rows, schema_of, span, walk
from workforce.models import Contributor

pytestmark = pytest.mark.django_db

RIGHT, WRONG, OTHER = span("a", 0, 3), span("b", 13, 17), span("c", 4, 9)


def project_of(kind="spans", **quality):
    rules = {"overlap": {"min": 3, "max": 3}, "review": {"share": 0.0, "below_confidence": 0.0}, **quality}
    return make_project(schema=schema_of(kind), quality=rules)


def people() -> list[Contributor]:
    return [make_contributor() for _ in range(4)]


def answered(project, crowd, count=6, values=(RIGHT, RIGHT, WRONG, OTHER)):
    """Tasks on which the first two agree, and the two others each mark something of their own."""
    tasks = make_tasks(project, count, payload={"text": "Ada lives in Oslo."}, seats=4, seats_max=4)
    for task in tasks:
        for person, value in zip(crowd, values, strict=True):
            make_answer(task, person, {"q": value})
    return tasks


def present(project) -> EstimatorRun:
    return EstimatorRun.objects.get(project=project, status__in=estimators.PRESENT)


def weights(project, crowd):
    near = skills.near([project.pk], [person.pk for person in crowd])[project.pk]["q"]
    return [near.weight(str(person.pk)) for person in crowd]


def test_a_run_keeps_who_comes_near():
    project, crowd = project_of(), people()
    answered(project, crowd)

    estimators.refit(project_id=project.pk)

    run = present(project)
    assert (run.status, run.method, run.classes) == ("fitted", "auto", [])
    assert (run.tasks, run.contributors, run.labels, run.golds) == (6, 4, 24, 0)
    assert run.through == Annotation.objects.latest("id").pk
    one, other, careless, apart = weights(project, crowd)
    assert one == pytest.approx(other)
    assert one > 2 * careless
    assert careless == pytest.approx(apart)
    stranger = make_contributor()
    assert weights(project, [stranger]) == [pytest.approx(run.parameters["usual"] ** 2)]


def test_a_run_keeps_how_far_marks_agree_beyond_chance():
    project, crowd = project_of(), people()
    answered(project, crowd, values=(RIGHT, RIGHT, RIGHT, OTHER))
    estimators.refit(project_id=project.pk)
    found = agreement.agreement(project).alphas["q"]
    assert 0 < found.value < 1
    assert (found.low, found.high, found.n) == (pytest.approx(found.value), pytest.approx(found.value), 6)


def test_marks_are_merged_by_these_weights():
    """Two careful people outweigh three who otherwise agree with nobody."""
    project, crowd = project_of(), [*people(), make_contributor()]
    for task in make_tasks(project, 8, payload={"text": "Ada lives in Oslo."}, seats=5, seats_max=5):
        values = (RIGHT, RIGHT, WRONG, OTHER, span("b", 4, 9))
        for person, value in zip(crowd, values, strict=True):
            make_answer(task, person, {"q": value})
    estimators.refit(project_id=project.pk)
    (task,) = make_tasks(project, payload={"text": "Ada lives in Oslo."}, seats=5, seats_max=5)
    for person, value in zip(crowd, (OTHER, OTHER, WRONG, WRONG, WRONG), strict=True):
        make_answer(task, person, {"q": value})

    pipeline.run(keys=[task.public_id])

    (found,) = Result.objects.get(task=task).answers["q"]["value"]["spans"]
    assert (found["label"], found["start"], found["end"]) == ("c", 4, 9)


def test_boxes_too():
    project, crowd = project_of("regions"), people()
    answered(project, crowd, values=(box(10, 10), box(11, 10), box(60, 60), box(10, 60)))
    estimators.refit(project_id=project.pk)
    assert present(project).parameters["alpha"] is None
    assert agreement.agreement(project).alphas == {}
    one, other, careless, apart = weights(project, crowd)
    assert min(one, other) > 2 * max(careless, apart)


def test_stretches_of_time_too():
    project, crowd = project_of("segments"), people()
    answered(project, crowd, values=(heard("a", 0, 4), heard("a", 0.1, 4.1), heard("b", 5, 9), heard("a", 6, 7)))
    estimators.refit(project_id=project.pk)
    one, other, careless, apart = weights(project, crowd)
    assert min(one, other) > 2 * max(careless, apart)


def test_calls_of_tools_too():
    """Two who write the same call outweigh two who are of one mind for once."""
    project, crowd = project_of("tool_calls"), people()
    right, wrong = call(city="Oslo"), call(city="Bergen")
    answered(project, crowd, values=(right, right, wrong, call(city="Kiel")))
    estimators.refit(project_id=project.pk)
    one, other, careless, apart = weights(project, crowd)
    assert one == pytest.approx(other)
    assert one > 2 * careless == pytest.approx(2 * apart)

    (task,) = answered(project, crowd, count=1, values=(right, right, wrong, wrong))
    pipeline.run(keys=[task.public_id])
    found = Result.objects.get(task=task).answers["q"]
    assert found["value"] == right
    assert found["confidence"] > 0.6


def test_records_too():
    """Who writes rows of their own weighs less, unless nothing says which rows are the same."""
    project, crowd = project_of("records"), people()
    right = rows(("Says where", 5), ("Is short", 1))
    answered(project, crowd, values=(right, right, rows(("Is kind", 2)), rows(("Names a day", 3))))
    estimators.refit(project_id=project.pk)
    one, other, careless, apart = weights(project, crowd)
    assert one == pytest.approx(other)
    assert one > 2 * careless == pytest.approx(2 * apart)


def test_transcripts_too():
    """Whoever mishears weighs less."""
    schema = schema_of("text")
    schema["questions"][0]["config"] = {"compare": "words"}
    project, crowd = (
        make_project(schema=schema, quality={"overlap": {"min": 3, "max": 3}, "review": {"share": 0.0}}),
        people(),
    )
    heard = ("the cat sat on the mat", "the cat sat on the mat", "a hat sits in a map", "cats at them at")
    answered(project, crowd, values=heard)
    estimators.refit(project_id=project.pk)
    one, other, careless, apart = weights(project, crowd)
    assert min(one, other) > 2 * max(careless, apart)


def test_the_same_answers_again_change_nothing():
    project, crowd = project_of(), people()
    answered(project, crowd)
    estimators.refit(project_id=project.pk)
    before = present(project)
    estimators.heard(answers={project.pk: 3})
    estimators.refit(project_id=project.pk)
    assert (present(project).pk, present(project).fresh) == (before.pk, 0)


def test_new_answers_make_a_new_run():
    project, crowd = project_of(), people()
    answered(project, crowd)
    estimators.refit(project_id=project.pk)
    before = present(project)
    answered(project, crowd, count=1)
    estimators.refit(project_id=project.pk)
    assert present(project).pk != before.pk
    assert EstimatorRun.objects.get(pk=before.pk).status == "replaced"
    assert set(ContributorSkill.objects.values_list("run", flat=True)) == {present(project).pk}


def test_nobody_to_compare_with():
    project, person = project_of(), make_contributor()
    (task,) = make_tasks(project)
    make_answer(task, person, {"q": RIGHT})
    estimators.refit(project_id=project.pk)
    assert present(project).status == "refused"
    assert skills.near([project.pk], [person.pk]) == {}


@pytest.mark.parametrize("method", ["majority", "weighted", "none"])
def test_where_nothing_is_to_be_learned_nothing_is(method):
    project, crowd = project_of(aggregate=method), people()
    answered(project, crowd, count=2)
    estimators.refit(project_id=project.pk)
    assert not EstimatorRun.objects.filter(project=project).exists()


def test_neither_posteriors_nor_calibration_know_of_it():
    project, crowd = project_of(), people()
    answered(project, crowd, count=2)
    estimators.refit(project_id=project.pk)
    assert skills.present([project.pk]) == {}
    assert reliability.of_project(project) == []


def test_only_the_latest_answers_that_count_are_read(monkeypatch):
    project, crowd = project_of(), people()
    _, last = answered(project, crowd, count=2)
    Annotation.objects.filter(task=last, contributor=crowd[0]).update(status="superseded")
    make_answer(last, make_contributor(), exit_="broken")
    assert [len(answers) for answers in marks.read(project.pk, "q", "text", [1]).tasks] == [4, 3]
    assert marks.read(project.pk, "q", "text", [2]).tasks == []
    assert marks.read(project.pk, "else", "text", [1]).through == 0
    monkeypatch.setattr(marks, "MOST", 4)
    found = marks.read(project.pk, "q", "text", [1])
    assert (found.answers, found.through) == (4, Annotation.objects.filter(task=last, exit="").latest("id").pk)


def test_who_judges_step_by_step_as_others_do_weighs_more():
    """Two find the fault, one finds none, one another: the weight of the two carries a task in which the others are of one mind."""
    project, crowd = project_of("verdicts"), people()
    found, none, early = walk("right", "wrong"), walk("right", "right", "right"), walk("wrong")
    for task in make_tasks(project, 6, payload=THREE, seats=4, seats_max=4):
        for person, value in zip(crowd, (found, found, none, early), strict=True):
            make_answer(task, person, canonical("verdicts", value))
    estimators.refit(project_id=project.pk)
    one, other, blind, hasty = weights(project, crowd)
    assert one == pytest.approx(other)
    assert one > blind > hasty
    measured = agreement.agreement(project).alphas["q"]
    assert measured.n == 6
    assert measured.low <= measured.value <= measured.high < 0.5

    (task,) = make_tasks(project, 1, payload=THREE, seats=4, seats_max=4)
    for person, value in zip(crowd, (found, found, none, none), strict=True):
        make_answer(task, person, canonical("verdicts", value))
    pipeline.run(keys=[task.public_id])
    assert Result.objects.get(task=task).answers["q"]["value"] == canonical("verdicts", found)["q"]
