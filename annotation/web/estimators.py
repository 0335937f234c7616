"""The estimators in words: what each does with the answers, when to take it, and how a result came about."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Estimator:
    """One choice on the settings page."""

    key: str
    label: Any
    when: Any


ESTIMATORS = (
    Estimator(
        "auto",
        _("By how each person answers (recommended)"),
        _(
            "Learns how often everybody is right and what they take for what, and balances the two. Good unless you know better."
        ),
    ),
    Estimator(
        "majority",
        _("Every answer counts the same"),
        _(
            "Counts the answers. Take it when people have too few answers to learn from, or when the count itself is the result."
        ),
    ),
    Estimator(
        "weighted",
        _("By each person's record"),
        _(
            "Weighs answers by how their authors did on known tasks and in reviews. Take it when you have many of these."
        ),
    ),
    Estimator(
        "one_coin",
        _("By how often each person is right"),
        _("Learns one number per person. Take it when people have few answers each, or there are many labels."),
    ),
    Estimator(
        "dawid_skene",
        _("By each person's own mix-ups"),
        _(
            "Learns from nobody else what a person takes for what. Take it for few labels and hundreds of answers a person."
        ),
    ),
    Estimator(
        "pooled_dawid_skene",
        _("By what each person takes for what"),
        _(
            "The same, but people are taken to be alike until more is known. Take it when some people mix up certain labels."
        ),
    ),
    Estimator(
        "mace",
        _("By who knows and who guesses"),
        _("Finds people whose answers do not depend on the task. Take it when some may click without looking."),
    ),
    Estimator(
        "glad",
        _("By people and by how hard tasks are"),
        _(
            "Takes into account that some tasks are hard for everybody. Take it when tasks differ much; slow beyond 100,000 answers."
        ),
    ),
    Estimator(
        "ordinal",
        _("By how each person reads the scale"),
        _(
            "Learns who answers too high or too low and how widely, so that a near miss is no plain error. Ratings get it by"
            " themselves; take it for options with an order when people are mostly off by one. Other questions are weighed as"
            " recommended."
        ),
    ),
    Estimator(
        "interval",
        _("By how far each person is off"),
        _(
            "Takes answers as numbers and learns everybody’s bias and how widely they scatter. Take it when steps are equally far"
            " apart; scales of more than 21 steps get it by themselves. Other questions are weighed as recommended."
        ),
    ),
    Estimator(
        "none",
        _("Not at all: keep every answer"),
        _("Merges nothing: a task ends with its least number of answers, and you get them all. Take it for opinions."),
    ),
)
CHOICES = [(each.key, each.label) for each in ESTIMATORS]
# How the answers to a question became its result.
METHODS = {
    "auto": _("by how each person answers"),
    "one_coin": _("by how often each person is right"),
    "pooled_dawid_skene": _("by what each person takes for what"),
    "majority": _("by the share of the votes"),
    "weighted": _("by each person's record"),
    "dawid_skene": _("by each person's own mix-ups"),
    "mace": _("by who knows and who guesses"),
    "glad": _("by people and by how hard tasks are"),
    "ordinal": _("by how each person reads the scale"),
    "interval": _("by how far each person is off"),
    "weighted_median": _("the middle of the answers"),
    "weighted_mean": _("the mean of the answers"),
    "none": _("answers kept apart"),
    "review": _("by a reviewer"),
}


def method_words(code: str) -> str:
    """How the answers to a question became its result; a method that has no words stays as it is."""
    return str(METHODS.get(code, code))
