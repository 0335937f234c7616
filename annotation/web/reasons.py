"""Reasons in words: why a task was left, why a review was asked for, what a reviewer found wrong, why answers differ, how a result came
about.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from annotation.questions.exits import REASONS
from annotation.web.preset_groups import words

EXITS = {
    "skip": _("Not for me"),
    "broken": _("The task is broken"),
    "unsafe": _("The content is unsafe"),
    "cannot_judge": _("It cannot be decided"),
}

# What reviewers choose from.
FAULTS = {
    "wrong": _("Wrong"),
    "incomplete": _("Incomplete"),
    "guideline_breach": _("Against the guidelines"),
    "too_fast": _("Too fast to have been read"),
    "automated": _("Looks automated"),
    "duplicate": _("Copied"),
    "off_topic": _("Off topic"),
    "other": _("Something else"),
}

# Why the answers to a task differ, as reviewers may say.
DISAGREEMENTS = {
    "unclear_guidelines": _("The guidelines do not say"),
    "several_right": _("More than one answer is right"),
    "unclear_data": _("The item itself is unclear"),
    "hard": _("It takes more knowledge"),
    "slip": _("A slip or a wrong key"),
}

CAUSES = {
    "sample": _("Random sample"),
    "watched": _("A rule has all work of an author reviewed"),
    "low_confidence": _("The answers do not agree enough"),
    "answers_used_up": _("All answers are in, and they do not agree enough"),
    "tie": _("The answers are evenly split"),
    "spread": _("The answers lie far apart"),
    "cannot_merge": _("These answers cannot be merged by rule"),
    "returned": _("The author has answered a return"),
    "escalated": _("A reviewer asks for an expert"),
    "second_opinion": _("A second opinion is wanted"),
    "reviewers_differ": _("Two reviewers have decided differently"),
    "exit": _("Several people could not judge it"),
    "unsafe": _("Somebody called it unsafe"),
}

ENDS = {
    "ran_out": _("Nobody went on with it"),
    "not_returned": _("The returned work was not corrected in time."),
    "rejected": _("A reviewer did not accept the answer."),
    "redo": _("One person's answers are done again by others"),
    "gang_lapsed": _("Not everybody came to do it together"),
    "gang_cut": _("Somebody left, and nobody came in their place"),
    "accuracy": _("Done again at no charge, because an audit found too many errors"),
}

# Why tasks are not open yet.
WAITS = {
    "budget": _(
        "The budget of the batch does not cover them yet. They open by themselves as others are done, or when you raise it."
    ),
    "quota:open_tasks": _("Your organization has as many open tasks as it may have. They open as others are done."),
    "quota:spend_day": _(
        "Your organization's limit for a day is reached. They open tomorrow (UTC), or when open tasks cost less."
    ),
}


def fault_words(codes: Iterable[str]) -> list[str]:
    """What a reviewer found wrong; a code nobody here knows stays as it is."""
    return [str(FAULTS.get(code, code)) for code in codes]


def disagreement_words(code: str) -> str:
    """Why answers differ; a code nobody here knows stays as it is, and nothing stays nothing."""
    return str(DISAGREEMENTS.get(code, code))


def exit_words(kind: str, reason: str) -> str:
    """Why a contributor left a task: the reason's title, else the kind of exit."""
    options = {option.key: option.title for option in REASONS.get(kind, ())}
    return words(options[reason]) if reason in options else str(EXITS.get(kind, kind))


def event_reason(code: str) -> str:
    """Why an event came about; reasons that somebody wrote stay as they are."""
    skipped = {option.key: option.title for option in REASONS["skip"]}
    return (
        words(skipped[code]) if code in skipped else str(CAUSES.get(code) or ENDS.get(code) or WAITS.get(code) or code)
    )
