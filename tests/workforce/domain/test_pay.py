"""Pay: noted with the answer, posted once, never posted once reversed."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories import make_contributor
from workforce.domain import pay
from workforce.models import Account, Contributor, Earning, LedgerEntry, LedgerTransaction

pytestmark = pytest.mark.django_db


def accrue(person: Contributor, source: str, amount: int = 5, **more: str) -> None:
    terms = {"kind": "work", "payer_key": "org:one", "currency": "USD", **more}
    pay.accrue(contributor_id=person.pk, source_key=source, amount_minor=amount, **terms)


def balances() -> dict[tuple[str, str], int]:
    return {(row.owner_key, row.currency): row.balance_minor for row in Account.objects.all()}


def test_an_earning_is_posted_from_the_customer_to_the_contributor():
    one, two = make_contributor(), make_contributor()
    accrue(one, "assignment:a")
    accrue(one, "assignment:b", 7)
    accrue(two, "assignment:c", 11)
    accrue(two, "assignment:d", 13, currency="EUR")

    pay.credit(source_keys=["assignment:a", "assignment:b", "assignment:c", "assignment:d", "assignment:x"])

    assert balances() == {
        ("org:one", "USD"): -23,
        ("org:one", "EUR"): -13,
        (f"contributor:{one.public_id}", "USD"): 12,
        (f"contributor:{two.public_id}", "USD"): 11,
        (f"contributor:{two.public_id}", "EUR"): 13,
    }
    assert LedgerTransaction.objects.count() == 4
    assert LedgerEntry.objects.count() == 8
    assert set(Earning.objects.values_list("status", flat=True)) == {"available"}


def test_the_same_source_again_posts_nothing():
    person = make_contributor()
    for _ in range(2):
        accrue(person, "assignment:a")
        pay.credit(source_keys=["assignment:a"])

    assert Earning.objects.count() == 1
    assert balances()["org:one", "USD"] == -5
    pay.credit(source_keys=[])
    assert LedgerTransaction.objects.count() == 1


def test_credits_of_one_transaction_are_posted_together():
    person = make_contributor()
    for source in ("assignment:a", "assignment:b"):
        accrue(person, source)

    with pay.together():
        pay.credit(source_keys=["assignment:a"])
        assert not Account.objects.exists()
        pay.credit(source_keys=["assignment:b"])

    assert balances()["org:one", "USD"] == -10


def test_nothing_is_posted_when_the_act_fails():
    accrue(make_contributor(), "assignment:a")

    def act() -> None:
        with pay.together():
            pay.credit(source_keys=["assignment:a"])
            raise LookupError

    with pytest.raises(LookupError):
        act()
    pay.credit(source_keys=[])
    assert not Account.objects.exists()


def test_free_work_leaves_no_row():
    accrue(make_contributor(), "assignment:a", 0)
    assert not Earning.objects.exists()


def test_a_reversed_earning_is_never_posted():
    accrue(make_contributor(), "assignment:a")

    assert pay.reverse(source_keys=["assignment:a"], reason="rejected") == 1
    pay.credit(source_keys=["assignment:a"])

    earning = Earning.objects.get()
    assert (earning.status, earning.reason) == ("reversed", "rejected")
    assert not Account.objects.exists()


def test_a_posted_earning_is_not_reversed():
    accrue(make_contributor(), "assignment:a")
    pay.credit(source_keys=["assignment:a"])
    assert pay.reverse(source_keys=["assignment:a"], reason="rejected") == 0


def test_the_ledger_refuses_what_does_not_sum_to_zero():
    posting = LedgerTransaction.objects.create(kind="earning", source_key="work:assignment:a")
    dollars, euros = (
        Account.objects.create(kind="customer", owner_key="org:one", currency=each) for each in ("USD", "EUR")
    )
    entries = [
        LedgerEntry(transaction=posting, account=account, amount_minor=sign * 5)
        for account, sign in ((dollars, 1), (euros, -1))
    ]
    with pytest.raises(IntegrityError, match="sum to zero"), transaction.atomic():
        LedgerEntry.objects.bulk_create(entries)
    assert not LedgerEntry.objects.exists()


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_two_posters_in_opposite_order_post_each_earning_once():
    people = [make_contributor() for _ in range(4)]
    sources = [f"assignment:{number}" for number in range(40)]
    for number, source in enumerate(sources):
        accrue(people[number % 4], source)
    barrier = threading.Barrier(2)

    def post(order: list[str]) -> None:
        barrier.wait()
        for start in range(0, 40, 5):
            pay.credit(source_keys=order[start : start + 5])
        connection.close()

    posters = [threading.Thread(target=post, args=[order]) for order in (sources, sources[::-1])]
    for poster in posters:
        poster.start()
    for poster in posters:
        poster.join()

    assert balances()["org:one", "USD"] == -200
    assert LedgerTransaction.objects.count() == 40
