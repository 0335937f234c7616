"""What follows an answer: every exit of the pipeline, twice without effect, twice at once without harm."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotation.models import Annotation, Event, Project, Result, Task
from quality.domain import pipeline
from quality.domain.pipeline import Outcome
from quality.models import Consensus, Evidence, Review, Scorecard
from tests.factories import make_answer, make_contributor, make_project, make_tasks
from workforce.models import Earning

pytestmark = pytest.mark.django_db


def project_with(
    *, least: int = 3, most: int = 3, confidence: float = 0.95, below: float = 0.0, share: float = 0.0, **more
) -> Project:
    quality = {
        "overlap": {"min": least, "max": most, "confidence": confidence},
        "review": {"share": share, "below_confidence": below},
    }
    return make_project(quality=quality, **more)


def answered(*values: str, project: Project | None = None, **fields) -> Task:
    """A task that has as many answers as it wants."""
    project = project or project_with(least=len(values), most=fields.get("seats_max", len(values)))
    (task,) = make_tasks(project, 1, seats=len(values), **{"seats_max": len(values), **fields})
    for value in values:
        make_answer(task, make_contributor(), {"tone": value})
    return task


def run(*tasks: Task) -> Outcome:
    return pipeline.run(keys=[task.public_id for task in tasks])


def again(task: Task) -> Task:
    return Task.objects.get(pk=task.pk)


def test_agreement_settles():
    task = answered("good", "good", "good")

    assert run(task) == Outcome(settled=1)

    assert again(task).status == "completed"
    result = Result.objects.get(task=task)
    assert result.answers["tone"]["value"] == "good"
    assert result.confidence == pytest.approx(0.75**3 / (0.75**3 + 2 * 0.125**3))
    assert result.answers["tone"]["method"] == "one_coin"
    assert result.answers["tone"]["n"] == 3
    assert set(Annotation.objects.values_list("status", flat=True)) == {"accepted"}
    assert set(Earning.objects.values_list("status", flat=True)) == {"available"}
    known = Consensus.objects.get(task=task)
    assert (known.status, known.n, known.agreement) == ("settled", 3, 1.0)


@pytest.mark.parametrize(("days", "reviewed"), [(1, True), (-1, False)])
def test_work_of_somebody_a_rule_watches_is_reviewed(days, reviewed):
    task = answered("good", "good", "good")
    author = Annotation.objects.filter(task=task).latest("id").contributor
    until = timezone.now() + timedelta(days=days)
    Scorecard.objects.create(project=task.project, contributor=author, reviewed_until=until)

    assert run(task) == Outcome(review=int(reviewed), settled=int(not reviewed))

    assert list(Review.objects.values_list("cause", "inclusion_p")) == [("watched", 1.0)] * reviewed


def test_doubt_asks_for_one_more_while_there_may_be_more():
    task = answered("good", "good", "bad", seats_max=5)

    assert run(task) == Outcome(more=1)

    more = again(task)
    assert (more.status, more.seats, more.claimable) == ("collecting", 4, True)
    assert Event.objects.filter(type="task.more_wanted", subject=task.public_id).count() == 1
    assert not Result.objects.exists()


def test_doubt_goes_to_review_when_the_answers_are_used_up():
    task = answered("good", "good", "bad", project=project_with(below=0.9))

    assert run(task) == Outcome(review=1)

    review = Review.objects.get()
    assert (review.cause, review.status, review.stage) == ("answers_used_up", "requested", "review")
    assert 0 < review.risk < 1
    moved = again(task)
    assert (moved.status, moved.stage, moved.seats, moved.seats_taken) == ("in_review", "review", 1, 0)
    assert moved.claimable
    assert Consensus.objects.get().answers["tone"]["value"] == "good"


def test_doubt_above_the_bar_of_review_settles_with_its_honest_confidence():
    task = answered("good", "good", "bad", project=project_with(below=0.5))

    assert run(task) == Outcome(settled=1)

    assert 0.5 < Result.objects.get().confidence < 0.95
    assert set(Annotation.objects.values_list("status", flat=True)) == {"accepted"}


def test_a_tie_goes_to_review_whatever_the_bar():
    task = answered("good", "bad")
    assert run(task) == Outcome(review=1)
    assert Review.objects.get().cause == "tie"


def test_a_sample_of_what_would_settle_is_reviewed():
    project = project_with(share=0.5)
    tasks = [answered("good", "good", "good", project=project) for _ in range(24)]

    outcome = run(*tasks)

    assert outcome.settled + outcome.review == 24
    assert 3 <= outcome.review <= 21
    assert set(Review.objects.values_list("cause", "inclusion_p")) == {("sample", 0.5)}
    drawn = {task.pk for task in tasks if pipeline.sampled(task, 0.5)}
    assert drawn == set(Review.objects.values_list("task_id", flat=True))


def test_the_sample_has_the_share_asked_for():
    (task,) = make_tasks(make_project())
    drawn = []
    for number in range(2000):
        task.public_id = f"tsk_{number}"
        drawn.append(pipeline.sampled(task, 0.2))
    assert 320 <= sum(drawn) <= 480
    assert not pipeline.sampled(task, 0.0)
    assert pipeline.sampled(task, 1.0)


def test_known_accuracy_outweighs_numbers():
    project = project_with()
    (task,) = make_tasks(project, 1, seats=3, seats_max=3)
    strong, *weak = (make_contributor() for _ in range(3))
    Scorecard.objects.create(project=project, contributor=strong, alpha=4 + 60, beta=2, n=60)
    for person in weak:
        Scorecard.objects.create(project=project, contributor=person, alpha=4, beta=2 + 10, n=10)
    make_answer(task, strong, {"tone": "good"})
    for person in weak:
        make_answer(task, person, {"tone": "bad"})

    run(task)

    assert Result.objects.get().answers["tone"]["value"] == "good"


def test_peers_leave_evidence_after_settling():
    task = answered("good", "good", "bad")

    run(task)

    seen = Evidence.objects.order_by("id").values_list("kind", "outcome", "weight")
    assert sorted(seen) == [("peer", 0.0, 0.3), ("peer", 1.0, 0.3), ("peer", 1.0, 0.3)]
    assert Scorecard.objects.filter(alpha=4.3, beta=2.0).count() == 2


def test_one_answer_alone_is_no_evidence():
    task = answered("good")
    assert run(task) == Outcome(settled=1)
    assert not Evidence.objects.exists()
    assert Result.objects.get().confidence == pytest.approx(0.75)


def test_two_people_who_find_a_task_broken_close_it():
    project = project_with()
    (task,) = make_tasks(project, 1, seats=3, seats_max=3)
    honest = make_answer(task, make_contributor(), {"tone": "good"})
    other = make_answer(task, make_contributor(), exit_="cannot_judge")
    broken = [make_answer(task, make_contributor(), exit_="broken")]
    assert run(task) == Outcome()
    broken.append(make_answer(task, make_contributor(), exit_="broken"))

    assert run(task) == Outcome(failed=1)

    closed = again(task)
    assert (closed.status, closed.failure, closed.claimable) == ("failed", "broken", False)
    assert {row.status for row in Annotation.objects.filter(pk__in=[honest.pk, *(row.pk for row in broken)])} == {
        "accepted"
    }
    assert Annotation.objects.get(pk=other.pk).status == "superseded"
    assert not Result.objects.exists()


def test_three_people_who_cannot_judge_send_it_to_review():
    (task,) = make_tasks(project_with(), 1, seats=3, seats_max=3)
    for _ in range(2):
        make_answer(task, make_contributor(), exit_="cannot_judge")
    assert run(task) == Outcome()
    make_answer(task, make_contributor(), exit_="cannot_judge")

    assert run(task) == Outcome(review=1)

    assert Review.objects.get().cause == "exit"
    assert again(task).status == "in_review"


def test_review_for_exits_waits_until_nobody_holds_a_seat():
    (task,) = make_tasks(project_with(), 1, seats=3, seats_max=3)
    make_answer(task, make_contributor(), exit_="unsafe")
    Task.objects.filter(pk=task.pk).update(seats_taken=1)

    assert run(task) == Outcome()
    Task.objects.filter(pk=task.pk).update(seats_taken=0)
    assert pipeline.redrive() == Outcome(review=1)

    assert Review.objects.get().cause == "unsafe"


def test_exits_that_nobody_confirmed_end_with_the_task():
    project = project_with()
    (task,) = make_tasks(project, 1, seats=3, seats_max=3)
    left = make_answer(task, make_contributor(), exit_="broken")
    for _ in range(3):
        make_answer(task, make_contributor(), {"tone": "good"})

    assert run(task) == Outcome(settled=1)

    left.refresh_from_db()
    assert left.status == "superseded"
    assert left.public_id not in Result.objects.get().provenance["annotations"]


def test_tasks_that_wait_for_answers_are_left_alone():
    (task,) = make_tasks(project_with(), 1, seats=3, seats_max=3)
    make_answer(task, make_contributor(), {"tone": "good"})
    assert run(task) == Outcome()
    assert again(task).status == "collecting"


def test_unknown_tasks_are_ignored():
    assert pipeline.run(keys=["tsk_nothing", "asg_1", ""]) == Outcome()


def test_an_answer_that_cannot_be_read_holds_up_nobody():
    project = project_with()
    bad = answered("good", "good", "good", project=project)
    good = answered("good", "good", "good", project=project)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute('UPDATE annotation SET answer = \'{"value": {"tone": 7}}\' WHERE task_id = %s', [bad.pk])
        cursor.execute("SET session_replication_role = origin")

    assert run(bad, good) == Outcome(settled=1, review=1)

    assert again(good).status == "completed"
    assert Review.objects.get(task=bad).cause == "cannot_merge"


def test_running_again_changes_nothing():
    tasks = [
        answered("good", "good", "good"),
        answered("good", "good", "bad", seats_max=5),
        answered("good", "bad"),
        answered("good", "good", "bad", project=project_with(below=0.9)),
    ]
    run(*tasks)

    def rows() -> list:
        models = (Task, Annotation, Result, Consensus, Review, Evidence, Scorecard, Earning, Event)
        return [list(model.objects.order_by("pk").values()) for model in models]

    before = rows()
    assert run(*tasks) == Outcome()
    assert pipeline.redrive() == Outcome()
    assert rows() == before


def test_the_sweep_finds_what_no_wake_up_told():
    task = answered("good", "good", "good")
    assert pipeline.redrive() == Outcome(settled=1)
    assert again(task).status == "completed"


def test_the_number_of_statements_does_not_grow_with_the_tasks():
    project = project_with()
    people = [make_contributor() for _ in range(3)]

    def batch(count: int) -> list[Task]:
        tasks = make_tasks(project, count, seats=3, seats_max=3)
        for task in tasks:
            for person in people:
                make_answer(task, person, {"tone": "good"})
        return tasks

    counts = []
    run(*batch(1))  # compiles the schema
    for count in (1, 12):
        tasks = batch(count)
        with CaptureQueriesContext(connection) as captured:
            assert run(*tasks) == Outcome(settled=count)
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_two_workers_settle_each_task_once():
    project = project_with()
    people = [make_contributor() for _ in range(3)]
    tasks = make_tasks(project, 20, seats=3, seats_max=3)
    for task in tasks:
        for person in people:
            make_answer(task, person, {"tone": "good"})
    barrier, outcomes = threading.Barrier(2), []

    def work(order: list[Task]) -> None:
        barrier.wait()
        outcomes.append(sum(run(task).settled for task in order))
        connection.close()

    workers = [threading.Thread(target=work, args=[order]) for order in (tasks, tasks[::-1])]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(outcomes) == 20
    assert Result.objects.count() == 20
    assert Earning.objects.filter(status="available").count() == 60
    assert Evidence.objects.count() == 60
    assert set(Scorecard.objects.values_list("n", flat=True)) == {20}
