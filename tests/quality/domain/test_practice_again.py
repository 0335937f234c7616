"""Practice on demand: a project says how much comes first; the rest is kept for whom a rule or a person asks to practise again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from annotation.domain import dispatch, eligibility, expiry, explanations, leases, projects, reserve, routing
from annotation.domain.projects import Changes
from annotation.models import Assignment, Event, Project, Purpose, Stage, Task
from annotation.queries import practice as practice_reads
from annotation.queries.workspace import elsewhere
from annotation.web import practice_words
from annotation.web.notice_words import worded
from annotation.web.verdict_words import missing
from quality.domain import gold, invariants, rules
from quality.domain import practice as again
from quality.domain.practice import NoPracticeLeft
from quality.domain.restrictions import ReasonMissing
from quality.models import GoldItem, Rule, RuleHit, Scorecard
from tests.factories import fresh, make_contributor, make_project, make_tasks
from tests.quality.domain.test_practice import do, practice, take
from tests.quality.domain.test_rules import enabled, known
from workforce.domain.actor import SYSTEM, Actor
from workforce.models import Contributor, Earning, Notice

pytestmark = pytest.mark.django_db

BY = Actor("member", "usr_one")
NOW = timezone.now


def planted(project: Project, count: int, first: int | None = None) -> list[int]:
    """So much practice, of which so much comes first; its tasks, by age."""
    items = [practice(project) for _n in range(count)]
    projects.configure(project=project, changes=Changes(quality={"gold": {"first": first}}), by=SYSTEM)
    return [item.task_id for item in items]


def ask(project: Project, person: Contributor, count: int, reason: str = "Sarcasm is often missed.") -> int:
    return again.require(project=project, contributor=person, count=count, reason=reason, by=BY)


def done(project: Project, person: Contributor, count: int) -> list[int]:
    return [do(project, person).pk for _n in range(count)]


def told(project: Project, person: Contributor) -> eligibility.Verdict:
    """What is said of the project's work."""
    board = routing.board(contributor=person, projects=[project], stage=Stage.LABEL)[project.pk]
    (verdict,) = [verdict for queue, verdict in board if queue.purpose == Purpose.WORK]
    return verdict


@pytest.fixture
def project() -> Project:
    made = make_project(price_minor=7)
    make_tasks(made, 4)
    return made


@pytest.fixture
def person() -> Contributor:
    return make_contributor()


# --- What comes first -------------------------------------------------------------------------------------------------
def test_the_oldest_so_many_come_first_by_age_and_the_same_for_all(project):
    tasks = planted(project, 4, first=2)
    for person in (make_contributor(), make_contributor()):
        first, second, third = done(project, person, 3)
        assert [first, second] == tasks[:2]
        assert Task.objects.get(pk=third).purpose == Purpose.WORK


@pytest.mark.parametrize(("first", "count"), [(None, 3), (0, 0), (1, 1), (9, 3)])
def test_how_many_come_first(project, person, first, count):
    tasks = planted(project, 3, first)
    assert done(project, person, count) == tasks[:count]
    assert do(project, person).purpose == Purpose.WORK


def test_a_seat_that_came_back_changes_nothing_in_the_order(project, person):
    tasks = planted(project, 3, first=2)
    other = make_contributor()
    done(project, other, 1)
    taken = take(project, other)
    expiry.release(
        assignment=taken.assignment, contributor_id=other.pk, epoch=taken.epoch, reason="not_for_me", by=SYSTEM
    )
    assert done(project, person, 2) == tasks[:2]


def test_where_one_of_the_first_retires_the_next_takes_its_place(project, person):
    tasks = planted(project, 3, first=1)
    assert done(project, person, 1) == tasks[:1]
    assert do(project, person).purpose == Purpose.WORK
    gold.retire(item=GoldItem.objects.get(task=tasks[0]), by=SYSTEM)
    assert done(project, person, 1) == tasks[1:2]
    assert done(project, make_contributor(), 1) == tasks[1:2]


def test_offers_go_no_further_than_the_claim(project, person):
    tasks = planted(project, 4, first=1)
    reserve.top_up(project=project, contributor_id=person.pk)
    assert list(Assignment.objects.filter(contributor=person).values_list("task_id", flat=True)) == tasks[:1]
    leases.seen(contributor_id=(other := make_contributor()).pk, place=project.public_id)
    for _round in range(3):
        dispatch.offer(now=NOW())
    held = set(Assignment.objects.filter(contributor=other).values_list("task_id", flat=True))
    assert held & set(tasks) == {tasks[0]}


