"""Small charts drawn on the server as SVG: no script, no style attribute, readable without colour. `{% load charts %}`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

from django import template
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

SPARK = (100.0, 24.0)
LINE = (640.0, 200.0)
PAD_START, PAD_BOTTOM, PAD_TOP = 44.0, 22.0, 8.0
BAR_HEIGHT, BAR_GAP, BAR_LABEL, BAR_WIDTH = 18.0, 10.0, 150.0, 640.0
SQUARE = (400.0, 300.0)
STRIP_HEIGHT, STRIP_PAD, STRIP_TOP = 120.0, 24.0, 10.0
STRIP_LANES, STRIP_STEP = 7, 3  # coprime: neighbours of a list do not lie beside each other
Point = tuple[float, float]


def _number(value: float) -> str:
    """A coordinate, short."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _path(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points)


def _scaled(
    values: Sequence[float], box: tuple[float, float, float, float], top: float, bottom: float = 0
) -> list[Point]:
    """The values as points from the start to the end of a box (x, y, width, height)."""
    x, y, width, height = box
    step = width / max(len(values) - 1, 1)
    reach = (top - bottom) or 1
    return [(x + index * step, y + height - (value - bottom) / reach * height) for index, value in enumerate(values)]


@register.simple_tag
def sparkline(values: Sequence[float], label: str = "", tone: str = "accent", classes: str = "") -> SafeString:
    """A line of values without axes; `label` says in words what it shows (else it is decoration)."""
    numbers = [float(value) for value in values]
    if len(numbers) < 2:
        return SafeString("")
    width, height = SPARK
    points = _scaled(numbers, (0, 2, width, height - 4), max(numbers), min(0.0, *numbers))
    area = f"{_path(points)}L{_number(width)} {_number(height)}L0 {_number(height)}Z"
    return format_html(
        '<svg class="spark tone-{} {}" viewBox="0 0 100 24" preserveAspectRatio="none" {}>'
        '<path class="spark__area" d="{}"/><path class="spark__line" d="{}"/><path class="spark__end" d="{}"/></svg>',
        tone,
        classes,
        _named(label),
        area,
        _path(points),
        _path([points[-1], points[-1]]),
    )


def _named(label: str) -> SafeString:
    return format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')


def _ceiling(value: float) -> float:
    """The next round number whose quarters are round too: counts get whole numbers at the axis."""
    if value <= 0:
        return 1.0
    power = 10.0 ** (len(str(int(value))) - 1) if value >= 1 else 1.0
    while power > value:
        power /= 10
    return next(step * power for step in (1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 12) if step * power >= value)


@register.simple_tag
def line_chart(series: Sequence[Mapping[str, Any]], ticks: Sequence[str] = (), label: str = "") -> SafeString:
    """Lines over one axis of time. `series`: {values, name, tone?, area?}; `ticks`: words under the axis, evenly spread."""
    drawn = [line for line in series if len(line["values"]) > 1]
    if not drawn:
        return SafeString("")
    top = _ceiling(max(max(line["values"]) for line in drawn))
    box = (PAD_START, PAD_TOP, LINE[0] - PAD_START - 4, LINE[1] - PAD_TOP - PAD_BOTTOM)
    return format_html(
        '<svg class="chart__svg" viewBox="0 0 640 200" {}>{}{}{}</svg>',
        _named(label),
        _grid(box, top),
        format_html_join("", "{}", ((_line(line, box, top),) for line in drawn)),
        _ticks(box, ticks),
    )


def _grid(box: tuple[float, float, float, float], top: float) -> SafeString:
    x, y, width, height = box
    rows = ((top * part / 4, y + height - height * part / 4) for part in range(5))
    return format_html_join(
        "",
        '<path class="chart__grid" d="M{} {}h{}"/><text class="chart__text" x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (_number(x), _number(at), _number(width), _number(x - 8), _number(at + 4), _short(value))
            for value, at in rows
        ),
    )


def _short(value: float) -> str:
    """A number for an axis: 1500 is "1.5k"."""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= limit:
            return f"{value / limit:.1f}".rstrip("0").rstrip(".") + unit
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _line(line: Mapping[str, Any], box: tuple[float, float, float, float], top: float) -> SafeString:
    x, y, width, height = box
    points = _scaled(list(map(float, line["values"])), box, top)
    floor = _number(y + height)
    area = f"{_path(points)}L{_number(x + width)} {floor}L{_number(x)} {floor}Z"
    return format_html(
        '<g class="tone-{}">{}<path class="chart__line" d="{}"/></g>',
        line.get("tone", "accent"),
        format_html('<path class="chart__area" d="{}"/>', area) if line.get("area") else "",
        _path(points),
    )


