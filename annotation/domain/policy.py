"""A project's terms, quality and requirements: their shapes, their limits, and what a preset suggests."""

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field as Limits
from pydantic import model_validator

from annotation.questions.base import Json, Problem
from annotation.questions.presets import Preset
from annotation.questions.shapes import Model, SettingError, parse

DAY_S = 86_400
PAY_MINOR_PER_HOUR = 1_500  # what a preset's price starts from; the customer changes it
REVIEW_SHARE = {"none": 0.0, "sample": 0.1, "all": 1.0}
GOLD_SHARE = 0.05

Share = Annotated[float, Limits(ge=0, le=1)]
Seats = Annotated[int, Limits(ge=1, le=50)]


class Terms(Model):
    """What an answer pays (minor units of the organization's currency) and how long a lease and the wait for acceptance last (seconds)."""

    price_minor: Annotated[int, Limits(ge=0, le=1_000_000)] = 5
    review_price_minor: Annotated[int, Limits(ge=0, le=1_000_000)] = 3
    lease_s: Annotated[int, Limits(ge=30, le=365 * DAY_S)] = 600
    auto_accept_s: Annotated[int, Limits(ge=0, le=30 * DAY_S)] = 7 * DAY_S


class Overlap(Model):
    """How many answers a task gets: at least `min`, at most `max`, and none after `confidence` is reached. Left out: ours."""

    min: Seats = 3
    max: Seats = 5
    confidence: Annotated[float, Limits(ge=0.5, le=1)] | None = None

    @model_validator(mode="after")
    def _ordered(self) -> "Overlap":
        if self.max < self.min:
            raise SettingError("bad_scale")
        return self


class Plan(Model):
    """Of the results of each batch `n` are looked at, at random, and so many errors among them are accepted."""

    n: Annotated[int, Limits(ge=10, le=5_000)]
    accept: Annotated[int, Limits(ge=0, le=100)] = 0

    @model_validator(mode="after")
    def _some(self) -> "Plan":
        if self.accept >= self.n:
            raise SettingError("bad_scale")
        return self


class Review(Model):
    """Which results a reviewer looks at: a random share, and those that are less sure than `below_confidence`.

    `blind`: until they have said what they think themselves, they see neither the merged value nor what is known of the authors.
    `second`: the share of decisions that a second reviewer looks at, without knowing it; twice as many while a reviewer is new.
    `lot`: the sampling plan by which each batch passes or not.
    """

    share: Share = 0.0
    below_confidence: Share = 0.0
    blind: bool = True
    second: Share = 0.05
    lot: Plan | None = None


class Gold(Model):
    """The share of turns at which somebody gets a task with a known answer; how many of those for practice come before other work.

    The others are kept for people who are asked to practise again. `first` left out: all come first.
    """

    share: Share = GOLD_SHARE
    first: Annotated[int, Limits(ge=0, le=1_000)] | None = None


Estimator = Literal[
    "auto",
    "majority",
    "weighted",
    "one_coin",
    "dawid_skene",
    "pooled_dawid_skene",
    "mace",
    "glad",
    "ordinal",
    "interval",
    "none",
]


class Quality(Model):
    """How much is asked, and what is trusted.

    `aggregate`: how the answers to questions with classes or a scale become a result; `none`: to no question. `aggregate_for`: the same,
    for single questions by name.
    """

    overlap: Overlap = Overlap()
    review: Review = Review()
    gold: Gold = Gold()
    aggregate: Estimator = "auto"
    aggregate_for: dict[str, Estimator] | None = None


class SkillWanted(Model):
    """A skill by public id, at a level 0-100."""

    skill: Annotated[str, Limits(pattern=r"^skl_[0-9a-z]{26}$")]
    value: Annotated[int, Limits(ge=0, le=100)] = 0


class LanguageWanted(Model):
    """A language by BCP 47 tag, at a level 1-5."""

    tag: Annotated[str, Limits(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    level: Annotated[int, Limits(ge=1, le=5)] = 1


class Requirements(Model):
    """What somebody must have who works here, what they must have agreed to see, and who may not answer the same task.

    `together`: all answers to a task are given at the same time, by people who are there together.
    """

    skills: Annotated[list[SkillWanted], Limits(max_length=10)] = []
    languages: Annotated[list[LanguageWanted], Limits(max_length=10)] = []
    countries: Annotated[list[Annotated[str, Limits(pattern=r"^[A-Z]{2}$")]], Limits(max_length=250)] = []
    sensitive: Annotated[list[Literal["adult", "violence", "hate", "self_harm", "medical"]], Limits(max_length=5)] = []
    apart: Annotated[list[Literal["household", "team"]], Limits(max_length=2)] = []
    together: Literal[True] | None = None

    @model_validator(mode="after")
    def _not_both(self) -> "Requirements":
        if self.together and self.apart:
            raise SettingError("together_apart")
        return self


SHAPES: Mapping[str, type[Model]] = {"terms": Terms, "quality": Quality, "requirements": Requirements}


def checked(name: str, given: Json, problems: list[Problem]) -> dict[str, Any]:
    """`terms`, `quality` or `requirements` with all members filled in that have a default; what is wrong is added to `problems`.

    Their paths start with /name.
    """
    found = parse(SHAPES[name], given, problems, name)
    return found.model_dump(exclude_none=True) if found else {}


def merged(old: Mapping[str, Any], new: Json) -> Json:
    """The old settings with the new ones laid over them, member by member; a list is replaced as a whole, and null takes a member away."""
    if not isinstance(new, Mapping):
        return new
    laid = {**old, **{name: merged(_members(old.get(name)), each) for name, each in new.items()}}
    return {name: each for name, each in laid.items() if each is not None}


def _members(setting: Any) -> Mapping[str, Any]:
    return setting if isinstance(setting, Mapping) else {}


def suggested(preset: Preset | None) -> dict[str, dict[str, Any]]:
    """The terms and quality that a preset starts with: its answers, review and minutes per task, at a fair hourly pay."""
    if preset is None:
        return {"terms": Terms().model_dump(), "quality": Quality().model_dump(exclude_none=True)}
    answers, minutes = int(preset.defaults["answers"]), float(preset.defaults["minutes"])
    price = max(1, math.ceil(minutes * PAY_MINOR_PER_HOUR / 60))
    return {
        "terms": Terms(
            price_minor=price, review_price_minor=max(1, price // 2), lease_s=max(300, int(minutes * 600))
        ).model_dump(),
        "quality": Quality(
            overlap=Overlap(min=answers, max=answers + 2 if answers > 1 else 1),
            review=Review(share=REVIEW_SHARE[preset.defaults["review"]]),
        ).model_dump(exclude_none=True),
    }