def test_what_is_kept_is_no_open_work(project, person):
    planted(project, 3, first=1)
    done(project, person, 5)
    (why,) = explanations.of_person(contributor=person)
    assert why.open_tasks == 0
    with pytest.raises(leases.NothingToLabel):
        take(project, person)
    practice(project)
    assert elsewhere(contributor_id=person.pk, project_id=make_project().pk) == []


# --- By a person ------------------------------------------------------------------------------------------------------
def test_so_much_that_they_have_not_had_comes_before_their_next_other_task(project, person):
    tasks = planted(project, 5, first=1)
    assert done(project, person, 1) == tasks[:1]
    begun = take(project, person)

    assert ask(project, person, 2) == 2

    assert done(project, person, 2) == tasks[1:3]
    assert Task.objects.get(pk=take(project, person).task_id).purpose == Purpose.WORK
    assert Assignment.objects.get(public_id=begun.assignment).status == "leased"  # what was begun is theirs
    assert done(project, make_contributor(), 1) == tasks[:1]  # of others nothing is asked
    assert Earning.objects.filter(contributor=person).values_list("amount_minor", flat=True).count() == 3
    assert [found.invariant.code for found in map(invariants.check, invariants.ALL) if found.violations] == []


def test_less_where_less_is_left_and_none_is_refused(project, person):
    tasks = planted(project, 3, first=1)
    done(project, person, 1)
    assert ask(project, person, 20) == 2
    assert done(project, person, 2) == tasks[1:]
    with pytest.raises(NoPracticeLeft):
        ask(project, person, 1)
    assert Notice.objects.filter(code="practice_asked").count() == 1
    assert do(project, person).purpose == Purpose.WORK


def test_a_reason_is_needed(project, person):
    planted(project, 2, first=0)
    with pytest.raises(ReasonMissing):
        ask(project, person, 1, " ")
    assert told(project, person).code == ""


def test_asked_twice_is_not_more_and_never_less(project, person):
    tasks = planted(project, 5, first=0)
    assert [ask(project, person, count) for count in (3, 2, 3)] == [3, 3, 3]
    assert done(project, person, 3) == tasks[:3]
    assert do(project, person).purpose == Purpose.WORK
    assert ask(project, person, 1) == 1
    assert done(project, person, 1) == tasks[3:4]


def test_what_retires_meanwhile_is_not_made_up_for(project, person):
    tasks = planted(project, 3, first=0)
    ask(project, person, 2)
    gold.retire(item=GoldItem.objects.get(task=tasks[0]), by=SYSTEM)
    assert done(project, person, 1) == tasks[1:2]
    assert do(project, person).purpose == Purpose.WORK


def test_who_gives_it_back_has_had_it(project, person):
    planted(project, 2, first=0)
    ask(project, person, 1)
    taken = take(project, person)
    expiry.release(
        assignment=taken.assignment, contributor_id=person.pk, epoch=taken.epoch, reason="not_for_me", by=SYSTEM
    )
    assert do(project, person).purpose == Purpose.WORK


def test_an_offer_of_other_work_waits_until_they_have_practised(project, person):
    tasks = planted(project, 1, first=0)
    reserve.top_up(project=project, contributor_id=person.pk, wanted=1)
    (offer,) = leases.ahead(project_id=project.pk, contributor_id=person.pk)
    ask(project, person, 1)
    with pytest.raises(leases.OfferLapsed):
        leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM, offer=offer.assignment)
    assert done(project, person, 1) == tasks


