"""Known answers of a project: the list, planting one by hand or from a task, retiring one."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotation.models import Project, Purpose, Task
from annotation.queries.schemas import compiled
from annotation.queries.tasks import excerpt, results
from annotation.web.console import Here, member_view
from annotation.web.project_form import in_words
from annotation.web.project_frame import address, offers, project_page
from quality.domain import gold
from quality.models import GoldItem
from quality.queries import gold_items
from workforce.domain.refusal import Refusal

MAX_JSON = 200_000
WEAK, ENOUGH = 0.5, 5  # an item whose answers are mostly wrong is perhaps wrong itself


class PlantForm(forms.Form):
    """A task and its answer, both as JSON; the page's editors write the second."""

    payload = forms.CharField(
        label=gettext_lazy("The task's data, as JSON"),
        widget=forms.Textarea(attrs={"rows": 10, "class": "mono", "spellcheck": "false"}),
        max_length=MAX_JSON,
    )
    expected = forms.CharField(
        label=gettext_lazy("The known answer, as JSON"),
        help_text=gettext_lazy("Answer above, or write it here. Questions that are left out are not compared."),
        widget=forms.Textarea(attrs={"rows": 6, "class": "mono", "spellcheck": "false"}),
        max_length=MAX_JSON,
    )

    def clean(self) -> dict[str, Any]:
        """Both as objects."""
        for name in ("payload", "expected"):
            try:
                self.cleaned_data[name] = json.loads(self.cleaned_data.get(name, "null"))
            except ValueError as error:
                self.add_error(name, _("This is not JSON: %(error)s") % {"error": error})
                continue
            if not isinstance(self.cleaned_data[name], dict):
                self.add_error(name, _("This should be an object: {…}"))
        return self.cleaned_data


@require_safe
@member_view("gold.read")
def gold_list(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """`?status=active|retired`, `?after=`."""
    row = _project(here)
    status = request.GET.get("status", "")
    page = gold_items.page(project=row, status=status, after=request.GET.get("after", ""))
    return project_page(
        request,
        here,
        "quality/gold.html",
        tab="gold",
        rows=[_row(item) for item in page.items],
        columns=_columns(),
        next=page.next,
        wanted=status,
        may_plant=offers(here, "gold.plant") and row.status != Project.Status.ARCHIVED,
        may_retire=offers(here, "gold.retire"),
        share=row.quality.get("gold", {}).get("share", 0),
    )


def _row(item: GoldItem) -> dict[str, Any]:
    n, mean = item.n, item.mean  # type: ignore[attr-defined]  # annotated by the query
    return {
        "item": item,
        "excerpt": excerpt(item.task.payload.body),
        "n": n,
        "mean": mean,
        "weak": n >= ENOUGH and mean is not None and mean < WEAK,
        "active": item.status == GoldItem.Status.ACTIVE,
    }


def _columns() -> list[dict[str, Any]]:
    return [
        {"key": "task", "title": _("Task")},
        {"key": "status", "title": _("Status")},
        {"key": "n", "title": _("Answers"), "number": True},
        {"key": "mean", "title": _("As expected"), "number": True},
        {"key": "created", "title": _("Planted")},
        {"key": "actions", "title": "", "actions": True},
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@member_view("gold.plant")
def gold_plant(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """A new known answer; `?task=` starts from a task of the project and its result."""
    row = _project(here)
    form = (
        PlantForm(request.POST)
        if request.method == "POST"
        else PlantForm(initial=_start(row, request.GET.get("task", "")))
    )
    if request.method == "POST" and form.is_valid():
        try:
            gold.plant(project=row, by=here.actor, **form.cleaned_data)
        except gold.InvalidGold as refusal:
            for each in refusal.problems:
                form.add_error(
                    "payload" if each.path.startswith("/payload") else "expected", f"{each.path}: {in_words(each)}"
                )
        except Refusal as refusal:
            form.add_error(None, f"{refusal.message} {refusal.remedy}")
        else:
            messages.success(request, _("The known answer is planted. It looks like every other task."))
            return redirect(address(row, "gold/"))
    return project_page(
        request,
        here,
        "quality/gold_plant.html",
        tab="gold",
        status=422 if form.errors else 200,
        form=form,
        setup={"schema": compiled(row.pk, row.schema_version).document},
    )


def _start(project: Project, task_id: str) -> dict[str, str]:
    """The payload of a task and the value of its result, as JSON. Raises Http404."""
    if not task_id:
        return {"payload": "{}", "expected": "{}"}
    task = (
        Task.objects.select_related("payload").filter(project=project, public_id=task_id, purpose=Purpose.WORK).first()
    )
    if task is None:
        raise Http404
    found = results(task)
    expected = (
        {name: part["value"] for name, part in found[0].answers.items() if part.get("value") is not None}
        if found
        else {}
    )
    return {
        "payload": json.dumps(task.payload.body, ensure_ascii=False, indent=2),
        "expected": json.dumps(expected, ensure_ascii=False, indent=2),
    }


@require_POST
@member_view("gold.retire")
def gold_retire(request: HttpRequest, here: Here, project: str, item: str) -> HttpResponse:
    """Nobody meets it any more."""
    row = _project(here)
    found = GoldItem.objects.filter(project=row, public_id=item).first()
    if found is None:
        raise Http404
    try:
        gold.retire(item=found, by=here.actor)
    except Refusal as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}")
    else:
        messages.success(request, _("The known answer is retired."))
    return redirect(address(row, "gold/"))


def _project(here: Here) -> Project:
    assert here.project is not None  # noqa: S101  the address names one
    return here.project
