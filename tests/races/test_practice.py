"""Practice asked for twice at the same moment, and while somebody takes a task: it is asked once, and no other task is taken after."""

import pytest
from django.utils import timezone

from annotation.domain import leases, projects
from annotation.domain.projects import Changes
from annotation.models import Purpose, Task
from quality.domain import rules
from quality.models import RuleHit
from tests.factories import make_project, make_tasks
from tests.quality.domain.test_practice import do, practice
from tests.quality.domain.test_rules import enabled, known
from workforce.domain.actor import SYSTEM
from workforce.models import Notice

pytestmark = pytest.mark.races


@pytest.mark.parametrize("_time", range(3))
def test_two_sweeps_and_a_claim(together, _time):
    project = make_project()
    person = known(project, [0.0] * 4)
    enabled(project, action="require_practice", practice=2)
    make_tasks(project, 3)
    for _each in range(3):
        practice(project)
    projects.configure(project=project, changes=Changes(quality={"gold": {"first": 0}}), by=SYSTEM)

    def take() -> leases.Taken:
        return leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)

    _taken, *hits = together(take, *[lambda: rules.evaluate(now=timezone.now())] * 2)

    assert sorted(hits) == [0, 1]
    assert RuleHit.objects.get().practice == 2
    assert Notice.objects.filter(code="practice_asked").count() == 1
    had = Task.objects.filter(assignments__contributor=person, purpose=Purpose.TRAIN).count()
    following = [do(project, person).purpose for _n in range(3 - had)]
    assert following == [Purpose.TRAIN] * (2 - had) + [Purpose.WORK]