def test_they_are_told_why_how_much_and_that_it_is_paid(project, person):
    planted(project, 3, first=0)
    ask(project, person, 2)
    verdict = told(project, person)
    assert (verdict.code, verdict.params["left"], verdict.params["asked"]) == ("practice_first", 2, 2)
    said = missing(verdict, {})
    assert said.what == ("Before other work, the project asks you to do 2 tasks for practice. Sarcasm is often missed.")
    assert "paid like any other" in said.remedy
    (notice,) = worded(Notice.objects.filter(contributor=person))
    assert project.name in notice.title
    assert "2 tasks for practice. Sarcasm is often missed. They are paid" in notice.text
    event = Event.objects.get(type="practice.required")
    assert (event.actor, event.data["tasks"]) == ("usr_one", 2)
    with override("en"):
        first, last = (practice_words.in_hand(standing(take(project, person), person)) for _n in range(2))
    assert (first["why"], first["rest"]) == ("Sarcasm is often missed.", "1 more comes after it.")
    assert (last["why"], last["rest"]) == ("Sarcasm is often missed.", "It is the last one before other work.")


def standing(taken: leases.Taken, person: Contributor):
    assert taken.terms["practice"] is True
    return practice_reads.standing(task_id=taken.task_id, contributor_id=person.pk)


def test_first_practice_has_no_reason_and_other_tasks_say_nothing(project, person):
    planted(project, 1)
    verdict = told(project, person)
    assert verdict.params == {"left": 1}
    assert missing(verdict, {}).what == "There is something to practise here first."
    taken = take(project, person)
    assert standing(taken, person).why == {}
    assert "practice" not in take(project, person).terms


def test_the_manager_sees_how_much_is_left(project, person):
    planted(project, 2, first=0)
    ask(project, person, 2)
    rows = eligibility.table(contributor_id=person.pk, project_id=project.pk, stage=Stage.LABEL)
    (row,) = [row for row in rows if row.code == "practice_first" and row.failed]
    assert row.params["left"] == 2


# --- By a rule --------------------------------------------------------------------------------------------------------
def ruled(project: Project, **changes) -> tuple[Rule, Contributor]:
    """A rule in force that hits somebody."""
    person = known(project, [0.0] * 4)
    return enabled(project, action="require_practice", practice=2, **changes), person


def test_a_rule_asks_once_a_window(project):
    rule, person = ruled(project)
    tasks, now = planted(project, 3, first=0), NOW()

    assert [rules.evaluate(now=now) for _twice in range(2)] == [1, 0]

    assert RuleHit.objects.get().practice == 2
    notice = Notice.objects.get(contributor=person)
    assert (notice.code, notice.params["asked"]) == ("practice_asked", 2)
    (words,) = worded([notice])
    assert "0 of 4 of your checked answers" in words.text
    assert rule.name not in words.title + words.text
    assert Event.objects.get(type="practice.required").data["rule"] == rule.public_id
    assert done(project, person, 2) == tasks[:2]
    assert do(project, person).purpose == Purpose.WORK
    card = Scorecard.objects.get(contributor=person)
    assert (card.raised_until, card.reviewed_until) == (None, None)
    later = now + timedelta(days=31)
    assert rules.evaluate(now=later) == 0  # what was seen is older than the window


def test_without_practice_left_it_asks_to_read_again_and_the_hit_says_so(project):
    rule, person = ruled(project)
    for _twice in range(2):
        rules.evaluate(now=NOW())
    assert RuleHit.objects.get().practice == 0
    assert Notice.objects.get(contributor=person).code == "read_again"
    assert told(project, person).code == ""
    assert not Event.objects.filter(type="practice.required").exists()
    assert rule.hits.count() == 1


def test_a_trial_says_for_whom_there_is_none_left_and_does_nothing(project):
    rule, person = ruled(project)
    assert rule.tried["without_practice"] == 1
    planted(project, 1, first=0)
    rule = rules.try_out(rule=rule, now=NOW())
    assert (rule.tried["people"], rule.tried["without_practice"]) == (1, 0)
    assert told(project, person).code == ""
    assert not Notice.objects.exists()


@pytest.mark.parametrize("number", [0, 21])
def test_a_rule_asks_for_one_to_twenty(project, number):
    rule, _person = ruled(project)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rule.objects.filter(pk=rule.pk).update(practice=number)
    assert fresh(rule).practice == 2


@pytest.mark.parametrize("people", [1, 3])
def test_statements_do_not_grow_with_people(project, people, django_assert_max_num_queries):
    for _each in range(people):
        known(project, [0.0] * 3)
    known(project, [1.0] * 3)
    planted(project, 3, first=0)
    enabled(project, action="require_practice")
    with django_assert_max_num_queries(18):
        assert rules.evaluate(now=NOW()) == people
