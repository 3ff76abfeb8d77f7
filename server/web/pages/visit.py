"""What the address of a page says: language, zone, day, duration, chosen time, and the tracking of the link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from starlette.requests import Request

from server import settings
from server.links.pages import SchedulingPage
from server.web.pages import zones
from server.wording import best_locale, regional_locale

_LONGEST_TOKEN = 200
_TRACKING = ("utm_campaign", "utm_source", "utm_medium")


_AROUND = {"embed": "1", "theme": "auto"}
_EVERYWHERE = ("lang", *_AROUND)
_KEPT_AS_IT_IS = (("visitor", _LONGEST_TOKEN), ("key", 64), ("preview", 64))


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at a page. `carried` are the parameters that every further address of this visit keeps; `visitor` is
    the token of a contact whom the account knows (S1-29), `is_preview` while a page that is switched off is shown to
    whoever makes it."""

    path: str
    locale: str
    tz: str
    duration_minutes: int
    day: date | None
    starts_at: datetime | None
    key: str
    carried: Mapping[str, str]
    shows_all_weeks: bool
    changes_zone: bool
    is_embedded: bool = False
    follows_device: bool = False
    visitor: str = ""
    is_preview: bool = False

    def address(self, **changes: object) -> str:
        """The same view with these parameters changed; None takes one away."""
        day = self.day.isoformat() if self.day else None
        asked = {**self.carried, "date": day, "weeks": "all" if self.shows_all_weeks else None, **changes}
        query = urlencode({name: str(value) for name, value in asked.items() if value is not None})
        return f"{self.path}?{query}" if query else self.path

    @property
    def kept_everywhere(self) -> dict[str, str]:
        """What goes along to pages other than this one too: the language, and what is around them."""
        return {name: self.carried[name] for name in _EVERYWHERE if name in self.carried}

    @property
    def tracking(self) -> Mapping[str, str]:
        """Campaign, source and medium, as far as the link carried them [S1-14]."""
        return {name.removeprefix("utm_"): self.carried[name] for name in _TRACKING if name in self.carried}


def visit_of(request: Request, page: SchedulingPage, *, duration_minutes: int | None = None) -> Visit:
    """What this request asks of the page; whatever makes no sense is as if it were not there."""
    asked = request.query_params
    accepted = request.headers.get("accept-language", "")
    duration = duration_minutes or _duration(asked.get("duration", ""), page)
    return Visit(
        path=f"{settings.current().sub_path}{request.url.path}",
        locale=locale_of(asked.get("lang"), page.link.locale, accepted, page.account.locale),
        tz=_zone(asked.get("tz", ""), page, accepted),
        duration_minutes=duration,
        day=_day(asked.get("date", "")),
        starts_at=instant(asked.get("start", "")),
        key=asked.get("key", "")[:64],
        carried=_carried(asked, page),
        shows_all_weeks=asked.get("weeks") == "all",
        changes_zone=asked.get("change") == "zone" and not page.link.locks_time_zone,
        is_embedded=asked.get("embed") == "1",
        follows_device=asked.get("theme") == "auto",
        visitor=asked.get("visitor", "")[:_LONGEST_TOKEN],
    )


def locale_of(chosen: str | None, of_link: str | None, accepted: str, of_account: str) -> str:
    """The language of a page: chosen here, else the link's, else the browser's, else the account's. The region comes
    from the browser where it speaks the same language."""
    spoken = regional_locale(accepted, default="")
    wanted = best_locale(chosen or of_link or "", default="") or spoken or regional_locale(of_account)
    return spoken if spoken and best_locale(spoken) == best_locale(wanted) else wanted


def instant(text: str) -> datetime | None:
    """An instant as our own addresses write it, `2026-11-24T09:30Z`; None for anything else, and for a time near the
    ends of the calendar, where no zone could show it."""
    try:
        found = datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None


def written(at: datetime) -> str:
    """An instant for an address or a form: `2026-11-24T09:30Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def _carried(asked: Mapping[str, str], page: SchedulingPage) -> dict[str, str]:
    kept = {name: asked[name][:255] for name in _TRACKING if asked.get(name)}
    if zones.is_zone(asked.get("tz", "")) and not page.link.locks_time_zone:
        kept["tz"] = asked["tz"]
    if best_locale(asked.get("lang"), default=""):
        kept["lang"] = asked["lang"]
    if _duration(asked.get("duration", ""), page) != page.link.durations_minutes[0]:
        kept["duration"] = asked["duration"]
    kept |= {name: value for name, value in _AROUND.items() if asked.get(name) == value}
    return {**kept, **{name: asked[name][:longest] for name, longest in _KEPT_AS_IT_IS if asked.get(name)}}


def _zone(asked: str, page: SchedulingPage, accepted: str) -> str:
    if page.link.locks_time_zone:
        return page.tz
    return asked if zones.is_zone(asked) else zones.guessed(accepted, page.tz)


def _duration(asked: str, page: SchedulingPage) -> int:
    offered = page.link.durations_minutes
    return next((one for one in offered if str(one) == asked), offered[0])


def _day(asked: str) -> date | None:
    try:
        return date.fromisoformat(asked) if len(asked) == 10 else None
    except ValueError:
        return None
