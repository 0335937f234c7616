"""Redo: one person's answers are set aside and their tasks answered again by others; pay and what people have decided stay as they are."""

import uuid
from datetime import timedelta

import pytest
from django.db.models import Sum
from django.utils import timezone

from annotation.domain import answers, batches, intake, leases, task_changes
from annotation.domain.tasks import WrongState
from annotation.models import Annotation, Batch, Event, Project, Result, Task
from annotation.queries import spending, workspace
from quality.domain import customer_decisions, invariants, pipeline, redo, rules
from quality.domain.redo import NothingToRedo, RedoRunning
from quality.models import Redo, Restriction, RuleHit
from tests.factories import fresh, make_answer, make_contributor, make_project, make_tasks
from tests.quality.domain.test_restrictions import ONE, TWO, rule_of, seen
from workforce.domain.actor import SYSTEM, Actor
from workforce.models import Earning

pytestmark = pytest.mark.django_db
QUALITY = {"overlap": {"min": 2, "max": 3, "confidence": 0.6}, "review": {"share": 0.0}, "gold": {"share": 0.0}}
BY = Actor("member", "usr_one")
SINCE = timedelta(days=3)
NOW = timezone.now


@pytest.fixture
def project():
    return make_project(quality=QUALITY)


@pytest.fixture
def person():
    return make_contributor()


def ask(project, person, since: timedelta = SINCE) -> Redo:
    now = NOW()
    return redo.ask(project=project, contributor_id=person.pk, since=now - since, by=BY, now=now)


def done(project, person) -> Redo:
    row = ask(project, person)
    redo.run(redo_id=row.pk)
    return fresh(row)


def settled(project, *people, seats: int = 2, tones=None) -> Task:
    """A task with a result of these people's answers."""
    (task,) = make_tasks(project, 1, seats=seats, seats_max=3)
    for author, tone in zip(people, tones or ["good"] * len(people), strict=True):
        make_answer(task, author, {"tone": tone})
    pipeline.run(keys=[task.public_id])
    assert fresh(task).status == "completed"
    return task


def submit(project, person, tone="good") -> None:
    taken = leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)
    answers.submit(
        assignment=taken.assignment, contributor_id=person.pk, epoch=taken.epoch, client_key=uuid.uuid4(),
        envelope={"schema_version": 1, "value": {"tone": tone}}, active_ms=1000, by=SYSTEM,
    )  # fmt: skip
    pipeline.redrive()


def answer_of(task, person) -> Annotation:
    return Annotation.objects.get(task=task, contributor=person)


def earned() -> dict[int, int]:
    """{person: everything that is paid, or will be}."""
    kept = Earning.objects.exclude(status="reversed").values_list("contributor")
    return dict(kept.annotate(Sum("amount_minor")).order_by())


def broken() -> list[str]:
    return [each.invariant.code for each in map(invariants.check, invariants.ALL) if each.violations]


# --- What happens -----------------------------------------------------------------------------------------------------
def test_while_answers_are_collected_the_seat_is_free_for_somebody_else(project, person):
    (task,) = make_tasks(project, 1, seats=2, seats_max=3)
    make_answer(task, person, {"tone": "bad"})

    row = done(project, person)

    assert (row.status, row.answers, row.delivered, row.left) == ("done", 1, 0, {})
    answer, task = answer_of(task, person), fresh(task)
    assert (answer.status, answer.decision["by"]) == ("superseded", "redo")
    assert (task.status, task.seats, task.seats_taken, task.answers, task.recycled) == ("collecting", 2, 0, 0, True)
    assert Earning.objects.get().status == "available"  # paid as if it had been accepted
    told = Event.objects.filter(type__in=["annotation.superseded", "task.returned"]).values_list("actor", flat=True)
    assert list(told) == ["usr_one", "usr_one"]
    assert [each.data["contributor"][:4] for each in Event.objects.filter(type__startswith="redo.")] == ["ctr_"] * 2
    with pytest.raises(leases.NothingToLabel):
        leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)
    for _other in range(2):
        submit(project, make_contributor())
    assert Result.objects.get().answers["tone"]["value"] == "good"
    assert broken() == []


