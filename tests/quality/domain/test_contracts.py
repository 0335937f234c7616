"""The accuracy contract, lived through: people with known error rates answer a batch, others audit it, and decision and money are right."""

import json
import uuid

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from annotation.domain import answers, batches, dispatch, leases, routing, tasks
from annotation.domain.accuracy import Accuracy
from annotation.models import Annotation, Assignment, Batch, Event, Result, Task
from annotation.queries import exports
from annotation.queries.batches import shown
from annotation.web import workspace
from quality.agreement.contract import Promise, audit_size
from quality.agreement.sampling import draw
from quality.domain import contracts, invariants, review_queue, reviews
from quality.domain.decisions import Decision
from quality.models import AccuracyContract, AuditItem, Review
from tests.annotation.api.calls import Caller
from tests.factories import fresh
from tests.promises import Person, auditor, promised, work
from workforce.domain.actor import SYSTEM
from workforce.models import Account

pytestmark = pytest.mark.django_db


def balance(kind: str, owner: str) -> int:
    return sum(Account.objects.filter(kind=kind, owner_key=owner).values_list("balance_minor", flat=True))


def sound() -> None:
    """Nothing that must always be true is not."""
    assert [
        (each.invariant.code, each.examples) for each in map(invariants.check, invariants.ALL) if each.violations
    ] == []


def decided(contract: AccuracyContract) -> list[str]:
    return list(Event.objects.filter(subject=contract.public_id).order_by("subject_seq").values_list("type", flat=True))


def test_a_promise_says_what_its_audit_takes_and_keeps_the_batch_open():
    batch, contract = promised()
    size = audit_size(Promise(0.2, 0.8), attempt=1, expected=0.1, finished=60)
    assert (contract.status, contract.attempt, contract.planned_answers) == ("promised", 0, 2 * size)
    assert contract.planned_minor == 2 * size * batch.project.terms["price_minor"]
    assert contract.planned_s > 0
    work(batch, Person())
    assert fresh(batch).status == "in_progress"
    assert fresh(contract).status == "auditing"


def test_good_work_is_shown_to_be_good():
    batch, contract = promised()
    labels = work(batch, Person())
    size = AuditItem.objects.count()
    audits = work(batch, auditor(), auditor(), auditor())
    contract.refresh_from_db()
    assert (labels, audits) == (60, 2 * size)
    assert (contract.status, contract.attempt, contract.share) == ("met", 1, 0.0)
    assert contract.low == pytest.approx(0)
    assert 0 < contract.high < 0.2
    assert contract.upper <= 0.2
    assert fresh(batch).status == "completed"
    assert decided(contract) == ["contract.promised", "contract.sampled", "contract.met"]
    customer = f"org:{batch.organization.public_id}"
    assert balance("customer", customer) == -5 * (labels + audits)  # the first audit is part of the price
    assert balance("customer", "platform") == 0
    assert Result.objects.count() == 60
    assert Event.objects.filter(type="task.completed").count() == 60
    sound()


def test_an_audit_finds_errors_in_the_share_in_which_they_are():
    batch, contract = promised(accuracy=Accuracy(error=0.02, confidence=0.95))
    work(batch, Person(errs=0.3))
    work(batch, auditor(), auditor())
    contract.refresh_from_db()
    wrong = sum(
        row.answers["tone"]["value"] != row.task.payload.body["text"].split(maxsplit=1)[0]
        for row in Result.objects.filter(revision=1).select_related("task__payload")
    )
    # The batch is smaller than a sample: all are looked at.
    assert AuditItem.objects.filter(outcome="wrong").count() == wrong
    assert (contract.share, contract.low, contract.high, contract.upper) == (wrong / 60,) * 4
    assert contract.status == "reworking"


