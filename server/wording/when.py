"""Dates, times and zones in words: one formatter for page, mail, text part and push, so that all say the same (E-3).

Every function takes an aware instant, the IANA name of the reader's zone, and a locale tag (`pl`, `en-US`, `zh-Hant`).
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_time, get_period_id

from server.wording.catalogue import say
from server.wording.digits import in_digits


def spell(starts_at: datetime, ends_at: datetime, tz: str, locale: str) -> str:
    """Everything: "Tuesday 24 November 2026, 10:30 - 11:00, Warsaw time (CET, UTC+1)"."""
    starts, ends = starts_at.astimezone(ZoneInfo(tz)), ends_at.astimezone(ZoneInfo(tz))
    if starts.date() == ends.date():
        moment = _joined(date_in_full(starts, locale), span(starts_at, ends_at, tz, locale), locale)
    else:
        first = _joined(date_in_full(starts, locale), _clock(starts, locale), locale)
        last = _joined(date_in_full(ends, locale), _clock(ends, locale), locale)
        moment = say(locale, "when.span", starts=first, ends=last)
    return say(locale, "when.with_zone", moment=moment, zone=zone_name(tz, starts_at, locale))


def short(starts_at: datetime, tz: str, locale: str) -> str:
    """For subjects and bars: "Tue 24 Nov, 10:30"."""
    starts = starts_at.astimezone(ZoneInfo(tz))
    return _joined(short_day(starts, locale), _clock(starts, locale), locale)


def long(starts_at: datetime, tz: str, locale: str) -> str:
    """For sentences: "Tuesday 24 November, 10:30"."""
    starts = starts_at.astimezone(ZoneInfo(tz))
    return _joined(day(starts, locale), _clock(starts, locale), locale)


def long_span(starts_at: datetime, ends_at: datetime, tz: str, locale: str) -> str:
    """For sentences: "Tuesday 24 November, 10:30 - 11:00"."""
    starts = starts_at.astimezone(ZoneInfo(tz))
    return _joined(day(starts, locale), span(starts_at, ends_at, tz, locale), locale)


def span(starts_at: datetime, ends_at: datetime, tz: str, locale: str) -> str:
    """From when to when by the clock: "10:30 - 11:00"."""
    return say(locale, "when.span", starts=clock(starts_at, tz, locale), ends=clock(ends_at, tz, locale))


def clock(instant: datetime, tz: str, locale: str) -> str:
    """What the clock there shows: "10:30", "10:30 AM", "上午10:30"."""
    return _clock(instant.astimezone(ZoneInfo(tz)), locale)


def clock_form(locale: str) -> str:
    """How a clock is written there, as a CLDR pattern: "H:mm", "h:mm a"."""
    return _patterns(locale).clock


def date_in_full(of: date, locale: str) -> str:
    """Such as "Tuesday 24 November 2026"."""
    return _date(of, _patterns(locale).full, locale)


def day(of: date, locale: str) -> str:
    """Such as "Tuesday 24 November"."""
    return _date(of, _patterns(locale).long, locale)


def short_day(of: date, locale: str) -> str:
    """Such as "Tue 24 Nov"."""
    return _date(of, _patterns(locale).short, locale)


def day_number(of: date, locale: str) -> str:
    """The day of the month alone: "24"."""
    return in_digits(str(of.day), _parsed(locale))


def day_and_month(of: date, locale: str) -> str:
    """Such as "24 November"."""
    return _date(of, _patterns(locale).month_day, locale)


def short_day_and_month(of: date, locale: str) -> str:
    """Such as "1 Dec"."""
    return _date(of, _patterns(locale).short_month_day, locale)


def part_of_day(local: datetime, locale: str) -> str:
    """`morning`, `afternoon` or `evening`, with the afternoon as long as the language has it."""
    if local.hour < 12:
        return "morning"
    period = get_period_id(local.time(), locale=_parsed(locale))
    # Spanish has no word between noon and its long evening, which is its afternoon.
    has_afternoon = "afternoon1" in _parsed(locale).day_period_rules[None]
    later = ("evening", "night") if has_afternoon else ("night",)
    return "evening" if period.startswith(later) else "afternoon"


def days(first: date, last: date, locale: str) -> str:
    """From which day to which: "23 - 29 November", "30 Nov - 6 Dec"."""
    if (first.year, first.month) != (last.year, last.month):
        return say(
            locale, "when.span", starts=short_day_and_month(first, locale), ends=short_day_and_month(last, locale)
        )
    pattern = _patterns(locale).month_day
    joint = say(locale, "when.span", starts="\0", ends="\0").split("\0")[1]
    both = re.sub(r"d+([日.]?)", lambda found: f"'{first.day}{found[1]}{joint}{last.day}{found[1]}'", pattern, count=1)
    return _date(first, both, locale)


def weekday(of: date, locale: str) -> str:
    """Such as "Tuesday"."""
    return str(_parsed(locale).days["format"]["wide"][of.weekday()])


def short_weekday(of: date, locale: str) -> str:
    """Such as "Tue", as a heading has it; languages that do not shorten it there have a shorter form for columns."""
    names = _parsed(locale).days["stand-alone"]
    abbreviated, wide = names["abbreviated"][of.weekday()], names["wide"][of.weekday()]
    return str(abbreviated if abbreviated != wide else names["short"][of.weekday()])


def first_weekday(locale: str) -> int:
    """The day on which a week begins there, 0 = Monday; a tag without a country means the language's largest."""
    return _at_home(locale).first_week_day


