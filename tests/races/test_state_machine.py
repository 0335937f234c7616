"""Any acts in any order, some of them at the same moment, while the clock moves: every invariant holds after every step, and nothing is
ever stuck.

`MANYHANDS_STEPS=20000 python3 dev.py test tests/races/test_state_machine.py -n 0` takes a long walk.
"""

import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from annotation.domain import (
    admission,
    answers,
    batches,
    dispatch,
    expiry,
    intake,
    leases,
    outbox,
    project_people,
    projects,
    recall,
    reserve,
    stragglers,
    task_changes,
    tasks,
)
from annotation.models import Assignment, Project, Stage, Task
from quality.domain import invariants, pipeline, redo, review_queue, reviews
from quality.domain.decisions import Decision
from quality.models import Review
from tests.factories import grant_skill, make_contributor, make_project, make_tasks
from workforce.domain import wishes
from workforce.domain.actor import SYSTEM, Actor
from workforce.domain.refusal import Refusal
from workforce.models import Contributor

pytestmark = [pytest.mark.races, pytest.mark.timeout(0)]

STEPS = int(os.environ.get("MANYHANDS_STEPS", "200"))
WALK = 40  # steps of one example
TASKS, PEOPLE, REVIEWERS = 4, 3, 2
ENDED = {Task.Status.COMPLETED, Task.Status.FAILED, Task.Status.CANCELED}
QUALITY = {
    "overlap": {"min": 2, "max": 4, "confidence": 0.9},
    "review": {"share": 0.3, "below_confidence": 0.7},
    "gold": {"share": 0.0},
}

people, reviewers = st.integers(0, PEOPLE - 1), st.integers(0, REVIEWERS - 1)
tones = st.sampled_from(["good", "bad", "mixed"])
ACTS = st.one_of(
    st.tuples(st.just("take"), people),
    st.tuples(st.just("take"), people),
    st.tuples(st.just("reserve"), people),
    st.tuples(st.just("come"), people, st.booleans()),
    st.tuples(st.just("round")),
    st.tuples(st.just("round")),
    st.tuples(st.just("lift_heads")),
    st.tuples(st.just("rest"), people, st.booleans()),
    st.tuples(st.just("ask_others"), people),
    st.tuples(st.just("open_reserved"), people),
    st.tuples(st.just("beat"), people),
    st.tuples(st.just("extend"), people),
    st.tuples(st.just("leave_page"), people),
    st.tuples(st.just("other_tab"), people),
    st.tuples(st.just("answer"), people, tones),
    st.tuples(st.just("answer"), people, tones),
    st.tuples(st.just("answer_from_old_tab"), people, tones),
    st.tuples(st.just("answer_late"), people, tones),
    st.tuples(st.just("send_again"), people),
    st.tuples(st.just("cannot_judge"), people),
    st.tuples(st.just("skip"), people),
    st.tuples(st.just("take_back"), people),
    st.tuples(st.just("review"), reviewers, st.sampled_from(["accept", "correct", "return", "reject", "escalate"])),
    st.tuples(st.just("review"), reviewers, st.sampled_from(["accept", "correct", "return", "reject", "escalate"])),
    st.tuples(st.just("cancel"), st.integers(0, TASKS - 1)),
    st.tuples(st.just("reopen"), st.integers(0, TASKS - 1)),
    st.tuples(st.just("reopen"), st.integers(0, TASKS - 1)),
    st.tuples(st.just("redo"), people),
    st.tuples(st.just("post"), st.integers(1, 2)),
    st.tuples(st.just("budget"), st.sampled_from([0, 20, 45, 100])),
    st.tuples(st.just("price"), st.sampled_from([1, 5, 8])),
    st.tuples(st.just("admit")),
    st.tuples(st.just("pause")),
    st.tuples(st.just("resume")),
    st.tuples(st.just("keep_out"), people, st.booleans()),
    st.tuples(st.just("let_in"), people),
    st.tuples(st.just("judge")),
    st.tuples(st.just("drain")),
    st.tuples(st.just("sweep")),
)


