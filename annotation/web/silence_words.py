"""How long a judgement may take, as people read it; then silence is acceptance."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotation.models import Annotation, Project
from workforce.templatetags.ui import duration

DAY_MIN = 24 * 60


def wait(span: timedelta) -> str:
    """To the minute: "7 days", "3 h 00 min"."""
    minutes = round(span / timedelta(minutes=1))
    days, rest = divmod(minutes, DAY_MIN)
    return duration(minutes * 60) if rest or not days else ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def promise(project: Project) -> str:
    """What a project promises to whoever answers."""
    span = timedelta(seconds=project.terms["auto_accept_s"])
    if not span:
        return _("Every answer is accepted and paid at once.")
    return _("Answers that nobody has judged after %(wait)s are accepted and paid.") % {"wait": wait(span)}


def kept(answer: Annotation) -> str:
    """Why an answer was accepted by silence; empty if it was not."""
    if (answer.decision or {}).get("by") != "auto":
        return ""
    span = answer.judge_by - answer.submitted_at
    if span < timedelta(minutes=1):
        return _("Accepted at once, as this project promises.")
    return _("Accepted because nobody judged it within %(wait)s.") % {"wait": wait(span)}
