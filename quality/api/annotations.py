"""What the customer decides about answers, and the reviews of a task."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotation.api.base import KeyView
from annotation.api.docs import operation
from annotation.api.pages import page
from annotation.api.shapes import AnnotationShape, Shape
from annotation.api.tasks import tasks_of
from annotation.models import Annotation, Purpose
from annotation.queries.pseudonyms import with_pseudonyms
from quality.domain import customer_decisions
from quality.domain.decisions import REASONS
from quality.models import Review


class ReviewShape(Shape):
    """A judgement of a task's answers."""

    noun = "review"
    mode_from = "project.mode"

    task = serializers.CharField(source="task.public_id")
    annotation = serializers.CharField(source="annotation.public_id", default=None, allow_null=True)
    stage = serializers.ChoiceField(["review", "adjudicate"])
    status = serializers.ChoiceField([each for each in Review.Status.values if each != Review.Status.HELD])
    cause = serializers.CharField()
    decision = serializers.CharField(allow_blank=True)
    reasons = serializers.ListField(child=serializers.CharField())
    disagreement = serializers.ChoiceField(
        Review.Disagreement.values, allow_blank=True, help_text="why the answers differ, where the reviewer has said it"
    )
    comments = serializers.ListField(child=serializers.DictField(), help_text="path, text")
    note = serializers.CharField()
    value = serializers.DictField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)


class Note(serializers.Serializer[Any]):
    """A word to the author."""

    note = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=4000)


class Rejection(serializers.Serializer[Any]):
    """Why; the author reads both."""

    reasons = serializers.ListField(child=serializers.ChoiceField(REASONS), allow_empty=False)
    note = serializers.CharField(max_length=4000)


class DecisionView(KeyView):
    """One answer."""

    def answer(self, public_id: str) -> Annotation:
        """An answer to work. Raises NotFound."""
        rows = Annotation.objects.filter(task__purpose=Purpose.WORK)
        return self.one(self.mine(rows, "project__mode"), public_id)

    def shown(self, row: Annotation) -> Response:
        """The answer as it stands now."""
        rows = with_pseudonyms(Annotation.objects.select_related("task", "project", "assignment"))
        return Response(AnnotationShape(rows.get(pk=row.pk)).data)


class AcceptView(DecisionView):
    """Right."""

    rights = {"POST": "annotation.accept"}

    @operation("acceptAnnotation", "Accept an answer; it is paid now", takes=Note, answers=AnnotationShape)
    def post(self, request: Request, annotation: str) -> Response:
        """Accept."""
        note = self.given(Note).get("note", "")
        return self.shown(customer_decisions.accept(annotation=self.answer(annotation), by=self.actor, note=note))


class RejectView(DecisionView):
    """Wrong."""

    rights = {"POST": "annotation.reject"}

    @operation(
        "rejectAnnotation", "Reject an answer with reasons; it is not paid", takes=Rejection, answers=AnnotationShape
    )
    def post(self, request: Request, annotation: str) -> Response:
        """Reject."""
        given = self.given(Rejection)
        return self.shown(customer_decisions.reject(annotation=self.answer(annotation), by=self.actor, **given))


class ReviewsView(KeyView):
    """Judgements of a task."""

    rights = {"GET": "annotation.read"}

    @operation("listReviews", "Reviews of a task", answers=ReviewShape, listed=True)
    def get(self, request: Request, task: str) -> Response:
        """List."""
        rows = Review.objects.filter(task=self.one(tasks_of(self), task), second_of=None).exclude(
            status=Review.Status.HELD
        )
        return page(request, rows.select_related("task", "project", "annotation"), ReviewShape)
