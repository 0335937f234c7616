"""Notices in the reader's words, made at read time from their code and parameters."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotation.web import practice_words, restriction_words
from annotation.web.reasons import fault_words
from workforce.models import Notice


@dataclass(frozen=True, slots=True)
class Worded:
    """A notice ready to be shown."""

    notice: Notice
    title: str
    text: str = ""
    tone: str = ""
    icon: str = "info"
    href: str = ""
    label: str = ""
    reasons: list[str] = field(default_factory=list)
    pairs: list[tuple[str, Any, Any]] = field(default_factory=list)  # (question, yours, the right one)

    @property
    def practice(self) -> bool:
        """Whether the right one was known before."""
        return self.notice.code.startswith("practice")

    @property
    def comments(self) -> list[dict[str, str]]:
        """What a reviewer wrote at single questions: [{path, text}]."""
        return list(self.notice.params.get("comments", []))

    @property
    def project(self) -> str:
        """The project's public id, empty if the notice is not about one."""
        return str(self.notice.params.get("project", ""))


def worded(notices: Iterable[Notice]) -> list[Worded]:
    """Each notice in words; a code nobody here knows still says that something happened."""
    return [WORDS.get(notice.code, _unknown)(notice, notice.params) for notice in notices]


def _project(params: Mapping[str, Any]) -> dict[str, str]:
    return {"project": params.get("project_name", "")}


