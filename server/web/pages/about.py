"""Who invites, and to what: the words of a page that stay the same through all its steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from server import clock, settings
from server.account_settings.logo import logo_named
from server.links.pages import SchedulingPage
from server.links.price import price_of
from server.models import Account, User
from server.models.enums import LocationKind, MeetingLinkKind
from server.web.pages.assets import accent_address
from server.wording import LOCALES, best_locale, language_name, money, say, say_html, when

_FACES = 3
_LOGO_HIGH, _LOGO_WIDE = 28, 160
"""In CSS pixels, as much of the bar as a logo may take."""


@dataclass(frozen=True, slots=True)
class ShownLogo:
    """A logo on its page, in CSS pixels. One at least twice as wide as high is the name written out, and stands alone;
    any other stands before the name."""

    address: str
    width: int
    height: int

    @property
    def says_name(self) -> bool:
        return self.width >= 2 * self.height


@dataclass(frozen=True, slots=True)
class Company:
    """Whose page it is: name, mark, colour, and where to find and write to them."""

    name: str
    initial: str
    logo: ShownLogo | None
    website: str
    accent: str | None
    postal_address: str
    privacy: str
    contact: str


@dataclass(frozen=True, slots=True)
class Language:
    """One entry of the language switch."""

    name: str
    tag: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class About:
    """The column that says who and what; `host` is the one whom the visitor meets, where that is certain."""

    title: str
    who: str
    role: str
    faces: tuple[str, ...]
    description: str
    duration: str | None
    place: str | None
    place_icon: str
    price: str | None = None
    host: str = ""
    notice: str = ""


def company_of(account: Account, color: str | None = None) -> Company:
    """The company as its pages show it, in the link's own colour if that has one; only web addresses are kept,
    whatever else was put there."""
    name = account.public_name
    return Company(
        name=name,
        initial=name[:1].upper(),
        logo=_shown_logo(account),
        website=web_address(account.website_url),
        accent=accent_address(color or account.accent_color),
        postal_address=account.postal_address,
        privacy=web_address(account.privacy_url),
        contact=account.contact_email,
    )


def _shown_logo(account: Account) -> ShownLogo | None:
    logo = logo_named(account.logo)
    if logo is None:
        return None
    share = min(_LOGO_HIGH / logo.height, _LOGO_WIDE / logo.width)
    address = f"{settings.current().sub_path}{logo.path}"
    return ShownLogo(address, round(logo.width * share), round(logo.height * share))


def about_of(
    page: SchedulingPage,
    locale: str,
    *,
    team: str | None = None,
    duration_minutes: int | None = None,
    notice: str = "",
) -> About:
    """Who invites to what. `team` stands for the host of a round robin; the duration is said when there is one only,
    and `notice` before all."""
    place, icon = place_of(page.link.location_kind, page.link.location_text, locale)
    is_team = page.link.kind is MeetingLinkKind.ROUND_ROBIN
    is_one = len(page.hosts) == 1 and not is_team
    price = price_of(page.link)
    shown = () if is_team else page.hosts[:_FACES]
    return About(
        title=page.title,
        who=(team or company_of(page.account).name) if is_team else names_of(page.hosts, locale),
        role=page.hosts[0].job_title if is_one else "",
        faces=tuple(initials(one.name) for one in shown) or (initials(team or page.account.name),),
        description=page.link.description,
        duration=say(locale, "page.minutes", count=duration_minutes) if duration_minutes else None,
        place=place,
        place_icon=icon,
        price=money.spell(price.amount, price.currency, locale) if price is not None else None,
        host=page.hosts[0].name if is_one else "",
        notice=notice,
    )


def names_of(hosts: Sequence[User], locale: str) -> str:
    """The hosts by name: one in full, several by their first names, and how many more there are."""
    if len(hosts) <= 1:
        return "".join(one.name for one in hosts)
    first = [first_name(one.name) for one in hosts[:2]]
    if len(hosts) == 2:
        return say(locale, "page.with", names=say(locale, "page.and", names=first[0], last=first[1]))
    names = say(locale, "when.list").join(first)
    return say(locale, "page.with_and_more", names=names, count=len(hosts) - 2)


def first_name(name: str) -> str:
    """What a host is called after the first mention."""
    return name.split()[0] if name.split() else name


def initials(name: str) -> str:
    """One or two letters that stand for a portrait."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def place_of(kind: LocationKind, text: str, locale: str) -> tuple[str | None, str]:
    """Where it happens, as one line and an icon; None when there is nothing to say."""
    if kind is LocationKind.VIDEO:
        return say(locale, "page.location_video"), "video"
    if kind is LocationKind.PHONE:
        key = "page.location_phone_at" if text else "page.location_phone"
        return (say(locale, key, text=text) if text else say(locale, key)), "phone"
    return text or None, "pin"


def languages_of(locale: str, path_with: dict[str, str]) -> tuple[Language, ...]:
    """The switch: each language by its own name, and where the page is in it (`path_with`, by language)."""
    chosen = best_locale(locale)
    return tuple(Language(language_name(tag), tag, path_with[tag], tag == chosen) for tag in LOCALES)


def zone_line(tz: str, locale: str) -> Markup:
    """The zone with its running clock time, which the script keeps right."""
    now = clock.now()
    running = Markup('<bdi data-clock="{}" data-now="{}" data-form="{}">{}</bdi>').format(
        tz, int(now.timestamp()), when.clock_form(locale), when.clock(now, tz, locale)
    )
    told = Markup(say(locale, "when.list")).join(
        [Markup("<bdi>{}</bdi>").format(when.utc_offset(tz, now)), say_html(locale, "when.now", clock=running)]
    )
    return say_html(locale, "when.zone", zone=when.zone_plain(tz, locale), details=told)


def web_address(url: str) -> str:
    """The address if a browser opens it as a page; empty for one that it would run."""
    return url if url.startswith(("https://", "http://")) else ""
