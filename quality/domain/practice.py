"""Practice asked again of somebody: tasks for practice that they have not had come before their next other task.

Nothing else happens to them: what they have begun they finish, pay and standing stay, and practice is paid as any task.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from annotation.domain import project_people
from annotation.domain.events import Fact, publish
from annotation.domain.hints import hint_all
from annotation.models import Project
from annotation.queries.pseudonyms import pseudonyms
from quality.domain import restrictions
from quality.domain.restrictions import ReasonMissing
from quality.models import Rule, RuleHit
from quality.queries import rules
from workforce.domain import standing
from workforce.domain.actor import SYSTEM, Actor
from workforce.domain.refusal import Refusal
from workforce.models import Contributor

REASON_LENGTH = 500


class NoPracticeLeft(Refusal):
    """They have had all of it."""

    code = "no_practice_left"
    message = _("There is no practice left for this person: they have had all of it.")
    remedy = _("Add some known answers for practice, then ask again.")


@transaction.atomic
def require(*, project: Project, contributor: Contributor, count: int, reason: str, by: Actor) -> int:
    """So much of it first (at most MOST_PRACTICE), for a reason that the person reads; how much it is, less where less is left.

    Raises ReasonMissing, NoPracticeLeft.
    """
    reason = reason.strip()[:REASON_LENGTH]
    if not reason:
        raise ReasonMissing
    project_people.lock(project)
    asked = _ask(project, {contributor.pk: {"reason": reason}}, count, by=by, source=uuid4().hex)
    if not asked:
        raise NoPracticeLeft
    return asked[contributor.pk]


def of_hits(*, rule: Rule, hits: Sequence[RuleHit], now: datetime) -> list[RuleHit]:
    """What a rule that asks for practice makes of new hits; those for whom there is none left. The caller has locked the project."""
    source = f"{rule.public_id} {rules.bucket(rule, now)}"
    whys = {hit.contributor_id: restrictions.told(hit) for hit in hits}
    asked = _ask(rule.project, whys, rule.practice, by=SYSTEM, source=source, rule=rule.public_id)
    for hit in hits:
        hit.practice = asked.get(hit.contributor_id, 0)
    RuleHit.objects.bulk_update(hits, ["practice"])
    return [hit for hit in hits if not hit.practice]


def _ask(
    project: Project, whys: Mapping[int, dict[str, Any]], count: int, *, by: Actor, source: str, **about: Any
) -> dict[int, int]:
    """{person: how much} of those for whom there is some; each is told why. A constant number of statements."""
    asked = project_people.practise(project=project, people=whys, count=count)
    said = {"project": project.public_id, "project_name": project.name}
    standing.notify_each(
        code="practice_asked",
        notices={(person, source): {**said, "asked": number, **whys[person]} for person, number in asked.items()},
    )
    _hint(project, asked)
    names = pseudonyms(organization_id=project.organization_id, people=asked)
    facts = ({"contributor": names.get(person, ""), "tasks": number, **about} for person, number in asked.items())
    kind = "practice.required"
    publish(
        *(Fact(project.organization_id, project.mode, project.pk, kind, project.public_id, data) for data in facts),
        by=by,
    )
    return asked


def _hint(project: Project, people: Collection[int]) -> None:
    keys = Contributor.objects.filter(pk__in=people).order_by("pk").values_list("public_id", flat=True)
    hint_all([(f"contributor.{key}", {"kind": "feedback", "project": project.public_id}) for key in keys])
