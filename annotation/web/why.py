"""Why: what the scheduler thinks, in words. For contributors (is there work for me?) and managers (why this task, why not this person?)."""

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from annotation.domain import eligibility, explanations
from annotation.domain.eligibility import Checked, Verdict
from annotation.domain.explanations import ProjectWhy
from annotation.models import ContributorAlias, Purpose, Queue, Stage, Task
from annotation.web import verdict_words
from annotation.web.console import Here, member_view
from annotation.web.home import contributor_view
from annotation.web.project_frame import offers, project_page
from annotation.web.project_tasks import task_view
from workforce.models import Contributor

TERMS: dict[str, Any] = {
    "urgency": gettext_lazy("How near the deadline is"),
    "fair_share": gettext_lazy("How little the customer has had lately"),
    "scarcity": gettext_lazy("How few people may do it"),
    "age": gettext_lazy("How long the oldest task waits"),
    "priority": gettext_lazy("Priority of the first task"),
    "fit": gettext_lazy("How good the person is at it"),
    "exploration": gettext_lazy("Little is known of the person here"),
    "continuity": gettext_lazy("The person is at it already"),
    "pay": gettext_lazy("Pay per hour among all open work"),
}


@require_safe
@contributor_view
def work(request: HttpRequest, contributor: Contributor) -> HttpResponse:
    """Every project that the reader may know of: open work, nothing left, or what is missing and how to get it."""
    found = explanations.of_person(contributor=contributor)
    skills = verdict_words.skill_names(each.verdict for each in found)
    rows = [{"why": each, "state": _state(each), "missing": _missing(each.verdict, skills)} for each in found]
    personal = {each.verdict.code: each.verdict for each in found if each.verdict.code in verdict_words.PERSONAL}
    context = {
        "contributor": contributor,
        "rows": rows,
        "counts": Counter(row["state"] for row in rows),
        "personal": [_missing(verdict, skills) for verdict in personal.values()],
    }
    return render(request, "annotation/work_why.html", context)


def _state(each: ProjectWhy) -> str:
    """`open`: work is there; `empty`: it would be open, and nothing is left; `closed`: something is missing."""
    if each.verdict.code in verdict_words.READY:
        return "open" if each.open_tasks else "empty"
    return "empty" if each.queue is None else "closed"


def _missing(verdict: Verdict, skills: dict[str, str]) -> verdict_words.Missing | None:
    return verdict_words.missing(verdict, skills) if verdict.code in verdict_words.WORDS else None


@require_safe
@task_view("scheduler.explain")
def task(request: HttpRequest, here: Here, task: Task) -> HttpResponse:
    """The task's due time and place, its queue's score term by term, and the latest rounds."""
    task.queue = Queue.objects.get(pk=task.queue_id)
    why = explanations.of_task(task=task)
    terms = [{"title": TERMS[term.name], "term": term} for term in why.terms]
    return project_page(
        request,
        here,
        "annotation/task_why.html",
        tab="tasks",
        task=task,
        why=why,
        terms=terms,
        score=sum(term.points for term in why.terms),
    )


@require_safe
@member_view("scorecard.read")
def person(request: HttpRequest, here: Here, project: str, contributor: str) -> HttpResponse:
    """Every rule for one contributor, by pseudonym: met or not. Own wishes stay their own: one line says whether all are met."""
    assert here.project is not None  # noqa: S101  the address names one
    alias = ContributorAlias.objects.filter(organization=here.organization, public_id=contributor).first()
    if alias is None:
        raise Http404
    checked = eligibility.table(contributor_id=alias.contributor_id, project_id=here.project.pk, stage=Stage.LABEL)
    skills = verdict_words.skill_names(Verdict(each.code, each.params) for each in checked)
    lines = [
        {"queue": queue, "rows": _rules([each for each in checked if each.queue_id == queue.pk], skills)}
        for queue in here.project.queues.filter(stage=Stage.LABEL, purpose=Purpose.WORK).order_by("id")
    ]
    return project_page(
        request,
        here,
        "annotation/person_why.html",
        tab="people",
        pseudonym=alias.public_id,
        lines=lines,
        may_act=offers(here, "restriction.impose"),
    )


def _rules(checked: list[Checked], skills: dict[str, str]) -> list[dict[str, Any]]:
    private = any(each.failed for each in checked if each.code in verdict_words.PRIVATE)
    rows = [
        {
            "rule": verdict_words.RULES[each.code],
            "failed": each.failed,
            "detail": verdict_words.detail(each.code, each.params, skills) if each.failed else "",
        }
        for each in checked
        if each.code in verdict_words.RULES
    ]
    return [
        *rows,
        {"rule": _("Own wishes, limits and consents are met (which, only they know)"), "failed": private, "detail": ""},
    ]
