"""Who is on a project: the members who see it, the contributors let in by name, kept out, restricted for a while, or to practise."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from annotation.domain import expiry
from annotation.domain.events import Fact, publish
from annotation.models import ContributorAlias, Membership, Project, ProjectContributor
from annotation.queries import practice
from workforce.domain.actor import Actor
from workforce.domain.onboarding import facts_changed, facts_of_several_changed
from workforce.domain.refusal import Refusal
from workforce.domain.standing import notify
from workforce.models import Contributor


class NotAMember(Refusal):
    """Only members of the project's organization can be listed on it."""

    code = "not_a_member"
    message = _("This person does not belong to the organization of this project.")
    remedy = _("Invite them to the organization first.")


@transaction.atomic
def list_member(*, project: Project, membership: Membership, by: Actor) -> None:
    """Managers, reviewers and members see the projects they are listed on. Raises NotAMember."""
    lock(project)
    if membership.organization_id != project.organization_id:
        raise NotAMember
    if not project.members.filter(pk=membership.pk).exists():
        project.members.add(membership)
        publish(_fact(project, member=membership.public_id, listed=True), by=by)


@transaction.atomic
def unlist_member(*, project: Project, membership: Membership, by: Actor) -> None:
    """They no longer see the project, unless their role sees all. Nothing happens if they were not listed."""
    lock(project)
    if project.members.filter(pk=membership.pk).exists():
        project.members.remove(membership)
        publish(_fact(project, member=membership.public_id, listed=False), by=by)


def include(*, project: Project, contributor: Contributor, by: Actor) -> ProjectContributor:
    """Let somebody in by name, whatever the project's workforce is; skills and languages are asked for all the same."""
    return _place(project, contributor, ProjectContributor.Status.INVITED, "", by)


@transaction.atomic
def exclude(
    *, project: Project, contributor: Contributor, by: Actor, reason: str = "", at_once: bool = False
) -> ProjectContributor:
    """No new task of this project for this person; what they have begun they may finish. `reason` is told to them.

    `at_once`: for safety or by law what they have begun is taken back too, and their time is paid (`expiry.revoke`).
    """
    place = _place(project, contributor, ProjectContributor.Status.EXCLUDED, reason, by)
    if at_once and expiry.revoke(contributor_id=contributor.pk, project=project, reason="kept_out", by=by):
        params = {"project": project.public_id, "project_name": project.name, "reason": place.reason}
        notify(contributor_id=contributor.pk, code="work_taken_back", source_key=uuid4().hex, params=params)
    return place


def readmit(*, project: Project, contributor: Contributor, by: Actor) -> ProjectContributor:
    """Neither let in by name nor kept out: the project's general rules decide."""
    return _place(project, contributor, ProjectContributor.Status.OPEN, "", by)


@transaction.atomic
def restrict(*, project: Project, people: Mapping[int, tuple[datetime, dict[str, Any]]]) -> None:
    """No new task of this project for these people (keys) until then; what they have begun they finish. Stored verdicts are void.

    With what the words need that tell them why. The act that decides it publishes it. A constant number of statements.
    """
    rows = [
        ProjectContributor(project=project, contributor_id=person, restricted_until=until, restriction=why)
        for person, (until, why) in sorted(people.items())
    ]
    _keep(rows, ["restricted_until", "restriction"])


@transaction.atomic
def unrestrict(*, project: Project, contributor_id: int) -> None:
    """They may have new tasks again."""
    place = ProjectContributor.objects.filter(project=project, contributor=contributor_id)
    place.update(restricted_until=None, restriction={})
    facts_changed(contributor_id=contributor_id)


@transaction.atomic
def practise(*, project: Project, people: Mapping[int, dict[str, Any]], count: int) -> dict[int, int]:
    """So much practice that they have not had comes before the next other task of these people (keys); stored verdicts are void.

    With what the words need that tell them why. How much it is for each: less where less is left; who has had all is left out, and stays
    as they are. The act that decides it locks the project, and publishes it. A constant number of statements.
    """
    ahead = practice.ahead(project_id=project.pk, people=people.keys(), count=count)
    rows = [
        ProjectContributor(
            project=project, contributor_id=person, practice_end=end, practice={"asked": number, **people[person]}
        )
        for person, (end, number) in sorted(ahead.items())
    ]
    _keep(rows, ["practice_end", "practice"])
    return {person: number for person, (_end, number) in ahead.items()}


def _keep(rows: list[ProjectContributor], fields: list[str]) -> None:
    """These facts about people on a project; the verdicts stored about them are void."""
    ProjectContributor.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["project", "contributor"], update_fields=fields
    )
    facts_of_several_changed(contributor_ids=[row.contributor_id for row in rows])


def look_again(*, project: Project) -> None:
    """Something changed in who may work here: what is stored of it is void."""
    Project.objects.filter(pk=project.pk).update(policy_version=F("policy_version") + 1, updated_at=Now())


@transaction.atomic
def _place(
    project: Project, contributor: Contributor, status: ProjectContributor.Status, reason: str, by: Actor
) -> ProjectContributor:
    """Write what the project says of the contributor; stored verdicts are void."""
    lock(project)
    place, _made = ProjectContributor.objects.get_or_create(project=project, contributor=contributor)
    if (place.status, place.reason) == (status, reason[:500]):
        return place
    place.status, place.reason = status, reason[:500]
    place.save(update_fields=["status", "reason"])
    look_again(project=project)
    alias, _new = ContributorAlias.objects.get_or_create(
        organization_id=project.organization_id, contributor=contributor
    )
    alias.refresh_from_db(fields=["public_id"])
    publish(_fact(project, contributor=alias.public_id, place=status.value), by=by)
    return place


def lock(project: Project) -> None:
    """Whoever changes what the project says of people waits for others who do."""
    Project.objects.select_for_update(no_key=True).only("pk").get(pk=project.pk)


def _fact(project: Project, **data: object) -> Fact:
    data = {"project": project.public_id, **data}
    return Fact(project.organization_id, project.mode, project.pk, "project.updated", project.public_id, data)
