"""Restrictions: by a rule only for two independent grounds, else by a person; each longer than the one before; told, ended, objected to."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from annotation.domain import eligibility, leases, routing
from annotation.models import Annotation, Assignment, Event, ProjectContributor, Queue
from annotation.web.notice_words import worded
from annotation.web.restriction_words import checked
from annotation.web.verdict_words import missing
from quality.domain import invariants, objections, restrictions, rules, scorecards
from quality.domain.rules import Terms
from quality.models import Evidence, Restriction, Rule, Scorecard
from quality.queries.restrictions import ASKED_FOR
from tests.factories import make_answer, make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM, Actor
from workforce.models import Notice

pytestmark = pytest.mark.django_db

BY, COLLEAGUE = Actor("member", "usr_one"), Actor("member", "usr_two")
ONE = {"all": [{"fact": "gold.share", "op": "<", "value": 0.6}]}
TWO = {"all": [*ONE["all"], {"fact": "peer.share", "op": "<", "value": 0.6}]}
SIX = {"gold": [0.0] * 5 + [1.0], "peer": [0.0] * 5 + [1.0]}
NOW = timezone.now


def seen(project, person=None, *, days_ago: float = 0, **outcomes):
    """Somebody with this evidence, by kind; they are known to the project's organization."""
    person = person or make_contributor()
    Scorecard.objects.get_or_create(project=project, contributor=person, defaults={"n": 1})
    routing.refresh_eligibility(people=[person.pk], projects=[project.pk], stages=["label"])
    outcomes = outcomes or SIX
    answers = [
        make_answer(task, person, {"tone": "good"}) for task in make_tasks(project, max(map(len, outcomes.values())))
    ]
    term = {"project": project, "contributor": person, "created_at": NOW() - timedelta(days=days_ago, minutes=5)}
    Evidence.objects.bulk_create(
        Evidence(annotation=answer, kind=kind, outcome=share, weight=1, **term)
        for kind, shares in outcomes.items()
        for answer, share in zip(answers, shares, strict=False)
    )
    return person


def rule_of(project, condition=None, **changes) -> Rule:
    terms = {"window_d": 7, "least": 3, "condition": condition or TWO, "action": "restrict", "days": 1, **changes}
    made = rules.create(project=project, name=f"Rule {Rule.objects.count()}", terms=Terms(**terms), by=SYSTEM)
    return rules.enable(rule=rules.try_out(rule=made, now=NOW()), by=SYSTEM)


def asked(project=None) -> Restriction:
    """A question about somebody for whom one ground speaks."""
    project = project or make_project()
    seen(project)
    rule_of(project, ONE)
    rules.evaluate(now=NOW())
    return Restriction.objects.get()


def imposed(project=None) -> Restriction:
    project = project or make_project()
    seen(project)
    rule_of(project)
    rules.evaluate(now=NOW())
    return Restriction.objects.get()


def verdict(row: Restriction) -> eligibility.Verdict:
    (found,) = eligibility.judge(people=[row.contributor_id], projects=[row.project_id], stages=["label"])
    return found.verdict


def take(row: Restriction) -> leases.Taken:
    return leases.take(project_id=row.project_id, contributor_id=row.contributor_id, by=SYSTEM)


def events() -> list[str]:
    return list(Event.objects.filter(type__startswith="restriction.").order_by("id").values_list("type", flat=True))


# --- By a rule --------------------------------------------------------------------------------------------------------
def test_two_independent_grounds_restrict_at_once():
    project = make_project()
    make_tasks(project, 2)
    person = seen(project)
    begun = leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)
    rule, now = rule_of(project), NOW()

    assert [rules.evaluate(now=now) for _twice in range(2)] == [1, 0]

    row = Restriction.objects.get()
    assert (row.status, row.contributor, row.grounds, row.decider) == ("imposed", person, ["known", "tasks"], "")
    assert (row.since, row.until) == (now, now + timedelta(days=1))
    assert row.hit.rule == rule
    event = Event.objects.get(type="restriction.imposed")
    assert event.data["contributor"].startswith("ctr_")
    assert event.data["rule"] == rule.public_id
    told = verdict(row)
    assert (told.code, told.until) == ("restricted_here", row.until)
    assert {key: told.params[key] for key in ("days", "n", "right")} == {"days": 7, "n": 12, "right": 2}
    with pytest.raises(leases.NothingToLabel):
        take(row)
    assert Assignment.objects.get(public_id=begun.assignment).status == "leased"  # what was begun is theirs


