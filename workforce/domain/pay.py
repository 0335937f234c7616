"""Pay: an earning is written with the answer, and credited once in the ledger when the answer is accepted."""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from workforce.models import Account, Earning, LedgerEntry, LedgerTransaction

ACCRUE = """
INSERT INTO earning (contributor_id, source_key, kind, payer_key, amount_minor, currency, status, reason)
VALUES (%s, %s, %s, %s, %s, %s, 'pending', '') ON CONFLICT (source_key, kind) DO NOTHING
"""


def accrue(
    *, contributor_id: int, source_key: str, kind: str, payer_key: str, amount_minor: int, currency: str
) -> None:
    """Note what a source of work will pay, once per (source, kind). Free work leaves no row."""
    if amount_minor:
        with connection.cursor() as cursor:
            cursor.execute(ACCRUE, [contributor_id, source_key, kind, payer_key, amount_minor, currency])


@transaction.atomic
def credit(*, source_keys: Iterable[str]) -> int:
    """Post the pending earnings of these sources: customer -> payable, once each. Returns how many were posted.

    Accounts are locked in key order, so that two posters never wait for each other in a circle.
    """
    pending = list(
        Earning.objects.select_for_update(no_key=True)
        .filter(source_key__in=list(source_keys), status=Earning.Status.PENDING)
        .select_related("contributor")
        .order_by("id")
    )
    if not pending:
        return 0
    accounts = _accounts({key for earning in pending for key in _account_keys(earning)})
    postings = LedgerTransaction.objects.bulk_create(
        LedgerTransaction(kind=LedgerTransaction.Kind.EARNING, source_key=f"{earning.kind}:{earning.source_key}")
        for earning in pending
    )
    entries, change = [], dict.fromkeys(accounts, 0)
    for earning, posting in zip(pending, postings, strict=True):
        payer, payee = _account_keys(earning)
        for key, amount in ((payer, -earning.amount_minor), (payee, earning.amount_minor)):
            entries.append(LedgerEntry(transaction=posting, account_id=accounts[key], amount_minor=amount))
            change[key] += amount
    LedgerEntry.objects.bulk_create(entries)
    for key in sorted(change, key=accounts.__getitem__):
        Account.objects.filter(pk=accounts[key]).update(balance_minor=F("balance_minor") + change[key])
    Earning.objects.filter(pk__in=[earning.pk for earning in pending]).update(
        status=Earning.Status.AVAILABLE, settled_at=Now()
    )
    return len(pending)


def reverse(*, source_keys: Sequence[str], reason: str) -> int:
    """Pending earnings that will not be paid, with the reason code; returns how many."""
    pending = Earning.objects.filter(source_key__in=source_keys, status=Earning.Status.PENDING)
    return pending.update(status=Earning.Status.REVERSED, settled_at=Now(), reason=reason)


AccountKey = tuple[str, str, str]  # kind, owner key, currency


def _account_keys(earning: Earning) -> tuple[AccountKey, AccountKey]:
    """The two accounts of an earning: who pays, who is owed."""
    payee = f"contributor:{earning.contributor.public_id}"
    return (
        (Account.Kind.CUSTOMER.value, earning.payer_key, earning.currency),
        (Account.Kind.PAYABLE.value, payee, earning.currency),
    )


def _accounts(keys: set[AccountKey]) -> dict[AccountKey, int]:
    """Primary keys of the accounts, made where missing and locked in key order."""
    Account.objects.bulk_create(
        (Account(kind=kind, owner_key=owner, currency=currency) for kind, owner, currency in sorted(keys)),
        ignore_conflicts=True,
    )
    owners = {owner for _, owner, _ in keys}
    rows = Account.objects.select_for_update(no_key=True).filter(owner_key__in=owners).order_by("id")
    found = {(row.kind, row.owner_key, row.currency): row.pk for row in rows}
    return {key: found[key] for key in keys}
