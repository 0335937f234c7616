"""What may open, and what waits for money or room."""

import pytest

from annotation import subscriptions
from annotation.domain import admission, batches, expiry, intake, leases, outbox, projects, tasks
from annotation.domain.customers import limits
from annotation.models import Batch, Event, Organization, Project, Task
from quality.domain import invariants, pipeline
from tests.factories import fresh, make_answer, make_contributor, make_project
from workforce.domain.actor import SYSTEM, Actor

pytestmark = pytest.mark.django_db

QUALITY = {"overlap": {"min": 2, "max": 4, "confidence": 0.8}, "review": {"share": 0.0, "below_confidence": 0.0}}


@pytest.fixture
def project() -> Project:
    return make_project(price_minor=5, quality={**QUALITY, "gold": {"share": 0.0}})


def budgeted(project: Project, budget: int | None = 45) -> Batch:
    """Of tasks that may cost 20 each."""
    return batches.create(project=project, name=f"b{budget}", by=SYSTEM, budget_minor=budget)


def add(project: Project, batch: Batch | None, count: int) -> list[Task]:
    added = intake.add(
        project=Project.objects.select_related("organization").get(pk=project.pk),
        inputs=[{"payload": {"text": str(number)}} for number in range(count)],
        by=SYSTEM,
        batch=batch,
    )
    return [Task.objects.get(public_id=each.task) for each in added]


def finish(task: Task, answers: int) -> None:
    for _ in range(answers):
        make_answer(task, make_contributor(), {"tone": "good"})
    pipeline.run(keys=[task.public_id])
    assert fresh(task).status == "completed"


def states() -> list[str]:
    return [f"{task.status} {task.waits_for}".strip() for task in Task.objects.order_by("id")]


def nothing_violated() -> None:
    found = [invariants.check(each) for each in invariants.ALL if each.code in ("I3", "I16", "I18")]
    assert [each.examples for each in found] == [[], [], []]


def test_a_budget_opens_what_it_can_pay_in_full_and_the_rest_waits(project: Project) -> None:
    batch = budgeted(project)
    add(project, batch, 4)
    add(project, None, 1)
    assert states() == ["open", "open", "queued budget", "queued budget", "open"]
    assert fresh(batch).held_minor == 40
    add(project, batch, 1)
    said = Event.objects.filter(type="budget.exhausted")
    assert [(each.subject, each.data["budget_minor"]) for each in said] == [(batch.public_id, 45)]
    created = Event.objects.filter(type="task.created").order_by("id").values_list("data__status", flat=True)
    assert list(created) == ["open", "open", "queued", "queued", "open", "queued"]
    queued = Event.objects.filter(type="task.queued").values_list("subject_seq", "data__reason")
    assert list(queued) == [(2, "budget")] * 3
    assert not admission.admit_waiting()
    nothing_violated()


def test_tasks_that_end_give_money_back_and_the_next_in_line_opens(project: Project) -> None:
    batch = budgeted(project)
    first, second, third, fourth = add(project, batch, 4)
    finish(first, 2)
    subscriptions.admit_more(outbox.drain().events)
    assert states() == ["completed", "open", "queued budget", "queued budget"]
    finish(second, 2)
    subscriptions.admit_more(outbox.drain().events)
    assert states() == ["completed", "completed", "open", "queued budget"]
    assert list(Event.objects.filter(type="task.opened").values_list("subject", flat=True)) == [third.public_id]
    tasks.cancel(task_id=third.pk, by=SYSTEM)
    assert admission.admit_waiting() == 1
    assert fresh(fourth).status == "open"
    assert fresh(batch).held_minor == 40
    nothing_violated()


def test_who_found_nothing_finds_what_was_admitted(project: Project) -> None:
    batch = budgeted(project, 20)
    first, second = add(project, batch, 2)
    person = make_contributor()
    by = Actor("contributor", person.public_id)
    lease = leases.take(project_id=project.pk, contributor_id=person.pk, by=by)
    expiry.release(assignment=lease.assignment, contributor_id=person.pk, epoch=lease.epoch, reason="other", by=by)
    with pytest.raises(leases.NothingToLabel):
        leases.take(project_id=project.pk, contributor_id=person.pk, by=by)
    tasks.cancel(task_id=first.pk, by=SYSTEM)
    admission.admit_waiting()
    assert leases.take(project_id=project.pk, contributor_id=person.pk, by=by).task == second.public_id


def test_a_waiting_task_can_be_canceled_and_its_batch_with_it(project: Project) -> None:
    batch = budgeted(project, 0)
    first, _second = add(project, batch, 2)
    tasks.cancel(task_id=first.pk, by=SYSTEM)
    assert states() == ["canceled", "queued budget"]
    assert batches.complete_ended() == 0
    batches.cancel(batch=batch, by=SYSTEM)
    assert states() == ["canceled", "canceled"]
    nothing_violated()


