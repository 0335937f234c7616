"""Account, LedgerTransaction, LedgerEntry, Earning: what is owed, to the minor unit, in double entry.

Work is named by a source key (`assignment:asg_…`), never by foreign key: people and pay outlive projects.
"""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from workforce.models.people import Contributor
from workforce.models.public_id import PublicIdField


class Account(models.Model):
    """One balance in one currency. The owner is `org:<public id>` or `contributor:<public id>`."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer"  # paid in minus earned by others; below zero = to be invoiced
        PAYABLE = "payable"  # owed to a contributor

    kind = models.CharField(max_length=12, choices=Kind)
    owner_key = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    balance_minor = models.BigIntegerField(default=0)

    class Meta:
        db_table = "account"
        constraints = [
            models.UniqueConstraint(fields=["kind", "owner_key", "currency"], name="account_unique"),
            models.CheckConstraint(
                condition=Q(kind="customer") | Q(balance_minor__gte=0), name="account_not_overdrawn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.owner_key} {self.currency}"


class LedgerTransaction(models.Model):
    """One posting. The pair (kind, source key) exists once: a repeat changes nothing."""

    class Kind(models.TextChoices):
        EARNING = "earning"

    public_id = PublicIdField("led")
    kind = models.CharField(max_length=12, choices=Kind)
    source_key = models.CharField(max_length=100)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "ledger_transaction"
        constraints = [models.UniqueConstraint(fields=["kind", "source_key"], name="ledger_transaction_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_key}"


class LedgerEntry(models.Model):
    """A signed amount on one account. The entries of a transaction are inserted together, and sum to zero per currency.

    The trigger `ledger_balanced` sees to it.
    """

    transaction = models.ForeignKey(LedgerTransaction, models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, models.PROTECT, related_name="entries")
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "ledger_entry"
        constraints = [models.CheckConstraint(condition=~Q(amount_minor=0), name="ledger_entry_not_zero")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount_minor}"


class Earning(models.Model):
    """What one source of work pays one contributor. Written with the answer, available when the answer is accepted."""

    class Kind(models.TextChoices):
        WORK = "work"
        REVIEW = "review"
        APPEAL = "appeal"  # what was taken back, paid after all

    class Status(models.TextChoices):
        PENDING = "pending"
        AVAILABLE = "available"
        REVERSED = "reversed"

    public_id = PublicIdField("ern")
    contributor = models.ForeignKey(Contributor, models.PROTECT, related_name="earnings", db_index=False)
    source_key = models.CharField(max_length=64)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.WORK)
    payer_key = models.CharField(max_length=64)  # who pays: `org:<public id>`
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=12, choices=Status, default=Status.PENDING)
    reason = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "earning"
        constraints = [
            models.UniqueConstraint(fields=["source_key", "kind"], name="earning_once"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="earning_not_negative"),
            models.CheckConstraint(
                condition=Q(status="pending", settled_at__isnull=True)
                | (~Q(status="pending") & Q(settled_at__isnull=False)),
                name="earning_settled_pair",
            ),
        ]
        indexes = [models.Index(fields=["contributor", "-id"], name="earning_statement")]

    def __str__(self) -> str:
        return f"{self.source_key} {self.amount_minor} {self.currency}"