@pytest.mark.parametrize(
    ("condition", "outcomes", "status"),
    [
        (ONE, SIX, "asked"),
        ({"any": TWO["all"]}, {"gold": [0.0] * 6, "peer": [0.0] * 4}, "asked"),  # too few of one of them
        ({"any": TWO["all"]}, SIX, "imposed"),
        ({"any": TWO["all"]}, {"gold": [0.0] * 6, "peer": [1.0] * 6}, "asked"),
    ],
)
def test_one_ground_asks_a_person(condition, outcomes, status):
    project = make_project()
    seen(project, **outcomes)
    rule_of(project, condition)
    rules.evaluate(now=NOW())
    row = Restriction.objects.get()
    assert row.status == status
    assert (verdict(row).code == "restricted_here") is (status == "imposed")
    assert Notice.objects.count() == (status == "imposed")
    assert events() == [f"restriction.{status}"]


def timed(project, person, *seconds: float) -> None:
    """Their answers took so long; nearly everybody takes ten seconds at least."""
    Queue.objects.filter(project=project).update(pace_n=50, pace_median_s=60, pace_sigma=0.7)
    answers = Annotation.objects.filter(project=project, contributor=person).order_by("id")
    for answer, took in zip(answers, seconds, strict=True):
        Annotation.objects.filter(pk=answer.pk).update(active_ms=took * 1000)


FAST = {"fact": "speed.share", "op": "<", "value": 0.5}


@pytest.mark.parametrize(
    ("condition", "status", "told"),
    [
        ({"all": [FAST, TWO["all"][1]]}, "imposed", {"n": 6, "right": 1, "timed": 5, "fast": 4}),
        (FAST, "asked", {"timed": 5, "fast": 4}),
    ],
)
def test_fast_work_is_one_of_two_grounds(condition, status, told):
    project = make_project()
    person = seen(project, peer=[0.0] * 5 + [1.0], review=[1.0])
    timed(project, person, 1, 1, 2, 2, 60, 0)  # of the last one nothing is known
    rule = rule_of(project, condition)
    assert len(rule.tried["rows"]) == 1
    rules.evaluate(now=NOW())
    row = Restriction.objects.get()
    assert row.status == status
    assert row.hit.facts["speed.n"] == 5
    assert restrictions.why(row) == {"restriction": row.public_id, "days": 7, **told}


def test_how_long_answers_took_is_unknown_before_it_was_measured():
    project = make_project()
    timed(project, seen(project), *[1] * 6)
    Queue.objects.update(pace_n=0)
    rule_of(project, FAST)
    assert rules.evaluate(now=NOW()) == 0


