"""Pages, members and moments at random, half of them near a clock change."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from server.availability import Member, Page, Window

CLOCK_CHANGES = (
    ("Europe/Warsaw", date(2026, 3, 29)),
    ("Europe/Warsaw", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("Africa/Casablanca", date(2026, 3, 22)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Pacific/Apia", date(2012, 4, 1)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("America/Sao_Paulo", date(2018, 2, 18)),
    ("Pacific/Kiritimati", date(1994, 12, 31)),
    ("Asia/Kathmandu", date(1986, 1, 1)),
    ("Asia/Taipei", date(1979, 7, 1)),
    ("America/St_Johns", date(2010, 11, 7)),
    ("America/Havana", date(2026, 11, 1)),
    ("Pacific/Chatham", date(2026, 4, 5)),
    ("Europe/Dublin", date(2026, 10, 25)),
)
ZONES = tuple(dict.fromkeys(zone for zone, _ in CLOCK_CHANGES))


@dataclass(frozen=True)
class Case:
    """One question to the engine."""

    page: Page
    members: tuple[Member, ...]
    now: int
    start: date
    end: date
    duration: int
    viewer_tz: str


def midnight(day: date) -> int:
    """Midnight UTC of the date, epoch seconds."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def minutes_of_day() -> st.SearchStrategy[int]:
    return st.one_of(st.integers(0, 96).map(lambda quarter: quarter * 15), st.integers(0, 1440))


def blocks() -> st.SearchStrategy[list[tuple[int, int]]]:
    usual = st.sampled_from([[(540, 1020)], [(480, 720), (780, 1080)], [(0, 1440)], [(1320, 360)], [(0, 240)]])
    odd = st.lists(st.tuples(minutes_of_day(), minutes_of_day()), max_size=3)
    return st.one_of(usual, usual, odd)


def weeks() -> st.SearchStrategy[dict[int, list[tuple[int, int]]]]:
    every_day = blocks().map(lambda one: dict.fromkeys(range(7), one))
    return st.one_of(every_day, st.dictionaries(st.integers(0, 6), blocks(), min_size=5))


@st.composite
def spans_near(draw: st.DrawFn, day: date) -> tuple[int, int]:
    """A span within three days of the date, mostly on minutes, sometimes of no or negative length."""
    start = midnight(day) + draw(st.integers(-2 * 1440, 3 * 1440)) * 60 + draw(st.sampled_from([0, 0, 0, 1, 59]))
    length = draw(st.one_of(st.integers(-5, 120).map(lambda one: one * 60), st.integers(-10, 12_000)))
    return start, start + length


@st.composite
def meetings_near(draw: st.DrawFn, day: date) -> tuple[int, int, int, int]:
    start, end = draw(spans_near(day))
    buffers = st.sampled_from([0, 0, 300, 900, 3600])
    return start, end, draw(buffers), draw(buffers)


@st.composite
def all_day_pairs(draw: st.DrawFn, day: date) -> tuple[date, date]:
    first = day + timedelta(days=draw(st.integers(-3, 3)))
    return first, first + timedelta(days=draw(st.integers(-1, 2)))


@st.composite
def members_near(draw: st.DrawFn, member_id: int, zones: st.SearchStrategy[str], day: date) -> Member:
    near = st.integers(-3, 3).map(lambda days: day + timedelta(days=days))
    rarely = st.sampled_from([False] * 29 + [True])
    return Member(
        id=member_id,
        tz=draw(zones),
        weekly=draw(weeks()),
        overrides=draw(st.dictionaries(near, blocks(), max_size=2)),
        busy=draw(st.lists(spans_near(day), max_size=6)),
        all_day=draw(st.one_of(st.just([]), st.just([]), st.lists(all_day_pairs(day), max_size=2))),
        meetings=draw(st.lists(meetings_near(day), max_size=3)),
        held=draw(st.lists(meetings_near(day), max_size=1)),
        daily_limit=draw(st.sampled_from([None] * 9 + [0, 1, 1, 2])),
        is_active=not draw(rarely),
        calendar_unreachable=draw(rarely),
    )


@st.composite
def windows_near(draw: st.DrawFn, day: date) -> Window | None:
    kind = draw(st.sampled_from([None, None, "rolling_calendar", "ROLLING_BUSINESS", "DATE_RANGE"]))
    if kind is None:
        return None
    if kind == "DATE_RANGE":
        start = day + timedelta(days=draw(st.integers(-2, 1)))
        return Window.dates(start, start + timedelta(days=draw(st.integers(-1, 3))))
    return Window(kind, draw(st.integers(0, 9)))


@st.composite
def pages_near(draw: st.DrawFn, zones: st.SearchStrategy[str], day: date) -> Page:
    buffers = st.sampled_from([0, 0, 5, 10, 15, 60])
    return Page(
        kind=draw(st.sampled_from(["PERSONAL", "GROUP", "ROUND_ROBIN"])),
        tz=draw(zones),
        durations=(15, 30, 45, 60, 50, 180),
        increment=draw(st.sampled_from([5, 10, 15, 15, 20, 30, 45, 50, 60, 7, 90, 240, 1440])),
        buffer_before=draw(buffers),
        buffer_after=draw(buffers),
        min_notice=draw(st.sampled_from([0, 0, 60, 240, 1440])),
        window=draw(windows_near(day)),
        grid_anchor=draw(st.sampled_from([0, 0, 0, 5, 10, 37, 545])),
        daily_limit=draw(st.sampled_from([None] * 12 + [0, 1, 1, 2])),
        is_active=draw(st.sampled_from([True] * 29 + [False])),
        booked=draw(st.lists(spans_near(day).map(lambda span: span[0]), max_size=4)),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A page with up to three members and one or two dates of some viewer, on a day that half the time is within a day
    of a clock change in one of the zones at hand."""
    changing_zone, change = draw(st.sampled_from(CLOCK_CHANGES))
    if draw(st.booleans()):
        day = change + timedelta(days=draw(st.integers(-1, 1)))
        zones = st.one_of(st.just(changing_zone), st.sampled_from(ZONES))
    else:
        day = date(2025, 1, 1) + timedelta(days=draw(st.integers(0, 1000)))
        zones = st.sampled_from(ZONES)
    page = draw(pages_near(zones, day))
    count = draw(st.sampled_from([1, 1, 2, 2, 3, 0])) if page.kind != "PERSONAL" else 1
    members = tuple(draw(members_near(number, zones, day)) for number in range(1, count + 1))
    now = midnight(day) + draw(st.one_of(st.integers(-4 * 86_400, 0), st.integers(-90_000, 90_000)))
    days = draw(st.sampled_from([0, 0, 1]))
    duration = draw(st.sampled_from([15, 30, 30, 30, 15, 50, 60, 60, 180, 45, 30, 15, 20]))
    return Case(page, members, now, day, day + timedelta(days=days), duration, draw(zones))
