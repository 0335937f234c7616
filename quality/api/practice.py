"""Asking somebody to practise again. It takes nothing from them: practice is paid as any task."""

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotation.api.base import KeyView, idempotent
from annotation.api.docs import operation
from annotation.api.refusals import InvalidRequest
from annotation.models import ContributorAlias
from quality.domain import practice
from quality.models.rule import MOST_PRACTICE


class PracticeInput(serializers.Serializer[Any]):
    """Of whom, how much, and why."""

    contributor = serializers.CharField(help_text="`ctr_…`, as beside each answer.")
    tasks = serializers.IntegerField(min_value=1, max_value=MOST_PRACTICE, default=3)
    reason = serializers.CharField(max_length=practice.REASON_LENGTH, help_text="They read it.")


ASKED = inline_serializer(
    "PracticeAsked",
    {
        "contributor": serializers.CharField(),
        "tasks": serializers.IntegerField(help_text="That come first; less than asked for where less is left."),
        "reason": serializers.CharField(),
    },
)


class PracticeView(KeyView):
    """Of a project."""

    rights = {"POST": "restriction.impose"}

    @operation(
        "requirePractice", "Have somebody practise before other work", takes=PracticeInput, answers=ASKED, kept=True
    )
    @idempotent
    def post(self, request: Request, project: str) -> Response:
        """Ask."""
        row, given = self.project(project), self.given(PracticeInput)
        known = ContributorAlias.objects.select_related("contributor").filter(organization=self.organization)
        alias = known.filter(public_id=given["contributor"]).first()
        if alias is None:
            raise InvalidRequest(parameter="contributor")
        count = practice.require(
            project=row, contributor=alias.contributor, count=given["tasks"], reason=given["reason"], by=self.actor
        )
        return Response({**given, "tasks": count})