def test_bad_work_is_done_again_at_the_cost_of_the_platform_and_audited_anew():
    batch, contract = promised(n=90)
    AccuracyContract.objects.update(public_id="acc_00000000000000000000000003")  # the samples follow from it
    contract.refresh_from_db()
    labels = work(batch, Person(errs=0.4))
    seen = set(AuditItem.objects.values_list("task", flat=True))
    audits = work(batch, auditor(), auditor())
    contract.refresh_from_db()
    assert (contract.status, contract.attempt) == ("reworking", 1)
    customer = f"org:{batch.organization.public_id}"
    paid = balance("customer", customer)
    assert paid == -5 * (labels + audits)
    again = Task.objects.filter(batch=batch, status="collecting")
    wrong = AuditItem.objects.filter(outcome="wrong").values_list("task", flat=True)
    assert set(wrong) <= set(again.values_list("pk", flat=True))
    redone = work(batch, Person())
    contract.refresh_from_db()
    assert (contract.status, contract.attempt) == ("auditing", 2)
    assert not seen & set(AuditItem.objects.filter(attempt=2).values_list("task", flat=True))
    more = work(batch, auditor(), auditor())
    contract.refresh_from_db()
    assert (contract.status, contract.attempt) == ("met", 2)
    assert balance("customer", customer) == paid  # nothing of it is charged
    assert balance("customer", "platform") == -5 * (redone + more)
    assert fresh(batch).status == "completed"
    assert decided(contract) == ["contract.sampled", "contract.reworked", "contract.sampled", "contract.met"]
    sound()


def test_after_three_attempts_the_results_are_delivered_as_best_effort():
    batch, contract = promised(n=12)
    for _ in range(3):
        work(batch, Person(errs=1.0))
        work(batch, auditor(), auditor())
    contract.refresh_from_db()
    assert (contract.status, contract.attempt, contract.upper) == ("missed", 3, 1.0)
    assert fresh(batch).status == "completed"
    assert decided(contract)[-1] == "contract.missed"
    assert Annotation.objects.filter(task__purpose="audit").count() == 24  # what is known of a task is not asked again
    sound()


def test_who_has_had_a_task_never_gets_its_copy_and_others_hear_nothing_of_it():
    batch, _contract = promised(n=6)
    both = auditor()
    work(batch, both)
    assert Task.objects.filter(purpose="audit").count() == 6
    assert work(batch, both, Person()) == 0
    assert work(batch, auditor(), auditor()) == 12
    sound()


def test_where_two_differ_a_third_person_decides_and_nothing_of_it_is_delivered():
    batch, contract = promised(n=3)
    work(batch, Person())
    one, other, judge = auditor(), auditor(errs=1.0), Person(grants=("adjudicate",))
    work(batch, one, other)
    assert set(Review.objects.values_list("stage", "status", "cause")) == {
        ("adjudicate", "requested", "answers_used_up")
    }
    for _ in range(3):
        taken = review_queue.take(project_id=batch.project_id, contributor_id=judge.who.pk, by=SYSTEM)
        truth = taken.payload["text"].split(maxsplit=1)[0]
        right = next(
            row for row in Annotation.objects.filter(task=taken.task_id) if row.answer["value"]["tone"] == truth
        )
        reviews.decide(
            assignment=taken.assignment, contributor_id=judge.who.pk, epoch=taken.epoch, active_ms=1000, by=SYSTEM,
            decision=Decision("accept", answer=right.public_id),
        )  # fmt: skip
    contracts.advance()
    assert fresh(contract).status == "met"
    assert set(AuditItem.objects.values_list("outcome", flat=True)) == {"right"}
    assert AuditItem.objects.first().truths == [{"tone": "good"}]
    assert Result.objects.count() == 3
    assert (
        sorted(Annotation.objects.filter(task__purpose="audit").values_list("status", flat=True))
        == ["accepted"] * 3 + ["corrected"] * 3
    )
    assert Task.objects.filter(purpose="audit", status="completed", revision=0).count() == 3
    sound()


