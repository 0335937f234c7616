"""Why a project is not open to somebody yet, and what they can do: the verdicts of `domain.routing` in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from annotation.domain.routing import Verdict
from workforce.models import Skill

# Told to nobody: the project is not theirs to know of, or nothing can be done about it.
SILENT = frozenset({"not_in_team", "own_organization", "excluded", "paused", "restricted"})
# Reading the guideline is the first thing the workspace offers.
READY = frozenset({"", "guideline_unread"})


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing and what to do; the remedy may be a link."""

    what: str
    remedy: str
    href: str = ""


def skill_names(verdicts: Iterable[Verdict]) -> dict[str, str]:
    """{public id: name} of the skills the verdicts ask for; one statement."""
    wanted = {verdict.params["skill"] for verdict in verdicts if "skill" in verdict.params}
    return dict(Skill.objects.filter(public_id__in=wanted).values_list("public_id", "name"))


def missing(verdict: Verdict, skills: Mapping[str, str]) -> Missing:
    """The verdict in words; codes without words of their own say that it is not open."""
    words = WORDS.get(verdict.code)
    return words(verdict.params, skills) if words else Missing(_("Not open to you."), "")


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


WORDS: dict[str, Callable[[Mapping[str, Any], Mapping[str, str]], Missing]] = {
    "skill_missing": _skill_missing,
    "skill_low": _skill_low,
    "language": _language,
}
