"""Rounds of the dispatcher: who is served, with what, in which order; and that nothing is ever given twice or over its seats."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from annotation.domain import choosing, dispatch, leases, routing, shares
from annotation.models import Annotation, Assignment, DispatchRound, FairShare, Queue, QueueCursor, Task
from tests.factories import make_answer, make_contributor, make_organization, make_project, make_queue, make_tasks
from workforce.domain.actor import SYSTEM
from workforce.models import Presence, Team, TeamMembership

pytestmark = pytest.mark.django_db


def come(place=None, *, roams=False, **fields):
    """Somebody opens the workspace of a project, or lets the scheduler choose."""
    person = make_contributor(**fields)
    leases.seen(contributor_id=person.pk, place=place.public_id, roams=roams)
    return person


def round_():
    return dispatch.offer(now=timezone.now())


def offers(**which):
    return Assignment.objects.filter(status="offered", **which)


def line(project, service_class):
    return Queue.objects.create(
        organization=project.organization, project=project, stage="label", service_class=service_class,
        requirements_sha256=service_class, requirements={}, pace_median_s=30, pace_sigma=0.7,
    )  # fmt: skip


def test_everybody_online_gets_one_offer_a_round_up_to_two():
    project = make_project()
    make_tasks(project, 5, seats=1)
    people = [come(project) for _ in range(3)]
    assert len(round_().offers) == 3
    assert len(round_().offers) == 2  # the seats are used up
    assert round_().offers == []
    held = Counter(offers().values_list("contributor", flat=True))
    assert set(held) == {person.pk for person in people}
    assert max(held.values()) == 2
    assert Task.objects.filter(seats_taken=1, status="open").count() == 5


def test_offers_go_out_in_the_order_of_the_queue_and_wait_to_be_taken():
    project = make_project()
    tasks = make_tasks(project, 4, seats=1)
    person = come(project)
    round_()
    round_()
    assert list(offers().order_by("id").values_list("task", flat=True)) == [tasks[0].pk, tasks[1].pk]
    taken = leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)
    assert (taken.task_id, taken.origin, taken.first) == (tasks[0].pk, "offer", True)


def test_an_offer_is_kept_as_long_as_its_queue_is_slow_within_limits():
    people = {}
    for pace_s, kept_s in ((1.0, 60), (50.0, 150), (5_000.0, 900)):
        project = make_project()
        make_tasks(project)
        Queue.objects.filter(project=project).update(pace_median_s=pace_s)
        people[come(project).pk] = kept_s
    assert len(round_().offers) == 3
    kept = {each.contributor_id: (each.offered_until - timezone.now()).total_seconds() for each in offers()}
    assert kept == pytest.approx(people, abs=20)


def test_who_is_away_or_may_not_gets_nothing():
    project = make_project()
    make_tasks(project)
    away, paused = come(project), come(project, status="paused")
    Presence.objects.filter(pk=away.pk).update(last_seen_at=timezone.now() - timedelta(minutes=2))
    Queue.objects.update(requirements={"countries": ["DE"]})
    stranger = come(project)
    assert round_().offers == []
    assert QueueCursor.objects.get(contributor=stranger).verdict == "country"
    assert not QueueCursor.objects.filter(contributor__in=[away, paused]).exists()


def test_who_roams_gets_the_most_urgent_work_of_all_projects():
    here, there = make_project(), make_project()
    make_tasks(here)
    (urgent,) = make_tasks(there, queue=line(there, "urgent"))
    roamer, stayer = come(here, roams=True), come(here)
    served = round_()
    assert {person.id: each.project for person, each in served.offers} == {roamer.pk: there.pk, stayer.pk: here.pk}
    assert offers(contributor=roamer).get().task_id == urgent.pk
    presence = Presence.objects.get(pk=roamer.pk)
    assert (presence.served_in, presence.streak) == (there.public_id, 1)


def test_tasks_that_somebody_has_had_go_to_others():
    project = make_project()
    tasks = make_tasks(project, 2, seats=2)
    old, new = come(project), come(project)
    make_answer(tasks[0], old, {"tone": "good"})
    round_()
    assert dict(offers().values_list("contributor", "task")) == {old.pk: tasks[1].pk, new.pk: tasks[0].pk}


def test_who_has_had_everything_near_the_head_is_served_from_further_on():
    project = make_project()
    tasks = make_tasks(project, 12, seats=2)
    person = come(project)
    for task in tasks[:11]:
        make_answer(task, person, {"tone": "good"})
    round_()
    assert offers().get().task_id == tasks[11].pk


def test_known_answers_come_among_the_offers_of_those_who_are_due():
    project = make_project(quality={"overlap": {"min": 1, "max": 1}, "gold": {"share": 0.25}})
    make_tasks(project, 80)
    known = make_tasks(project, 1, queue=make_queue(project, purpose="gold"), purpose="gold", seats=50, seats_max=50)
    due, spared = [come(project) for _ in range(30)], [come(project) for _ in range(10)]
    routing.refresh_eligibility(people=[person.pk for person in spared], projects=[project.pk], stages=["label"])
    QueueCursor.objects.filter(contributor__in=spared).update(gold_factor=0)
    round_()
    of_known = offers(task=known[0])
    assert 1 <= of_known.filter(contributor__in=due).count() <= 20  # one in four is drawn
    assert not of_known.filter(contributor__in=spared).exists()


def test_a_household_is_kept_apart_where_the_project_asks():
    project = make_project()
    Queue.objects.update(requirements={"apart": ["household"]})
    tasks = make_tasks(project, 2, seats=3)
    team = Team.objects.create(kind="household", code="abc")
    near = [come(project) for _ in range(2)]
    TeamMembership.objects.bulk_create(TeamMembership(team=team, contributor=person) for person in near)
    stranger = come(project)
    round_()
    round_()
    pairs = list(offers().values_list("contributor", "task"))
    assert len([task for who, task in pairs if who == stranger.pk]) == 2
    of_household = [task for who, task in pairs if who != stranger.pk]
    assert sorted(of_household) == sorted(task.pk for task in tasks)  # each once


def test_a_class_under_its_floor_gets_its_share_of_the_people():
    project = make_project()
    make_tasks(project, 60, seats=1, queue=line(project, "urgent"))
    make_tasks(project, 60, seats=1, queue=line(project, "bulk"))
    FairShare.objects.create(key="class:urgent", minutes=100, at=timezone.now(), upto=0)
    for _ in range(21):
        come(project)
    served = Counter(each.service_class for _person, each in round_().offers)
    assert served == {"urgent": 19, "bulk": 2}  # 5 % of 21, rounded up


def test_a_customer_that_used_its_share_waits_for_the_others():
    greedy, modest = make_project(make_organization()), make_project(make_organization())
    make_tasks(greedy, 2, seats=1)
    make_tasks(modest, 2, seats=1)
    FairShare.objects.create(key=f"org:{greedy.organization_id}", minutes=500, at=timezone.now(), upto=0)
    come(greedy, roams=True)
    ((_person, chosen),) = round_().offers
    assert chosen.project == modest.pk


def test_few_hands_are_kept_for_what_only_they_may_do():
    anybody, few = make_project(), make_project()
    make_tasks(anybody, 4, seats=1)
    make_tasks(few, 4, seats=1)
    Queue.objects.filter(project=few).update(requirements={"countries": ["FR"]})
    french, other = come(anybody, roams=True, country="FR"), come(anybody, roams=True)
    routing.refresh_eligibility(people=[french.pk, other.pk], projects=[anybody.pk, few.pk], stages=["label"])
    assert routing.measure_reach() == 1
    assert list(Queue.objects.order_by("id").values_list("reach", flat=True)) == [1.0, 0.5]
    served = round_()
    assert {person.id: each.project for person, each in served.offers} == {french.pk: few.pk, other.pk: anybody.pk}


def test_known_skill_steers_who_works_where(monkeypatch):
    hard, easy = make_project(), make_project()
    for project in (hard, easy):
        make_tasks(project, 3, seats=1)
    able, other = come(hard, roams=True), come(hard, roams=True)
    known = [
        choosing.Skill(able.pk, hard.pk, 950, 50, 900), choosing.Skill(able.pk, easy.pk, 610, 390, 900),
        choosing.Skill(other.pk, hard.pk, 610, 390, 900), choosing.Skill(other.pk, easy.pk, 700, 300, 900),
    ]  # fmt: skip
    monkeypatch.setattr(choosing, "_skills", lambda _people, _projects: known)
    served = round_()
    assert {person.id: each.project for person, each in served.offers} == {able.pk: hard.pk, other.pk: easy.pk}


def test_a_round_is_kept_for_the_explanation_and_forgotten_after_a_day():
    project = make_project()
    make_tasks(project, 2)
    come(project)
    round_()
    kept = DispatchRound.objects.get()
    assert (kept.people, kept.offers, kept.lost) == (1, 1, 0)
    assert kept.queues == {str(project.queues.get().pk): 1}
    dispatch.forget_rounds(now=timezone.now() + timedelta(hours=25))
    assert not DispatchRound.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_statements_do_not_grow_with_people_and_projects(number, django_assert_max_num_queries):
    projects = [make_project() for _ in range(number)]
    for project in projects:
        make_tasks(project, 4)
        for _ in range(number):
            come(project, roams=True)
    with django_assert_max_num_queries(24):
        assert len(round_().offers) == number * number


def test_heads_rise_over_what_is_done_and_no_further():
    project = make_project()
    tasks = make_tasks(project, 3, seats=1)
    person = make_contributor()
    make_answer(tasks[0], person, {"tone": "good"})
    assert dispatch.raise_heads() == 1
    queue = project.queues.get()
    assert (queue.head_rank, queue.head_id) == (tasks[1].rank, tasks[1].pk - 1)
    assert dispatch.raise_heads() == 0
    assert leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM).task_id == tasks[1].pk


# --- Fair shares ----------------------------------------------------------------------------------------------------
def worked(task, minutes):
    answer = make_answer(task, make_contributor(), {"tone": "good"})
    Annotation.objects.filter(pk=answer.pk).update(active_ms=minutes * 60_000)


def test_minutes_are_counted_once_and_decay():
    project, now = make_project(), timezone.now() + timedelta(minutes=1)
    tasks = make_tasks(project, 2)
    worked(tasks[0], 2)
    assert shares.count(now=now - timedelta(minutes=1)) == 0  # an answer that is being stored may still get a lower key
    assert shares.count(now=now) == 2
    assert shares.count(now=now) == 0
    assert dict(FairShare.objects.values_list("key", "minutes")) == {
        f"org:{project.organization_id}": 2,
        "class:standard": 2,
    }
    worked(tasks[1], 1)
    shares.count(now=now + timedelta(hours=1))
    found = dict(FairShare.objects.values_list("key", "minutes"))
    assert found["class:standard"] == pytest.approx(2)  # half of 2, and 1
    assert found[f"org:{project.organization_id}"] == pytest.approx(3, abs=0.01)
