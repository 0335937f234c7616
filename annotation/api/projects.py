"""The organization, its projects, their schemas and guidelines."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotation.api.base import KeyView, body_of, etag_of, idempotent, match, tagged
from annotation.api.docs import ProblemError, operation
from annotation.api.pages import page
from annotation.api.refusals import NotFound
from annotation.api.shapes import GuidelineShape, OrganizationShape, ProjectShape, SchemaShape
from annotation.domain import projects
from annotation.models import Guideline, Project, SchemaVersion
from annotation.queries.schemas import compiled
from annotation.questions.answers import check_payload
from annotation.questions.base import Json, Problem
from annotation.questions.schema import Schema, compatible, lint

MOST_SAMPLES = 100


class ProjectChanges(serializers.Serializer[Any]):
    """What of a project may be changed; `terms` and `quality` member by member."""

    name = serializers.CharField(required=False, max_length=200)
    description = serializers.CharField(required=False, max_length=1000, allow_blank=True)
    terms = serializers.DictField(required=False)
    quality = serializers.DictField(required=False)
    requirements = serializers.DictField(required=False)
    workforce = serializers.ChoiceField(["public", "team", "both"], required=False)
    metadata = serializers.DictField(required=False)


class ProjectInput(ProjectChanges):
    """A new project: from a preset, or with a schema of its own."""

    name = serializers.CharField(max_length=200)
    preset = serializers.CharField(required=False, allow_null=True)
    schema = serializers.JSONField(required=False, allow_null=True)
    guideline = serializers.CharField(required=False, allow_blank=True, allow_null=True)


class Reason(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=500)


class SchemaInput(serializers.Serializer[Any]):
    """A schema document of the label language."""

    language = serializers.CharField(required=False, help_text="manyhands/1 if absent.")
    fields = serializers.ListField(child=serializers.DictField())  # type: ignore[assignment]  # not Serializer.fields
    questions = serializers.ListField(child=serializers.DictField())
    rules = serializers.ListField(child=serializers.DictField(), required=False)
    exits = serializers.DictField(required=False)
    flags = serializers.ListField(child=serializers.DictField(), required=False)


class SchemaVerdict(serializers.Serializer[Any]):
    """What is wrong with a schema, and whether answers to the present one may be pooled with answers to it."""

    ok = serializers.BooleanField()
    errors = ProblemError(many=True)  # type: ignore[assignment]  # not Serializer.errors
    warnings = ProblemError(many=True)
    compatible = serializers.BooleanField(allow_null=True)


class GuidelineInput(serializers.Serializer[Any]):
    """The next instructions."""

    body = serializers.CharField(allow_blank=True, help_text="Markdown")
    breaking = serializers.BooleanField(required=False, default=False)
    note = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=500)


class OrganizationView(KeyView):
    """The customer that the key belongs to."""

    rights = {"GET": "organization.read"}

    @operation("getOrganization", "The organization of the key", answers=OrganizationShape)
    def get(self, request: Request) -> Response:
        """Read."""
        return tagged(request, OrganizationShape(self.organization).data)


class ProjectsView(KeyView):
    """All projects."""

    rights = {"GET": "project.read", "POST": "project.create"}

    @operation("listProjects", "Projects of the key's mode", answers=ProjectShape, listed=True)
    def get(self, request: Request) -> Response:
        """List."""
        return page(request, self.mine(Project.objects.all()), ProjectShape)

    @operation("createProject", "Make a project", takes=ProjectInput, answers=ProjectShape, status=201, kept=True)
    @idempotent
    def post(self, request: Request) -> Response:
        """Create."""
        given = self.given(ProjectInput)
        project = projects.create(organization=self.organization, mode=self.key.mode, by=self.actor, **given)
        return tagged(request, ProjectShape(project).data, 201, reverse("api_project", args=[project.public_id]))


class ProjectView(KeyView):
    """One project."""

    rights = {"GET": "project.read", "PATCH": "project.configure"}

    @operation("getProject", "A project", answers=ProjectShape)
    def get(self, request: Request, project: str) -> Response:
        """Read."""
        return tagged(request, ProjectShape(self.project(project)).data)

    @operation("changeProject", "Change a project", takes=ProjectChanges, answers=ProjectShape, matched=True)
    def patch(self, request: Request, project: str) -> Response:
        """Change."""
        row = self.project(project)
        match(request, ProjectShape(row).data)
        version = None if request.headers["If-Match"] == "*" else row.version
        changes = projects.Changes(**self.given(ProjectChanges))
        changed = projects.configure(project=row, changes=changes, by=self.actor, version=version)
        return tagged(request, ProjectShape(changed).data)


class PauseView(KeyView):
    """Stop giving out work."""

    rights = {"POST": "project.pause"}

    @operation("pauseProject", "No new work is given out", takes=Reason, answers=ProjectShape)
    def post(self, request: Request, project: str) -> Response:
        """Pause."""
        reason = self.given(Reason).get("reason", "")
        return tagged(
            request, ProjectShape(projects.pause(project=self.project(project), by=self.actor, reason=reason)).data
        )


class ResumeView(KeyView):
    """Go on."""

    rights = {"POST": "project.resume"}

    @operation("resumeProject", "Work goes on", answers=ProjectShape)
    def post(self, request: Request, project: str) -> Response:
        """Resume."""
        return tagged(request, ProjectShape(projects.resume(project=self.project(project), by=self.actor)).data)


class ArchiveView(KeyView):
    """Close for good."""

    rights = {"POST": "project.archive"}

    @operation("archiveProject", "Close a project whose tasks have all ended", takes=Reason, answers=ProjectShape)
    def post(self, request: Request, project: str) -> Response:
        """Archive."""
        reason = self.given(Reason).get("reason", "")
        return tagged(
            request, ProjectShape(projects.archive(project=self.project(project), by=self.actor, reason=reason)).data
        )


class SchemasView(KeyView):
    """The schema versions of a project."""

    rights = {"GET": "project.read", "POST": "project.publish_schema"}

    @operation("listSchemas", "Schema versions of a project", answers=SchemaShape, listed=True)
    def get(self, request: Request, project: str) -> Response:
        """List."""
        rows = SchemaVersion.objects.filter(project=self.project(project)).select_related("project")
        return page(request, rows, SchemaShape)

    @operation(
        "publishSchema", "Publish the next schema", takes=SchemaInput, answers=SchemaShape, status=201, kept=True
    )
    @idempotent
    def post(self, request: Request, project: str) -> Response:
        """Publish; a document that is unchanged gives the present version back."""
        row = self.project(project)
        new = projects.publish_schema(project=row, schema=_document(body_of(request)), by=self.actor)
        where = reverse("api_schema", args=[row.public_id, new.number])
        return tagged(request, SchemaShape(new).data, 201, where)


class SchemaView(KeyView):
    """One schema version."""

    rights = {"GET": "project.read"}

    @operation("getSchema", "A schema version", answers=SchemaShape)
    def get(self, request: Request, project: str, number: int) -> Response:
        """Read."""
        found = self.project(project).schemas.select_related("project").filter(number=number).first()
        if found is None:
            raise NotFound
        return tagged(request, SchemaShape(found).data)


class ValidateSchemaView(KeyView):
    """Try a schema."""

    rights = {"POST": "project.read"}

    @operation(
        "validateSchema",
        "What would be wrong with a schema, and with sample payloads under it (`payloads`)",
        takes=SchemaInput,
        answers=SchemaVerdict,
    )
    def post(self, request: Request, project: str) -> Response:
        """Check; nothing is stored."""
        row = self.project(project)
        body = dict(body_of(request))
        samples = body.pop("payloads", [])
        document = _document(body)
        problems = lint(document)
        blocking = [each for each in problems if each.blocking]
        if not blocking:
            blocking = _unfit(document, samples if isinstance(samples, list) else [])
        present = compiled(row.pk, row.schema_version).document
        verdict = {
            "ok": not blocking,
            "errors": _shown(blocking),
            "warnings": _shown(each for each in problems if not each.blocking),
            "compatible": None if blocking else compatible(present, document) == "same",
        }
        return Response(verdict)


def _document(body: dict[str, Any]) -> Json:
    return {"language": "manyhands/1", **body}


def _unfit(document: Json, samples: list[Any]) -> list[Problem]:
    schema = Schema.load(document)
    return [
        each.under("payloads", number)
        for number, sample in enumerate(samples[:MOST_SAMPLES])
        for each in check_payload(schema, sample)[1]
        if each.blocking
    ]


def _shown(problems: Any) -> list[dict[str, str]]:
    return [{"pointer": each.path, "code": each.code, "detail": each.message} for each in problems]


class GuidelinesView(KeyView):
    """The guidelines of a project."""

    rights = {"GET": "project.read", "POST": "project.publish_guideline"}

    @operation("listGuidelines", "Guidelines of a project", answers=GuidelineShape, listed=True)
    def get(self, request: Request, project: str) -> Response:
        """List."""
        rows = Guideline.objects.filter(project=self.project(project)).select_related("project")
        return page(request, rows, GuidelineShape)

    @operation(
        "publishGuideline",
        "Publish the next guideline",
        takes=GuidelineInput,
        answers=GuidelineShape,
        status=201,
        kept=True,
    )
    @idempotent
    def post(self, request: Request, project: str) -> Response:
        """Publish."""
        new = projects.publish_guideline(project=self.project(project), by=self.actor, **self.given(GuidelineInput))
        data = GuidelineShape(new).data
        return Response(data, status=201, headers={"ETag": etag_of(data)})
