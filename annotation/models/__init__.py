"""The shapes of floor 2."""

from annotation.models.answer import COUNTING, Annotation
from annotation.models.assignment import Assignment, Draft, Gang
from annotation.models.customer import (
    ApiKey,
    ContributorAlias,
    IdempotencyRecord,
    Invitation,
    Membership,
    Mode,
    Organization,
    Role,
)
from annotation.models.delivery import ImportChunk, ImportJob, ImportRow, WebhookDelivery, WebhookEndpoint
from annotation.models.event import Event
from annotation.models.media import File
from annotation.models.planning import Basis, Forecast, Quote, WorkedHour
from annotation.models.project import (
    Guideline,
    Project,
    ProjectContributor,
    Purpose,
    Queue,
    QueueCursor,
    SchemaVersion,
    ServiceClass,
    Stage,
)
from annotation.models.result import Result
from annotation.models.scheduling import DispatchRound, FairShare
from annotation.models.task import Batch, Task, TaskKey, TaskPayload

__all__ = [
    "COUNTING",
    "Annotation",
    "ApiKey",
    "Assignment",
    "Basis",
    "Batch",
    "ContributorAlias",
    "DispatchRound",
    "Draft",
    "Event",
    "FairShare",
    "File",
    "Forecast",
    "Gang",
    "Guideline",
    "IdempotencyRecord",
    "ImportChunk",
    "ImportJob",
    "ImportRow",
    "Invitation",
    "Membership",
    "Mode",
    "Organization",
    "Project",
    "ProjectContributor",
    "Purpose",
    "Queue",
    "QueueCursor",
    "Quote",
    "Result",
    "Role",
    "SchemaVersion",
    "ServiceClass",
    "Stage",
    "Task",
    "TaskKey",
    "TaskPayload",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WorkedHour",
]
