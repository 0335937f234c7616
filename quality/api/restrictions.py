"""Who gets no new tasks of a project. A program may decide in somebody's favour only: to restrict a person, or to let an objection fall,
takes a person.
"""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotation.api.base import KeyView
from annotation.api.docs import operation
from annotation.api.pages import page
from annotation.api.refusals import InvalidRequest
from annotation.api.shapes import Shape
from quality.domain import restrictions
from quality.models import Restriction
from quality.queries.restrictions import with_pseudonyms

STATUS = OpenApiParameter("status", OpenApiTypes.STR, enum=Restriction.Status.values, description="All if absent.")


class RestrictionShape(Shape):
    """Somebody gets no new tasks from `since` to `until`, or a person is asked whether it shall be so."""

    noun = "restriction"
    mode_from = "project.mode"

    project = serializers.CharField(source="project.public_id")
    contributor = serializers.CharField(source="pseudonym", help_text="The name that they have in this organization.")
    status = serializers.ChoiceField(Restriction.Status.values)
    rule = serializers.CharField(source="hit.rule.public_id")
    facts = serializers.DictField(source="hit.facts", help_text="What the rule has seen: fact: number")
    grounds = serializers.ListField(child=serializers.CharField(), help_text="Of two or more the rule decides alone.")
    since = serializers.DateTimeField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True, help_text="For which it was lifted.")
    objection = serializers.CharField(allow_blank=True, help_text="Why they say that it is wrong.")
    objected_at = serializers.DateTimeField(allow_null=True)
    reply = serializers.CharField(allow_blank=True)
    replied_at = serializers.DateTimeField(allow_null=True)


class LiftInput(serializers.Serializer[Any]):
    """Why; they read it."""

    reason = serializers.CharField(max_length=500)


class RestrictionsView(KeyView):
    """Of a project."""

    rights = {"GET": "scorecard.read"}

    @operation("listRestrictions", "Restrictions of a project", answers=RestrictionShape, listed=True, query=[STATUS])
    def get(self, request: Request, project: str) -> Response:
        """List."""
        rows = visible(self).filter(project=self.project(project))
        status = request.query_params.get("status")
        if status is not None and status not in Restriction.Status.values:
            raise InvalidRequest(parameter="status")
        return page(request, rows.filter(status=status) if status else rows, RestrictionShape)


class LeaveView(KeyView):
    """One that waits for a decision."""

    rights = {"POST": "restriction.impose"}

    @operation("leaveRestriction", "Do not restrict them", answers=RestrictionShape)
    def post(self, request: Request, restriction: str) -> Response:
        """Leave."""
        found = self.one(visible(self), restriction)
        restrictions.leave(restriction=found, by=self.actor, now=timezone.now())
        return Response(RestrictionShape(visible(self).get(pk=found.pk)).data)


class LiftView(KeyView):
    """One that is in force."""

    rights = {"POST": "restriction.lift"}

    @operation("liftRestriction", "End a restriction", takes=LiftInput, answers=RestrictionShape)
    def post(self, request: Request, restriction: str) -> Response:
        """Lift."""
        found = self.one(visible(self), restriction)
        restrictions.lift(restriction=found, by=self.actor, now=timezone.now(), **self.given(LiftInput))
        return Response(RestrictionShape(visible(self).get(pk=found.pk)).data)


def visible(view: KeyView) -> QuerySet[Restriction]:
    """Those that a key may see."""
    rows = Restriction.objects.filter(project__organization=view.organization, project__mode=view.key.mode)
    return with_pseudonyms(rows.select_related("project", "hit__rule"))
