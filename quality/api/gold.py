"""Tasks with known answers."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotation.api.base import KeyView, idempotent, tagged
from annotation.api.docs import operation
from annotation.api.pages import page
from annotation.api.shapes import Shape
from quality.domain import gold
from quality.models import GoldItem


class GoldShape(Shape):
    """A task whose answer is known."""

    noun = "gold"
    mode_from = "project.mode"

    project = serializers.CharField(source="project.public_id")
    payload = serializers.DictField(source="task.payload.body")
    expected = serializers.DictField(help_text="question: value")
    status = serializers.ChoiceField(GoldItem.Status.values)
    training = serializers.BooleanField(help_text="For practice: everybody does it first, and then reads the answer.")
    why = serializers.CharField()
    answers = serializers.IntegerField(source="task.answers")


class GoldInput(serializers.Serializer[Any]):
    """A task and what is known of its answer."""

    payload = serializers.DictField()
    expected = serializers.DictField(help_text="Some or all questions.")
    training = serializers.BooleanField(
        default=False, help_text="For practice: everybody does it first, and then reads the answer."
    )
    why = serializers.CharField(
        required=False, max_length=4000, help_text="Of practice: what people read beside the answer."
    )


class GoldsView(KeyView):
    """The gold of a project."""

    rights = {"GET": "gold.read", "POST": "gold.plant"}

    @operation("listGold", "Gold of a project", answers=GoldShape, listed=True)
    def get(self, request: Request, project: str) -> Response:
        """List."""
        return page(request, golds(self).filter(project=self.project(project)), GoldShape)

    @operation("plantGold", "Add a task with a known answer", takes=GoldInput, answers=GoldShape, status=201, kept=True)
    @idempotent
    def post(self, request: Request, project: str) -> Response:
        """Plant."""
        item = gold.plant(project=self.project(project), by=self.actor, **self.given(GoldInput))
        return tagged(request, GoldShape(golds(self).get(pk=item.pk)).data, 201)


class RetireGoldView(KeyView):
    """One item."""

    rights = {"POST": "gold.retire"}

    @operation("retireGold", "No new answers to this item", answers=GoldShape)
    def post(self, request: Request, gold_item: str) -> Response:
        """Retire."""
        gold.retire(item=self.one(golds(self), gold_item), by=self.actor)
        return Response(GoldShape(self.one(golds(self), gold_item)).data)


def golds(view: KeyView) -> QuerySet[GoldItem]:
    """Those that a key may see."""
    return view.mine(GoldItem.objects.select_related("project", "task__payload"), "project__mode")
