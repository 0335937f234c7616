"""Who may work on what. One rule list serves the claim and the explanation: a verdict is the first rule that fails."""

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max

from annotation.models import ContributorAlias, Guideline, Membership, Project, ProjectContributor, Queue, Stage
from workforce.models import Contributor, SkillGrant
from workforce.models.skills import PLATFORM

GRANT_OF_STAGE = {Stage.REVIEW: "review", Stage.ADJUDICATE: "adjudicate"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """May this contributor work from this queue? `code` is empty if so, else the first filter that failed."""

    code: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    until: datetime | None = None  # a positive verdict ends here: a grant expires


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules read of one contributor, as of one moment."""

    contributor: Contributor
    now: datetime
    grants: dict[str, tuple[int, datetime | None]]  # skill public id -> level, expiry
    stage_grants: dict[tuple[str, str], datetime | None]  # (owner key, skill name) -> expiry
    languages: dict[str, int]
    role: str  # membership role in the project's organization, or empty
    place: ProjectContributor | None


def facts_of(*, contributor: Contributor, project: Project, now: datetime) -> Facts:
    """Read the facts for one contributor and project."""
    return facts_for(contributor=contributor, projects=[project], now=now)[project.pk]


def facts_for(*, contributor: Contributor, projects: Sequence[Project], now: datetime) -> dict[int, Facts]:
    """The facts of one contributor for each project, by its key. Four statements, whatever the number."""
    live = SkillGrant.objects.filter(contributor=contributor, revoked_at=None).select_related("skill")
    grants, stage_grants = {}, {}
    for grant in live:
        if grant.expires_at is None or grant.expires_at > now:
            grants[grant.skill.public_id] = (grant.value, grant.expires_at)
            stage_grants[grant.skill.owner_key, grant.skill.name.lower()] = grant.expires_at
    languages = dict(contributor.languages.values_list("tag", "level"))
    roles = _roles(contributor, projects)
    places = ProjectContributor.objects.filter(project__in=projects, contributor=contributor)
    place_of = {place.project_id: place for place in places}
    return {
        project.pk: Facts(
            contributor=contributor,
            now=now,
            grants=grants,
            stage_grants=stage_grants,
            languages=languages,
            role=roles.get(project.organization_id, ""),
            place=place_of.get(project.pk),
        )
        for project in projects
    }


def _roles(contributor: Contributor, projects: Sequence[Project]) -> dict[int, str]:
    """{organization: role} of the contributor's user; a model has none."""
    if not contributor.user_id:
        return {}
    organizations = {project.organization_id for project in projects}
    seats = Membership.objects.filter(organization__in=organizations, user=contributor.user_id)
    return dict(seats.values_list("organization", "role"))


def judge(*, facts: Facts, project: Project, queue: Queue, breaking_guideline: int) -> Verdict:
    """The verdict for one queue. `breaking_guideline`: number of the last guideline that must be read, 0 if none."""
    for verdict in _failures(facts, project, queue, breaking_guideline):
        return verdict
    return Verdict(until=_until(facts, project, queue))


def _failures(facts: Facts, project: Project, queue: Queue, breaking_guideline: int) -> Iterator[Verdict]:
    """Every filter that fails, in the order in which they are told."""
    if facts.contributor.status != Contributor.Status.ACTIVE:
        yield Verdict("restricted", {"status": facts.contributor.status})
    if project.status != Project.Status.OPEN or queue.status != Queue.Status.OPEN:
        yield Verdict("paused")
    if facts.place and facts.place.status == ProjectContributor.Status.EXCLUDED:
        yield Verdict("excluded", {"reason": facts.place.reason})
    yield from _workforce(facts, project, queue)
    yield from _skills(facts, project, queue)
    yield from _languages(facts, queue)
    if (facts.place.guideline_read if facts.place else 0) < breaking_guideline:
        yield Verdict("guideline_unread", {"number": breaking_guideline})


def _workforce(facts: Facts, project: Project, queue: Queue) -> Iterator[Verdict]:
    """Public, the organization's own people, or both; an invitation by name always counts."""
    if facts.place is not None and facts.place.status == ProjectContributor.Status.INVITED:
        return
    if project.workforce == Project.Workforce.TEAM and not facts.role:
        yield Verdict("not_in_team")
    if project.workforce == Project.Workforce.PUBLIC and facts.role and queue.stage == Stage.LABEL:
        yield Verdict("own_organization")


def _skills(facts: Facts, project: Project, queue: Queue) -> Iterator[Verdict]:
    """The stage's grant, and the skills that the queue asks for."""
    name = GRANT_OF_STAGE.get(Stage(queue.stage))
    if name and not any(key in facts.stage_grants for key in _stage_keys(project, name)):
        yield Verdict("stage_not_granted", {"stage": queue.stage})
    for wanted in queue.requirements.get("skills", []):
        level = facts.grants.get(wanted["skill"], (None, None))[0]
        if level is None:
            yield Verdict("skill_missing", wanted)
        elif level < wanted.get("value", 0):
            yield Verdict("skill_low", {**wanted, "has": level})


def _languages(facts: Facts, queue: Queue) -> Iterator[Verdict]:
    """Every language asked for, at its level; `zh` is met by `zh-Hans`."""
    for wanted in queue.requirements.get("languages", []):
        tag, level = wanted["tag"].lower(), wanted.get("level", 1)
        best = max(
            (known for own, known in facts.languages.items() if f"{own.lower()}-".startswith(f"{tag}-")), default=0
        )
        if best < level:
            yield Verdict("language", {**wanted, "has": best})


def _stage_keys(project: Project, name: str) -> list[tuple[str, str]]:
    return [(PLATFORM, name), (f"org:{project.organization.public_id}", name)]


def _until(facts: Facts, project: Project, queue: Queue) -> datetime | None:
    """When the first of the grants that this verdict rests on expires."""
    ends = [facts.grants[wanted["skill"]][1] for wanted in queue.requirements.get("skills", [])]
    name = GRANT_OF_STAGE.get(Stage(queue.stage))
    if name:
        held = [facts.stage_grants[key] for key in _stage_keys(project, name) if key in facts.stage_grants]
        ends.append(None if None in held else max(end for end in held if end))
    return min((end for end in ends if end), default=None)


def breaking_guidelines(projects: Sequence[Project]) -> dict[int, int]:
    """{project: number of its last guideline that must be read before work}, for those that have one."""
    breaking = Guideline.objects.filter(project__in=projects, change=Guideline.Change.BREAKING)
    return dict(breaking.values_list("project").annotate(Max("number")).order_by())


def verdicts(*, contributor: Contributor, project: Project, stage: str, now: datetime) -> list[tuple[Queue, Verdict]]:
    """The verdict for each queue of a stage: what the claim obeys, and what the explanation shows."""
    return board(contributor=contributor, projects=[project], stage=stage, now=now)[project.pk]


def board(
    *, contributor: Contributor, projects: Sequence[Project], stage: str, now: datetime
) -> dict[int, list[tuple[Queue, Verdict]]]:
    """The verdicts for each queue of a stage, for many projects (with their organizations loaded). Six statements."""
    facts = facts_for(contributor=contributor, projects=projects, now=now)
    unread = breaking_guidelines(projects)
    found: dict[int, list[tuple[Queue, Verdict]]] = {project.pk: [] for project in projects}
    by_key = {project.pk: project for project in projects}
    for queue in Queue.objects.filter(project__in=projects, stage=stage).order_by("id"):
        key = queue.project_id
        verdict = judge(facts=facts[key], project=by_key[key], queue=queue, breaking_guideline=unread.get(key, 0))
        found[key].append((queue, verdict))
    return found


SAVE_VERDICT = """
INSERT INTO queue_cursor (queue_id, contributor_id, project_id, epoch, rank, task_id, verdict, params, facts_version, policy_version,
                          eligible_until)
VALUES (%s, %s, %s, -1, -1, 0, %s, %s::jsonb, %s, %s, %s)
ON CONFLICT (queue_id, contributor_id) DO UPDATE SET verdict = excluded.verdict, params = excluded.params,
    facts_version = excluded.facts_version, policy_version = excluded.policy_version, eligible_until = excluded.eligible_until
"""


def refresh_eligibility(*, project_id: int, contributor_id: int, stage: str, now: datetime) -> list[Verdict]:
    """Compute and store the verdicts of a contributor for the queues of one stage; the claim compares version numbers only.

    The versions are read before the facts: a change in between makes the stored verdict stale, never wrongly current.
    """
    contributor = Contributor.objects.get(pk=contributor_id)
    project = Project.objects.select_related("organization").get(pk=project_id)
    ContributorAlias.objects.get_or_create(organization_id=project.organization_id, contributor=contributor)
    found = verdicts(contributor=contributor, project=project, stage=stage, now=now)
    with connection.cursor() as cursor:
        for queue, verdict in found:
            params = json.dumps(verdict.params)
            versions = [contributor.facts_version, project.policy_version]
            cursor.execute(
                SAVE_VERDICT, [queue.pk, contributor_id, project_id, verdict.code, params, *versions, verdict.until]
            )
    return [verdict for _, verdict in found]


def gold_turn(project: Project) -> bool:
    """Is it time for a task with a known answer? An unforeseeable draw with the project's gold share."""
    share = float(project.quality.get("gold", {}).get("share", 0))
    return secrets.randbelow(1_000_000) < share * 1_000_000