def test_a_result_is_made_anew_of_the_others_answers_and_one_more(project, person):
    other, third = make_contributor(), make_contributor()
    task = settled(project, person, other)
    before = earned()

    row = done(project, person)

    task = fresh(task)
    assert (row.answers, row.delivered) == (1, 1)
    assert (task.status, task.revision, task.seats, task.seats_taken, task.answers) == ("collecting", 1, 2, 1, 1)
    assert Event.objects.get(type="task.reopened").data["reason"] == "redo"
    assert broken() == []
    submit(project, third)
    first, second = Result.objects.order_by("revision")
    assert fresh(task).status == "completed"
    assert set(second.provenance["annotations"]) == {
        answer_of(task, other).public_id,
        answer_of(task, third).public_id,
    }
    assert answer_of(task, person).public_id in first.provenance["annotations"]
    assert earned() == {**before, third.pk: 5}
    assert broken() == []


def test_where_the_others_answers_suffice_nobody_is_asked(project, person):
    task = settled(project, person, make_contributor(), make_contributor(), seats=3, tones=["bad", "good", "good"])
    done(project, person)
    assert (fresh(task).status, task.revision, task.answers) == ("completed", 2, 2)
    assert len(Result.objects.get(revision=2).provenance["annotations"]) == 2
    assert broken() == []


def test_two_people_of_one_task(project, person):
    other = make_contributor()
    task = settled(project, person, other)
    for author in (person, other):
        done(project, author)
    assert (fresh(task).status, task.seats, task.seats_taken) == ("collecting", 2, 0)
    for _each in range(2):
        submit(project, make_contributor(), "bad")
    assert (fresh(task).status, task.revision) == ("completed", 2)
    assert broken() == []


def test_money_does_not_change_whatever_the_tasks_are_at(project, person):
    """Each state that a task with an answer can be in, with the invariants of the whole system."""
    others = [make_contributor() for _ in range(2)]
    settled(project, person, *others[:1])
    settled(project, person, *others, seats=3, tones=["bad", "good", "good"])
    pending, accepted, canceled = make_tasks(project, 3, seats=2, seats_max=3)
    for task in (pending, accepted, canceled):
        make_answer(task, person, {"tone": "good"})
    customer_decisions.accept(annotation=answer_of(accepted, person), by=BY)
    task_changes.cancel(task_id=canceled.pk, by=BY)
    before = earned()

    row = done(project, person)

    assert earned() == before
    assert (row.answers, row.delivered, row.left) == (3, 2, {"judged": 1, "ended": 1})
    assert broken() == []


# --- What is left -----------------------------------------------------------------------------------------------------
def judged(project, person):
    (task,) = make_tasks(project, 1)
    customer_decisions.accept(annotation=make_answer(task, person, {"tone": "good"}), by=BY)


def in_review(project, person):
    (task,) = make_tasks(project, 1, seats=3, seats_max=3)
    Project.objects.update(quality={**QUALITY, "overlap": {"min": 3, "max": 3, "confidence": 0.99}})
    for author, tone in ((person, "bad"), (make_contributor(), "good"), (make_contributor(), "mixed")):
        make_answer(task, author, {"tone": tone})
    pipeline.run(keys=[task.public_id])
    assert fresh(task).status == "in_review"


def too_old(project, person):
    settled(project, person, make_contributor())
    Task.objects.update(completed_at=NOW() - timedelta(days=31))


def ended(project, person):
    (task,) = make_tasks(project, 1)
    make_answer(task, person, {"tone": "good"})
    task_changes.cancel(task_id=task.pk, by=BY)


def together(project, person):
    (task,) = make_tasks(project, 1)
    make_answer(task, person, {"tone": "good"})
    project.queues.update(requirements={"together": 2})


@pytest.mark.parametrize("prepare", [judged, in_review, too_old, ended, together])
def test_what_is_left_says_why(project, person, prepare):
    prepare(project, person)
    before = Annotation.objects.get(contributor=person).status
    with pytest.raises(NothingToRedo) as refused:
        ask(fresh(project), person)
    assert refused.value.params["left"] == {prepare.__name__: 1}
    row = Redo.objects.create(
        project=project, contributor=person, since=NOW() - SINCE, until=NOW(), actor_kind="system"
    )
    redo.run(redo_id=row.pk)
    assert (fresh(row).answers, row.left) == (0, {prepare.__name__: 1})
    assert Annotation.objects.get(contributor=person).status == before


