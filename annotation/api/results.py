"""What came out of a task, and who did what on the way."""

from rest_framework.request import Request
from rest_framework.response import Response

from annotation.api.base import KeyView, tagged
from annotation.api.docs import operation
from annotation.api.pages import page
from annotation.api.refusals import NotReady
from annotation.api.shapes import AnnotationShape, AssignmentShape, ResultShape
from annotation.api.tasks import tasks_of
from annotation.models import Annotation, Assignment, Result, Stage
from annotation.queries.pseudonyms import with_pseudonyms


class ResultView(KeyView):
    """The present result."""

    rights = {"GET": "result.read"}

    @operation("getResult", "The latest result of a task", answers=ResultShape)
    def get(self, request: Request, task: str) -> Response:
        """Read; 409 `not_ready` before there is one."""
        row = self.one(tasks_of(self), task)
        found = Result.objects.filter(task=row).select_related("task", "project").order_by("-revision").first()
        if found is None:
            raise NotReady(state=row.status)
        return tagged(request, ResultShape(found).data)


class ResultsView(KeyView):
    """All revisions."""

    rights = {"GET": "result.read"}

    @operation("listResults", "All results of a task", answers=ResultShape, listed=True)
    def get(self, request: Request, task: str) -> Response:
        """List."""
        rows = Result.objects.filter(task=self.one(tasks_of(self), task)).select_related("task", "project")
        return page(request, rows, ResultShape)


class AnnotationsView(KeyView):
    """The answers."""

    rights = {"GET": "annotation.read"}

    @operation("listAnnotations", "Answers to a task", answers=AnnotationShape, listed=True)
    def get(self, request: Request, task: str) -> Response:
        """List."""
        rows = Annotation.objects.filter(task=self.one(tasks_of(self), task))
        return page(request, with_pseudonyms(rows.select_related("task", "project", "assignment")), AnnotationShape)


class AssignmentsView(KeyView):
    """The seats."""

    rights = {"GET": "annotation.read"}

    @operation("listAssignments", "Who has had the task, and how it ended", answers=AssignmentShape, listed=True)
    def get(self, request: Request, task: str) -> Response:
        """List; offers that nobody has opened are not told."""
        rows = Assignment.objects.filter(task=self.one(tasks_of(self), task), stage=Stage.LABEL)
        told = rows.exclude(status=Assignment.Status.OFFERED).select_related("task", "project")
        return page(request, with_pseudonyms(told), AssignmentShape)
