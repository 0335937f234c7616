"""Two workers take the same step of a contract at the same moment: it is taken once."""

import pytest

from annotation.domain import batches
from annotation.models import Event, Task
from quality.domain import contracts, pipeline
from quality.models import AuditItem
from tests.factories import fresh
from tests.promises import Person, auditor, promised, work

pytestmark = pytest.mark.races


def told(contract) -> list[str]:
    return list(Event.objects.filter(subject=contract.public_id).order_by("subject_seq").values_list("type", flat=True))


def test_one_of_two_draws_the_sample(together):
    batch, contract = promised(n=6)
    work(batch, Person(), advance=False)
    done = together(*[lambda: contracts.sample(contract_id=contract.pk)] * 2)
    assert sorted(done) == [False, True]
    assert AuditItem.objects.count() == 6
    assert told(contract) == ["contract.promised", "contract.sampled"]


@pytest.mark.parametrize("errs", [0.0, 1.0])
def test_one_of_two_decides(together, errs):
    batch, contract = promised(n=6)
    work(batch, Person(errs))
    work(batch, auditor(), auditor(), advance=False)
    contracts.audits.score(contracts=contracts.reads.open_contracts())
    together(*[lambda: contracts.decide(contract_id=contract.pk)] * 2)
    contract.refresh_from_db()
    if errs:
        assert (contract.status, contract.attempt) == ("reworking", 1)
        assert Task.objects.filter(batch=batch, status="collecting").count() == 6
        assert Event.objects.filter(type="task.reopened").count() == 6
    else:
        assert (contract.status, fresh(batch).status) == ("met", "completed")
    assert len(told(contract)) == 3


def test_two_sweeps_pay_and_score_once(together):
    batch, contract = promised(n=6)
    work(batch, Person())
    work(batch, auditor(), auditor(), advance=False)
    together(pipeline.redrive, contracts.advance, contracts.advance)
    contracts.advance()
    assert fresh(contract).status == "met"
    assert set(AuditItem.objects.values_list("outcome", flat=True)) == {"right"}
    assert told(contract) == ["contract.promised", "contract.sampled", "contract.met"]
    assert batches.complete(batch_id=batch.pk) is False