def test_what_nobody_can_answer_is_left_out():
    batch, contract = promised(n=4)
    work(batch, Person())
    first = Task.objects.filter(purpose="audit").order_by("id").first()
    for person in (auditor(), auditor()):
        taken = leases.take(project_id=batch.project_id, contributor_id=person.who.pk, by=SYSTEM)
        assert taken.task_id == first.pk
        answers.submit(
            assignment=taken.assignment, contributor_id=person.who.pk, epoch=taken.epoch, client_key=uuid.uuid4(),
            envelope={"schema_version": 1, "exit": {"type": "broken", "reason": "media_missing"}}, active_ms=9000, by=SYSTEM,
        )  # fmt: skip
    work(batch, auditor(), auditor())
    assert AuditItem.objects.get(audit_task=first).outcome == "void"
    assert (fresh(contract).status, contract.share) == ("met", 0.0)
    assert set(Annotation.objects.filter(task=first).values_list("status", flat=True)) == {"accepted"}
    sound()


def test_the_draw_can_be_repeated_by_whoever_knows_the_contract():
    batch, contract = promised()
    work(batch, Person())
    contract.refresh_from_db()
    results = list(Result.objects.order_by("task").values_list("task", "confidence"))
    drawn = draw(
        contracts.rule.strata([c or 0 for _, c in results]),
        AuditItem.objects.count(),
        np.random.default_rng(contracts.seed(contract)),
    )
    assert set(AuditItem.objects.values_list("task", flat=True)) == {results[at][0] for at in drawn.items}
    assert sum(contract.sizes) == 60


def test_every_step_may_come_any_number_of_times():
    batch, contract = promised(n=6)
    work(batch, Person())
    before = AuditItem.objects.count()
    contracts.advance()
    assert contracts.sample(contract_id=contract.pk) is False
    assert contracts.decide(contract_id=contract.pk) == "auditing"
    assert AuditItem.objects.count() == before
    work(batch, auditor(), auditor())
    assert contracts.decide(contract_id=contract.pk) == "met"
    assert decided(contract) == ["contract.promised", "contract.sampled", "contract.met"]


def test_a_batch_without_a_single_result_keeps_its_promise():
    batch, contract = promised(n=2)
    for task in Task.objects.filter(batch=batch):
        tasks.cancel(task_id=task.pk, by=SYSTEM)
    contracts.advance()
    assert (fresh(contract).status, contract.upper) == ("met", 0.0)
    assert fresh(batch).status == "completed"


def test_with_its_batch_a_contract_is_called_off_and_its_audits_with_it():
    batch, contract = promised(n=4)
    work(batch, Person())
    one = auditor()
    work(batch, one, most=3)
    batches.cancel(batch=batch, by=SYSTEM)
    contracts.advance()
    contract.refresh_from_db()
    assert (contract.status, contract.attempt) == ("canceled", 1)
    assert set(Task.objects.filter(purpose="audit").values_list("status", flat=True)) == {"canceled"}
    assert work(batch, auditor()) == 0
    assert decided(contract)[-1] == "contract.canceled"
    contracts.call_off(contract_id=contract.pk)
    assert decided(contract).count("contract.canceled") == 1
    sound()


def test_nothing_of_an_audit_is_seen_outside():
    batch, _contract = promised(n=3)
    work(batch, Person())
    project, copies = batch.project, list(Task.objects.filter(purpose="audit"))
    call = Caller(project.organization)
    assert {row["id"] for row in call.get("tasks?limit=100").json()["data"]} == {
        task.public_id for task in batch.tasks.all()
    }
    assert call.get(f"tasks/{copies[0].public_id}").status_code == 404
    one = auditor()
    taken = leases.take(project_id=project.pk, contributor_id=one.who.pk, by=SYSTEM)
    assert taken.task_id == copies[0].pk
    seen = json.dumps(workspace.shown(project.pk, one.who.pk, taken))
    original = AuditItem.objects.get(audit_task=copies[0]).task
    for word in ("audit", "purpose", "payer", copies[0].public_id, original.public_id):
        assert word not in seen
    assert taken.terms["price_minor"] == project.terms["price_minor"]
    assert b"".join(exports.jsonl(exports.Wanted(project=project))).count(b"\n") == 3
    told = Event.objects.exclude(type__startswith="contract.").filter(
        data__has_any_keys=["purpose", "audit", "copy_of"]
    )
    assert not told.exists()


