"""Restrictions and claims at the same moment: what is taken before is theirs, nothing is taken after; and nobody is restricted twice."""

import pytest
from django.utils import timezone

from annotation.domain import leases
from annotation.models import Assignment
from quality.domain import restrictions, rules
from quality.models import Restriction
from tests.factories import make_project, make_tasks
from tests.quality.domain.test_restrictions import asked, rule_of, seen
from workforce.domain.actor import SYSTEM, Actor
from workforce.models import Notice

pytestmark = pytest.mark.races
TIMES = range(3)


@pytest.mark.parametrize("_time", TIMES)
def test_a_claim_while_a_rule_restricts(together, _time):
    project = make_project()
    person = seen(project)
    make_tasks(project, 3)
    rule_of(project)

    def take() -> leases.Taken:
        return leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)

    taken, hits, again = together(
        take, lambda: rules.evaluate(now=timezone.now()), lambda: rules.evaluate(now=timezone.now())
    )

    assert sorted((hits, again)) == [0, 1]
    assert Restriction.objects.get().status == "imposed"
    assert Notice.objects.filter(code="restricted").count() == 1
    with pytest.raises(leases.NothingToLabel):
        take()
    held = Assignment.objects.filter(contributor=person, status="leased").count()
    assert held == (not isinstance(taken, leases.NothingToLabel))


@pytest.mark.parametrize("_time", TIMES)
def test_two_managers_decide(together, _time):
    row, now = asked(), timezone.now()
    one, other = (Actor("member", name) for name in ("usr_one", "usr_two"))
    outcomes = together(
        lambda: restrictions.confirm(restriction=row, by=one, now=now),
        lambda: restrictions.leave(restriction=row, by=other, now=now),
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["NotAsked", "Restriction"]
