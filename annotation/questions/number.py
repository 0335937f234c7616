"""number: a quantity, with or without a unit."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Annotated, Any

from pydantic import Field

from annotation.questions import messages
from annotation.questions.attributes import is_number
from annotation.questions.base import Around, Context, Json, Problem, Seen, problem
from annotation.questions.options import not_higher, not_lower
from annotation.questions.rating import whole
from annotation.questions.shapes import Model, Words

NAME = "number"
FIELDS: frozenset[str] | None = None
TEXT = MANY = False
Value: Any = float
NOISE = 1e-9  # of a number's size: what binary fractions leave behind

Limit = Annotated[float, Field(allow_inf_nan=False)]


class Config(Model):
    """Settings of a number. `step`: distance between the numbers that may be said, from `min` or 0; `decimals`: at most so many.

    `tolerance`, `relative_tolerance`: two numbers no farther apart, or by no greater share of the larger, say the same.
    """

    min: Limit | None = None
    max: Limit | None = None
    step: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    decimals: Annotated[int, Field(ge=0, le=12)] | None = None
    unit: Words = ""
    tolerance: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    relative_tolerance: Annotated[float, Field(ge=0, le=1)] | None = None


def normalise(value: Json, config: Config, _context: Context) -> Json:
    """3.0 is 3, -0.0 is 0, and 0.1 + 0.2 is 0.3 where so many decimals are told apart. Nothing that somebody meant is rounded off."""
    if not is_number(value):
        return value
    rounded = _rounded(value, config.decimals)
    return whole(rounded if _near(value, rounded) else value) or 0


def _rounded(value: float, decimals: int | None) -> float:
    """Half to even, as it is written."""
    if decimals is None:
        return value
    written = Decimal(str(value))
    return float(written.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)) if abs(written) < 1e15 else value


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= NOISE * max(1.0, abs(a))


def validate(value: Json, config: Config, _context: Context) -> list[Problem]:
    """`out_of_range`, `too_precise`, `not_on_step`."""
    if not is_number(value):
        return [problem("", "type", wanted=messages.A_NUMBER)]
    low, high = config.min, config.max
    if (low is not None and value < low) or (high is not None and value > high):
        return [
            problem(
                "", "out_of_range", min="-∞" if low is None else whole(low), max="∞" if high is None else whole(high)
            )
        ]
    if config.decimals is not None and not _near(value, _rounded(value, config.decimals)):
        return [problem("", "too_precise", decimals=config.decimals)]
    if config.step is not None and not _is_on_step(value - (low or 0.0), config.step):
        return [problem("", "not_on_step", step=whole(config.step))]
    return []


def _is_on_step(distance: float, step: float) -> bool:
    steps = distance / step
    return _near(steps, round(steps))


def answered(_value: Json, _config: Config) -> bool:
    """Whatever is said."""
    return True


def seen(value: Json, _config: Config) -> Seen:
    """The number."""
    return Seen(value)


def lint(config: Config, _around: Around) -> list[Problem]:
    """Limits in their order."""
    both = config.min is not None and config.max is not None
    return [problem("/max", "bad_scale")] if both and config.min > config.max else []  # type: ignore[operator]


def suits(_config: Config, _context: Context) -> list[Problem]:
    """Every task."""
    return []


def widened(old: Config, new: Config) -> bool:
    """At least the same numbers, of the same unit."""
    limits = not_higher(old.min, new.min) and not_lower(old.max, new.max) and not_lower(old.decimals, new.decimals)
    steps = new.step is None or (old.step, old.min) == (new.step, new.min)
    return limits and steps and old.unit == new.unit
