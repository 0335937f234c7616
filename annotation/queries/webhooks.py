"""Webhook endpoints and what became of their deliveries."""

from django.db.models import QuerySet

from annotation.models import Membership, Project, WebhookDelivery, WebhookEndpoint


def endpoints(membership: Membership, projects: QuerySet[Project] | None) -> QuerySet[WebhookEndpoint]:
    """The organization's endpoints; only those of `projects` if that is given."""
    rows = WebhookEndpoint.objects.filter(organization=membership.organization_id).select_related("project")
    return rows if projects is None else rows.filter(project__in=projects)


def log(endpoint: WebhookEndpoint, *, status: str = "") -> QuerySet[WebhookDelivery]:
    """What was sent to an endpoint, or waits to be; with the event of each."""
    rows = WebhookDelivery.objects.filter(endpoint=endpoint).select_related("event")
    return rows.filter(status=status) if status else rows
