"""Pay: an earning is written with the answer, and credited once in the ledger when the answer is accepted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction
from django.db.models.functions import Now

from workforce.models import Earning
from workforce.models.public_id import encode

PLATFORM = "platform"  # pays for what is done at no charge to a customer
ACCRUE = "SELECT accrue_earning(%s, %s, %s, %s, %s, %s)"


def accrue(
    *, contributor_id: int, source_key: str, kind: str, payer_key: str, amount_minor: int, currency: str
) -> None:
    """Note what a source of work will pay, once per (source, kind). Free work leaves no row."""
    if amount_minor:
        with connection.cursor() as cursor:
            cursor.execute(ACCRUE, [contributor_id, source_key, kind, payer_key, amount_minor, currency])


PENDING = """
SELECT e.id, e.kind || ':' || e.source_key, e.payer_key, e.currency, e.amount_minor, c.public_id
  FROM earning e JOIN contributor c ON c.id = e.contributor_id
 WHERE e.source_key = ANY(%s) AND e.status = 'pending' ORDER BY e.id FOR NO KEY UPDATE OF e
"""
OPEN = """
INSERT INTO account (kind, owner_key, currency, balance_minor)
SELECT * FROM (
    SELECT DISTINCT 'customer', payer, currency, 0 FROM unnest(%(payer)s::text[], %(currency)s::text[]) AS p (payer, currency)
    UNION SELECT DISTINCT 'payable', payee, currency, 0 FROM unnest(%(payee)s::text[], %(currency)s::text[]) AS p (payee, currency)
) wanted ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING
"""
# Accounts are locked in key order, so that two posters never wait for each other in a circle.
POST = """
WITH earned AS (
    SELECT * FROM unnest(%(id)s::bigint[], %(source)s::text[], %(payer)s::text[], %(payee)s::text[], %(currency)s::text[],
                         %(amount)s::bigint[]) AS e (id, source, payer, payee, currency, amount)
), side AS (
    SELECT source, 'customer' AS kind, payer AS owner, currency, -amount AS amount FROM earned
    UNION ALL SELECT source, 'payable', payee, currency, amount FROM earned
), held AS MATERIALIZED (
    SELECT a.id, a.kind, a.owner_key, a.currency FROM account a
     WHERE (a.kind, a.owner_key, a.currency) IN (SELECT kind, owner, currency FROM side) ORDER BY a.id FOR NO KEY UPDATE
), posted AS (
    INSERT INTO ledger_transaction (kind, source_key) SELECT 'earning', source FROM earned RETURNING id, source_key
), entered AS (
    INSERT INTO ledger_entry (transaction_id, account_id, amount_minor)
    SELECT p.id, h.id, s.amount FROM side s JOIN posted p ON p.source_key = s.source
      JOIN held h ON h.kind = s.kind AND h.owner_key = s.owner AND h.currency = s.currency
    RETURNING account_id, amount_minor
), balanced AS (
    UPDATE account a SET balance_minor = a.balance_minor + n.amount
      FROM (SELECT account_id, sum(amount_minor) AS amount FROM entered GROUP BY account_id) n WHERE a.id = n.account_id
)
UPDATE earning SET status = 'available', settled_at = now() FROM earned WHERE earning.id = earned.id
"""


_collected: ContextVar[list[str] | None] = ContextVar("collected", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Credits inside this block are posted once, at its end. For transactions that credit more than once.

    The accounts are then locked in one go and in key order; locked in several goes, two transactions could wait in a circle.
    """
    keys: list[str] = []
    token = _collected.set(keys)
    try:
        yield
    finally:
        _collected.reset(token)
    credit(source_keys=keys)


def credit(*, source_keys: Iterable[str]) -> None:
    """Post the pending earnings of these sources: customer -> payable, once each. Three statements, whatever the number."""
    collected = _collected.get()
    if collected is None:
        _post(list(source_keys))
    else:
        collected.extend(source_keys)


@transaction.atomic
def _post(source_keys: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(PENDING, [source_keys])
        pending = cursor.fetchall()
        if not pending:
            return
        ids, sources, payers, currencies, amounts, people = (list(column) for column in zip(*pending, strict=True))
        values = {
            "id": ids,
            "source": sources,
            "payer": payers,
            "payee": [f"contributor:{encode('per', person)}" for person in people],
            "currency": currencies,
            "amount": amounts,
        }
        cursor.execute(OPEN, values)
        cursor.execute(POST, values)


def reverse(*, source_keys: Sequence[str], reason: str) -> int:
    """Pending earnings that will not be paid, with the reason code; returns how many."""
    pending = Earning.objects.filter(source_key__in=source_keys, status=Earning.Status.PENDING)
    return pending.update(status=Earning.Status.REVERSED, settled_at=Now(), reason=reason)


LOWER = """
UPDATE earning e SET amount_minor = CASE WHEN v.amount > 0 THEN v.amount ELSE e.amount_minor END, reason = %s,
       status = CASE WHEN v.amount > 0 THEN 'pending' ELSE 'reversed' END,
       settled_at = CASE WHEN v.amount > 0 THEN NULL ELSE now() END
  FROM unnest(%s::text[], %s::bigint[]) AS v (source_key, amount)
 WHERE e.source_key = v.source_key AND e.status = 'pending' AND v.amount < e.amount_minor
"""


def lower(*, amounts: Mapping[str, int], reason: str) -> None:
    """Pending earnings come to these amounts where that is less (minor units), with the reason code; to nothing, they are not paid."""
    with connection.cursor() as cursor:
        cursor.execute(LOWER, [reason, list(amounts), list(amounts.values())])


def reopen(*, source_keys: Sequence[str], reason: str) -> int:
    """Earnings that were reversed for this reason wait again: what they stand for came after all. Returns how many."""
    reversed_ = Earning.objects.filter(source_key__in=source_keys, status=Earning.Status.REVERSED, reason=reason)
    return reversed_.update(status=Earning.Status.PENDING, settled_at=None, reason="")