def test_a_raised_budget_opens_at_once_and_none_goes_below_what_is_open(project: Project) -> None:
    batch = budgeted(project)
    add(project, batch, 4)
    batches.change(batch=batch, by=SYSTEM, budget_minor=60)
    assert states() == ["open", "open", "open", "queued budget"]
    with pytest.raises(admission.BudgetExhausted) as refused:
        batches.change(batch=batch, by=SYSTEM, budget_minor=59)
    assert refused.value.params == {"batch": batch.public_id, "needed": 60, "budget": 59}
    batches.change(batch=batch, by=SYSTEM, budget_minor=None)
    assert states() == ["open"] * 4


def test_a_price_that_would_break_a_budget_is_refused(project: Project) -> None:
    project.organization.refresh_from_db()
    batch = budgeted(project)
    add(project, batch, 3)
    changes = projects.Changes(terms={"price_minor": 6})
    with pytest.raises(admission.BudgetExhausted):
        projects.configure(project=project, changes=changes, by=SYSTEM)
    assert fresh(project).terms["price_minor"] == 5
    batches.change(batch=batch, by=SYSTEM, budget_minor=60)
    with pytest.raises(admission.BudgetExhausted):
        projects.configure(project=project, changes=changes, by=SYSTEM)
    batches.change(batch=batch, by=SYSTEM, budget_minor=72)
    assert projects.configure(project=project, changes=changes, by=SYSTEM).terms["price_minor"] == 6
    assert fresh(batch).held_minor == 72


def test_a_lease_of_a_higher_price_is_held_at_that(project: Project) -> None:
    batch = budgeted(project, 20)
    add(project, batch, 1)
    person = make_contributor()
    leases.take(project_id=project.pk, contributor_id=person.pk, by=Actor("contributor", person.public_id))
    projects.configure(project=project, changes=projects.Changes(terms={"price_minor": 1}), by=SYSTEM)
    assert fresh(batch).held_minor == 4 + 4


def test_open_tasks_are_limited_for_the_whole_organization(project: Project) -> None:
    Organization.objects.filter(pk=project.organization_id).update(limits={"open_tasks": 2})
    first, *_rest = add(project, None, 2)
    add(make_project(project.organization), None, 2)
    add(make_project(project.organization, mode="test"), None, 1)
    assert states() == ["open", "open", "queued quota:open_tasks", "queued quota:open_tasks", "open"]
    tasks.cancel(task_id=first.pk, by=SYSTEM)
    assert (admission.admit_waiting(), admission.admit_waiting()) == (1, 0)
    Organization.objects.update(limits={})
    assert admission.admit_waiting() == 1


def test_a_day_costs_no_more_than_its_limit(project: Project) -> None:
    Organization.objects.filter(pk=project.organization_id).update(limits={"spend_day_minor": 50})
    first, *_rest = add(project, budgeted(project, 20), 2)
    add(project, None, 2)
    assert states() == ["open", "queued budget", "open", "queued quota:spend_day"]
    finish(first, 2)
    assert admission.admit_waiting() == 1
    assert states() == ["completed", "queued budget", "open", "open"]


def test_more_than_may_wait_is_refused(project: Project) -> None:
    Organization.objects.filter(pk=project.organization_id).update(limits={"live_tasks": 3})
    add(project, None, 2)
    with pytest.raises(admission.QuotaExceeded) as refused:
        add(project, None, 2)
    assert refused.value.params == {"quota": "live_tasks", "limit": 3, "used": 2}
    assert Task.objects.count() == 2


def test_what_waits_at_the_limit_is_still_admitted(project: Project) -> None:
    limits.limit(organization=project.organization, limits={"live_tasks": 2, "open_tasks": 1}, by=SYSTEM)
    first, _second = add(project, None, 2)
    assert states() == ["open", "queued quota:open_tasks"]
    tasks.cancel(task_id=first.pk, by=SYSTEM)
    assert admission.admit_waiting() == 1


def test_new_limits_are_told_and_let_in_what_they_allow(project: Project) -> None:
    limits.limit(organization=project.organization, limits={"open_tasks": 1}, by=SYSTEM)
    add(project, None, 2)
    limits.limit(organization=project.organization, limits={"open_tasks": None, "live_tasks": 5}, by=SYSTEM)
    assert fresh(project.organization).limits == {"live_tasks": 5}
    assert states() == ["open", "open"]
    said = Event.objects.filter(type="organization.limited").order_by("id").values_list("data__limits", flat=True)
    assert list(said) == [{"open_tasks": 1}, {"live_tasks": 5}]
    for wrong in ({"tasks": 1}, {"open_tasks": -1}):
        with pytest.raises(limits.UnknownLimit):
            limits.limit(organization=project.organization, limits=wrong, by=SYSTEM)


def test_a_large_batch_is_counted_again_less_often(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "ANSWERS_A_SECOND", 0.001)
    batch = budgeted(project, 20)
    first, _second = add(project, batch, 2)
    admission.admit_waiting()
    tasks.cancel(task_id=first.pk, by=SYSTEM)
    assert admission.admit_waiting() == 0
    Batch.objects.update(counted_at=None)
    assert admission.admit_waiting() == 1


def test_without_limits_admission_asks_nothing(project: Project, django_assert_num_queries) -> None:
    batch = budgeted(project, None)
    assert project.organization.limits == {}
    with django_assert_num_queries(0):
        assert admission.judge(project=project, asked=[(batch, 3), (None, 2)]) == []
