"""Why a project is not open to somebody yet, and what they can do: the verdicts of `domain.routing` in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from annotation.domain.eligibility import Verdict
from annotation.domain.topics import TOPICS
from annotation.web import practice_words, restriction_words
from workforce.models import Sensitive, Skill
from workforce.templatetags.ui import duration, money_text

# Told to nobody on the list of work: the project is not theirs to know of, or nothing can be done about it.
SILENT = frozenset({"not_in_team", "own_organization", "excluded", "paused", "restricted"})
# What concerns the person and not one project: said once, above the list.
PERSONAL = frozenset({"break", "day_limit", "outside_hours"})
# Reading the guideline is the first thing the workspace offers; who waits there for others is called as soon as they have come.
READY = frozenset({"", "guideline_unread", "practice_first", "together"})


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing and what to do; the remedy may be a link, with words of its own."""

    what: str
    remedy: str
    href: str = ""
    label: str = ""


Words = Callable[[Mapping[str, Any], Mapping[str, str]], Missing]


def skill_names(verdicts: Iterable[Verdict]) -> dict[str, str]:
    """{public id: name} of the skills the verdicts ask for; one statement."""
    wanted = {verdict.params["skill"] for verdict in verdicts if "skill" in verdict.params}
    return dict(Skill.objects.filter(public_id__in=wanted).values_list("public_id", "name"))


def missing(verdict: Verdict, skills: Mapping[str, str]) -> Missing:
    """A refusing verdict in words."""
    return WORDS[verdict.code](verdict.params, skills)


def _skill_missing(params: Mapping[str, Any], skills: Mapping[str, str]) -> Missing:
    name = skills.get(params["skill"], params["skill"])
    what = _("You need the skill “%(skill)s”.") % {"skill": name}
    return Missing(what, _("The requester or the platform gives it, by invitation or after good work."))


def _skill_low(params: Mapping[str, Any], skills: Mapping[str, str]) -> Missing:
    what = _("“%(skill)s” is asked for at level %(wanted)s; yours is %(has)s.") % {
        "skill": skills.get(params["skill"], params["skill"]),
        "wanted": params["value"],
        "has": params["has"],
    }
    return Missing(what, _("The level rises with good work in projects that use the skill."))


def _language(params: Mapping[str, Any], skills: Mapping[str, str]) -> Missing:
    known = {"language": language_name(params["tag"]), "level": params.get("level", 1), "has": params["has"]}
    if not params["has"]:
        what = _("You need %(language)s at level %(level)s of 5.") % known
        return Missing(what, _("If you speak it, add it to your profile."), reverse("profile"))
    what = _("%(language)s is asked for at level %(level)s of 5; yours is %(has)s.") % known
    return Missing(what, _("If your level has changed, say so in your profile."), reverse("profile"))


def language_name(tag: str) -> str:
    """A BCP 47 tag as the reader calls the language; the tag itself if nobody here knows it."""
    try:
        return str(get_language_info(tag.lower())["name_translated"])
    except KeyError:
        return tag


def _skill_expired(params: Mapping[str, Any], skills: Mapping[str, str]) -> Missing:
    what = _("Your skill “%(skill)s” has expired.") % {"skill": skills.get(params["skill"], params["skill"])}
    return Missing(what, _("Whoever gave it can renew it."))


def _country(params: Mapping[str, Any], skills: Mapping[str, str]) -> Missing:
    if not params["has"]:
        what = _("This work is for people in some countries only, and your profile names none.")
        return Missing(what, _("Add your country to your profile."), reverse("profile"))
    return Missing(
        _("This work is for people in other countries."),
        _("If you have moved, say so in your profile."),
        reverse("profile"),
    )


def _consent_missing(params: Mapping[str, Any], skills: Mapping[str, str]) -> Missing:
    what = _("It may show: %(category)s.") % {"category": Sensitive(params["category"]).label}
    return Missing(what, _("You see such content only if you agree to it beforehand."), reverse("wishes"))


