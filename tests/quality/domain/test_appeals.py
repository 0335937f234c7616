"""Appeals: asked for once and in time, heard by somebody who had no part in it, and paid if the author was right."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from annotation.domain import batches, expiry
from annotation.models import Annotation, Batch, Event, Project, Task
from quality.domain import appeals, customer_decisions, gold, hearings, invariants, pipeline, review_queue, reviews
from quality.domain.decisions import Decision
from quality.models import Appeal, Evidence, GoldItem, ReviewerEvidence, Scorecard
from quality.queries import appeals as reads
from tests.factories import fresh, grant_skill, make_answer, make_contributor, make_member, make_project, make_tasks
from workforce.domain.actor import SYSTEM, Actor
from workforce.models import Contributor, Earning, LedgerTransaction, Notice

pytestmark = pytest.mark.django_db

WORDS = "The last sentence is praise; the guideline calls that good."
WHY = {"reasons": ["wrong"], "note": "Look at the last sentence."}


def review_project(**more) -> Project:
    quality = {"overlap": {"min": 3, "max": 3}, "review": {"share": 0.0, "below_confidence": 0.99}}
    return make_project(quality=quality, **more)


def holder(grant: str) -> Contributor:
    person = make_contributor()
    grant_skill(person, grant)
    return person


def decided(decision: str, project: Project | None = None, **more) -> Annotation:
    """The last of three answers, with this decision of a reviewer against it."""
    (task,) = make_tasks(project or review_project(), 1, seats=3, seats_max=3, **more)
    answers = [make_answer(task, make_contributor(), {"tone": tone}) for tone in ("good", "bad", "mixed")]
    pipeline.run(keys=[task.public_id])
    person = holder("review")
    taken = review_queue.take(project_id=task.project_id, contributor_id=person.pk, by=SYSTEM)
    reviews.decide(
        assignment=taken.assignment,
        contributor_id=person.pk,
        epoch=taken.epoch,
        decision=Decision(decision, answer=answers[-1].public_id, **WHY),
        active_ms=1000,
        by=SYSTEM,
    )
    return fresh(answers[-1])


@pytest.fixture
def rejected() -> Annotation:
    return decided("reject")


@pytest.fixture
def hearer() -> Contributor:
    return holder("adjudicate")


def ask(answer: Annotation, *, words: str = WORDS, person: Contributor | None = None, days: float = 0) -> Appeal:
    return appeals.ask(
        assignment=answer.assignment.public_id,
        contributor=person or answer.contributor,
        words=words,
        by=Actor("contributor", answer.contributor.public_id),
        now=timezone.now() + timedelta(days=days),
    )


def take(project: Project, person: Contributor, *, minutes: float = 0) -> Appeal:
    return hearings.take(project=project, contributor=person, now=timezone.now() + timedelta(minutes=minutes))


def decide(appeal: Appeal, person: Contributor, *, granted: bool, note: str = "You are right.") -> Appeal:
    return hearings.decide(
        appeal=appeal.public_id, contributor=person, granted=granted, note=note, by=SYSTEM, now=timezone.now()
    )


def heard(answer: Annotation, hearer: Contributor, *, granted: bool) -> Appeal:
    ask(answer)
    return decide(take(answer.project, hearer), hearer, granted=granted)


def sound() -> bool:
    """No invariant but the numbering of events, which nobody has done yet, is violated."""
    found = [found for found in map(invariants.check, invariants.ALL) if found.invariant.code != "I9"]
    assert [(each.invariant.code, each.examples) for each in found if each.violations] == []
    return True


# --- Asking ---------------------------------------------------------------------------------------------------------
def test_a_rejected_answer_is_looked_at_again(rejected):
    appeal = ask(rejected)

    assert (appeal.status, appeal.cause, appeal.words) == ("open", "rejected", WORDS)
    assert appeal.review.annotation_id == rejected.pk
    assert appeal.due_at - timezone.now() > timedelta(days=6.9)
    assert fresh(rejected).status == "appealed"
    assert fresh(rejected).decision["reasons"] == ["wrong"]
    assert list(Event.objects.filter(type__contains="appeal").order_by("id").values_list("type", flat=True)) == [
        "annotation.appealed",
        "appeal.opened",
    ]
    assert Earning.objects.get(contributor=rejected.contributor).status == "reversed"
    assert sound()


def test_only_once(rejected, hearer):
    heard(rejected, hearer, granted=False)
    with pytest.raises(appeals.AlreadyAsked):
        ask(rejected)


def test_only_within_fourteen_days(rejected):
    with pytest.raises(appeals.TooLate):
        ask(rejected, days=14.1)
    assert fresh(rejected).status == "rejected"


def test_only_about_ones_own_work(rejected, hearer):
    with pytest.raises(appeals.NotYours):
        ask(rejected, person=hearer)


def test_only_with_words(rejected):
    with pytest.raises(appeals.WordsMissing):
        ask(rejected, words="  ")


def test_not_where_nothing_was_lost():
    task = make_tasks(review_project(), 1)[0]
    with pytest.raises(appeals.NothingLost):
        ask(make_answer(task, make_contributor(), {"tone": "good"}))


def test_a_corrected_answer_is_paid_in_full_and_not_looked_at_again():
    answer = decided("reject")
    good = Annotation.objects.filter(task=answer.task).first()
    with pytest.raises(appeals.NothingLost):
        ask(good)


# --- Granted --------------------------------------------------------------------------------------------------------
def test_a_granted_appeal_is_paid_and_takes_everything_back(rejected, hearer):
    assert list(Evidence.objects.filter(annotation=rejected).values_list("outcome", flat=True)) == [0.0]

    appeal = heard(rejected, hearer, granted=True)

    assert (appeal.status, appeal.hearer, appeal.note) == ("granted", hearer, "You are right.")
    assert (fresh(rejected).status, rejected.decision["by"]) == ("accepted", "appeal")
    work, back_pay = Earning.objects.filter(contributor=rejected.contributor).order_by("id")
    assert (work.status, work.reason) == ("reversed", "rejected")
    assert (back_pay.kind, back_pay.status, back_pay.amount_minor) == ("appeal", "available", 5)
    assert back_pay.payer_key == work.payer_key
    assert LedgerTransaction.objects.filter(source_key=f"appeal:{work.source_key}").count() == 1
    assert not Evidence.objects.filter(annotation=rejected).exists()
    assert Scorecard.objects.get(contributor=rejected.contributor).n == 0
    seen = ReviewerEvidence.objects.get()
    assert (seen.reviewer, seen.outcome, seen.fault) == (appeal.review.assignment.contributor, 0.0, "false_reject")
    assert Earning.objects.get(contributor=hearer).amount_minor == 3
    told = Notice.objects.get(contributor=rejected.contributor, code="appeal_granted")
    assert told.params["note"] == "You are right."
    assert sound()


def test_where_answers_are_still_collected_it_takes_the_free_seat(rejected, hearer):
    heard(rejected, hearer, granted=True)
    task = Task.objects.get(pk=rejected.task_id)
    assert (task.answers, task.seats_taken, task.seats, task.seats_max) == (3, 3, 3, 3)
    assert task.status == "deciding"


def test_where_no_seat_is_free_it_brings_its_own(rejected, hearer):
    make_answer(rejected.task, make_contributor(), {"tone": "good"})
    heard(rejected, hearer, granted=True)
    task = Task.objects.get(pk=rejected.task_id)
    assert (task.answers, task.seats_taken, task.seats, task.seats_max) == (4, 4, 4, 4)
    assert task.status == "deciding"
    assert sound()


def test_a_task_that_has_ended_stays_as_it_is(rejected, hearer):
    Task.objects.filter(pk=rejected.task_id).update(status="canceled")
    heard(rejected, hearer, granted=True)
    assert Task.objects.get(pk=rejected.task_id).status == "canceled"
    assert sound()


def batch_of(answer: Annotation, budget: int) -> Batch:
    batch = batches.create(project=answer.project, name="Small", by=SYSTEM, budget_minor=budget)
    Task.objects.filter(pk=answer.task_id).update(batch=batch)
    return batch


def test_the_customer_pays_while_the_budget_covers_it(rejected, hearer):
    batch = batch_of(rejected, budget=20)
    heard(rejected, hearer, granted=True)
    assert Earning.objects.get(kind="appeal").payer_key.startswith("org:")
    assert fresh(batch).held_minor == 20
    assert sound()


def test_what_the_budget_does_not_cover_the_platform_pays(rejected, hearer):
    batch_of(rejected, budget=15)
    make_answer(rejected.task, make_contributor(), {"tone": "good"})
    heard(rejected, hearer, granted=True)
    assert Earning.objects.get(kind="appeal").payer_key == "platform"
    assert fresh(rejected).decision["payer"] == "platform"
    assert sound()


def test_returned_work_that_lapsed_is_paid_if_the_return_was_wrong(hearer):
    answer = decided("return")
    with pytest.raises(appeals.NothingLost):
        ask(answer)
    expiry.lapse(now=timezone.now() + timedelta(hours=49))

    appeal = heard(answer, hearer, granted=True)

    assert (appeal.cause, fresh(answer).status) == ("not_returned", "superseded")
    assert Earning.objects.get(contributor=answer.contributor, kind="appeal").status == "available"
    assert ReviewerEvidence.objects.get().fault == "false_reject"
    assert sound()


def test_what_the_customer_rejected_says_nothing_of_a_reviewer(hearer):
    answer = make_answer(make_tasks(review_project(), 1)[0], make_contributor(), {"tone": "good"})
    customer_decisions.reject(annotation=answer, by=SYSTEM, reasons=["wrong"], note="No.")

    appeal = heard(answer, hearer, granted=True)

    assert appeal.review is None
    assert not ReviewerEvidence.objects.exists()
    assert fresh(answer).status == "accepted"
    assert sound()


def test_a_known_answer_is_set_aside(hearer):
    project = review_project()
    item = gold.plant(project=project, payload={"text": "Nice"}, expected={"tone": "bad"}, by=SYSTEM)
    answer = make_answer(item.task, make_contributor(), {"tone": "good"})
    customer_decisions.reject(annotation=answer, by=SYSTEM, reasons=["wrong"], note="No.")

    heard(answer, hearer, granted=True)

    item = GoldItem.objects.get(pk=item.pk)
    assert (item.status, item.rival) == ("quarantined", {"tone": "good"})
    assert sound()


# --- Known answers --------------------------------------------------------------------------------------------------
def on_probation(missed: int = 3) -> tuple[Project, Contributor]:
    """Somebody who has missed so many known answers."""
    project, person = review_project(), make_contributor()
    for number in range(missed):
        item = gold.plant(project=project, payload={"text": f"{number}"}, expected={"tone": "bad"}, by=SYSTEM)
        make_answer(item.task, person, {"tone": "good"})
        pipeline.run(keys=[item.task.public_id])
    Scorecard.objects.filter(contributor=person).update(standing="probation")
    return project, person


def ask_about_known(project: Project, person: Contributor, *, words: str = WORDS, days: float = 0) -> list[Appeal]:
    now = timezone.now() + timedelta(days=days)
    return appeals.ask_about_known(project=project, contributor=person, words=words, by=SYSTEM, now=now)


def test_missed_known_answers_are_looked_at_together(hearer, django_capture_on_commit_callbacks):
    project, person = on_probation()
    made = ask_about_known(project, person)
    assert [(each.cause, each.status, each.review) for each in made] == [("known", "open", None)] * 3
    with pytest.raises(appeals.AlreadyAsked):
        ask_about_known(project, person)

    for granted in (True, False, False):
        assert not Notice.objects.filter(contributor=person).exists()
        with django_capture_on_commit_callbacks(execute=True):
            decide(take(project, hearer), hearer, granted=granted)

    told = Notice.objects.get(contributor=person)
    assert (told.code, told.params["granted"], told.params["of"]) == ("appeal_known", 1, 3)
    assert "assignment" not in told.params
    assert sorted(GoldItem.objects.values_list("status", flat=True)) == ["active", "active", "quarantined"]
    assert Evidence.objects.filter(contributor=person, kind="gold").count() == 2
    assert Scorecard.objects.get(contributor=person).gold_n == 2
    assert not Earning.objects.filter(kind="appeal").exists()
    assert sound()


def test_the_hearer_sees_what_is_expected(hearer):
    project, person = on_probation()
    ask_about_known(project, person)
    take(project, hearer)
    assert reads.hearing(project=project, contributor=hearer).result == {"tone": "bad"}


def test_what_is_retired_meanwhile_no_longer_counts(hearer):
    project, person = on_probation()
    ask_about_known(project, person)
    for item in GoldItem.objects.all():
        gold.retire(item=item, by=SYSTEM)
    decide(take(project, hearer), hearer, granted=True)
    assert Evidence.objects.filter(contributor=person, kind="gold").count() == 2
    assert sound()


def test_silence_decides_for_whoever_missed_known_answers():
    project, person = on_probation()
    ask_about_known(project, person)
    assert hearings.grant_overdue(now=timezone.now() + timedelta(days=7.1)) == 3
    assert not Evidence.objects.filter(contributor=person, kind="gold").exists()
    assert sound()


def test_fewer_than_three_would_tell_which_ones():
    project, person = on_probation(missed=2)
    with pytest.raises(appeals.TooFewKnown):
        ask_about_known(project, person)


def test_only_those_of_the_last_days():
    project, person = on_probation()
    with pytest.raises(appeals.TooFewKnown):
        ask_about_known(project, person, days=14.1)


def test_only_on_probation_and_with_words():
    project, person = on_probation()
    with pytest.raises(appeals.WordsMissing):
        ask_about_known(project, person, words=" ")
    Scorecard.objects.update(standing="new")
    with pytest.raises(appeals.NothingLost):
        ask_about_known(project, person)


def test_nobody_learns_of_a_known_answer_from_its_page():
    project, person = on_probation()
    ask_about_known(project, person)
    seat = Appeal.objects.first().annotation.assignment
    assert reads.contested(seat) is None


# --- Dismissed, withheld, overdue -----------------------------------------------------------------------------------
def test_a_dismissed_appeal_says_why(rejected, hearer):
    ask(rejected)
    held = take(rejected.project, hearer)
    with pytest.raises(appeals.WordsMissing):
        decide(held, hearer, granted=False, note=" ")

    decide(held, hearer, granted=False, note="The sentence is ironic.")

    assert (fresh(rejected).status, rejected.decision["by"]) == ("rejected", "review")
    assert not Earning.objects.filter(kind="appeal").exists()
    assert Evidence.objects.filter(annotation=rejected).exists()
    assert (ReviewerEvidence.objects.get().outcome, ReviewerEvidence.objects.get().fault) == (1.0, "")
    told = Notice.objects.get(contributor=rejected.contributor, code="appeal_dismissed")
    assert told.params["note"] == "The sentence is ironic."
    assert sound()


def test_nobody_with_a_part_in_it_hears_it(rejected):
    ask(rejected)
    involved = [answer.contributor for answer in Annotation.objects.filter(task=rejected.task)]
    involved.append(Appeal.objects.get().review.assignment.contributor)
    for person in involved:
        grant_skill(person, "adjudicate")
        with pytest.raises(hearings.NothingToHear):
            take(rejected.project, person)


def test_no_member_of_the_organization_hears_about_its_own_decision(hearer):
    answer = make_answer(make_tasks(review_project(), 1)[0], make_contributor(), {"tone": "good"})
    customer_decisions.reject(annotation=answer, by=SYSTEM, reasons=["wrong"], note="No.")
    ask(answer)
    make_member(answer.project.organization, user=hearer.user)
    with pytest.raises(hearings.NothingToHear):
        take(answer.project, hearer)


def test_it_takes_the_grant(rejected):
    ask(rejected)
    with pytest.raises(hearings.NotGranted):
        take(rejected.project, holder("review"))


def test_one_person_at_a_time_has_it(rejected, hearer):
    ask(rejected)
    other = holder("adjudicate")
    held = take(rejected.project, hearer)
    assert take(rejected.project, hearer) == held
    with pytest.raises(hearings.NothingToHear):
        take(rejected.project, other)

    assert take(rejected.project, other, minutes=31) == held
    with pytest.raises(hearings.HearingLost):
        decide(held, hearer, granted=True)


def test_it_can_be_given_back(rejected, hearer):
    ask(rejected)
    hearings.give_back(appeal=take(rejected.project, hearer).public_id, contributor=hearer)
    assert Appeal.objects.get().status == "open"
    assert take(rejected.project, holder("adjudicate")).status == "in_hearing"


def test_the_same_decision_again_changes_nothing(rejected, hearer):
    appeal = heard(rejected, hearer, granted=True)
    assert decide(appeal, hearer, granted=True) == appeal
    with pytest.raises(hearings.HearingLost):
        decide(appeal, hearer, granted=False)
    assert Earning.objects.filter(kind="appeal").count() == 1


def test_who_lost_the_grant_decides_nothing(rejected, hearer):
    ask(rejected)
    held = take(rejected.project, hearer)
    hearer.grants.update(revoked_at=timezone.now())
    with pytest.raises(hearings.NotGranted):
        decide(held, hearer, granted=True)


def test_silence_decides_for_the_author(rejected, hearer):
    ask(rejected)
    take(rejected.project, hearer)
    assert hearings.grant_overdue(now=timezone.now() + timedelta(days=6.9)) == 0

    assert hearings.grant_overdue(now=timezone.now() + timedelta(days=7.1)) == 1
    assert hearings.grant_overdue(now=timezone.now() + timedelta(days=7.1)) == 0

    appeal = Appeal.objects.get()
    assert (appeal.status, appeal.hearer) == ("granted", None)
    assert Earning.objects.get(kind="appeal").status == "available"
    assert not ReviewerEvidence.objects.exists()
    assert not Earning.objects.filter(contributor=hearer).exists()
    assert Notice.objects.get(code="appeal_granted").params["heard"] is False
    assert sound()


# --- Constraints ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "values",
    [
        {"status": "granted"},
        {"decided_at": "2026-01-01T00:00Z"},
        {"status": "in_hearing"},
        {"status": "dismissed", "decided_at": "2026-01-01T00:00Z"},
    ],
)
def test_a_state_has_what_it_needs(rejected, values):
    ask(rejected)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.update(**values)


def test_one_appeal_per_answer(rejected):
    appeal = ask(rejected)
    appeal.pk = None
    appeal._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        appeal.save()


def test_reviewer_evidence_cannot_be_rewritten(rejected, hearer):
    heard(rejected, hearer, granted=True)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        ReviewerEvidence.objects.update(outcome=1.0)
    row = ReviewerEvidence.objects.get()
    row.pk = None
    row._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_the_invariants_see_what_is_wrong(rejected, hearer):
    heard(rejected, hearer, granted=True)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE appeal SET hearer_id = contributor_id")
        cursor.execute("UPDATE earning SET status = 'reversed' WHERE kind = 'appeal'")
    found = {each.code: invariants.check(each).violations for each in invariants.ALL}
    assert (found["I5"], found["I15"]) == (1, 1)
