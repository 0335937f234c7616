"""An interval on a scale, small enough for a cell of a table beside its numbers. `{% load intervals %}`."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

WIDTH, HEIGHT, EDGE = 120.0, 14.0, 6.0


@register.simple_tag
def interval(low: float, high: float, at: float, bottom: float = 0.0) -> SafeString:
    """From low to high with a dot at the estimate, on a scale from `bottom` to 1 with a tick half way. For eyes only."""

    def x(value: float) -> str:
        share = (min(1.0, max(bottom, value)) - bottom) / (1 - bottom)
        return f"{EDGE + share * (WIDTH - 2 * EDGE):.1f}"

    middle = HEIGHT / 2
    return format_html(
        '<svg class="interval" viewBox="0 0 120 14" aria-hidden="true"><path class="interval__scale" d="M{0} {4}H{1}M{5} 2V12"/>'
        '<path class="interval__range" d="M{2} {4}H{3}"/><circle class="interval__dot" cx="{6}" cy="{4}" r="4"/></svg>',
        x(bottom),
        x(1),
        x(low),
        x(high),
        f"{middle:.0f}",
        x((1 + bottom) / 2),
        x(at),
    )