def _exposure_cap(params: Mapping[str, Any], skills: Mapping[str, str]) -> Missing:
    known = {"minutes": params["minutes"], "category": Sensitive(params["category"]).label}
    what = _("You have had %(minutes)s minutes of this today: %(category)s.") % known
    return Missing(what, _("More than that a day is not good for anybody. It opens again tomorrow."))


def _skipped_enough(params: Mapping[str, Any], skills: Mapping[str, str]) -> Missing:
    what = _("You gave more than %(most)s tasks of it back today.") % {"most": params["most"]}
    return Missing(what, _("It comes back tomorrow. It does not count against you."))


def _topic_hidden(params: Mapping[str, Any], skills: Mapping[str, str]) -> Missing:
    title = next(topic.title for topic in TOPICS if topic.key == params["topic"])
    what = _("You asked not to be shown: %(topic)s.") % {"topic": title}
    return Missing(what, _("Change your wishes to see it again."), reverse("wishes"))


def _too_long(params: Mapping[str, Any], skills: Mapping[str, str]) -> Missing:
    known = {"takes": duration(params["seconds"]), "wish": duration(params["wish"])}
    what = _("A task takes about %(takes)s; you asked for %(wish)s at most.") % known
    return Missing(what, _("Change your wishes to see it again."), reverse("wishes"))


def _pay_below_wish(params: Mapping[str, Any], skills: Mapping[str, str]) -> Missing:
    known = {name: money_text(params[name], params["currency"]) for name in ("hour", "wish")}
    what = _("It pays about %(hour)s an hour; you asked for %(wish)s.") % known
    return Missing(what, _("Change your wishes to see it again."), reverse("wishes"))


def _break(params: Mapping[str, Any], skills: Mapping[str, str]) -> Missing:
    return Missing(
        _("You are having a break."), _("Work comes again when it is over, or when you end it."), reverse("wishes")
    )


def _outside_hours(params: Mapping[str, Any], skills: Mapping[str, str]) -> Missing:
    known = {name: f"{params[name] // 60:02d}:{params[name] % 60:02d}" for name in ("from", "to")}
    what = _("You asked for work from %(from)s to %(to)s only.") % known
    return Missing(what, _("It comes again then, or when you change your hours."), reverse("wishes"))


def _day_limit(params: Mapping[str, Any], skills: Mapping[str, str]) -> Missing:
    what = _("You have worked your %(minutes)s minutes today.") % {"minutes": params["minutes"]}
    return Missing(
        what, _("Work comes again tomorrow, or when you raise the limit you set yourself."), reverse("wishes")
    )


def _excluded(params: Mapping[str, Any], skills: Mapping[str, str]) -> Missing:
    what = _("This project does not offer you work.")
    return Missing(f"{what} {params.get('reason') or ''}".strip(), _("Other projects are not touched by this."))


def _restricted_here(params: Mapping[str, Any], skills: Mapping[str, str]) -> Missing:
    what = _("You get no new tasks of it until %(until)s.") % {"until": restriction_words.until(params)}
    remedy = _("What you have begun you can finish. If you see it differently, ask somebody to look.")
    href = reverse("restriction", args=[params["restriction"]])
    return Missing(f"{what} {restriction_words.checked(params)}", remedy, href, _("What you can do"))


def _practice_first(params: Mapping[str, Any], skills: Mapping[str, str]) -> Missing:
    if "asked" not in params:
        what = _("There is something to practise here first.")
        return Missing(what, _("Open the workspace: it begins with a few paid tasks whose answers you see afterwards."))
    return Missing(f"{practice_words.asked(params['left'])} {practice_words.why(params)}", practice_words.promise())


def _said(what: Any, remedy: Any) -> Words:
    """Words that need no figures."""
    return lambda _params, _skills: Missing(str(what), str(remedy))


