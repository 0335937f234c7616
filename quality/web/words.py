"""The words of reviews: why one was asked for, what was decided, what is wrong with an answer."""

from django.utils.translation import gettext_lazy as _

CAUSES = {
    "sample": _("Random sample"),
    "low_confidence": _("The answers do not agree enough"),
    "answers_used_up": _("All answers are in, and they do not agree enough"),
    "tie": _("The answers are evenly split"),
    "spread": _("The answers lie far apart"),
    "cannot_merge": _("These answers cannot be merged by rule"),
    "returned": _("The author has answered a return"),
    "escalated": _("A reviewer asks for an expert"),
    "second_opinion": _("A second opinion is wanted"),
    "exit": _("Several people could not judge it"),
    "unsafe": _("Somebody called it unsafe"),
}

DECISIONS = {
    "accept": _("Accepted"),
    "correct": _("Corrected"),
    "return": _("Returned to the author"),
    "reject": _("Rejected"),
    "escalate": _("Passed on"),
}

REASONS = {
    "wrong": _("Wrong"),
    "incomplete": _("Incomplete"),
    "guideline_breach": _("Against the guideline"),
    "too_fast": _("Not read: too fast"),
    "automated": _("Not written by a person"),
    "duplicate": _("Copied"),
    "off_topic": _("Off topic"),
    "other": _("Something else"),
}