def week_of(of: date, locale: str) -> date:
    """The first day of the week that holds `of`."""
    return of - timedelta(days=(of.weekday() - first_weekday(locale)) % 7)


def zone_name(tz: str, at: datetime, locale: str) -> str:
    """A zone by its city, with its abbreviation and offset at that instant: "Warsaw time (CET, UTC+1)"."""
    letters = at.astimezone(ZoneInfo(tz)).tzname() or ""
    if _is_an_offset(tz):
        return utc_offset(tz, at)
    details = [*([letters] if letters.isalpha() else []), utc_offset(tz, at)]
    return say(locale, "when.zone", zone=zone_plain(tz, locale), details=say(locale, "when.list").join(details))


def zone_plain(tz: str, locale: str) -> str:
    """Such as "Warsaw time"."""
    if _is_an_offset(tz):
        return utc_offset(tz, datetime.fromtimestamp(0, UTC))
    return say(locale, "when.place_time", city=city(tz, locale))


def city(tz: str, locale: str) -> str:
    """The city that a zone is named after, in the reader's language: "Warszawa" for Europe/Warsaw."""
    zones = _parsed(locale).time_zones
    names = (zones.get(name, {}).get("city") for name in _names_of(tz))
    return next((str(name) for name in names if name), _names_of(tz)[1].rpartition("/")[2].replace("_", " "))


def utc_offset(tz: str, at: datetime) -> str:
    """How far the zone is from UTC at that instant: "UTC+1", "UTC-3:30", "UTC+0"."""
    minutes = int((at.astimezone(ZoneInfo(tz)).utcoffset() or timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


@dataclass(frozen=True, slots=True)
class _Patterns:
    full: str
    long: str
    short: str
    month_day: str
    short_month_day: str
    clock: str


# English that reads 24 hours and the day first is the house's own; every other tag is as CLDR has it.
_HOUSE_TAGS = frozenset({"en", "en-GB", "en-IE"})
_HOUSE_ENGLISH = _Patterns("EEEE d MMMM y", "EEEE d MMMM", "EEE d MMM", "d MMMM", "d MMM", "H:mm")


@cache
def _patterns(locale: str) -> _Patterns:
    if locale in _HOUSE_TAGS:
        return _HOUSE_ENGLISH
    known = _parsed(locale)
    full = known.date_formats["full"].pattern
    skeletons = known.datetime_skeletons
    return _Patterns(
        full=full,
        long=re.sub(r"y年|[,،]? ?(?:'?de'? )?y", "", full).strip(" ,"),
        short=skeletons["MMMEd"].pattern,
        month_day=skeletons["MMMMd"].pattern,
        short_month_day=skeletons["MMMd"].pattern,
        clock=known.time_formats["short"].pattern,
    )


@cache
def _parsed(locale: str) -> Locale:
    return Locale.parse("en_GB") if locale == "en" else Locale.parse(locale, sep="-")


@cache
def _at_home(locale: str) -> Locale:
    known = _parsed(locale)
    if known.territory:
        return known
    return Locale.parse(get_global("likely_subtags").get(str(known), str(known)))


def _date(of: date, pattern: str, locale: str) -> str:
    written = format_date(of, pattern, locale=_parsed(locale))
    if of.day == 1 and _parsed(locale).language == "fr":
        written = re.sub(r"\b1\b", "1er", written, count=1)
    return in_digits(written, _parsed(locale))


@cache
def _names_of(tz: str) -> tuple[str, ...]:
    aliases = get_global("zone_aliases")
    known = aliases.get(tz, tz)
    return (tz, known, *(old for old, new in aliases.items() if new == known))


def _clock(local: datetime | time, locale: str) -> str:
    written = format_time(local, _patterns(locale).clock, locale=_parsed(locale))
    return in_digits(written.replace("\u202f", " "), _parsed(locale))


def _joined(of_day: str, of_clock: str, locale: str) -> str:
    return say(locale, "when.joined", day=of_day, clock=of_clock)


def _is_an_offset(tz: str) -> bool:
    return "/" not in tz or tz.startswith("Etc/")
