"""Batches."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotation.api.base import KeyView, idempotent, match, tagged
from annotation.api.docs import operation
from annotation.api.pages import page
from annotation.api.projects import Reason
from annotation.api.shapes import BatchShape
from annotation.domain import batches
from annotation.models import Batch


class BatchChanges(serializers.Serializer[Any]):
    """What of a batch may be changed; deadline and priority hold for tasks added from now on."""

    name = serializers.CharField(required=False, max_length=200)
    priority = serializers.IntegerField(required=False, min_value=0, max_value=100)
    deadline = serializers.DateTimeField(required=False, allow_null=True)
    metadata = serializers.DictField(required=False)


class BatchInput(BatchChanges):
    """A new batch."""

    name = serializers.CharField(max_length=200)


class BatchView(KeyView):
    """One batch."""

    rights = {"GET": "batch.read", "PATCH": "batch.change"}

    @operation("getBatch", "A batch", answers=BatchShape)
    def get(self, request: Request, batch: str) -> Response:
        """Read."""
        return tagged(request, BatchShape(self.one(self.batches(), batch)).data)

    @operation("changeBatch", "Change a batch", takes=BatchChanges, answers=BatchShape, matched=True)
    @transaction.atomic
    def patch(self, request: Request, batch: str) -> Response:
        """Change."""
        row = self.one(self.batches().select_for_update(no_key=True, of=("self",)), batch)
        match(request, BatchShape(row).data)
        checked = BatchChanges(data=request.data)
        checked.is_valid(raise_exception=True)
        changed = batches.change(batch=row, by=self.actor, **checked.validated_data)
        return tagged(request, BatchShape(changed).data)

    def batches(self) -> QuerySet[Batch]:
        """Those that the key may see."""
        return self.mine(Batch.objects.select_related("project", "forecast"), "project__mode")


class BatchesView(KeyView):
    """The batches of a project."""

    rights = {"GET": "batch.read", "POST": "batch.create"}

    @operation("listBatches", "Batches of a project", answers=BatchShape, listed=True)
    def get(self, request: Request, project: str) -> Response:
        """List."""
        rows = Batch.objects.filter(project=self.project(project)).select_related("project", "forecast")
        return page(request, rows, BatchShape)

    @operation("createBatch", "Make a batch", takes=BatchInput, answers=BatchShape, status=201, kept=True)
    @idempotent
    def post(self, request: Request, project: str) -> Response:
        """Create."""
        batch = batches.create(project=self.project(project), by=self.actor, **self.given(BatchInput))
        return tagged(request, BatchShape(batch).data, 201, reverse("api_batch", args=[batch.public_id]))


class CancelBatchView(BatchView):
    """Stop a batch."""

    rights = {"POST": "batch.change"}
    http_method_names = ["post", "options"]

    @operation("cancelBatch", "Cancel a batch and its live tasks", takes=Reason, answers=BatchShape)
    def post(self, request: Request, batch: str) -> Response:
        """Cancel."""
        reason = self.given(Reason).get("reason", "")
        canceled = batches.cancel(batch=self.one(self.batches(), batch), by=self.actor, reason=reason)
        return tagged(request, BatchShape(canceled).data)