def test_who_may_audit_is_offered_copies_as_any_work():
    batch, _contract = promised(n=3)
    work(batch, Person())
    one, other = auditor(), Person()
    here = {"contributor": one.who, "projects": [batch.project], "stage": "label"}
    board = routing.board(**here)[batch.project_id]
    assert {queue.purpose for queue, verdict in board if not verdict.code} == {"work", "audit"}
    assert {queue.purpose for queue, _ in routing.board(**{**here, "contributor": other.who})[batch.project_id]} == {
        "work"
    }
    for person in (one, other):
        leases.seen(contributor_id=person.who.pk, place=batch.project.public_id, roams=False)
    dispatch.offer(now=timezone.now())
    assert set(Assignment.objects.filter(status="offered").values_list("contributor", "task__purpose")) == {
        (one.who.pk, "audit")
    }
    assert work(batch, one) == 3


def test_what_is_done_again_is_paid_by_the_platform_whoever_gives_it_out():
    batch, _contract = promised(n=2)
    work(batch, Person(errs=1.0))
    work(batch, auditor(), auditor())
    one = Person()
    leases.seen(contributor_id=one.who.pk, place=batch.project.public_id, roams=False)
    dispatch.offer(now=timezone.now())
    assert set(Assignment.objects.filter(status="offered").values_list("terms__payer", flat=True)) == {"platform"}
    taken = leases.take(project_id=batch.project_id, contributor_id=one.who.pk, by=SYSTEM)
    assert taken.terms["payer"] == "platform"


def test_what_is_shown_of_a_batch_counts_live():
    batch, _contract = promised(n=8)
    assert shown(Batch.objects.filter(pk=batch.pk)).get().accuracy["status"] == "promised"
    work(batch, Person())
    work(batch, auditor(), auditor(), most=6)
    found = shown(Batch.objects.filter(pk=batch.pk)).get().accuracy
    assert (found["status"], found["attempt"], found["drawn"], found["audited"], found["wrong"]) == (
        "auditing",
        1,
        8,
        3,
        0,
    )
    assert [row["results"] for row in found["strata"]] == [8, 0, 0, 0]
    assert found["strata"][0] == {"from": 0.0, "results": 8, "drawn": 8, "audited": 3, "wrong": 0}
    other = batches.create(project=batch.project, name="July", by=SYSTEM)
    assert shown(Batch.objects.filter(pk=other.pk)).get().accuracy is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"error": 0.0},
        {"error": 0.5},
        {"confidence": 1.0},
        {"confidence": 0.4},
        {"attempt": 1},
        {"status": "auditing"},
        {"status": "met", "attempt": 1},
        {"status": "missed", "attempt": 4},
    ],
)
def test_the_database_refuses_contracts_that_cannot_be(wrong):
    _batch, contract = promised(n=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccuracyContract.objects.filter(pk=contract.pk).update(**wrong)


@pytest.mark.parametrize("wrong", [{"pi": 0.0}, {"pi": 1.5}, {"stratum": 4}, {"outcome": "maybe"}])
def test_the_database_refuses_items_that_cannot_be(wrong):
    batch, _contract = promised(n=1)
    work(batch, Person())
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditItem.objects.update(**wrong)


def test_a_result_is_drawn_once_in_an_attempt():
    batch, _contract = promised(n=1)
    work(batch, Person())
    item = AuditItem.objects.get()
    item.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        item.save()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE result SET task_id = (SELECT min(audit_task_id) FROM audit_item) WHERE id = (SELECT min(id) FROM result)",
        "UPDATE assignment SET contributor_id = (SELECT min(contributor_id) FROM assignment) WHERE id = (SELECT max(id) FROM assignment)",
        "UPDATE accuracy_contract SET upper = 0.9",
        "UPDATE accuracy_contract SET status = 'auditing', decided_at = NULL",
    ],
)
def test_what_must_always_be_true_of_audits_is_looked_at(statement):
    batch, _contract = promised(n=2)
    work(batch, Person())
    work(batch, auditor(), auditor())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
    (audits,) = [each for each in invariants.ALL if each.code == "I21"]
    assert invariants.check(audits).violations
