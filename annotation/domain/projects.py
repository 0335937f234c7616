"""Projects: made, configured, given new schemas and guidelines, paused and closed. Every act locks the project's row.

`policy_version` moves, and `lease_terms` are written anew, whenever an act changes who may work or what a lease freezes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from annotation.domain import admission, expiry, policy, project_settings, queues
from annotation.domain.events import Fact, publish
from annotation.domain.tasks import LIVE
from annotation.domain.topics import topic_of
from annotation.models import (
    Guideline,
    Membership,
    Organization,
    Project,
    Purpose,
    SchemaVersion,
    Task,
)
from annotation.queries.schemas import compiled
from annotation.questions import presets
from annotation.questions.base import Json
from annotation.questions.schema import compatible
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal
from workforce.models import User


class NameTaken(Refusal):
    """Names are unique per organization and mode."""

    code = "name_taken"
    message = _("Your organization already has a project of this name.")
    remedy = _("Choose another name.")


class UnknownPreset(Refusal):
    """There is no preset of this name."""

    code = "unknown_preset"
    message = _("There is no preset of this name.")
    remedy = _("Choose one of the presets listed, or send a schema.")


class WrongState(Refusal):
    """The project's status does not allow this."""

    code = "wrong_state"
    message = _("This cannot be done in the project's present state.")
    remedy = _("Reload to see where it stands.")


class VersionMismatch(Refusal):
    """Somebody else changed the project since it was read."""

    code = "version_mismatch"
    message = _("Somebody else has changed this project in the meantime.")
    remedy = _("Reload, look at their changes, and make yours again.")


@dataclass(frozen=True, slots=True)
class Changes:
    """What `configure` should set; what is None stays. `terms` and `quality` are laid over the present ones member by member."""

    name: str | None = None
    description: str | None = None
    terms: dict[str, Any] | None = None
    quality: dict[str, Any] | None = None
    requirements: dict[str, Any] | None = None
    workforce: str | None = None
    metadata: dict[str, Any] | None = None


@transaction.atomic
def create(
    *,
    organization: Organization,
    mode: str,
    name: str,
    by: Actor,
    created_by: User | None = None,
    preset: str | None = None,
    schema: Json = None,
    guideline: str = "",
    description: str = "",
    terms: dict[str, Any] | None = None,
    quality: dict[str, Any] | None = None,
    requirements: dict[str, Any] | None = None,
    workforce: str = Project.Workforce.BOTH,
    metadata: dict[str, Any] | None = None,
    members: Sequence[Membership] = (),
) -> Project:
    """An open project with schema version 1 and guideline 1. What is not given comes from the preset, else from the house.

    `schema`: a document of the label language, instead of the preset's own. The creator's own membership is listed on the project.
    Raises UnknownPreset, SchemaInvalid, Invalid, NameTaken.
    """
    template = _preset(preset)
    document = project_settings.linted(schema if schema is not None else template.schema if template else None)
    start = policy.suggested(template)
    given = {
        "name": name,
        "description": description,
        "workforce": workforce,
        "metadata": metadata or {},
        "terms": policy.merged(start["terms"], terms or {}),
        "quality": policy.merged(start["quality"], quality or {}),
        "requirements": requirements or {},
    }
    project_settings.check_questions(quality, document)
    settings = project_settings.checked(given)
    project_settings.check_together(settings["requirements"], settings["quality"])
    project = Project(
        organization=organization,
        mode=mode,
        preset=preset or "",
        topic=topic_of(preset or ""),
        created_by=created_by,
        schema_version=1,
        guideline_version=1,
        **settings,
    )
    project.lease_terms = _lease_terms(project)
    _save_named(project)
    SchemaVersion.objects.create(project=project, number=1, major=1, body=document.document, sha256=document.sha256)
    Guideline.objects.create(project=project, number=1, body=project_settings.guideline(guideline))
    project.refresh_from_db(fields=["public_id", "created_at", "updated_at"])
    own = Membership.objects.filter(organization=organization, user=created_by) if created_by else ()
    project.members.add(*members, *own)
    publish(_fact(project, "project.created", name=project.name), by=by)
    return project


@transaction.atomic
def configure(*, project: Project, changes: Changes, by: Actor, version: int | None = None) -> Project:
    """Change settings. With `version` only if the project is still at that version. Raises Invalid, NameTaken, WrongState, VersionMismatch,
    BudgetExhausted if open tasks of a batch might then cost more than its budget.

    Running leases keep the terms under which they were taken; waiting tasks get the new ones, and the new requirements.
    """
    budgets = admission.lock_budgets(project=project) if changes.terms else []
    project = _locked(project, Project.Status.OPEN, Project.Status.PAUSED)
    if version is not None and version != project.version:
        raise VersionMismatch(version=project.version)
    wanted = {name: each for name in Changes.__slots__ if (each := getattr(changes, name)) is not None}
    project_settings.check_questions(changes.quality, compiled(project.pk, project.schema_version))
    for name in {"terms", "quality"} & wanted.keys():
        wanted[name] = policy.merged(getattr(project, name), wanted[name])
    values = {name: each for name, each in project_settings.checked(wanted).items() if each != getattr(project, name)}
    if not values:
        return project
    project_settings.check_together(
        values.get("requirements", project.requirements), values.get("quality", project.quality)
    )
    if "requirements" in values:
        queues.require(project=project, requirements=values["requirements"])
    for name, each in values.items():
        setattr(project, name, each)
    _save(project, *values)
    admission.check_budgets(batches=budgets)
    publish(_fact(project, "project.updated", changed=values), by=by)
    return project


