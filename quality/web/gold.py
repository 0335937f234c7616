"""Known answers of a project: the list, and what needs a look; planting one by hand or from a task, retiring one."""

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotation.models import Project, Purpose, Task
from annotation.queries.schemas import compiled
from annotation.queries.tasks import results
from annotation.web.console import Here, member_view
from annotation.web.project_form import in_words
from annotation.web.project_frame import address, offers, project_page
from quality.domain import gold, gold_health
from quality.models import GoldItem
from quality.queries import gold_candidates, gold_items
from quality.web import gold_words
from workforce.domain.refusal import Refusal

MAX_JSON = 200_000
DECISIONS: dict[str, Callable[..., GoldItem]] = {"correct": gold_health.correct, "release": gold_health.release}


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

    training = forms.BooleanField(
        label=gettext_lazy("For practice"),
        help_text=gettext_lazy(
            "Everybody does it before other work (or, beyond those that come first by the settings, who is asked to practise again), is "
            "paid for it, and then sees the answer. It does not count for or against them."
        ),
        required=False,
    )
    why = forms.CharField(
        label=gettext_lazy("Why this is the answer"),
        help_text=gettext_lazy("People read it beside the answer of a task for practice."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Task and answer as objects."""
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
    """`?status=active|quarantined|retired`, `?after=`. What is disputed and what could be used stand on the first page only."""
    row = _project(here)
    status, after = request.GET.get("status", ""), request.GET.get("after", "")
    page = gold_items.page(project=row, status=status, after=after)
    first = not status and not after
    may_plant = offers(here, "gold.plant") and row.status != Project.Status.ARCHIVED
    return project_page(
        request,
        here,
        "quality/gold.html",
        tab="gold",
        rows=[gold_words.row(item, met, now=timezone.now()) for item, met in page.items],
        disputed=[gold_words.dispute(item, met) for item, met in gold_items.disputed(row)] if first else [],
        candidates=[gold_words.candidate(each) for each in gold_candidates.candidates(row)]
        if first and may_plant
        else [],
        columns=_columns(),
        next=page.next,
        wanted=status,
        may_plant=may_plant,
        may_decide=offers(here, "gold.change"),
        may_retire=offers(here, "gold.retire"),
        share=row.quality.get("gold", {}).get("share", 0),
    )


def _columns() -> list[dict[str, Any]]:
    return [
        {"key": "task", "title": _("Task")},
        {"key": "status", "title": _("Status")},
        {"key": "n", "title": _("Answers"), "number": True},
        {"key": "share", "title": _("As expected"), "number": True},
        {"key": "first", "title": _("In use since")},
        {"key": "advice", "title": _("What to do")},
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
            messages.success(request, _planted(row, training=form.cleaned_data["training"]))
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


def _planted(project: Project, *, training: bool) -> str:
    if not training:
        return _("The known answer is planted. It looks like every other task.")
    first = project.quality.get("gold", {}).get("first")
    if first is None or gold_items.practice(project) <= first:
        return _("Planted. Everybody does it before other work from now on.")
    return _("Planted. It is kept for people who are asked to practise again.")


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
    return _done(request, row, lambda: gold.retire(item=found, by=here.actor), _("The known answer is retired."))


@require_POST
@member_view("gold.change")
def gold_decide(request: HttpRequest, here: Here, project: str, item: str) -> HttpResponse:
    """Of a disputed one: the others are right (`correct`), or the known answer is (`release`)."""
    row = _project(here)
    found = GoldItem.objects.filter(project=row, public_id=item).first()
    if found is None:
        raise Http404
    act = DECISIONS.get(request.POST.get("decision", ""))
    if act is None:
        messages.error(request, _("Say who is right: the others, or the known answer."))
        return redirect(address(row, "gold/"))
    return _done(request, row, lambda: act(item=found, by=here.actor), _("Decided. It is in use again, and counts."))


@require_POST
@member_view("gold.plant")
def gold_promote(request: HttpRequest, here: Here, project: str, task: str) -> HttpResponse:
    """A task whose result is beyond doubt becomes a known answer."""
    row = _project(here)
    found = Task.objects.filter(project=row, public_id=task, purpose=Purpose.WORK).first()
    if found is None:
        raise Http404
    said = _("Planted. It looks like every other task; the task itself keeps its result.")
    return _done(request, row, lambda: gold.promote(task=found, by=here.actor), said)


def _done(request: HttpRequest, project: Project, act: Callable[[], object], said: str) -> HttpResponse:
    """Back to the list, with the outcome in words."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}")
    else:
        messages.success(request, said)
    return redirect(address(project, "gold/"))


def _project(here: Here) -> Project:
    assert here.project is not None  # noqa: S101  the address names one
    return here.project