class House(RuleBasedStateMachine):
    """A project with a few tasks, a few people and two reviewers. `together` runs calls in threads with connections of their own."""

    together: Callable[..., list[Any]]

    @initialize()
    def begin(self) -> None:
        emptied()
        self.project: Project = make_project(quality=QUALITY)
        self.tasks = make_tasks(self.project, TASKS, seats=2, seats_max=4)
        self.people = [make_contributor() for _ in range(PEOPLE)]
        self.reviewers = [make_contributor() for _ in range(REVIEWERS)]
        for person in self.reviewers:
            grant_skill(person, "review")
            grant_skill(person, "adjudicate")
        self.sent: dict[int, dict[str, Any]] = {}
        self.batch = batches.create(project=self.project, name="Budget", by=SYSTEM, budget_minor=45)
        self._post(3)

    # --- Steps -------------------------------------------------------------------------------------------------------
    @rule(act=ACTS)
    def one(self, act: tuple[Any, ...]) -> None:
        self.do(act)

    @rule(acts=st.lists(ACTS, min_size=2, max_size=3))
    def at_once(self, acts: list[tuple[Any, ...]]) -> None:
        ended = self.together(*(lambda act=act: self.do(act) for act in acts))
        assert [each for each in ended if isinstance(each, BaseException)] == []

    @rule(minutes=st.sampled_from([0.5, 2, 11, 65, 60 * 49]))
    def time_passes(self, minutes: float) -> None:
        """The clock stands still while everything in the past moves away from it."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE assignment SET offered_until = offered_until - %(by)s, leased_at = leased_at - %(by)s, leased_until ="
                " leased_until - %(by)s, lease_cap_at = lease_cap_at - %(by)s, ended_at = ended_at - %(by)s",
                {"by": timedelta(minutes=minutes)},
            )

    @precondition(lambda self: hasattr(self, "project"))
    @invariant()
    def everything_holds(self) -> None:
        found = [invariants.check(each) for each in invariants.ALL]
        assert [(each.invariant.code, each.examples) for each in found if each.violations] == []

    def teardown(self) -> None:
        """Whatever happened, the work comes to its end: enough people and a reviewer finish it."""
        if not hasattr(self, "project"):
            return
        self.do(("resume",))
        batches.change(batch=self.batch, by=SYSTEM, budget_minor=10_000)
        self.time_passes(60 * 49)
        for _ in range(12):
            for act in ("sweep", "judge", "drain"):
                self.do((act,))
            crowd = [make_contributor() for _ in range(4)]
            for person in crowd:
                while self._answered(person):
                    pass
            self.do(("judge",))
            judge = make_contributor()
            grant_skill(judge, "review")
            grant_skill(judge, "adjudicate")
            while self._reviewed(judge, "correct"):
                pass
            if set(Task.objects.filter(project=self.project).values_list("status", flat=True)) <= ENDED:
                break
        stuck = Task.objects.filter(project=self.project).exclude(status__in=ENDED)
        assert list(stuck.values_list("public_id", "status", "stage", "seats", "seats_taken", "answers")) == []
        assert not Review.objects.filter(task__project=self.project, status=Review.Status.REQUESTED).exists()
        self.everything_holds()

    # --- Acts --------------------------------------------------------------------------------------------------------
    def do(self, act: tuple[Any, ...]) -> None:
        """Carry it out; a refusal is an answer like any other."""
        name, *rest = act
        with suppress(Refusal):
            getattr(self, f"_{name}")(*rest)

    def _take(self, person: int) -> None:
        leases.take(project_id=self.project.pk, contributor_id=self.people[person].pk, by=self._by(person))

    def _reserve(self, person: int) -> None:
        reserve.top_up(project=Project.objects.get(pk=self.project.pk), contributor_id=self.people[person].pk)

    def _reopen(self, task: int) -> None:
        task_changes.reopen(task_id=self.tasks[task].pk, by=SYSTEM)

    def _redo(self, person: int) -> None:
        now = timezone.now()
        since = now - timedelta(days=365)
        asked = redo.ask(project=self.project, contributor_id=self.people[person].pk, since=since, by=SYSTEM, now=now)
        redo.run(redo_id=asked.pk)

    def _come(self, person: int, roams: bool) -> None:
        leases.seen(contributor_id=self.people[person].pk, place=self.project.public_id, roams=roams)

    def _round(self) -> None:
        dispatch.offer(now=timezone.now())

    def _lift_heads(self) -> None:
        dispatch.raise_heads()

    def _rest(self, person: int, long: bool) -> None:
        now = timezone.now()
        until = now + timedelta(hours=1) if long else None
        wishes.rest(contributor=self.people[person], until=until, now=now, by=self._by(person))

    def _ask_others(self, person: int) -> None:
        for held in self._held(person):
            stragglers.free_seat(assignment_id=held.pk)

    def _open_reserved(self, person: int) -> None:
        key = self.people[person].pk
        for offer in leases.ahead(project_id=self.project.pk, contributor_id=key)[:1]:
            leases.take(project_id=self.project.pk, contributor_id=key, by=self._by(person), offer=offer.assignment)

    def _beat(self, person: int) -> None:
        for held in self._held(person):
            leases.beat(
                assignment=held.public_id,
                contributor_id=held.contributor_id,
                epoch=held.epoch,
                active_ms=1000,
                place="",
            )

    def _extend(self, person: int) -> None:
        for held in self._held(person):
            leases.extend(assignment=held.public_id, contributor_id=held.contributor_id, epoch=held.epoch)

    def _leave_page(self, person: int) -> None:
        for held in self._held(person):
            leases.leaving(assignment=held.public_id, contributor_id=held.contributor_id, epoch=held.epoch)

    def _other_tab(self, person: int) -> None:
        leases.resume(project_id=self.project.pk, contributor_id=self.people[person].pk, by=self._by(person))

    def _answer(self, person: int, tone: str) -> None:
        for held in self._held(person):
            self._send(person, held, {"value": {"tone": tone}}, held.epoch)

    def _answer_from_old_tab(self, person: int, tone: str) -> None:
        for held in self._held(person):
            self._send(person, held, {"value": {"tone": tone}}, held.epoch - 1)

    def _answer_late(self, person: int, tone: str) -> None:
        mine = Assignment.objects.filter(contributor=self.people[person], stage=Stage.LABEL)
        for held in mine.filter(status__in=["expired", "revoked"]).order_by("-id")[:1]:
            self._send(person, held, {"value": {"tone": tone}}, held.epoch)

    def _send_again(self, person: int) -> None:
        if said := self.sent.get(person):
            answers.submit(**said)

    def _cannot_judge(self, person: int) -> None:
        for held in self._held(person):
            self._send(
                person, held, {"exit": {"type": "cannot_judge", "reason": "other", "note": "Too blurred."}}, held.epoch
            )

    def _send(self, person: int, held: Assignment, envelope: dict[str, Any], epoch: int) -> None:
        self.sent[person] = {
            "assignment": held.public_id,
            "contributor_id": held.contributor_id,
            "epoch": epoch,
            "client_key": uuid.uuid4(),
            "envelope": envelope,
            "active_ms": 4000,
            "by": self._by(person),
        }
        answers.submit(**self.sent[person])

    def _skip(self, person: int) -> None:
        for held in self._held(person):
            expiry.release(
                assignment=held.public_id,
                contributor_id=held.contributor_id,
                epoch=held.epoch,
                reason="other",
                by=self._by(person),
            )

    def _take_back(self, person: int) -> None:
        if said := self.sent.get(person):
            recall.recall(assignment=said["assignment"], contributor_id=self.people[person].pk, by=self._by(person))

    def _review(self, reviewer: int, decision: str) -> None:
        self._reviewed(self.reviewers[reviewer], decision)

    def _cancel(self, task: int) -> None:
        tasks.cancel(task_id=self.tasks[task].pk, by=SYSTEM)

    def _post(self, count: int) -> None:
        inputs = [{"payload": {"text": f"Text {number}"}} for number in range(count)]
        intake.add(project=Project.objects.get(pk=self.project.pk), inputs=inputs, by=SYSTEM, batch=self.batch)

    def _budget(self, minor: int) -> None:
        batches.change(batch=self.batch, by=SYSTEM, budget_minor=minor)

    def _price(self, minor: int) -> None:
        projects.configure(project=self.project, changes=projects.Changes(terms={"price_minor": minor}), by=SYSTEM)

    def _admit(self) -> None:
        admission.admit_waiting()

    def _pause(self) -> None:
        projects.pause(project=self.project, by=SYSTEM)

    def _resume(self) -> None:
        projects.resume(project=self.project, by=SYSTEM)

    def _keep_out(self, person: int, at_once: bool) -> None:
        project_people.exclude(project=self.project, contributor=self.people[person], by=SYSTEM, at_once=at_once)

    def _let_in(self, person: int) -> None:
        project_people.readmit(project=self.project, contributor=self.people[person], by=SYSTEM)

    def _judge(self) -> None:
        pipeline.redrive()

    def _drain(self) -> None:
        outbox.drain()

    def _sweep(self) -> None:
        expiry.expire(now=timezone.now())
        expiry.lapse(now=timezone.now())
        review_queue.withdraw()

    # --- Helpers -----------------------------------------------------------------------------------------------------
    def _by(self, person: int) -> Actor:
        return Actor("contributor", self.people[person].public_id)

    def _held(self, person: int) -> list[Assignment]:
        """The person's youngest lease, if there is one."""
        mine = Assignment.objects.filter(contributor=self.people[person], stage=Stage.LABEL, status="leased")
        return list(mine.order_by("-id")[:1])

    def _answered(self, person: Contributor) -> bool:
        """Take the next task and answer it; False if there is none."""
        by = Actor("contributor", person.public_id)
        try:
            lease = leases.take(project_id=self.project.pk, contributor_id=person.pk, by=by)
        except leases.NothingToLabel:
            return False
        answers.submit(
            assignment=lease.assignment, contributor_id=person.pk, epoch=lease.epoch, client_key=uuid.uuid4(),
            envelope={"value": {"tone": "good"}}, active_ms=4000, by=by,
        )  # fmt: skip
        return True

    def _reviewed(self, person: Contributor, decision: str) -> bool:
        """Take the next review and decide; False if there is none."""
        by = Actor("contributor", person.public_id)
        try:
            seat = review_queue.take(project_id=self.project.pk, contributor_id=person.pk, by=by)
        except leases.NothingToLabel:
            return False
        counting = ["pending", "accepted", "corrected"]
        answer = Task.objects.get(public_id=seat.task).annotations.filter(status__in=counting).order_by("-id").first()
        said = Decision(
            decision=decision,
            answer=answer.public_id if answer else "",
            value={"tone": "mixed"} if decision == "correct" else None,
            reasons=["wrong"] if decision in ("return", "reject") else [],
            note="Look again." if decision in ("return", "reject") else "",
        )
        reviews.decide(
            assignment=seat.assignment, contributor_id=person.pk, epoch=seat.epoch, decision=said, active_ms=3000, by=by
        )
        return True


def emptied() -> None:
    """So that the invariants of a long walk do not count all that earlier examples left."""
    tables = set(connection.introspection.django_table_names(only_existing=True)) - {
        "django_migrations",
        "django_content_type",
    }
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE " + ", ".join(sorted(map(connection.ops.quote_name, tables))))


def test_any_acts_in_any_order(together):
    class Walk(House):
        pass

    Walk.together = staticmethod(together)
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=max(1, STEPS // WALK),
            stateful_step_count=WALK,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