def test_what_others_gave_known_tasks_exits_and_earlier_answers_are_not_meant(project, person):
    make_answer(make_tasks(project, 1)[0], make_contributor(), {"tone": "good"})
    make_answer(make_tasks(project, 1)[0], person, exit_="broken")
    make_answer(make_tasks(project, 1, purpose="gold")[0], person, {"tone": "good"})
    (task,) = make_tasks(project, 1)
    make_answer(task, person, {"tone": "good"})
    now = NOW()
    found = redo.preview(project=project, contributor_id=person.pk, since=now - SINCE, now=now)
    assert (found.answers, found.left) == (1, {})
    later = redo.preview(project=project, contributor_id=person.pk, since=now, now=now + SINCE)
    assert (later.answers, later.left) == (0, {})


def test_a_spent_budget_leaves_them_and_a_larger_one_does_not(project, person):
    batch = batches.create(project=project, name="Small", by=SYSTEM, budget_minor=15)
    for text in ("a", "b"):
        intake.add_one(project=project, given={"payload": {"text": text}}, by=SYSTEM, batch=batch)
    other = make_contributor()
    for author in (person, other):
        submit(project, author)
    batches.complete_ended()
    found = redo.preview(project=project, contributor_id=person.pk, since=NOW() - SINCE, now=NOW())
    assert (found.answers, found.left, found.minor) == (0, {"budget": 1}, 0)  # 10 of 15 are spent, two more might come

    batches.change(batch=Batch.objects.get(), by=SYSTEM, budget_minor=45)
    found = redo.preview(project=project, contributor_id=person.pk, since=NOW() - SINCE, now=NOW())
    assert (found.answers, found.delivered, found.minor) == (1, 1, 10)
    held = spending.committed(batch.pk)
    done(project, person)
    assert spending.committed(batch.pk) == held + 10
    submit(project, make_contributor())
    assert broken() == []


# --- Asking and going on ----------------------------------------------------------------------------------------------
def test_once_at_a_time_and_never_twice(project, person):
    make_answer(make_tasks(project, 1)[0], person, {"tone": "good"})
    row = ask(project, person)
    with pytest.raises(RedoRunning):
        ask(project, person)
    for _twice in range(2):
        redo.run(redo_id=row.pk)
    assert (fresh(row).answers, row.status) == (1, "done")
    assert Event.objects.filter(type="redo.done").count() == 1
    with pytest.raises(NothingToRedo):
        ask(project, person)


def test_an_archived_project_is_left(project, person):
    make_answer(make_tasks(project, 1)[0], person, {"tone": "good"})
    Project.objects.update(status="archived")
    with pytest.raises(WrongState):
        ask(fresh(project), person)


def test_the_sweep_goes_on_where_a_worker_died(project, person):
    tasks = make_tasks(project, 3)
    for task in tasks:
        make_answer(task, person, {"tone": "good"})
    row = ask(project, person)
    redo._one(row.pk, answer_of(tasks[0], person).pk)
    assert redo.go_on(now=NOW()) == 0
    assert redo.go_on(now=NOW() + redo.STALLED + timedelta(seconds=1)) == 1
    assert (fresh(row).answers, row.status) == (3, "done")


def test_they_have_still_done_it_today(project, person):
    make_answer(make_tasks(project, 1)[0], person, {"tone": "good"})
    before = workspace.today(contributor_id=person.pk, zone="UTC", now=NOW())
    done(project, person)
    assert workspace.today(contributor_id=person.pk, zone="UTC", now=NOW()) == before


# --- By a rule --------------------------------------------------------------------------------------------------------
AT_ONCE = {"days_ago": -5 / 1440}  # of what `seen` makes: after the answers


def test_a_rule_does_so_for_two_independent_grounds(project):
    person = seen(project, **AT_ONCE)
    rule = rule_of(project, TWO, action="redo")
    assert {name: rule.tried[name] for name in ("redone", "redone_good", "answers")} == {
        "redone": 1,
        "redone_good": 0,
        "answers": 6,
    }

    assert [rules.evaluate(now=NOW()) for _twice in range(2)] == [1, 0]

    row = Redo.objects.get()
    assert (row.contributor, row.hit, row.actor_kind) == (person, RuleHit.objects.get(), "system")
    assert row.until - row.since == timedelta(days=7)
    redo.run(redo_id=row.pk)
    assert fresh(row).answers == 6
    assert not Restriction.objects.exists()


def test_for_one_ground_it_only_shows_them(project):
    seen(project, **AT_ONCE)
    rule = rule_of(project, ONE, action="redo")
    assert (rule.tried["people"], rule.tried["redone"], rule.tried["answers"]) == (1, 0, 0)
    assert rules.evaluate(now=NOW()) == 1
    assert not Redo.objects.exists()