def _ticks(box: tuple[float, float, float, float], ticks: Sequence[str]) -> SafeString:
    x, y, width, height = box
    step = width / max(len(ticks) - 1, 1)
    anchors = ["start", *["middle"] * max(len(ticks) - 2, 0), "end"]
    return format_html_join(
        "",
        '<text class="chart__text" x="{}" y="{}" text-anchor="{}">{}</text>',
        (
            (_number(x + index * step), _number(y + height + 16), anchor, tick)
            for index, (tick, anchor) in enumerate(zip(ticks, anchors, strict=False))
        ),
    )


@register.simple_tag
def bar_chart(bars: Sequence[Mapping[str, Any]], label: str = "", unit: str = "") -> SafeString:
    """Horizontal bars with their words and numbers. `bars`: {label, value, tone?, text?}; the longest fills the width."""
    if not bars:
        return SafeString("")
    top = max(float(bar["value"]) for bar in bars) or 1.0
    height = len(bars) * (BAR_HEIGHT + BAR_GAP) - BAR_GAP
    room = BAR_WIDTH - BAR_LABEL - 60
    rows = (
        (
            bar.get("tone", "accent"),
            _number(BAR_LABEL - 10),
            _number(y + BAR_HEIGHT / 2 + 4),
            bar["label"],
            _number(BAR_LABEL),
            _number(y),
            _number(max(float(bar["value"]) / top * room, 1.5)),
            _number(BAR_LABEL + float(bar["value"]) / top * room + 8),
            _number(y + BAR_HEIGHT / 2 + 4),
            bar.get("text") or f"{formats.number_format(bar['value'], use_l10n=True, force_grouping=True)}{unit}",
        )
        for y, bar in zip((index * (BAR_HEIGHT + BAR_GAP) for index in range(len(bars))), bars, strict=True)
    )
    return format_html(
        '<svg class="chart__svg" viewBox="0 0 640 {}" {}>{}</svg>',
        _number(height),
        _named(label),
        format_html_join(
            "",
            '<g class="tone-{}"><text class="chart__text chart__text--strong" x="{}" y="{}" text-anchor="end">{}</text>'
            '<rect class="chart__bar" x="{}" y="{}" width="{}" height="18" rx="3"/>'
            '<text class="chart__text" x="{}" y="{}">{}</text></g>',
            rows,
        ),
    )


@register.simple_tag
def strip_plot(points: Sequence[Mapping[str, Any]], label: str = "") -> SafeString:
    """Shares 0..1 as dots over one axis, spread downwards so that none hides another. `points`: {value, label, tone?}."""
    if not points:
        return SafeString("")
    width, height = LINE[0] - 2 * STRIP_PAD, STRIP_HEIGHT - PAD_BOTTOM
    dots = (
        (
            point.get("tone", "accent"),
            _number(STRIP_PAD + min(1.0, max(0.0, float(point["value"]))) * width),
            _number(STRIP_TOP + (index * STRIP_STEP) % STRIP_LANES * (height - STRIP_TOP) / STRIP_LANES),
            point["label"],
        )
        for index, point in enumerate(points)
    )
    return format_html(
        '<svg class="chart__svg" viewBox="0 0 640 {}" {}>{}{}</svg>',
        _number(STRIP_HEIGHT),
        _named(label),
        _share_axis(width, height),
        format_html_join(
            "", '<circle class="chart__dot tone-{}" cx="{}" cy="{}" r="5"><title>{}</title></circle>', dots
        ),
    )


@register.simple_tag
def reliability_plot(points: Sequence[Mapping[str, Any]], label: str = "") -> SafeString:
    """Shares right over stated shares, both 0..1; on the diagonal what is said is as often right as is said.

    `points`: {stated, share, low, high, label}; from low to high goes a whisker.
    """
    if not points:
        return SafeString("")
    x, y, width, height = box = (56.0, PAD_TOP, SQUARE[0] - 56 - 12, SQUARE[1] - PAD_TOP - PAD_BOTTOM)
    marks = (
        (
            _number(at),
            _number(y + height - float(point["low"]) * height),
            _number(y + height - float(point["high"]) * height),
            _number(at),
            _number(y + height - float(point["share"]) * height),
            point["label"],
        )
        for point in points
        for at in [x + float(point["stated"]) * width]
    )
    return format_html(
        '<svg class="chart__svg chart__svg--square" viewBox="0 0 400 300" {}>{}{}{}{}</svg>',
        _named(label),
        _share_rows(box, 0),
        _ticks(box, [f"{quarter * 25}%" for quarter in range(5)]),
        format_html('<path class="chart__ideal" d="M{} {}L{} {}"/>', *map(_number, (x, y + height, x + width, y))),
        format_html_join(
            "",
            '<g class="tone-accent"><title>{5}</title><path class="chart__whisker" d="M{0} {1}V{2}"/>'
            '<circle class="chart__dot" cx="{3}" cy="{4}" r="5"/></g>',
            marks,
        ),
    )


