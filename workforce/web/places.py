"""Languages, countries and time zones to choose from, named in the reader's language."""

from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info, to_locale
from django.utils.translation import gettext as _

Choices = list[tuple[str, str]]

# Zones of the database that are not places where people live.
NO_PLACES = ("Etc/", "SystemV/", "US/", "posix/", "right/")


def language_choices() -> Choices:
    """BCP 47 tags with the language's name for the reader and for its speakers, by name."""
    tags = {to_locale(code).replace("_", "-"): code for code, info in LANG_INFO.items() if "name" in info}
    return sorted(((tag, _both(code)) for tag, code in tags.items()), key=lambda choice: choice[1].casefold())


def _both(code: str) -> str:
    info = get_language_info(code)
    name, local = str(info["name_translated"]), str(info["name_local"])
    return name if name.casefold() == local.casefold() else f"{name} · {local}"


@cache
def _countries() -> tuple[tuple[str, str], ...]:
    """ISO 3166-1 codes and English names, as the time zone database lists them; the page's script knows other languages."""
    lines = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple(sorted(((code, name) for code, name in rows), key=lambda row: row[1]))


def country_choices() -> Choices:
    """Nothing, or a country."""
    return [("", _("Rather not say")), *_countries()]


@cache
def _zones() -> tuple[str, ...]:
    zones = (zone for zone in available_timezones() if "/" in zone and not zone.startswith(NO_PLACES))
    return ("UTC", *sorted(zones))


def time_zone_choices() -> Choices:
    """IANA zones that are named for a place, and UTC."""
    return [(zone, zone.replace("_", " ")) for zone in _zones()]
