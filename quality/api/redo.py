"""Having the answers of one person done again by others. They keep their pay."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotation.api.base import KeyView, idempotent
from annotation.api.docs import operation
from annotation.api.pages import page
from annotation.api.refusals import InvalidRequest
from annotation.api.shapes import MoneyShape, Shape
from annotation.models import ContributorAlias, Project
from annotation.queries.redoing import Preview
from quality.domain import redo
from quality.models import Redo

PREVIEW = "preview"


class RedoShape(Shape):
    """Answers of somebody are set aside, and others answer their tasks again."""

    noun = "redo"
    mode_from = "project.mode"

    id = serializers.CharField(source="public_id", allow_null=True, help_text="None for a preview.")
    created_at = serializers.DateTimeField(allow_null=True)
    project = serializers.CharField(source="project.public_id")
    contributor = serializers.CharField(source="pseudonym", help_text="The name that they have in this organization.")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    status = serializers.ChoiceField([PREVIEW, *Redo.Status.values])
    answers = serializers.IntegerField(help_text="Set aside so far, each of another task; in a preview, that would be.")
    delivered = serializers.IntegerField(help_text="Of these, of tasks that had a result: they get a new one.")
    left = serializers.DictField(child=serializers.IntegerField(), help_text="Why: how many stay as they are.")
    cost = MoneyShape(
        default=None, allow_null=True, help_text="Of a preview: the most that other answers cost, at the present price."
    )


class RedoInput(serializers.Serializer[Any]):
    """Whose answers, and since when."""

    contributor = serializers.CharField(help_text="`ctr_…`, as beside each answer.")
    since = serializers.DateTimeField()
    dry_run = serializers.BooleanField(default=False, help_text="Only say what it would come to; nothing happens.")


class RedosView(KeyView):
    """Of a project."""

    rights = {"GET": "scorecard.read", "POST": "restriction.impose"}

    @operation("listRedos", "Whose answers are done again", answers=RedoShape, listed=True)
    def get(self, request: Request, project: str) -> Response:
        """List."""
        alias = ContributorAlias.objects.filter(organization=self.organization, contributor=OuterRef("contributor"))
        rows = Redo.objects.filter(project=self.project(project)).select_related("project")
        return page(request, rows.annotate(pseudonym=Subquery(alias.values("public_id")[:1])), RedoShape)

    @operation("redoAnswers", "Have somebody's answers done again", takes=RedoInput, answers=RedoShape, kept=True)
    @idempotent
    def post(self, request: Request, project: str) -> Response:
        """Ask, or preview."""
        row, given, now = self.project(project), self.given(RedoInput), timezone.now()
        known = ContributorAlias.objects.filter(organization=self.organization, public_id=given["contributor"])
        alias = known.first()
        if alias is None:
            raise InvalidRequest(parameter="contributor")
        of = {"project": row, "contributor_id": alias.contributor_id, "since": given["since"], "now": now}
        made = (
            _seen(row, redo.preview(**of), given["since"], now) if given["dry_run"] else redo.ask(**of, by=self.actor)
        )
        made.pseudonym = alias.public_id  # type: ignore[attr-defined]  # as in lists
        return Response(RedoShape(made).data)


def _seen(project: Project, found: Preview, since: datetime, until: datetime) -> Redo:
    """A preview in the shape of what it would lead to; nothing is stored."""
    shown = Redo(  # type: ignore[misc]  # what only a stored one has is None
        public_id=None, created_at=None, project=project, since=since, until=until, status=PREVIEW,
        answers=found.answers, delivered=found.delivered, left=dict(found.left),
    )  # fmt: skip
    shown.cost = {"amount": found.minor, "currency": project.organization.currency}  # type: ignore[attr-defined]  # shown only
    return shown