WORDS: dict[str, Words] = {
    "restricted": _said(
        gettext_lazy("Your account gets no work right now."),
        gettext_lazy("If you paused it yourself, go on when you like."),
    ),
    "paused": _said(gettext_lazy("The project is paused."), gettext_lazy("Its owner decides when it goes on.")),
    "excluded": _excluded,
    "restricted_here": _restricted_here,
    "not_in_team": _said(
        gettext_lazy("The project works with its own team."), gettext_lazy("You need an invitation to work there.")
    ),
    "own_organization": _said(
        gettext_lazy("It is your own organization's project."), gettext_lazy("It wants answers from people outside.")
    ),
    "stage_not_granted": _said(
        gettext_lazy("This work needs a permission."),
        gettext_lazy("An administrator of the project can give it to you."),
    ),
    "skill_missing": _skill_missing,
    "skill_expired": _skill_expired,
    "skill_low": _skill_low,
    "language": _language,
    "country": _country,
    "consent_missing": _consent_missing,
    "exposure_cap": _exposure_cap,
    "skipped_enough": _skipped_enough,
    "outside_hours": _outside_hours,
    "break": _break,
    "day_limit": _day_limit,
    "topic_hidden": _topic_hidden,
    "too_long": _too_long,
    "pay_below_wish": _pay_below_wish,
    "guideline_unread": _said(
        gettext_lazy("The guidelines have changed."),
        gettext_lazy("The workspace shows them to you before the next task."),
    ),
    "practice_first": _practice_first,
    "together": _said(
        gettext_lazy("These tasks are done by several people at the same time."),
        gettext_lazy("Open the workspace and wait there: you are called as soon as enough people have come."),
    ),
}

# Wishes and limits are seen by nobody else: a manager learns only whether all of them are met.
PRIVATE = frozenset(
    {
        "consent_missing",
        "exposure_cap",
        "skipped_enough",
        "outside_hours",
        "break",
        "day_limit",
        "topic_hidden",
        "too_long",
    }
    | {"pay_below_wish"}
)
# The other rules as a manager reads them.
RULES: dict[str, Any] = {
    "restricted": gettext_lazy("The account may work"),
    "paused": gettext_lazy("Project and queue are open"),
    "excluded": gettext_lazy("Not kept out of the project by name"),
    "restricted_here": gettext_lazy("Not restricted here for a while"),
    "not_in_team": gettext_lazy("Belongs to the team, where only the team works"),
    "own_organization": gettext_lazy("Comes from outside, where only outsiders work"),
    "stage_not_granted": gettext_lazy("May do this stage"),
    "skill_missing": gettext_lazy("Has every skill asked for"),
    "skill_expired": gettext_lazy("None of these skills has expired"),
    "skill_low": gettext_lazy("Each of these skills is high enough"),
    "language": gettext_lazy("Knows every language asked for, well enough"),
    "country": gettext_lazy("Lives in one of the countries asked for"),
    "guideline_unread": gettext_lazy("Has read the guidelines"),
    "practice_first": gettext_lazy("Has done the practice"),
}


def detail(code: str, params: Mapping[str, Any], skills: Mapping[str, str]) -> str:
    """What a rule found wrong, in few words: `Medicine: 40 of 60`."""
    has = params.get("has") or 0
    if "skill" in params:
        return f"{skills.get(params['skill'], params['skill'])}: " + _("%(has)s of %(value)s") % {
            "has": has,
            "value": params["value"],
        }
    if code == "language":
        return f"{language_name(params['tag'])}: " + _("%(has)s of %(value)s") % {"has": has, "value": params["level"]}
    if code == "restricted_here":
        return _("until %(until)s") % {"until": restriction_words.until(params)}
    if code == "practice_first":
        return ngettext("%(n)s task left", "%(n)s tasks left", params["left"]) % {"n": params["left"]}
    return str(params.get("reason") or "")
