"""Batches."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotation.api.base import KeyView, idempotent, match, tagged
from annotation.api.batch_shapes import AccuracyInput, BatchShape
from annotation.api.docs import operation
from annotation.api.pages import page
from annotation.api.projects import Reason
from annotation.domain import batches
from annotation.models import Batch, Quote
from annotation.queries.batches import shown


class BatchChanges(serializers.Serializer[Any]):
    """What of a batch may be changed; deadline and priority hold for tasks added from now on."""

    name = serializers.CharField(required=False, max_length=200)
    priority = serializers.IntegerField(required=False, min_value=0, max_value=100)
    deadline = serializers.DateTimeField(required=False, allow_null=True)
    metadata = serializers.DictField(required=False)
    budget_minor = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=10**15, help_text="The most that its answers may cost."
    )


class BatchInput(BatchChanges):
    """A new batch. Its deadline is promised, for so many `tasks` or those of the `quote`, unless `best_effort` is enough."""

    name = serializers.CharField(max_length=200)
    tasks = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=5_000_000)
    quote = serializers.CharField(required=False, allow_null=True, help_text="Id of a quote of this project.")
    best_effort = serializers.BooleanField(required=False, default=False)
    accuracy = AccuracyInput(
        required=False, help_text="Promised, and shown by a blind audit when the tasks are done; the batch ends then."
    )


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
        return tagged(request, BatchShape(self.one(self.batches(), changed.public_id)).data)

    def batches(self) -> QuerySet[Batch]:
        """Those that the key may see."""
        return self.mine(shown(Batch.objects.all()), "project__mode")


class BatchesView(KeyView):
    """The batches of a project."""

    rights = {"GET": "batch.read", "POST": "batch.create"}

    @operation("listBatches", "Batches of a project", answers=BatchShape, listed=True)
    def get(self, request: Request, project: str) -> Response:
        """List."""
        return page(request, shown(Batch.objects.filter(project=self.project(project))), BatchShape)

    @operation("createBatch", "Make a batch", takes=BatchInput, answers=BatchShape, status=201, kept=True)
    @idempotent
    def post(self, request: Request, project: str) -> Response:
        """Create."""
        row, given = self.project(project), self.given(BatchInput)
        if "quote" in given:
            given["quote"] = self.one(Quote.objects.filter(project=row), given["quote"])
        made = batches.create(project=row, by=self.actor, **given)
        data = BatchShape(shown(Batch.objects.filter(pk=made.pk)).get()).data
        return tagged(request, data, 201, reverse("api_batch", args=[made.public_id]))


class CancelBatchView(BatchView):
    """Stop a batch."""

    rights = {"POST": "batch.change"}
    http_method_names = ["post", "options"]

    @operation("cancelBatch", "Cancel a batch and its live tasks", takes=Reason, answers=BatchShape)
    def post(self, request: Request, batch: str) -> Response:
        """Cancel."""
        reason = self.given(Reason).get("reason", "")
        batches.cancel(batch=self.one(self.batches(), batch), by=self.actor, reason=reason)
        return tagged(request, BatchShape(self.one(self.batches(), batch)).data)