def test_the_database_wants_two_grounds_or_a_person():
    row = asked()
    now = NOW()
    with pytest.raises(IntegrityError), transaction.atomic():
        Restriction.objects.update(status="imposed", since=now, until=now + timedelta(days=1))
    Restriction.objects.update(status="imposed", since=now, until=now + timedelta(days=1), decider="usr_x")
    for broken in (
        {"until": now},
        {"until": None},
        {"status": "lifted"},
        {"objection": "No."},
        {"reply": "Yes."},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Restriction.objects.filter(pk=row.pk).update(**broken)


def test_one_open_question_per_person():
    row = asked()
    hit = row.hit
    hit.pk, hit.bucket = None, hit.bucket + 1
    hit.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Restriction.objects.create(project=row.project, contributor=row.contributor, hit=hit, grounds=[])


def test_each_time_is_twice_as_long_and_old_ones_fade():
    project, start = make_project(), NOW()
    person = seen(project)
    rule_of(project, window_d=1)
    lengths = []
    for day in (0, 3, 7, 160):
        seen(project, person, days_ago=-day)
        rules.evaluate(now=start + timedelta(days=day))
        row = Restriction.objects.latest("id")
        lengths.append((row.until - row.since).days)
    assert lengths == [1, 2, 3, 1]
    assert Restriction.objects.count() == 4


def test_what_was_lifted_counts_against_nobody():
    row = imposed()
    restrictions.lift(restriction=row, reason="The guideline was wrong.", by=BY, now=NOW())
    later = NOW() + timedelta(days=8)
    seen(row.project, row.contributor, days_ago=-8)
    rules.evaluate(now=later)
    again = Restriction.objects.get(status="imposed")
    assert again.until == later + timedelta(days=1)


def test_one_action_a_day():
    project, now = make_project(), NOW()
    seen(project)
    rule_of(project, ONE, action="flag")
    rule_of(project, ONE, action="notify")
    rule_of(project, window_d=30)
    assert rules.evaluate(now=now) == 2  # shown and reminded
    assert not Restriction.objects.exists()
    assert rules.evaluate(now=now + timedelta(hours=23)) == 0
    rules.evaluate(now=now + timedelta(hours=25))
    assert Restriction.objects.get().status == "imposed"


def test_who_is_restricted_is_left_alone():
    row = imposed()
    Restriction.objects.update(until=row.since + timedelta(days=9))
    rule_of(row.project, window_d=30)
    rules.evaluate(now=NOW() + timedelta(days=2))
    assert Restriction.objects.get() == row


def test_a_newer_hit_takes_the_place_of_an_open_question():
    row = asked()
    rule_of(row.project, window_d=30)
    rules.evaluate(now=NOW() + timedelta(days=1, minutes=1))
    assert Restriction.objects.get().status == "imposed"
    with pytest.raises(restrictions.NotAsked):
        restrictions.confirm(restriction=row, by=BY, now=NOW())


# --- By a person ------------------------------------------------------------------------------------------------------
def test_a_person_says_yes():
    row = asked()
    restrictions.confirm(restriction=row, by=BY, now=NOW())
    row.refresh_from_db()
    assert (row.status, row.decider) == ("imposed", "usr_one")
    assert verdict(row).code == "restricted_here"
    assert events() == ["restriction.asked", "restriction.imposed"]


def test_a_person_says_no_and_nobody_is_told():
    row = asked()
    restrictions.leave(restriction=row, by=BY, now=NOW())
    row.refresh_from_db()
    assert (row.status, row.decider) == ("left", "usr_one")
    assert verdict(row).code == ""
    assert not Notice.objects.exists()
    for act in (restrictions.confirm, restrictions.leave):
        with pytest.raises(restrictions.NotAsked):
            act(restriction=row, by=BY, now=NOW())


def test_an_old_question_is_no_longer_open():
    with pytest.raises(restrictions.NotAsked):
        restrictions.confirm(restriction=asked(), by=BY, now=NOW() + ASKED_FOR + timedelta(minutes=1))


def test_lifting_needs_a_reason_and_gives_work_at_once():
    row = imposed()
    make_tasks(row.project)
    with pytest.raises(restrictions.ReasonMissing):
        restrictions.lift(restriction=row, reason=" ", by=BY, now=NOW())
    restrictions.lift(restriction=row, reason="The guideline was wrong.", by=BY, now=NOW())
    assert verdict(row).code == ""
    assert take(row).task
    event = Event.objects.get(type="restriction.lifted")
    assert (event.actor, event.data["reason"]) == ("usr_one", "The guideline was wrong.")
    with pytest.raises(restrictions.NotInForce):
        restrictions.lift(restriction=row, reason="Again.", by=BY, now=NOW())


def test_it_ends_by_itself():
    row = imposed()
    make_tasks(row.project)
    ProjectContributor.objects.update(restricted_until=NOW() - timedelta(hours=1))
    assert verdict(row).code == ""
    with pytest.raises(restrictions.NotInForce):
        restrictions.lift(restriction=row, reason="Over.", by=BY, now=row.until)


# --- Objections -------------------------------------------------------------------------------------------------------
def objected() -> Restriction:
    row = imposed()
    return objections.ask(restriction=row, words="It was late.", by=SYSTEM, now=NOW())


def test_an_objection_is_raised_once_and_in_words():
    row = imposed()
    with pytest.raises(restrictions.ReasonMissing):
        objections.ask(restriction=row, words=" ", by=SYSTEM, now=NOW())
    objections.ask(restriction=row, words="It was late.", by=SYSTEM, now=NOW())
    with pytest.raises(objections.AlreadyObjected):
        objections.ask(restriction=row, words="Really.", by=SYSTEM, now=NOW())
    with pytest.raises(restrictions.NotInForce):
        objections.ask(restriction=row, words="Too late.", by=SYSTEM, now=row.until)
    assert events()[-1] == "restriction.objected"


def test_a_reply_lets_it_stand():
    row = objected()
    with pytest.raises(restrictions.ReasonMissing):
        objections.dismiss(restriction=row, reply="", by=BY, now=NOW())
    objections.dismiss(restriction=row, reply="Half of them were skipped through.", by=BY, now=NOW())
    assert verdict(row).code == "restricted_here"
    assert Notice.objects.get(code="restriction_stays").params["reason"] == "Half of them were skipped through."
    with pytest.raises(objections.NotObjected):
        objections.dismiss(restriction=row, reply="Once more.", by=BY, now=NOW())


def test_nobody_judges_their_own_decision():
    row = restrictions.confirm(restriction=asked(), by=BY, now=NOW())
    objections.ask(restriction=row, words="It was late.", by=SYSTEM, now=NOW())
    with pytest.raises(objections.SecondPersonNeeded):
        objections.dismiss(restriction=row, reply="No.", by=BY, now=NOW())
    objections.dismiss(restriction=row, reply="No.", by=COLLEAGUE, now=NOW())


@pytest.mark.parametrize(("hours", "answered", "ended"), [(71, False, 0), (73, False, 1), (73, True, 0)])
def test_what_nobody_answers_in_time_ends(hours, answered, ended):
    row = objected()
    Restriction.objects.update(until=row.since + timedelta(days=8))
    if answered:
        objections.dismiss(restriction=row, reply="No.", by=BY, now=NOW())
    later = NOW() + timedelta(hours=hours)
    assert [objections.end_unanswered(now=later) for _twice in range(2)] == [ended, 0]
    row.refresh_from_db()
    assert (row.status, row.decider) == ("lifted" if ended else "imposed", "")


def test_what_ran_out_unanswered_counts_against_nobody_and_ends_nothing_later():
    row = objected()
    assert objections.due(row) == row.until
    newer = row.until + timedelta(days=1)
    ProjectContributor.objects.update(restricted_until=newer)
    assert objections.end_unanswered(now=row.until) == 1
    assert Restriction.objects.get().status == "lifted"
    assert ProjectContributor.objects.get().restricted_until == newer


# --- What it rests on -------------------------------------------------------------------------------------------------
def test_what_rests_on_nothing_any_more_ends():
    row = imposed()
    assert restrictions.end_unfounded(now=NOW()) == 0
    missed = Evidence.objects.filter(kind="gold", outcome=0).order_by("id").values_list("annotation", flat=True)
    scorecards.withdraw(annotations=list(missed[:1]))
    assert [restrictions.end_unfounded(now=NOW()) for _twice in range(2)] == [0, 0]  # five are left, one of them right
    scorecards.withdraw(annotations=list(missed[:1]))
    assert [restrictions.end_unfounded(now=NOW()) for _twice in range(2)] == [1, 0]
    row.refresh_from_db()
    assert (row.status, row.decider) == ("lifted", "")
    assert verdict(row).code == ""
    (notice,) = Notice.objects.filter(code="restriction_lifted")
    assert "right after all" in worded([notice])[0].text


def test_a_fall_may_turn_out_to_be_none():
    project = make_project()
    seen(project, gold=[1.0] * 14 + [0.0] * 4, peer=[0.0] * 5 + [1.0])
    rule_of(project, {"all": [{"fact": "drift.score", "op": ">=", "value": 3}, TWO["all"][1]]})
    rules.evaluate(now=NOW())
    row = Restriction.objects.get()
    assert (row.status, row.grounds) == ("imposed", ["known", "tasks"])
    assert restrictions.why(row) == {"restriction": row.public_id, "days": 7, "n": 6, "right": 1, "fell": True}
    assert "more often before" in worded(Notice.objects.all())[0].text
    assert restrictions.end_unfounded(now=NOW()) == 0
    missed = Evidence.objects.filter(kind="gold", outcome=0).order_by("id").values_list("annotation", flat=True)
    scorecards.withdraw(annotations=list(missed[:1]))
    assert restrictions.end_unfounded(now=NOW()) == 1


def test_nothing_at_all_may_be_left_of_it():
    imposed()
    Evidence.objects.all().delete()
    assert restrictions.end_unfounded(now=NOW()) == 1


def test_what_a_person_has_decided_stays():
    restrictions.confirm(restriction=asked(), by=BY, now=NOW())
    Evidence.objects.all().delete()
    assert restrictions.end_unfounded(now=NOW()) == 0


# --- Words ------------------------------------------------------------------------------------------------------------
def test_it_is_told_in_words():
    row = objected()
    objections.dismiss(restriction=row, reply="Half of them were skipped through.", by=BY, now=NOW())
    restrictions.lift(restriction=row, reason="On second thoughts.", by=BY, now=NOW())
    said = {each.notice.code: each for each in worded(Notice.objects.all())}
    first = said["restricted"]
    assert row.project.name in first.title
    assert "12" in first.text
    assert "pay" in first.text
    assert first.href.endswith(f"{row.public_id}/")
    assert "skipped through" in said["restriction_stays"].text
    assert "second thoughts" in said["restriction_lifted"].text


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"fell": True}, "Your checked answers were right more often before."),
        ({"alike": True}, "What you answered there hardly depended on the task."),
        ({"skips": [9, 4]}, "You gave back 4 of the 9 tasks that you took."),
        ({"exits": [9, 4]}, "Of 4 of 9 tasks you said that they cannot be done."),
        ({"volume": [300, 700]}, "You gave about 300 answers a day, in 700 minutes."),
        ({}, "Lately too much of your work there fell short of what the project asks."),
    ],
)
def test_what_else_was_seen_is_told(params, words):
    assert checked(params) == words


