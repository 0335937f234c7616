"""Who may do what: roles x actions and key scopes x actions, as data; `tests/matrix/permissions.csv` is a second copy that must agree."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet

from annotation.models import ApiKey, Membership, Organization, Project, Role
from workforce.models import User


class Cell(StrEnum):
    """How far a right reaches."""

    ALL = "A"  # everything of the organization
    NOT_OWNERS = "N"  # everything but what concerns its owners; the act looks whom it concerns
    PROJECTS = "P"  # projects that the member is listed on
    QUEUE = "Q"  # only what an assignment of that stage holds
    OWN = "O"  # only what is one's own
    NONE = "-"


COLUMNS = (Role.OWNER, Role.ADMIN, Role.MANAGER, Role.REVIEWER, Role.AUDITOR, Role.MEMBER, Role.LABELER)
# A labeler is a contributor of the organization's own workforce and has the contributor's rights. The `review` skill is granted for all
# projects of the organization at once, so that a right in own projects (`skill.grant`) does not suffice: hence `review.grant`.
TABLE = """
organization.read          A A A A A A -
organization.change        A A - - - - -
organization.close         A - - - - - -
member.list                A A A - A - -
member.invite              A N - - - - -
member.set_role            A N - - - - -
member.remove              A N - - - - -
key.issue                  A A - - - - -
key.rotate                 A A - - - - -
key.revoke                 A A - - - - -
project.create             A A A - - - -
project.read               A A P P A P Q
project.configure          A A P - - - -
project.publish_schema     A A P - - - -
project.publish_guideline  A A P - - - -
project.pause              A A P - - - -
project.resume             A A P - - - -
project.archive            A A P - - - -
batch.read                 A A P P A P -
batch.create               A A P - - - -
batch.change               A A P - - - -
batch.sign                 A A P P - - -
quote.make                 A A P - - - -
task.add                   A A P - - - -
task.change                A A P - - - -
task.cancel                A A P - - - -
task.extend                A A P - - - -
task.reopen                A A P - - - -
task.dispose               A A P - - - -
task.read                  A A P P A P Q
task.purpose               A A P - A - -
file.add                   A A P - - - -
gold.read                  A A P - A - -
gold.plant                 A A P - - - -
gold.change                A A P - - - -
gold.retire                A A P - - - -
annotation.read            A A P P A P O
annotation.accept          A A P Q - - -
annotation.overturn        A A P Q - - -
annotation.reject          A A P Q - - -
result.read                A A P - A P -
export.request             A A P - A P -
review.request             A A P - - - -
review.policy              A A P - - - -
review.decide              Q Q Q Q - - Q
review.adjudicate          Q Q Q Q - - Q
scorecard.read             A A P - A - O
contributor.read           A A A - A - O
skill.define               A A P - - - -
skill.grant                A A P - - - -
skill.revoke               A A P - - - -
review.grant               A A - - - - -
restriction.impose         A A P - - - -
restriction.lift           A A P - - - -
message.send               A A P P - - O
offer.take                 - - - - - - O
lease.keep                 - - - - - - O
annotation.submit          - - - - - - O
draft.read                 - - - - - - O
earning.read               - - - - - - O
event.read                 A A P - A - -
webhook.read               A A P - A - -
webhook.change             A A - - - - -
delivery.replay            A A - - - - -
audit_log.read             A A - - A - -
scheduler.explain          A A P - A P -
"""


def _read(table: str) -> dict[str, dict[Role, Cell]]:
    rows = [line.split() for line in table.strip().splitlines()]
    return {action: dict(zip(COLUMNS, map(Cell, cells), strict=True)) for action, *cells in rows}


MATRIX = _read(TABLE)

PROJECT_WORK = ("configure", "publish_schema", "publish_guideline", "pause", "resume", "archive")
TASK_WORK = ("add", "change", "cancel", "extend", "reopen", "dispose")
WORK = ("offer.take", "lease.keep", "annotation.submit", "draft.read")
# What each scope of a key grants. Scopes of what is not built yet grant nothing, so that keys can be issued for it.
SCOPES: dict[str, frozenset[str]] = {
    "org:read": frozenset({"organization.read", "member.list"}),
    "org:write": frozenset(
        {
            "organization.change",
            *(f"member.{act}" for act in ("invite", "set_role", "remove")),
            *(f"key.{act}" for act in ("issue", "rotate", "revoke")),
        }
    ),
    "projects:read": frozenset({"project.read"}),
    "projects:write": frozenset({"project.create", *(f"project.{act}" for act in PROJECT_WORK)}),
    "tasks:read": frozenset({"task.read", "batch.read", "scheduler.explain"}),
    "tasks:write": frozenset({"batch.create", "batch.change", "file.add", *(f"task.{act}" for act in TASK_WORK)}),
    "results:read": frozenset({"result.read", "annotation.read"}),
    "exports:write": frozenset({"export.request"}),
    "reviews:write": frozenset(
        {
            *(f"gold.{act}" for act in ("read", "plant", "change", "retire")),
            *(f"annotation.{act}" for act in ("accept", "overturn", "reject")),
            "task.purpose",
            "review.request",
            "review.policy",
        }
    ),
    "workforce:read": frozenset({"contributor.read", "scorecard.read"}),
    "workforce:write": frozenset(
        {
            "skill.define",
            "skill.grant",
            "skill.revoke",
            "review.grant",
            "restriction.impose",
            "restriction.lift",
            "message.send",
        }
    ),
    "payments:write": frozenset(),
    "quotes:write": frozenset({"quote.make"}),
    "events:read": frozenset({"event.read", "webhook.read"}),
    "webhooks:write": frozenset({"webhook.read", "webhook.change", "delivery.replay"}),
    "work:write": frozenset(WORK),
}
PRESETS: dict[str, tuple[str, ...]] = {
    "full": tuple(scope for scope in SCOPES if scope != "work:write"),
    "submit": ("tasks:write", "results:read", "quotes:write", "events:read"),
    "read": tuple(scope for scope in SCOPES if scope.endswith(":read")),
}


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes."""