def _share_axis(width: float, height: float) -> SafeString:
    """Upright lines at every quarter of 0..1, with their words."""
    return format_html_join(
        "",
        '<path class="chart__grid" d="M{} 0v{}"/><text class="chart__text" x="{}" y="{}" text-anchor="middle">{}%</text>',
        (
            (_number(x), _number(height), _number(x), _number(height + 16), quarter * 25)
            for quarter in range(5)
            for x in [STRIP_PAD + width * quarter / 4]
        ),
    )


@register.simple_tag
def stacked_bar(parts: Sequence[Mapping[str, Any]], label: str = "", classes: str = "") -> SafeString:
    """One bar cut into parts. `parts`: {label, value, tone}; put a `.legend` with the numbers beside it."""
    values = [float(part["value"]) for part in parts]
    total = sum(values) or 1.0
    starts = [0.0, *accumulate(values)]
    rects = (
        (part.get("tone", "accent"), _number(start / total * 100), _number(value / total * 100))
        for part, value, start in zip(parts, values, starts, strict=False)
        if value
    )
    return format_html(
        '<svg class="stacked {}" viewBox="0 0 100 1" preserveAspectRatio="none" {}>{}</svg>',
        classes,
        _named(label),
        format_html_join("", '<rect class="chart__bar tone-{}" x="{}" y="0" width="{}" height="1"/>', rects),
    )


@register.simple_tag
def time_range(
    spans: Sequence[Mapping[str, Any]], marks: Sequence[Mapping[str, Any]] = (), label: str = ""
) -> SafeString:
    """Stretches of one line of time. `spans`: {start, end, tone} and `marks`: {at, tone, label}, places from 0 to 1."""
    width, top, height = LINE[0], 6, 14
    stretches = (
        (span["tone"], _number(span["start"] * width), top, _number((span["end"] - span["start"]) * width), height)
        for span in spans
    )
    lines = ((mark["tone"], _number(mark["at"] * width), 2 * top + height, mark["label"]) for mark in marks)
    return format_html(
        '<svg class="chart__svg" viewBox="0 0 640 26" preserveAspectRatio="none" {}>'
        '<rect class="chart__track" x="0" y="6" width="640" height="14" rx="3"/>{}{}</svg>',
        _named(label),
        format_html_join("", '<rect class="chart__bar tone-{}" x="{}" y="{}" width="{}" height="{}"/>', stretches),
        format_html_join("", '<path class="chart__line tone-{}" d="M{} 0v{}"><title>{}</title></path>', lines),
    )


@register.simple_tag
def trade_off(points: Sequence[Mapping[str, Any]], label: str = "", unit: str = "") -> SafeString:
    """What is paid against the share that is right, with its interval: a step from each to the next.

    `points`: {price, share, low, high, label, chosen?}, cheapest first; shares 0..1; `unit`: words under the axis.
    """
    if not points:
        return SafeString("")
    x, y, width, height = PAD_START, PAD_TOP, LINE[0] - PAD_START - 16, LINE[1] - PAD_TOP - PAD_BOTTOM
    floor = min(0.9, int(min(float(point["low"]) for point in points) * 10) / 10)
    top = _ceiling(max(float(point["price"]) for point in points))

    def at(price: float, share: float) -> Point:
        return x + price / top * width, y + height - (share - floor) / (1 - floor) * height

    steps = [at(float(point["price"]), float(point["share"])) for point in points]
    return format_html(
        '<svg class="chart__svg trade" viewBox="0 0 640 200" {}>{}{}<path class="chart__line tone-accent" d="{}"/>{}</svg>',
        _named(label),
        _share_rows((x, y, width, height), floor),
        _ticks((x, y, width, height), ["0", unit, _short(top)]),
        _path(steps),
        format_html_join(
            "",
            '<g class="trade__point{}"><path class="trade__range" d="M{} {}V{}"/>'
            '<circle class="chart__dot tone-accent" cx="{}" cy="{}" r="5"/><title>{}</title></g>',
            (_trade_point(point, step, at) for point, step in zip(points, steps, strict=True)),
        ),
    )


def _trade_point(
    point: Mapping[str, Any], step: Point, at: Callable[[float, float], Point]
) -> tuple[str, str, str, str, str, str, str]:
    low, high = (at(float(point["price"]), float(point[end]))[1] for end in ("low", "high"))
    chosen = " is-chosen" if point.get("chosen") else ""
    return chosen, _number(step[0]), _number(low), _number(high), _number(step[0]), _number(step[1]), point["label"]


def _share_rows(box: tuple[float, float, float, float], floor: float) -> SafeString:
    """Level lines at every quarter from a share `floor` to all, with their words."""
    x, y, width, height = box
    return format_html_join(
        "",
        '<path class="chart__grid" d="M{} {}h{}"/><text class="chart__text" x="{}" y="{}" text-anchor="end">{}%</text>',
        (
            (_number(x), _number(level), _number(width), _number(x - 8), _number(level + 4), _short(share * 100))
            for part in range(5)
            for share, level in [(floor + (1 - floor) * part / 4, y + height - height * part / 4)]
        ),
    )