def _pairs(params: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    yours, right = params.get("yours", {}), params.get("accepted", {})
    return [(name, yours.get(name), right.get(name)) for name in params.get("questions", [])]


def _accepted(notice: Notice, params: Mapping[str, Any]) -> Worded:
    title = _("Your answer in “%(project)s” was checked and is right") % _project(params)
    return Worded(notice, title, params.get("note", ""), "ok", "ok")


def _corrected(notice: Notice, params: Mapping[str, Any]) -> Worded:
    title = _("An answer of yours in “%(project)s” was corrected") % _project(params)
    text = params.get("note") or _("You are paid in full. Compare the two to see what was meant.")
    return Worded(
        notice, title, text, "", "compare", pairs=_pairs(params), reasons=fault_words(params.get("reasons", []))
    )


def _rejected(notice: Notice, params: Mapping[str, Any]) -> Worded:
    title = _("An answer of yours in “%(project)s” was not accepted") % _project(params)
    href = reverse("appeal", args=[params["assignment"]]) if params.get("assignment") else ""
    reasons = fault_words(params.get("reasons", []))
    return Worded(notice, title, params.get("note", ""), "bad", "error", href, _("Ask for another look"), reasons)


def _returned(notice: Notice, params: Mapping[str, Any]) -> Worded:
    hours = int(params.get("hours", 0))
    days = hours // 24
    in_days = ngettext(
        "You have %(n)s day to correct it, for the full pay.",
        "You have %(n)s days to correct it, for the full pay.",
        days,
    )
    in_hours = ngettext(
        "You have %(n)s hour to correct it, for the full pay.",
        "You have %(n)s hours to correct it, for the full pay.",
        hours,
    )
    text = in_days % {"n": days} if hours >= 48 else in_hours % {"n": hours}
    note = params.get("note", "")
    return Worded(
        notice,
        _("Work came back to you in “%(project)s”") % _project(params),
        f"{note} {text}".strip(),
        "warn",
        "undo",
        reverse("workspace", args=[params["project"]]),
        _("Correct it"),
        fault_words(params.get("reasons", [])),
    )


def _taken_back(notice: Notice, params: Mapping[str, Any]) -> Worded:
    title = _("Your work in “%(project)s” was taken back") % _project(params)
    text = _("You are paid for the time you spent on it, and get no new tasks there.")
    return Worded(notice, title, f"{params.get('reason', '')} {text}".strip(), "warn", "undo")


def _granted(notice: Notice, params: Mapping[str, Any]) -> Worded:
    title = _("Another look at your answer in “%(project)s”: you were right") % _project(params)
    unheard = _("Nobody looked at it in time, so it is granted.")
    paid = _("What you lost is among your earnings, and the decision no longer counts against you.")
    text = f"{params.get('note', '') if params.get('heard') else unheard} {paid}".strip()
    return Worded(notice, title, text, "ok", "ok", reverse("earnings"), _("Earnings"))


def _dismissed(notice: Notice, params: Mapping[str, Any]) -> Worded:
    title = _("Another look at your answer in “%(project)s”: the decision stands") % _project(params)
    return Worded(notice, title, params.get("note", ""), "", "info")


def _known(notice: Notice, params: Mapping[str, Any]) -> Worded:
    granted, of = int(params.get("granted", 0)), int(params.get("of", 0))
    title = _("Your checked answers in “%(project)s” were looked at again") % _project(params)
    stand = _("You missed all of them; your standing stays as it is.")
    right = ngettext(
        "In %(n)s of %(of)s you were right: it no longer counts against you.",
        "In %(n)s of %(of)s you were right: they no longer count against you.",
        granted,
    )
    return Worded(
        notice, title, right % {"n": granted, "of": of} if granted else stand, "ok" if granted else "", "info"
    )


def _read_again(notice: Notice, params: Mapping[str, Any]) -> Worded:
    title = _("Please read the guidelines of “%(project)s” once more") % _project(params)
    text = _("Lately several of your answers there did not match. Your work and your pay stay as they are.")
    return Worded(notice, title, text, "warn", "info", reverse("workspace", args=[params["project"]]), _("Go there"))


def _restricted(notice: Notice, params: Mapping[str, Any]) -> Worded:
    title = _("No new tasks for you in “%(project)s” until %(until)s") % {
        **_project(params),
        "until": restriction_words.until(params),
    }
    rest = _("What you have begun you can finish, and your pay stays as it is.")
    text = f"{restriction_words.checked(params)} {rest}"
    href = reverse("restriction", args=[params["restriction"]])
    return Worded(notice, title, text, "warn", "info", href, _("Do you see it differently?"))


def _restriction_lifted(notice: Notice, params: Mapping[str, Any]) -> Worded:
    title = _("You get new tasks in “%(project)s” again") % _project(params)
    if params.get("cause") == "unfounded":
        text = _("Answers of yours were right after all, so it has ended, and it does not count against you.")
    else:
        text = _("Nobody has looked at what you wrote in time, so it has ended, and it does not count against you.")
    return Worded(notice, title, params.get("reason") or text, "ok", "ok")


def _restriction_stays(notice: Notice, params: Mapping[str, Any]) -> Worded:
    title = _("Somebody has looked: no new tasks for you in “%(project)s” until %(until)s") % {
        **_project(params),
        "until": restriction_words.until(params),
    }
    return Worded(notice, title, params.get("reason", ""), "", "info")


def _practice_asked(notice: Notice, params: Mapping[str, Any]) -> Worded:
    title = _("Please practise a little in “%(project)s”") % _project(params)
    stays = _("What you have begun you can finish, and your pay stays as it is.")
    text = f"{practice_words.asked(params['asked'])} {practice_words.why(params)} {practice_words.promise()} {stays}"
    return Worded(notice, title, text, "", "info", reverse("workspace", args=[params["project"]]), _("Go there"))


def _practised(notice: Notice, params: Mapping[str, Any]) -> Worded:
    right = notice.code == "practice_right"
    title = (_("Right: practice in “%(project)s”") if right else _("Not quite: practice in “%(project)s”")) % _project(
        params
    )
    tone, icon = ("ok", "ok") if right else ("info", "info")
    return Worded(notice, title, params.get("note", ""), tone, icon, pairs=_pairs(params))


def _unknown(notice: Notice, params: Mapping[str, Any]) -> Worded:
    return Worded(notice, _("Something about your work changed"), params.get("note", ""))


WORDS: dict[str, Callable[[Notice, Mapping[str, Any]], Worded]] = {
    "answer_accepted_in_review": _accepted,
    "answer_corrected": _corrected,
    "answer_rejected": _rejected,
    "appeal_dismissed": _dismissed,
    "appeal_granted": _granted,
    "appeal_known": _known,
    "practice_asked": _practice_asked,
    "practice_right": _practised,
    "practice_wrong": _practised,
    "read_again": _read_again,
    "restricted": _restricted,
    "restriction_lifted": _restriction_lifted,
    "restriction_stays": _restriction_stays,
    "work_returned": _returned,
    "work_taken_back": _taken_back,
}
