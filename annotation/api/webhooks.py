"""Webhooks and their deliveries."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotation.api.base import KeyView, idempotent, match, tagged
from annotation.api.docs import operation
from annotation.api.pages import page
from annotation.api.refusals import InvalidRequest
from annotation.api.shapes import Shape
from annotation.domain import webhooks
from annotation.models import WebhookDelivery, WebhookEndpoint

MOST_OVERLAP_S = 604_800
MOST_REPLAYED = 100
STATUS = {True: WebhookEndpoint.Status.ENABLED, False: WebhookEndpoint.Status.DISABLED}


class WebhookShape(Shape):
    """An address that wants events."""

    noun = "webhook"

    url = serializers.CharField()
    types = serializers.ListField(child=serializers.CharField())
    project = serializers.CharField(source="project.public_id", default=None, allow_null=True)
    description = serializers.CharField()
    enabled = serializers.SerializerMethodField()
    disabled_reason = serializers.CharField()
    secrets = serializers.SerializerMethodField()
    version = serializers.IntegerField(help_text="The ETag.")
    updated_at = serializers.DateTimeField()

    def get_enabled(self, row: Any) -> bool:
        """Whether it is sent to."""
        return bool(row.status == "enabled")

    def get_secrets(self, row: Any) -> list[dict[str, Any]]:
        """Which secrets sign; never the secrets."""
        return [{name: each.get(name) for name in ("id", "created_at", "expires_at")} for each in row.secrets]


class DeliveryShape(Shape):
    """One event on its way to one endpoint."""

    noun = "delivery"
    mode_from = "endpoint.mode"

    endpoint = serializers.CharField(source="endpoint.public_id")
    event = serializers.CharField(source="event.public_id")
    type = serializers.CharField(source="event.type")
    seq = serializers.IntegerField(source="event.seq", allow_null=True)
    target = serializers.CharField(source="endpoint.url")
    status = serializers.CharField()
    attempts = serializers.ListField(child=serializers.DictField(), help_text="at, http_status?, duration_ms, error?")
    next_attempt_at = serializers.DateTimeField(allow_null=True)


class WebhookChanges(serializers.Serializer[Any]):
    """What of a webhook may be changed."""

    url = serializers.URLField(required=False, max_length=500)
    types = serializers.ListField(child=serializers.CharField(max_length=40), required=False, help_text="task.*")
    description = serializers.CharField(required=False, allow_blank=True, max_length=200)
    enabled = serializers.BooleanField(required=False)


class WebhookInput(serializers.Serializer[Any]):
    """A new webhook, for all events of these types or those of one project."""

    url = serializers.URLField(max_length=500)
    types = serializers.ListField(child=serializers.CharField(max_length=40))
    project = serializers.CharField(required=False, allow_null=True)
    description = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=200)


class WebhookWithSecret(WebhookShape):
    """The answer that tells the secret, this once."""

    secret = serializers.CharField()


class Overlap(serializers.Serializer[Any]):
    """How long the old secrets sign on."""

    overlap_s = serializers.IntegerField(min_value=0, max_value=MOST_OVERLAP_S, default=0)


class Secret(serializers.Serializer[Any]):
    """Shown this once."""

    secret = serializers.CharField()


class ReplayInput(serializers.Serializer[Any]):
    """Which deliveries: those of a range of events, or these."""

    from_seq = serializers.IntegerField(required=False, min_value=0)
    to_seq = serializers.IntegerField(required=False, min_value=0)
    delivery_ids = serializers.ListField(child=serializers.CharField(), required=False, max_length=MOST_REPLAYED)
    only = serializers.ChoiceField(["all", "failed"], default="all")


class Queued(serializers.Serializer[Any]):
    """How many will be sent again."""

    queued = serializers.IntegerField()


class WebhooksView(KeyView):
    """All webhooks."""

    rights = {"GET": "webhook.read", "POST": "webhook.change"}

    @operation("listWebhooks", "Webhooks of the key's mode", answers=WebhookShape, listed=True)
    def get(self, request: Request) -> Response:
        """List."""
        return page(request, self.mine(WebhookEndpoint.objects.select_related("project")), WebhookShape)

    @operation("createWebhook", "Make a webhook", takes=WebhookInput, answers=WebhookWithSecret, status=201, kept=True)
    @idempotent
    def post(self, request: Request) -> Response:
        """Create."""
        given = self.given(WebhookInput)
        if "project" in given:
            given["project"] = self.project(given["project"])
        hook, secret = webhooks.register(organization=self.organization, mode=self.key.mode, by=self.actor, **given)
        where = reverse("api_webhook", args=[hook.public_id])
        return tagged(request, {**WebhookShape(hook).data, "secret": secret}, 201, where)


class WebhookView(KeyView):
    """One webhook."""

    rights = {"GET": "webhook.read", "PATCH": "webhook.change", "DELETE": "webhook.change"}

    @operation("getWebhook", "A webhook", answers=WebhookShape)
    def get(self, request: Request, webhook: str) -> Response:
        """Read."""
        return tagged(request, WebhookShape(self.hook(webhook)).data)

    @operation("changeWebhook", "Change a webhook", takes=WebhookChanges, answers=WebhookShape, matched=True)
    @transaction.atomic
    def patch(self, request: Request, webhook: str) -> Response:
        """Change; enabling clears the reason for which it was disabled."""
        row = self.one(self.hooks().select_for_update(no_key=True, of=("self",)), webhook)
        match(request, WebhookShape(row).data)
        given = self.given(WebhookChanges)
        if "enabled" in given:
            given["status"] = STATUS[given.pop("enabled")]
        return tagged(request, WebhookShape(webhooks.change(endpoint=row, by=self.actor, **given)).data)

    @operation("deleteWebhook", "Delete a webhook and its log", answers=None, status=204)
    def delete(self, request: Request, webhook: str) -> Response:
        """Delete the webhook and the log of its deliveries."""
        webhooks.remove(endpoint=self.hook(webhook), by=self.actor)
        return Response(status=204)

    def hooks(self) -> QuerySet[WebhookEndpoint]:
        """Those that the key may see."""
        return self.mine(WebhookEndpoint.objects.select_related("project"))

    def hook(self, public_id: str) -> WebhookEndpoint:
        """Raises NotFound."""
        return self.one(self.hooks(), public_id)


class RotateWebhookView(WebhookView):
    """A new secret."""

    rights = {"POST": "webhook.change"}
    http_method_names = ["post", "options"]

    @operation("rotateWebhookSecret", "A new secret; the old ones sign on for a while", takes=Overlap, answers=Secret)
    @idempotent
    def post(self, request: Request, webhook: str) -> Response:
        """Rotate."""
        secret = webhooks.rotate(endpoint=self.hook(webhook), by=self.actor, **self.given(Overlap))
        return Response({"secret": secret})


class TestWebhookView(WebhookView):
    """Try it."""

    rights = {"POST": "webhook.change"}
    http_method_names = ["post", "options"]

    @operation("testWebhook", "Send a `ping` to this webhook alone", answers=DeliveryShape, kept=True)
    @idempotent
    def post(self, request: Request, webhook: str) -> Response:
        """Ping."""
        return Response(DeliveryShape(webhooks.ping(endpoint=self.hook(webhook), by=self.actor)).data)


class ReplayWebhookView(WebhookView):
    """Send again."""

    rights = {"POST": "delivery.replay"}
    http_method_names = ["post", "options"]

    @operation("replayWebhook", "Send deliveries again", takes=ReplayInput, answers=Queued, kept=True)
    @idempotent
    def post(self, request: Request, webhook: str) -> Response:
        """Queue them."""
        hook, given = self.hook(webhook), self.given(ReplayInput)
        if "delivery_ids" in given:
            for delivery in hook.deliveries.filter(public_id__in=given["delivery_ids"]):
                webhooks.retry(delivery=delivery, by=self.actor)
            return Response({"queued": len(set(given["delivery_ids"]))})
        if not given.keys() >= {"from_seq", "to_seq"}:
            raise InvalidRequest(parameter="from_seq")
        queued = webhooks.replay(
            endpoint=hook,
            from_seq=given["from_seq"],
            to_seq=given["to_seq"],
            only_failed=given["only"] == "failed",
            by=self.actor,
        )
        return Response({"queued": queued})


class DeliveriesView(KeyView):
    """The log of deliveries."""

    rights = {"GET": "webhook.read"}

    @operation(
        "listDeliveries",
        "Deliveries of all webhooks",
        answers=DeliveryShape,
        listed=True,
        query=[
            OpenApiParameter("endpoint", OpenApiTypes.STR),
            OpenApiParameter("event", OpenApiTypes.STR),
            OpenApiParameter("status", OpenApiTypes.STR, enum=list(WebhookDelivery.Status.values)),
        ],
    )
    def get(self, request: Request) -> Response:
        """List."""
        rows = self.deliveries()
        for name, field in (("endpoint", "endpoint__public_id"), ("event", "event__public_id"), ("status", "status")):
            if name in request.query_params:
                rows = rows.filter(**{field: request.query_params[name]})
        return page(request, rows, DeliveryShape)

    def deliveries(self) -> QuerySet[WebhookDelivery]:
        """Those that the key may see."""
        return self.mine(WebhookDelivery.objects.select_related("endpoint", "event"), "endpoint__mode")


class DeliveryView(DeliveriesView):
    """One delivery."""

    @operation("getDelivery", "A delivery with its attempts", answers=DeliveryShape)
    def get(self, request: Request, delivery: str) -> Response:  # type: ignore[override]  # another address
        """Read."""
        return tagged(request, DeliveryShape(self.one(self.deliveries(), delivery)).data)


class RetryDeliveryView(DeliveriesView):
    """Try one again."""

    rights = {"POST": "delivery.replay"}
    http_method_names = ["post", "options"]

    @operation("retryDelivery", "Send a delivery again now", answers=DeliveryShape, kept=True)
    @idempotent
    def post(self, request: Request, delivery: str) -> Response:
        """Queue it."""
        row = self.one(self.deliveries(), delivery)
        webhooks.retry(delivery=row, by=self.actor)
        return Response(DeliveryShape(self.one(self.deliveries(), delivery)).data)