@dataclass(frozen=True, slots=True)
class Denied:
    """No, and why: `not_a_member`, `role`, or `not_listed` (the role has the right, in other projects)."""

    reason: str

    def __bool__(self) -> bool:
        return False


def permit(*, user: User, action: str, organization: Organization, project: Project | None = None) -> Allowed | Denied:
    """May this user do it there? Without a project a right in own projects counts; `reach` then says in which."""
    membership = Membership.objects.filter(organization=organization, user=user).first()
    return judge(membership=membership, action=action, project=project)


def judge(*, membership: Membership | None, action: str, project: Project | None = None) -> Allowed | Denied:
    """As `permit`, for a membership that is at hand."""
    if membership is None or (project is not None and project.organization_id != membership.organization_id):
        return Denied("not_a_member")
    cell = MATRIX[action][Role(membership.role)]
    if cell in {Cell.NONE, Cell.QUEUE, Cell.OWN}:
        return Denied("role")
    if cell is Cell.PROJECTS and project is not None and not project.members.filter(pk=membership.pk).exists():
        return Denied("not_listed")
    return Allowed()


def reaches_all(*, membership: Membership, action: str) -> bool:
    """Whether the right is one over the whole organization, and not over own projects only."""
    return MATRIX[action][Role(membership.role)] is Cell.ALL


def reach(*, membership: Membership, action: str) -> QuerySet[Project]:
    """The projects in which the member may do it."""
    cell = MATRIX[action][Role(membership.role)]
    projects = Project.objects.filter(organization=membership.organization_id)
    if cell is Cell.PROJECTS:
        return projects.filter(members=membership)
    return projects if cell is Cell.ALL else projects.none()


def roles_for(action: str) -> list[Role]:
    """The roles that have the right, at least in own projects; for telling whom to ask."""
    return [role for role, cell in MATRIX[action].items() if cell in {Cell.ALL, Cell.NOT_OWNERS, Cell.PROJECTS}]


def key_may(key: ApiKey, action: str) -> bool:
    """Does one of the key's scopes grant the action? Whose data and which mode it reaches is the caller's to filter."""
    return any(action in SCOPES.get(scope, frozenset()) for scope in key.scopes)
