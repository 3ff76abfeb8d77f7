"""Which zone a visitor is probably in, and the list from which they choose another. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from server.wording import say, when

_REGIONS = ("Europe", "America", "Asia", "Africa", "Australia", "Pacific", "Atlantic", "Indian", "Arctic", "Antarctica")


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """One entry: the IANA name, and its city with offset and present clock time."""

    tz: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ZoneGroup:
    """The zones of one region, by city."""

    title: str
    choices: tuple[ZoneChoice, ...]


def is_zone(tz: str) -> bool:
    """Whether `tz` is an IANA zone that we know."""
    return tz in available()


def guessed(accept_language: str, page_tz: str) -> str:
    """The visitor's zone as far as their browser's language tells: the only zone of its territory, else the page's."""
    for territory in _territories(accept_language):
        zones = _zones_of().get(territory, ())
        if page_tz in zones:
            return page_tz
        if len(zones) == 1:
            return zones[0]
    return page_tz


def zone_groups(now: datetime, locale: str, chosen: str, near: Iterable[str]) -> tuple[ZoneGroup, ...]:
    """All zones by region, the most likely ones first."""
    likely = tuple(dict.fromkeys(near))
    first = ZoneGroup(say(locale, "page.zone_near"), tuple(_choice(tz, now, locale, chosen) for tz in likely))
    return (first, *(_region(region, now, locale, chosen, likely) for region in _REGIONS))


def _region(region: str, now: datetime, locale: str, chosen: str, likely: tuple[str, ...]) -> ZoneGroup:
    zones = [tz for tz in get_global("zone_territories") if tz.startswith(f"{region}/") and tz in available()]
    choices = [_choice(tz, now, locale, "" if tz in likely else chosen) for tz in zones]
    choices.sort(key=lambda one: one.label)
    return ZoneGroup(say(locale, f"page.region.{region}"), tuple(choices))


def _choice(tz: str, now: datetime, locale: str, chosen: str) -> ZoneChoice:
    words = {"city": when.city(tz, locale), "offset": when.utc_offset(tz, now), "clock": when.clock(now, tz, locale)}
    return ZoneChoice(tz, say(locale, "page.zone_entry", **words), tz == chosen)


def _territories(accept_language: str) -> Iterable[str]:
    for tag in re.findall(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", accept_language)[:8]:
        try:
            parsed = Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        territory = parsed.territory or (_home_of(str(parsed)) if parsed.language != "en" else None)
        if territory is not None:
            yield territory


def _home_of(language: str) -> str | None:
    likely = str(get_global("likely_subtags").get(language, ""))
    return likely.rpartition("_")[2] or None


@cache
def available() -> frozenset[str]:
    """Every IANA name that the zone data has."""
    return frozenset(available_timezones())


@cache
def _zones_of() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for tz, territory in get_global("zone_territories").items():
        if tz in available():
            found.setdefault(str(territory), []).append(str(tz))
    return {territory: tuple(zones) for territory, zones in found.items()}