def test_the_refusal_says_the_same():
    found = verdict(imposed())
    words = missing(found, {})
    assert "2 of 12" in words.what
    assert words.href


def test_few_wrong_answers_are_not_counted_aloud():
    project = make_project()
    seen(project, gold=[0.0, 0.0, 1.0, 1.0, 1.0])
    rule_of(project, {"fact": "gold.share", "op": "<", "value": 0.7})
    rules.evaluate(now=NOW())
    row = restrictions.confirm(restriction=Restriction.objects.get(), by=BY, now=NOW())
    found = verdict(row)
    assert set(found.params) == {"until", "restriction", "days"}
    assert "fell short" in missing(found, {}).what


# --- Always -----------------------------------------------------------------------------------------------------------
def test_the_invariant_sees_what_is_not_told_or_not_done():
    row = imposed()
    (invariant,) = [each for each in invariants.ALL if each.code == "I22"]
    assert invariants.check(invariant).violations == 0
    ProjectContributor.objects.update(restricted_until=row.until + timedelta(hours=1))
    assert invariants.check(invariant).violations == 2
    Notice.objects.all().delete()
    assert invariants.check(invariant).violations == 3


# --- On history -------------------------------------------------------------------------------------------------------
def test_a_trial_says_who_would_have_been_restricted_and_who_was_good_later():
    project = make_project()
    seen(project, days_ago=40)
    misjudged = seen(project, days_ago=40)
    seen(project, misjudged, gold=[1.0] * 8, days_ago=5)
    seen(project, gold=[0.0] * 6, peer=[1.0] * 6)
    tried = rule_of(project).tried
    assert (tried["people"], tried["restricted"], tried["good"], tried["restricted_good"]) == (2, 2, 1, 1)
    assert [row["grounds"] for row in tried["rows"]] == [["known", "tasks"]] * 2
    tried = rule_of(project, ONE).tried
    assert (tried["people"], tried["restricted"], tried["good"], tried["restricted_good"]) == (3, 0, 1, 0)
    assert "restricted" not in rule_of(project, action="flag").tried


@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize("condition", [ONE, TWO])
def test_statements_do_not_grow_with_people(people, condition, django_assert_max_num_queries):
    project = make_project()
    for _each in range(people):
        seen(project)
    rule_of(project, condition)
    with django_assert_max_num_queries(21):
        assert rules.evaluate(now=NOW()) == people
