"""The builder: a preset becomes a project's own questions, tried out beside the form in the real workspace's parts."""

import base64
import json
from collections.abc import Mapping
from itertools import islice
from mimetypes import guess_type
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotation.domain import policy, project_settings, projects
from annotation.formats import samples
from annotation.models import Mode, Project, SchemaVersion
from annotation.permissions import reach
from annotation.questions import presets
from annotation.questions.base import Json, Problem
from annotation.questions.presets import Preset
from annotation.questions.registry import FIELD_TYPES, QUESTION_TYPES
from annotation.questions.schema import compatible, lint
from annotation.web.builder_form import BuilderForm
from annotation.web.console import Here, member_view
from annotation.web.preset_groups import BLANK, groups, words
from annotation.web.project_form import in_words, initial_of
from annotation.web.project_frame import address, project_page
from annotation.web.protocol import read_json
from workforce.domain.refusal import Refusal

EXAMPLES = 3
MINUTES = 1.0  # where no preset says how long a task takes


@require_safe
@member_view("project.create")
def choose(request: HttpRequest, here: Here) -> HttpResponse:
    """All presets, by what is done with them."""
    return render(request, "annotation/choose.html", {"groups": groups(), "blank": BLANK})


@require_http_methods(["GET", "HEAD", "POST"])
@member_view("project.create")
def build(request: HttpRequest, here: Here, preset: str) -> HttpResponse:
    """Edit, try, create. What is wrong stands at its place, and nothing typed is lost."""
    template = _template(preset)
    start = policy.suggested(template)
    form = BuilderForm(
        request.POST if request.method == "POST" else None,
        organization=here.organization,
        initial={
            **initial_of(
                {**start, "name": "", "description": "", "workforce": "both", "requirements": {}}, here.organization
            ),
            "schema": json.dumps(template.schema if template else BLANK, ensure_ascii=False, indent=2),
            "mode": Mode.LIVE,
        },
    )
    if request.method == "POST" and form.is_valid():
        project = _created(form, here, template)
        if project is not None:
            messages.success(request, _("Your project is open. Add the first tasks, and people can begin."))
            return redirect(address(project))
    context = {
        "form": form,
        "here": here,
        "preset": template,
        "preset_title": words(template.title) if template else "",
        "minutes": template.defaults["minutes"] if template else MINUTES,
        "setup": _setup(template.schema if template else BLANK, template),
    }
    return render(request, "annotation/builder.html", context, status=422 if form.errors else 200)


def _template(name: str) -> Preset | None:
    """The preset; None for a blank start. Raises Http404."""
    if name == "blank":
        return None
    try:
        return presets.load(name)
    except KeyError as error:
        raise Http404 from error


def _created(form: BuilderForm, here: Here, template: Preset | None) -> Project | None:
    """The new project, or None with the reasons on the form."""
    try:
        return projects.create(
            organization=here.organization,
            mode=form.cleaned_data["mode"],
            by=here.actor,
            created_by=here.user,
            preset=template.name if template else None,
            schema=form.cleaned_data["schema"],
            guideline=form.cleaned_data["guideline"],
            **form.values(),
        )
    except project_settings.SchemaInvalid as refusal:
        form.add_error("schema", f"{refusal.message} {refusal.remedy}")
    except project_settings.Invalid as refusal:
        form.add_problems(refusal.problems)
    except projects.NameTaken as refusal:
        form.add_error("name", f"{refusal.message} {refusal.remedy}")
    return None


@require_POST
@member_view("project.create")
def check(request: HttpRequest, here: Here) -> HttpResponse:
    """`{schema, project?}` -> `{problems: [{path, code, message, blocking}], compatible?}`.

    With a project the schema is compared with the one in force.
    """
    try:
        body = read_json(request)
    except Refusal as refusal:
        return JsonResponse({"code": refusal.code, "message": str(refusal.message)}, status=400)
    schema = body.get("schema")
    problems = lint(schema)
    answer: dict[str, Any] = {"problems": [_shown(each) for each in problems]}
    current = _current(here, body.get("project"))
    if current is not None and not any(each.blocking for each in problems):
        answer["compatible"] = compatible(current.body, schema)
    return JsonResponse(answer)


def _shown(problem: Problem) -> dict[str, Any]:
    return {"path": problem.path, "code": problem.code, "message": in_words(problem), "blocking": problem.blocking}


def _current(here: Here, public_id: Json) -> SchemaVersion | None:
    """The schema in force of a project that the member sees."""
    if not isinstance(public_id, str):
        return None
    project = reach(membership=here.membership, action="project.read").filter(public_id=public_id).first()
    return project.schemas.filter(number=project.schema_version).first() if project else None


@require_http_methods(["GET", "HEAD", "POST"])
@member_view("project.publish_schema")
def questions(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """The questions of a project, to be changed and tried; publishing makes the next schema version."""
    row = here.project
    assert row is not None  # noqa: S101  the address names one
    current = row.schemas.get(number=row.schema_version)
    given = request.POST.get("schema", "") if request.method == "POST" else ""
    error = ""
    if request.method == "POST":
        try:
            new = projects.publish_schema(project=row, schema=_json(given), by=here.actor)
        except Refusal as refusal:
            error = f"{refusal.message} {refusal.remedy}"
        else:
            messages.success(request, _("Version %(number)d of the questions is out.") % {"number": new.number})
            return redirect(address(row, "questions/"))
    return project_page(
        request,
        here,
        "annotation/questions.html",
        tab="questions",
        status=422 if error else 200,
        error=error,
        current=current,
        versions=list(row.schemas.order_by("-number").only("number", "major", "created_at", "project_id")[:50]),
        text=given or json.dumps(current.body, ensure_ascii=False, indent=2),
        setup={**_setup(current.body, _used(row)), "project": row.public_id},
    )


def _json(text: str) -> Json:
    """The document of a text; None, which no schema is, if it is no JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def _used(project: Project) -> Preset | None:
    """The preset that the project was made from."""
    return presets.load(project.preset) if project.preset in presets.names() else None


def _setup(schema: Mapping[str, Any], template: Preset | None) -> dict[str, Any]:
    """What the page's script needs: the schema, tasks to try, the types there are."""
    return {
        "schema": schema,
        "examples": _examples(template),
        "field_types": list(FIELD_TYPES),
        "question_types": list(QUESTION_TYPES),
        "chinese": (get_language() or "").startswith("zh"),
    }


def _examples(template: Preset | None) -> list[dict[str, Any]]:
    """Payloads to try the questions with: real ones where a sample set has the same preset, else the preset's own."""
    if template is None:
        return []
    for kind in samples.SETS.values():
        if kind.preset == template.name:
            return [_inlined(each) for each in islice(kind.read(), EXAMPLES)]
    return [template.example["payload"]]


def _inlined(sample: samples.Sample) -> dict[str, Any]:
    """The payload with its pictures and recordings inside, since sample files have no address."""
    text = json.dumps(sample.payload)
    for name in sample.media:
        data = base64.b64encode((samples.FOLDER / name).read_bytes()).decode()
        text = text.replace(json.dumps(name), json.dumps(f"data:{guess_type(name)[0]};base64,{data}"))
    payload: dict[str, Any] = json.loads(text)
    return payload