@transaction.atomic
def publish_schema(*, project: Project, schema: Json, by: Actor) -> SchemaVersion:
    """The next schema version; new leases get it, running ones keep theirs. Raises SchemaInvalid, WrongState.

    `major` moves when old answers do not mean the same under it. An unchanged document gives the present version back.
    """
    project = _locked(project, Project.Status.OPEN, Project.Status.PAUSED)
    document = project_settings.linted(schema)
    current = project.schemas.get(number=project.schema_version)
    if current.sha256 == document.sha256:
        return current
    major = current.major + (compatible(current.body, document.document) == "major")
    new = SchemaVersion.objects.create(
        project=project,
        number=current.number + 1,
        major=major,
        body=document.document,
        sha256=document.sha256,
    )
    new.refresh_from_db(fields=["public_id", "created_at"])
    project.schema_version = new.number
    _save(project, "schema_version")
    publish(_fact(project, "schema.published", number=new.number, major=new.major, sha256=new.sha256), by=by)
    return new


@transaction.atomic
def publish_guideline(*, project: Project, body: str, by: Actor, breaking: bool = False, note: str = "") -> Guideline:
    """The next guideline, in Markdown. Nobody takes a task again before they have read a `breaking` one. Raises Invalid, WrongState."""
    project = _locked(project, Project.Status.OPEN, Project.Status.PAUSED)
    new = Guideline.objects.create(
        project=project,
        number=project.guideline_version + 1,
        body=project_settings.guideline(body),
        change=Guideline.Change.BREAKING if breaking else Guideline.Change.MINOR,
        note=note[:500],
    )
    new.refresh_from_db(fields=["public_id", "created_at"])
    project.guideline_version = new.number
    _save(project, "guideline_version")
    publish(_fact(project, "guideline.published", number=new.number, breaking=breaking), by=by)
    return new


@transaction.atomic
def pause(*, project: Project, by: Actor, reason: str = "") -> Project:
    """No new leases and offers; running leases go on. A paused project stays paused. Raises WrongState."""
    project = _locked(project, Project.Status.OPEN, Project.Status.PAUSED)
    if project.status == Project.Status.OPEN:
        _move(project, Project.Status.PAUSED)
        expiry.withdraw_offers(project_id=project.pk)
        publish(_fact(project, "project.paused", reason=reason), by=by)
    return project


@transaction.atomic
def resume(*, project: Project, by: Actor) -> Project:
    """Work goes on. An open project stays open. Raises WrongState."""
    project = _locked(project, Project.Status.OPEN, Project.Status.PAUSED)
    if project.status == Project.Status.PAUSED:
        _move(project, Project.Status.OPEN)
        publish(_fact(project, "project.resumed"), by=by)
    return project


@transaction.atomic
def archive(*, project: Project, by: Actor, reason: str = "") -> Project:
    """Close for good; everything stays readable. Guard: no task is waiting or worked on, gold apart. Raises WrongState."""
    project = _locked(project, *Project.Status)
    if project.status == Project.Status.ARCHIVED:
        return project
    unfinished = Task.objects.filter(project=project, purpose=Purpose.WORK, phase__in=LIVE).count()
    if unfinished:
        raise WrongState(
            ngettext("%d task is not finished.", "%d tasks are not finished.", unfinished) % unfinished,
            remedy=str(_("Wait until the work is done, or cancel what is left.")),
            unfinished=unfinished,
        )
    _move(project, Project.Status.ARCHIVED)
    expiry.withdraw_offers(project_id=project.pk)
    publish(_fact(project, "project.archived", reason=reason), by=by)
    return project


def _preset(name: str | None) -> presets.Preset | None:
    try:
        return presets.load(name) if name else None
    except KeyError as error:
        raise UnknownPreset(preset=name) from error


def _lease_terms(project: Project) -> dict[str, Any]:
    """What a lease freezes: price and currency, length, how long a judgement may take, the versions in force, who pays, in which world."""
    return {
        "price_minor": project.terms["price_minor"],
        "currency": project.organization.currency,
        "lease_s": project.terms["lease_s"],
        "auto_accept_s": project.terms["auto_accept_s"],
        "schema_version": project.schema_version,
        "guideline": project.guideline_version,
        "payer": f"org:{project.organization.public_id}",
        "mode": project.mode,
    }


def _locked(project: Project, *states: str) -> Project:
    """The project as it stands, locked; its status must be one of these."""
    row = Project.objects.select_for_update(no_key=True, of=("self",)).select_related("organization")
    project = row.get(pk=project.pk)
    if project.status not in states:
        raise WrongState(state=project.status)
    return project


def _move(project: Project, status: Project.Status) -> None:
    project.status = status
    _save(project, "status")


def _save(project: Project, *names: str) -> None:
    """Write the fields, the lease terms that follow from them, and the two version numbers."""
    project.lease_terms = _lease_terms(project)
    project.policy_version += 1
    project.version += 1
    project.updated_at = timezone.now()
    _save_named(project, *names, "lease_terms", "policy_version", "version", "updated_at")


def _save_named(project: Project, *names: str) -> None:
    try:
        with transaction.atomic():
            project.save(update_fields=names or None)
    except IntegrityError as error:
        if "project_name_unique" not in str(error):
            raise
        raise NameTaken(name=project.name) from error


def _fact(project: Project, kind: str, **data: object) -> Fact:
    return Fact(
        project.organization_id,
        project.mode,
        project.pk,
        kind,
        project.public_id,
        {"project": project.public_id, **data},
    )
