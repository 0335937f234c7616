"""A project's state in words: one sentence, and what needs somebody's hand, each with the place where it is done."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotation.models import Project
from annotation.web.project_frame import address
from quality.queries import board
from quality.queries.board import Board
from quality.queries.overview import Row
from workforce.templatetags.ui import percent

LOW_AGREEMENT, ENOUGH_TASKS = 0.6, 20
OLD_REVIEW = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Alert:
    """A notice with a link: `tone` info, warn or bad."""

    tone: str
    title: str
    text: str = ""
    href: str = ""
    label: str = ""


def sentence(row: Row) -> str:
    """How it goes, in one sentence, from what a list knows."""
    if row.project.status == Project.Status.ARCHIVED:
        return _("Archived.")
    if not row.total:
        return _("No tasks yet.")
    if row.open == 0:
        return _("Done: every task has ended.")
    share = {"share": percent(row.share)}
    if row.project.status == Project.Status.PAUSED:
        return _("Paused: %(share)s done.") % share
    if row.pace or row.leased:
        return _("In progress: %(share)s done.") % share
    return _("Waiting for people: %(share)s done.") % share


def health(found: Board, alerts: int) -> str:
    """The sentence at the head of a board: how far, until when at the latest (four times in five), how many alerts."""
    words = sentence(found.row)
    ends = found.forecast.p80_at if found.forecast else None
    if ends is not None and found.row.project.status == Project.Status.OPEN:
        words += " " + _("It ends within %(time)s, four times in five.") % {"time": timeuntil(ends, found.read_at)}
    if alerts:
        words += " " + ngettext("%(n)d thing needs you.", "%(n)d things need you.", alerts) % {"n": alerts}
    return words


def alerts(found: Board) -> list[Alert]:
    """What needs somebody's hand, the gravest first."""
    project = found.row.project
    if project.status == Project.Status.ARCHIVED:
        return []
    all_ = [*_flow(found, project), *_trust(found, project), *_reach(found, project), *_review(found, project)]
    return sorted(all_, key=lambda each: ("bad", "warn", "info").index(each.tone))


def _flow(found: Board, project: Project) -> list[Alert]:
    said = []
    if project.status == Project.Status.PAUSED:
        said.append(
            Alert(
                "warn",
                _("The project is paused."),
                _("Nobody gets a new task."),
                address(project, "settings/"),
                _("Resume"),
            )
        )
    elif not found.row.total:
        said.append(Alert("info", _("There are no tasks yet."), "", address(project, "data/"), _("Add data")))
    elif found.row.open and not found.row.pace and not found.workers:
        text = _("Nobody has answered in the last hour. Lower what you ask for, raise the pay, or let more people in.")
        said.append(Alert("warn", _("Tasks wait for people."), text, address(project, "settings/"), _("Settings")))
    if n := board.failed(found):
        title = ngettext("%(n)d task failed.", "%(n)d tasks failed.", n) % {"n": n}
        text = _("Contributors say that these cannot be answered: broken media, or nothing to see.")
        said.append(Alert("bad", title, text, address(project, "tasks/?status=failed"), _("Look at them")))
    return said


def _trust(found: Board, project: Project) -> list[Alert]:
    said = [
        often_disagree(project, each.question, each.mean)
        for each in found.panel.agreement
        if each.n >= ENOUGH_TASKS and each.mean < LOW_AGREEMENT
    ]
    wanted = project.quality.get("gold", {}).get("share", 0)
    if wanted and not found.panel.gold_items and found.row.total:
        said.append(no_gold(project))
    if found.gold_missed:
        said.append(missed_gold(project, found.gold_missed))
    return said


def _reach(found: Board, project: Project) -> list[Alert]:
    """Where results can never be as sure as is wanted."""
    wanted = project.quality.get("overlap", {}).get("confidence") or 0
    text = _(
        "Known tasks show that many people sometimes err alike, so results come to %(share)s at most. Nearly there they end."
    )
    return [
        Alert(
            "info",
            _("No result of “%(question)s” can be %(share)s sure.") % {"question": each.name, "share": percent(wanted)},
            text % {"share": percent(each.ceiling)},
            address(project, "settings/"),
            _("Settings"),
        )
        for each in found.reliability
        if wanted > each.ceiling
    ]


def _review(found: Board, project: Project) -> list[Alert]:
    oldest = found.panel.backlog.oldest
    if oldest is None or found.read_at - oldest < OLD_REVIEW:
        return []
    return [old_reviews(project, sum(found.panel.backlog.waiting.values()))]


# --- Said in more places than one ---------------------------------------------------------------------------------------
def often_disagree(project: Project, question: str, mean: float) -> Alert:
    """Agreement on a question is low."""
    title = _("People often disagree on “%(question)s”.") % {"question": question}
    text = _("Agreement is %(share)s. A clearer guideline usually helps most.") % {"share": percent(mean)}
    return Alert("warn", title, text, address(project, "guidelines/"), _("Guidelines"))


def no_gold(project: Project) -> Alert:
    """Nothing is known beforehand."""
    text = _("Plant some tasks whose answer you know: they show how good the answers are.")
    return Alert("info", _("There are no known answers."), text, address(project, "gold/"), _("Plant some"))


def missed_gold(project: Project, n: int) -> Alert:
    """So many known answers are missed by most who meet them."""
    title = ngettext("Most people miss %(n)d known answer.", "Most people miss %(n)d known answers.", n) % {"n": n}
    text = _("Perhaps the known answer is wrong, or the guideline does not say it.")
    return Alert("warn", title, text, address(project, "gold/"), _("Look at them"))


def old_reviews(project: Project, n: int) -> Alert:
    """So many reviews wait, one of them for long."""
    title = ngettext("%(n)d review waits.", "%(n)d reviews wait.", n) % {"n": n}
    text = _("The oldest for more than a day. More reviewers, or a smaller review share, would help.")
    return Alert("warn", title, text, address(project, "tasks/?status=in_review"), _("Look at them"))
