"""Small things on every page: icons, money, times, initials. `{% load ui %}`."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.templatetags.static import static
from django.utils import formats, timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

# ISO 4217 currencies whose minor unit is not a hundredth.
WHOLE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
MINOR_DIGITS = dict.fromkeys(WHOLE.split(), 0) | dict.fromkeys(THOUSANDTHS.split(), 3)
# Signs as the Unicode CLDR writes them in each of our languages; other currencies show their code.
COMMON = {"EUR": "€", "GBP": "£", "INR": "₹", "KRW": "₩", "VND": "₫", "ILS": "₪", "BRL": "R$", "CAD": "CA$"}
SIGNS = {
    "en": COMMON | {"USD": "$", "JPY": "¥", "CNY": "CN¥", "AUD": "A$"},
    "zh-hans": COMMON | {"USD": "US$", "JPY": "JP¥", "CNY": "¥", "AUD": "AU$"},
}
MINUS = "−"
TONES = {
    "ok": "active open live done completed settled accepted available granted delivered enabled succeeded paid verified full_credit met",
    "accent": "running collecting leased offered review in_review deciding submitted testing draft_ready auditing promised",
    "warn": "paused pending held returned late partial retrying expiring waiting degraded escalated reworking",
    "bad": "failed rejected suspended revoked cancelled blocked dead error restricted lost exhausted missed",
}
TONE_OF = {word: tone for tone, words in TONES.items() for word in words.split()}
LABEL_SLOTS = 20


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """The icon `name` of the sprite, for eyes only: words beside it, or `aria-label` on its button, say what it means."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" width="16" height="16"><use href="{}#{}"/></svg>',
        classes,
        static("icons/sprite.svg"),
        name,
    )


def money_text(minor: int, currency: str, *, language: str | None = None) -> str:
    """An amount of minor units in words of a language: `money_text(-1250, "USD")` is "−$12.50"."""
    language = language or translation.get_language() or "en"
    digits = MINOR_DIGITS.get(currency, 2)
    amount = formats.number_format(Decimal(abs(minor)).scaleb(-digits), decimal_pos=digits, force_grouping=True)
    sign = SIGNS.get(language, SIGNS["en"]).get(currency, f"{currency}\N{NO-BREAK SPACE}")
    return f"{MINUS if minor < 0 else ''}{sign}{amount}"


@register.simple_tag
def money(minor: int | None, currency: str = "USD") -> SafeString:
    """An amount of integer minor units, with its value for machines; a dash if there is none."""
    if minor is None:
        return format_html('<span class="muted">{}</span>', "–")
    classes = "money money--minus" if minor < 0 else "money"
    return format_html(
        '<data class="{}" value="{}">{}</data>', classes, f"{minor} {currency}", money_text(minor, currency)
    )


@register.simple_tag
def ago(moment: datetime | None, empty: str = "–") -> SafeString:
    """A moment as "5 minutes ago"; page.js keeps it true and shows the reader's own zone on hover."""
    return _time(moment, "relative", empty)


@register.simple_tag
def at(moment: datetime | None, form: str = "datetime", empty: str = "–") -> SafeString:
    """A moment in the reader's zone; `form` is datetime, date or time. Without scripts it is UTC and says so."""
    return _time(moment, form, empty)


def _time(moment: datetime | None, form: str, empty: str) -> SafeString:
    if moment is None:
        return format_html('<span class="muted">{}</span>', empty)
    moment = moment.astimezone(UTC) if timezone.is_aware(moment) else moment.replace(tzinfo=UTC)
    return format_html(
        '<time datetime="{}" data-time="{}">{}</time>',
        moment.isoformat(timespec="seconds").replace("+00:00", "Z"),
        form,
        utc(moment),
    )


def utc(moment: datetime) -> str:
    """A moment, aware of its zone, where there are no scripts: in UTC, and says so."""
    return f"{formats.date_format(moment.astimezone(UTC), 'SHORT_DATETIME_FORMAT')} UTC"


@register.filter
def duration(seconds: float | None) -> str:
    """Seconds as a short length of time: "45 s", "12 min", "3 h 05 min", "2 d 4 h"; a dash if there is none."""
    if seconds is None:
        return "–"
    whole = round(seconds)
    if whole < 60:
        return translation.gettext("%(n)s s") % {"n": whole}
    minutes = round(whole / 60)
    if minutes < 60:
        return translation.gettext("%(n)s min") % {"n": minutes}
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return translation.gettext("%(hours)s h %(minutes)02d min") % {"hours": hours, "minutes": minutes}
    days, hours = divmod(hours, 24)
    return translation.gettext("%(days)s d %(hours)s h") % {"days": days, "hours": hours}


@register.filter
def percent(share: float | None, digits: int = 0) -> str:
    """A share between 0 and 1 as per cent: `0.824` is "82%"; a dash if there is none."""
    return "–" if share is None else f"{formats.number_format(round(share * 100, digits), decimal_pos=digits)}%"


@register.filter
def tone(status: str) -> str:
    """The tone of a status word for badges: ok, accent, warn, bad, or nothing."""
    return TONE_OF.get(str(status).lower(), "")


@register.filter
def initials(name: str) -> str:
    """One or two letters of a name or address: "Ada Lovelace" is "AL", "王小明" is "王"."""
    words = str(name).split("@", 1)[0].replace(".", " ").replace("_", " ").replace("-", " ").split()
    if not words:
        return "?"
    if not words[0][0].isascii():
        return words[0][0]
    return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper()


@register.filter
def label_slot(key: object) -> int:
    """A colour slot 1-20, always the same for the same key: for avatars and series without a colour of their own."""
    return int.from_bytes(hashlib.sha256(str(key).encode()).digest()[:2]) % LABEL_SLOTS + 1


@register.filter
def bcp47(code: str) -> str:
    """Django's language code as HTML and browsers write it: "zh-hans" is "zh-Hans"."""
    return translation.to_locale(code).replace("_", "-")


@register.simple_tag(takes_context=True)
def query(context: Mapping[str, Any], **changes: object) -> str:
    """The page's own query string with some parameters changed; an empty value removes one. For sort and filter links."""
    request = context.get("request")
    items = dict(request.GET.lists()) if request is not None else {}
    for key, value in changes.items():
        items.pop(key, None)
        if value not in (None, ""):
            items[key] = [str(value)]
    return "?" + urlencode(items, doseq=True)


@register.filter
def get(mapping: Mapping[Any, Any] | None, key: object) -> Any:
    """The item of a mapping under a key held in a variable; empty if missing."""
    return "" if mapping is None else mapping.get(key, "")
