"""Rules: written, tried on what has happened, in force; they hit once per window, and take nothing away."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from annotation.models import Annotation, Assignment, Event
from annotation.web.notice_words import worded
from quality.domain import restrictions, rules
from quality.domain.rules import InvalidRule, NameTaken, NotTried, Terms
from quality.models import ContributorSkill, EstimatorRun, Evidence, Restriction, Rule, RuleHit, Scorecard
from quality.queries.rules import bucket
from tests.factories import make_answer, make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM, Actor
from workforce.models import Notice

pytestmark = pytest.mark.django_db

POOR = {"all": [{"fact": "gold.share", "op": "<", "value": 0.6}, {"fact": "gold.n", "op": ">=", "value": 3}]}


def write(project, **changes) -> Rule:
    terms = {"window_d": 30, "least": 3, "condition": POOR, "action": "flag", **changes}
    return rules.create(project=project, name="Careless", terms=Terms(**terms), by=SYSTEM)


def known(project, outcomes, *, days_ago: float = 0):
    """Somebody new with these known answers, first to last, an hour apart."""
    person = make_contributor()
    more(project, person, outcomes, days_ago=days_ago)
    return person


def more(project, person, outcomes, *, days_ago: float = 0) -> None:
    Scorecard.objects.get_or_create(project=project, contributor=person, defaults={"n": 1})
    for place, (task, outcome) in enumerate(zip(make_tasks(project, len(outcomes)), outcomes, strict=True)):
        Evidence.objects.create(
            annotation=make_answer(task, person, {"tone": "good"}),
            project=project,
            contributor=person,
            kind="gold",
            outcome=outcome,
            weight=1,
            created_at=timezone.now() - timedelta(days=days_ago, hours=len(outcomes) - place),
        )


def test_a_rule_is_written_and_not_in_force():
    rule = write(make_project())
    assert (rule.status, rule.version, rule.tried) == ("draft", 1, None)
    assert Event.objects.get(type="rule.created").data == {"name": "Careless"}


def test_a_condition_that_cannot_be_read_is_refused_with_its_places():
    with pytest.raises(InvalidRule) as refused:
        write(make_project(), condition={"all": [{"fact": "mood", "op": "<", "value": 1}]})
    assert [each.path for each in refused.value.problems] == ["/condition/all/0/fact"]


def test_two_rules_of_a_project_have_different_names():
    project = make_project()
    write(project)
    with pytest.raises(NameTaken):
        write(project)


def test_what_has_not_been_tried_is_not_put_into_force():
    rule = write(make_project())
    with pytest.raises(NotTried):
        rules.enable(rule=rule, by=SYSTEM)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rule.objects.update(status="enabled")


def test_a_change_is_another_version_and_takes_it_out_of_force():
    project = make_project()
    rule = rules.enable(rule=rules.try_out(rule=write(project), now=timezone.now()), by=SYSTEM)
    rule = rules.change(rule=rule, terms=Terms(7, 5, POOR["all"][0], "raise_gold", 3), by=SYSTEM)
    assert (rule.status, rule.version, rule.tried, rule.window_d) == ("draft", 2, None, 7)
    with pytest.raises(InvalidRule):
        rules.change(rule=rule, terms=Terms(7, 5, {}, "flag"), by=SYSTEM)


def test_a_trial_says_whom_when_and_who_was_good_later_and_does_nothing():
    project = make_project()
    poor = known(project, [0.0, 0.0, 1.0, 0.0], days_ago=40)
    misjudged = known(project, [0.0, 0.0, 0.0], days_ago=40)
    more(project, misjudged, [1.0] * 8, days_ago=5)
    known(project, [1.0] * 6)
    known(project, [0.0, 0.0], days_ago=3)  # too few
    known(project, [0.0] * 5, days_ago=130)  # too long ago

    tried = rules.try_out(rule=write(project, action="raise_gold"), now=timezone.now()).tried

    assert (tried["people"], tried["hits"], tried["good"]) == (2, 2, 1)
    assert {row["good"] for row in tried["rows"]} == {True, False}
    assert [row["facts"]["gold.n"] for row in tried["rows"]] == [3, 3]
    assert not RuleHit.objects.exists()
    assert Scorecard.objects.get(contributor=poor).raised_until is None


def enabled(project, **changes) -> Rule:
    return rules.enable(rule=rules.try_out(rule=write(project, **changes), now=timezone.now()), by=SYSTEM)


def test_a_rule_in_force_hits_once_a_window():
    project, now = make_project(), timezone.now()
    poor = known(project, [0.0] * 4)
    known(project, [1.0] * 4)
    rule = enabled(project)

    assert [rules.evaluate(now=now) for _ in range(2)] == [1, 0]
    hit = RuleHit.objects.get()
    assert (hit.rule, hit.contributor, hit.facts["gold.n"]) == (rule, poor, 4)
    assert rules.evaluate(now=now + timedelta(days=15)) == int(bucket(rule, now + timedelta(days=15)) != hit.bucket)


def test_more_known_answers_for_a_while():
    project, now = make_project(), timezone.now()
    poor, fine = known(project, [0.0] * 4), known(project, [1.0] * 4)
    enabled(project, action="raise_gold", days=3)
    rules.evaluate(now=now)
    assert Scorecard.objects.get(contributor=poor).raised_until == now + timedelta(days=3)
    assert Scorecard.objects.get(contributor=fine).raised_until is None


def test_all_work_reviewed_for_a_while():
    project, now = make_project(), timezone.now()
    poor, fine = known(project, [0.0] * 4), known(project, [1.0] * 4)
    enabled(project, action="review_all", days=3)
    rules.evaluate(now=now)
    assert Scorecard.objects.get(contributor=poor).reviewed_until == now + timedelta(days=3)
    assert Scorecard.objects.get(contributor=fine).reviewed_until is None


def test_a_reminder_once_a_window_that_does_not_say_what_was_missed():
    project, now = make_project(), timezone.now()
    poor = known(project, [0.0] * 4)
    known(project, [1.0] * 4)
    rule = enabled(project, action="notify")
    for _each in range(2):
        rules.evaluate(now=now)
    notice = Notice.objects.get()
    assert (notice.contributor, notice.code) == (poor, "read_again")
    assert notice.params == {"project": project.public_id, "project_name": project.name}
    (words,) = worded([notice])
    assert project.name in words.title
    assert "pay stay" in words.text
    assert Scorecard.objects.get(contributor=poor).raised_until is None
    assert rule.name not in words.title + words.text


@pytest.mark.parametrize("stop", ["disable", "pause", "draft"])
def test_a_rule_out_of_force_hits_nobody(stop):
    project = make_project()
    known(project, [0.0] * 4)
    rule = enabled(project) if stop != "draft" else write(project)
    if stop == "disable":
        rules.disable(rule=rule, by=SYSTEM)
    elif stop == "pause":
        type(project).objects.filter(pk=project.pk).update(status="paused")
    assert rules.evaluate(now=timezone.now()) == 0


@pytest.mark.parametrize("action", ["raise_gold", "review_all", "notify"])
@pytest.mark.parametrize("people", [1, 3])
def test_statements_do_not_grow_with_people(people, action, django_assert_max_num_queries):
    project = make_project()
    for _each in range(people):
        known(project, [0.0] * 3)
    enabled(project, action=action)
    with django_assert_max_num_queries(9):
        assert rules.evaluate(now=timezone.now()) == people


# --- What is not evidence by itself -----------------------------------------------------------------------------------
FELL = {"all": [{"fact": "drift.score", "op": ">=", "value": 3}]}


def test_a_fall_is_found_when_the_watch_raised_its_alarm_and_for_as_long_as_the_window():
    project, now = make_project(), timezone.now()
    fallen = known(project, [1.0] * 14 + [0.0] * 4, days_ago=3)
    more(project, fallen, [1.0])  # the test begins anew, and the alarm stays in the window
    known(project, [1.0] * 14 + [0.0])
    known(project, [0.0] * 6)  # never trusted, so never watched
    rule = write(project, condition=FELL, window_d=10)

    tried = rules.try_out(rule=rule, now=now).tried

    (row,) = tried["rows"]
    assert row["facts"]["drift.score"] == pytest.approx(3.1, abs=0.1)
    alarm = Evidence.objects.filter(contributor=fallen).order_by("id")[17]
    assert row["at"] == alarm.created_at.isoformat()
    rules.enable(rule=rule, by=SYSTEM)
    assert rules.evaluate(now=now) == 1
    assert RuleHit.objects.get().contributor == fallen
    assert rules.evaluate(now=now + timedelta(days=30)) == 0


def took(project, person, ends: str) -> None:
    """Tasks, first to last, an hour apart: b, given back; x, run out; l, left for a reason; a, answered."""
    for place, (task, end) in enumerate(zip(make_tasks(project, len(ends)), ends, strict=True)):
        at = timezone.now() - timedelta(hours=len(ends) - place)
        if end in "al":
            exit_ = "broken" if end == "l" else ""
            with time_machine.travel(at, tick=False):
                make_answer(task, person, None if exit_ else {"tone": "good"}, exit_=exit_)
        else:
            seat = {"organization": project.organization, "project": project, "task": task, "contributor": person}
            status = {"b": "returned", "x": "expired"}[end]
            Assignment.objects.create(**seat, stage="label", origin="claim", status=status, ended_at=at)


ROW = {"fact": "skips.row", "op": ">=", "value": 3}
BACK = {"any": [{"fact": "skips.share", "op": ">", "value": 0.5}, ROW]}
LEFT = {"fact": "exits.share", "op": ">=", "value": 0.5}


@pytest.mark.parametrize(
    ("ends", "condition", "hits"),
    [
        ("ababab", BACK, False),
        ("abbb", BACK, True),
        ("abbabb", BACK, True),
        ("aaaaabbbaa", BACK, True),
        ("aaaaabbabb", ROW, False),
        ("aaaabbxb", ROW, False),
        ("xxxbbaaa", BACK, False),
        ("bbb", BACK, False),  # too few
        ("aaalll", LEFT, True),
        ("bbbaaaaalll", LEFT, False),
        ("lll", LEFT, False),  # too few
    ],
)
def test_tasks_given_back_or_left(ends, condition, hits):
    project = make_project()
    took(project, make_contributor(), ends)
    now = timezone.now()
    rule = rules.try_out(rule=write(project, condition=condition, least=4), now=now)
    assert rule.tried["people"] == hits
    rules.enable(rule=rule, by=SYSTEM)
    assert rules.evaluate(now=now) == hits
    assert rules.evaluate(now=now + timedelta(days=61)) == 0
    for facts in [row["facts"] for row in rule.tried["rows"]] + [hit.facts for hit in RuleHit.objects.all()]:
        assert ("skips.n" in facts) == ("skips.row" in facts)


def test_a_restriction_for_tasks_given_back_is_asked_for_and_says_how_many():
    project = make_project()
    took(project, make_contributor(), "abbbabb")
    now = timezone.now()
    enabled(project, condition=BACK, action="restrict")
    rules.evaluate(now=now)
    row = Restriction.objects.get()
    assert (row.status, row.grounds) == ("asked", [])
    restrictions.confirm(restriction=row, by=Actor("member", "usr_one"), now=now)
    (told,) = worded(Notice.objects.all())
    assert "You gave back 5 of the 7 tasks that you took." in told.text


CARELESS = {"fact": "spam.score", "op": "<", "value": 0.05}


def fitted(project, people: dict[int, tuple[list[int], list[float]]]) -> None:
    """A fit that has learned this of people (keys): their labels, and per label of how many of each true class."""
    run = EstimatorRun.objects.create(
        project=project,
        question="tone",
        status="fitted",
        method="auto",
        classes=["bad", "good"],
        parameters={"phi": [[0.9, 0.1], [0.1, 0.9]], "strength": 2, "prior": [0.5, 0.5]},
        **dict.fromkeys(("through", "tasks", "contributors", "labels", "golds", "seconds"), 0),
        warm=False,
        converged=True,
    )
    ContributorSkill.objects.bulk_create(
        ContributorSkill(run=run, contributor_id=person, expected_right=20, labels=labels, counts=counts)
        for person, (labels, counts) in people.items()
    )


def test_who_answers_without_looking_is_found_by_the_fit_among_those_who_worked_lately():
    project, now = make_project(), timezone.now()
    careless, fine, away = known(project, [1.0] * 6), known(project, [1.0] * 6), known(project, [1.0] * 6, days_ago=50)
    new = known(project, [1.0] * 6)
    same = ([1], [20.0, 20.0])
    fitted(
        project, {careless.pk: same, away.pk: same, fine.pk: ([0, 1], [20.0, 0, 0, 20.0]), new.pk: ([1], [9.0, 9.0])}
    )

    rule = rules.try_out(rule=write(project, condition=CARELESS), now=now)

    assert {row["at"] > (now - timedelta(days=2)).isoformat() for row in rule.tried["rows"]} == {True, False}
    assert rule.tried["people"] == 2  # by today's score
    rules.enable(rule=rule, by=SYSTEM)
    assert rules.evaluate(now=now) == 1
    hit = RuleHit.objects.get()
    assert (hit.contributor, hit.facts["spam.score"] < 0.02) == (careless, True)


MUCH = {"all": [{"fact": "volume.answers", "op": ">", "value": 3}, {"fact": "volume.minutes", "op": ">=", "value": 10}]}


@pytest.mark.parametrize(("days", "minutes", "hits"), [(1, 3, True), (1, 2, False), (2, 5, False)])
def test_much_work_in_a_day(days, minutes, hits):
    project = make_project()
    took(project, make_contributor(), "aala")
    Annotation.objects.update(active_ms=minutes * 60_000)
    rule = rules.try_out(rule=write(project, condition=MUCH, window_d=days), now=timezone.now())
    assert rule.tried["people"] == hits
    rules.enable(rule=rule, by=SYSTEM)
    assert rules.evaluate(now=timezone.now()) == hits


@pytest.mark.parametrize("condition", [FELL, BACK, LEFT, CARELESS, {"fact": "volume.answers", "op": ">", "value": 0.1}])
@pytest.mark.parametrize("people", [1, 3])
def test_statements_of_other_collectors_do_not_grow_with_people_either(
    people, condition, django_assert_max_num_queries
):
    project = make_project()
    for _each in range(people):
        took(project, known(project, [1.0] * 9 + [0.0] * 6), "bbb" + "l" * 20)
    fitted(project, {card.contributor_id: ([1], [20.0, 20.0]) for card in Scorecard.objects.all()})
    rule = write(project, condition=condition)
    with django_assert_max_num_queries(5):
        rules.try_out(rule=rule, now=timezone.now())
    rules.enable(rule=rule, by=SYSTEM)
    with django_assert_max_num_queries(9):
        assert rules.evaluate(now=timezone.now()) == people
