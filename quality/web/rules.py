"""Rules of a project: the list, one with its trial and its hits, and the form that writes a condition of up to three parts."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from annotation.models import Project
from annotation.web.console import Here, member_view
from annotation.web.project_frame import offers, project_page
from quality.agreement import conditions, restraint
from quality.agreement.conditions import FACTS, OPERATORS
from quality.domain import rules
from quality.models import Rule, RuleHit
from quality.models.rule import MOST_PRACTICE
from quality.queries.rules import latest_hits
from quality.web.rule_words import SHARES, condition_words, fact_words, facts_words
from workforce.domain.refusal import Refusal

PARTS = (1, 2, 3)
JOINS = {"all": gettext_lazy("all of these hold"), "any": gettext_lazy("one of these holds")}


class RuleForm(forms.Form):
    """Name, window, and up to three comparisons; shares in per cent."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    join = forms.ChoiceField(label=gettext_lazy("If"), choices=list(JOINS.items()))
    window_d = forms.IntegerField(label=gettext_lazy("In the last days"), min_value=1, max_value=90, initial=30)
    least = forms.IntegerField(
        label=gettext_lazy("From at least so many observations"), min_value=1, max_value=10_000, initial=10
    )
    action = forms.ChoiceField(label=gettext_lazy("Then"), choices=Rule.Action.choices)
    days = forms.IntegerField(
        label=gettext_lazy("For so many days"),
        help_text=gettext_lazy(
            "How long known answers are more, all work is reviewed, or no new tasks are given: twice as long each time, up to 30 days."
        ),
        min_value=1,
        max_value=90,
        initial=7,
    )

    practice = forms.IntegerField(
        label=gettext_lazy("So many tasks for practice"),
        help_text=gettext_lazy("Where it has people practise again: tasks that they have not done yet."),
        min_value=1,
        max_value=MOST_PRACTICE,
        initial=3,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        facts = [("", "–"), *((fact, fact_words(fact)) for fact in FACTS)]
        for n in PARTS:
            self.fields[f"fact_{n}"] = forms.ChoiceField(label=_("What"), choices=facts, required=n == 1)
            self.fields[f"op_{n}"] = forms.ChoiceField(label=_("Is"), choices=[(op, op) for op in OPERATORS])
            self.fields[f"value_{n}"] = forms.FloatField(label=_("Number, or %"), min_value=0, required=n == 1)

    @property
    def parts(self) -> list[list[forms.BoundField]]:
        """The fields of each comparison."""
        return [[self[f"{name}_{n}"] for name in ("fact", "op", "value")] for n in PARTS]

    def clean(self) -> dict[str, Any]:
        """A comparison has both its fact and its number; a share is at most 100 %, a restriction at most 30 days."""
        for n in PARTS:
            fact, value = self.cleaned_data.get(f"fact_{n}"), self.cleaned_data.get(f"value_{n}")
            if fact and value is None and f"value_{n}" not in self.errors:
                self.add_error(f"value_{n}", _("Write a number."))
            elif fact and fact.endswith(SHARES) and value is not None and value > 100:
                self.add_error(f"value_{n}", _("A share is at most 100%."))
        if (
            self.cleaned_data.get("action") == Rule.Action.RESTRICT
            and self.cleaned_data.get("days", 0) > restraint.LONGEST_D
        ):
            self.add_error("days", _("Nobody is restricted for more than %(n)d days.") % {"n": restraint.LONGEST_D})
        return self.cleaned_data

    def terms(self) -> rules.Terms:
        """As the acts take them."""
        data = self.cleaned_data
        parts = [
            {"fact": fact, "op": data[f"op_{n}"], "value": _stored(fact, data[f"value_{n}"])}
            for n in PARTS
            if (fact := data[f"fact_{n}"])
        ]
        amounts = data["days"], data["practice"]
        return rules.Terms(data["window_d"], data["least"], {data["join"]: parts}, data["action"], *amounts)


def _stored(fact: str, value: float) -> float:
    return value / 100 if fact.endswith(SHARES) else value


def _initial(rule: Rule) -> dict[str, Any]:
    """The form of a rule whose condition has the form's shape; what is nested deeper is written anew."""
    known = {
        "name": rule.name,
        "window_d": rule.window_d,
        "least": rule.least,
        "action": rule.action,
        "days": rule.days,
        "practice": rule.practice,
    }
    join = next(iter(rule.condition), "all")
    parts = rule.condition.get(join, []) if join in JOINS else []
    for n, part in zip(PARTS, parts, strict=False):
        if "fact" in part:
            value = round(part["value"] * 100, 4) if part["fact"].endswith(SHARES) else part["value"]
            known |= {f"fact_{n}": part["fact"], f"op_{n}": part["op"], f"value_{n}": value}
    return {**known, "join": join}


@require_http_methods(["GET", "HEAD"])
@member_view("scorecard.read")
def rule_list(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """All rules."""
    row = _project(here)
    found = [_shown(rule) for rule in Rule.objects.filter(project=row).order_by("name")]
    return project_page(request, here, "quality/rules.html", tab="people", rules=found, may_change=_may(here))


@require_http_methods(["GET", "HEAD", "POST"])
@member_view("project.configure")
def rule_new(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """A new one, not in force."""
    row = _project(here)
    form = RuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            rule = rules.create(project=row, name=form.cleaned_data["name"], terms=form.terms(), by=here.actor)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.message} {refusal.remedy}")
        else:
            messages.success(request, _("The rule is written. Try it before you put it into force."))
            return redirect("rule", row.public_id, rule.public_id)
    status = 422 if form.errors else 200
    return project_page(request, here, "quality/rule_form.html", tab="people", status=status, form=form, rule=None)


@require_http_methods(["GET", "HEAD", "POST"])
@member_view("project.configure")
def rule_change(request: HttpRequest, here: Here, project: str, rule: str) -> HttpResponse:
    """Another version."""
    found = _rule(here, rule)
    form = RuleForm(request.POST or None, initial=_initial(found))
    form.fields["name"].disabled = True
    if request.method == "POST" and form.is_valid():
        rules.change(rule=found, terms=form.terms(), by=here.actor)
        messages.success(request, _("Changed. Try it before you put it into force again."))
        return redirect("rule", _project(here).public_id, found.public_id)
    status = 422 if form.errors else 200
    return project_page(request, here, "quality/rule_form.html", tab="people", status=status, form=form, rule=found)


@require_http_methods(["GET", "HEAD"])
@member_view("scorecard.read")
def rule_page(request: HttpRequest, here: Here, project: str, rule: str) -> HttpResponse:
    """One rule: what it says, whom it would have hit, whom it has hit."""
    found = _rule(here, rule)
    hits = [_hit(found, each) for each in latest_hits(found)]
    return project_page(
        request,
        here,
        "quality/rule.html",
        tab="people",
        rule=_shown(found),
        tried=_tried(found.tried),
        hits=hits,
        may_change=_may(here),
    )


ACTS: dict[str, Callable[..., Rule]] = {"enable": rules.enable, "disable": rules.disable}


@require_POST
@member_view("project.configure")
def rule_act(request: HttpRequest, here: Here, project: str, rule: str) -> HttpResponse:
    """`act`: try it, put it into force, or take it out."""
    found, act = _rule(here, rule), request.POST.get("act", "")
    try:
        if act == "try":
            rules.try_out(rule=found, now=timezone.now())
        elif act in ACTS:
            ACTS[act](rule=found, by=here.actor)
    except Refusal as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}")
    return redirect("rule", _project(here).public_id, found.public_id)


def _shown(rule: Rule) -> dict[str, Any]:
    words = {
        "days": ngettext("in the last %(n)d day", "in the last %(n)d days", rule.window_d) % {"n": rule.window_d},
        "least": ngettext("%(n)d observation", "%(n)d observations", rule.least) % {"n": rule.least},
    }
    return {
        "row": rule,
        "says": condition_words(rule.condition),
        "of": _("%(days)s, from at least %(least)s") % words,
        "lasts": rule.action in rules.LASTING or rule.action == Rule.Action.RESTRICT,
        "practises": rule.action == Rule.Action.PRACTICE,
        "restricts": rule.action == Rule.Action.RESTRICT,
        "redoes": rule.action == Rule.Action.REDO,
        "of_today": conditions.SPAM in conditions.kinds(rule.condition),
        "enabled": rule.status == Rule.Status.ENABLED,
    }


def _hit(rule: Rule, hit: RuleHit) -> dict[str, Any]:
    """Whom it has hit, why, and what came of it; `clear`: two independent signals speak against them."""
    return {
        "who": hit.pseudonym,  # type: ignore[attr-defined]  # annotated
        "at": hit.at,
        "why": facts_words(hit.facts),
        "clear": restraint.independent(restraint.grounds(rule.condition, hit.facts)),
        "redo": getattr(hit, "redo", None),
        "no_practice": hit.practice == 0,
    }


def _tried(tried: dict[str, Any] | None) -> dict[str, Any] | None:
    """A dry run with its times as times and its facts in words."""
    if tried is None:
        return None
    rows = [
        {
            **each,
            "at": datetime.fromisoformat(each["at"]),
            "why": facts_words(each["facts"]),
            "clear": restraint.independent(each.get("grounds", ())),
        }
        for each in tried["rows"]
    ]
    return {**tried, "at": datetime.fromisoformat(tried["at"]), "rows": rows}


def _may(here: Here) -> bool:
    return offers(here, "project.configure") and _project(here).status != Project.Status.ARCHIVED


def _rule(here: Here, key: str) -> Rule:
    found = Rule.objects.select_related("project").filter(project=_project(here), public_id=key).first()
    if found is None:
        raise Http404
    return found


def _project(here: Here) -> Project:
    assert here.project is not None  # noqa: S101  the address names one
    return here.project
