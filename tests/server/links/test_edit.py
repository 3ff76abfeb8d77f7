"""Links are made, changed, duplicated, retired."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from server.accounts.viewer import Viewer
from server.errors import ErrorCode, Refused
from server.links.consent import Consent, ConsentBox, ConsentKind
from server.links.edit import NewLink, create_link, duplicate_link, edit_link, restore_link, retire_link
from server.links.form_fields import ContactProperty, FormField
from server.links.members import Members
from server.links.pages import scheduling_page_of
from server.links.price import Price
from server.links.questions import Question
from server.links.settings import LinkSettings
from server.models import Change, LinkMember, LinkSlug, MeetingLink
from server.models.enums import LocationKind, MeetingLinkKind, Role, WindowKind
from server.reminders.plan import LeadTime
from tests.factories import a_link, a_user, an_account
from tests.server.booking.scene import a_rotation
from tests.server.meetings.scene import viewer_of

WHOLE = LinkSettings(
    name="Roof talk",
    slug="roof-talk",
    title="About your roof",
    description="Bring a pen.",
    attendee_description="<p>Ring <b>twice</b>.</p>",
    durations_minutes=(30, 60),
    location_kind=LocationKind.PHONE,
    location_text="We call you",
    time_zone="Asia/Taipei",
    locks_time_zone=True,
    locale="pl",
    weekly_hours={"0": [[600, 720]]},
    date_overrides={"2026-12-24": []},
    increment_minutes=20,
    grid_anchor_minutes=5,
    buffer_before_minutes=5,
    buffer_after_minutes=10,
    notice_minutes=60,
    window_kind=WindowKind.DATE_RANGE,
    window_starts_on=date(2026, 12, 1),
    window_ends_on=date(2026, 12, 31),
    daily_limit=3,
    guests_max=2,
    contact_owner_first=True,
    form_fields=(FormField(ContactProperty.LAST_NAME, True), FormField(ContactProperty.COMPANY)),
    questions=(Question("topic", "What is it about?", "SELECT", True, ("Roof", "Wall")),),
    consent=Consent(ConsentKind.CHECKBOX, "We keep your plans.", (ConsentBox("news", "Write to me", True),)),
    prefills=True,
    auto_submits=False,
    price=Price(8000, "eur"),
    refunds_on_cancel=False,
    confirmation_message="See you on the roof.",
    redirect_url="https://roofs.example/thanks?from=page",
    redirects_with_details=True,
    embed_origins=("https://Roofs.example/", "https://*.roofs.example:8443"),
    accent_color="#0A6A58",
    shows_manage_links=False,
    reminders=(LeadTime(1, "DAYS"),),
    is_default=True,
)


KEPT = {
    "durations_minutes": [30, 60],
    "form_fields": [{"property": "last_name", "required": True}, {"property": "company", "required": False}],
    "questions": [
        {"key": "topic", "label": "What is it about?", "kind": "SELECT", "required": True, "options": ["Roof", "Wall"]}
    ],
    "consent": {
        "kind": "CHECKBOX",
        "text": "We keep your plans.",
        "boxes": [{"key": "news", "label": "Write to me", "required": True}],
    },
    "price_amount": 8000,
    "price_currency": "EUR",
    "embed_origins": ["https://roofs.example", "https://*.roofs.example:8443"],
    "accent_color": "#0a6a58",
    "reminders": [{"amount": 1, "unit": "DAYS", "includes_description": False}],
    "window_days": 60,
    "is_active": True,
}
"""What the table holds of `WHOLE` in another form, and what it holds unasked."""


async def refused(call: Any) -> list[tuple[ErrorCode, tuple[str, ...]]]:
    before = (await MeetingLink.all().count(), await LinkSlug.all().count(), await Change.all().count())
    with pytest.raises(Refused) as caught:
        await call
    assert (await MeetingLink.all().count(), await LinkSlug.all().count(), await Change.all().count()) == before
    return [(one.code, one.path) for one in caught.value.complaints]


async def a_signed_in_user(**fields: Any) -> Viewer:
    return viewer_of(await a_user(await an_account(), **fields))


@pytest.mark.capability("S1-44")
async def test_create_link_keeps_every_setting(db: str) -> None:
    viewer = await a_signed_in_user()
    link = await MeetingLink.get(id=await create_link(viewer, NewLink(WHOLE)))
    said = {name: getattr(WHOLE, name) for name in LinkSettings.__dataclass_fields__ if name != "price"}
    assert {name: getattr(link, name) for name in said | KEPT} == {**said, **KEPT}
    assert (link.owner_id, link.kind) == (viewer.user_id, MeetingLinkKind.PERSONAL)
    change = await Change.get()
    assert (change.kind, change.data) == ("LINK_CHANGED", {"link_id": link.id, "what": "created"})


async def test_create_link_makes_a_slug_and_a_title_where_none_is_given(db: str) -> None:
    viewer = await a_signed_in_user(name="Zażółć Gęś")
    first = await MeetingLink.get(id=await create_link(viewer, NewLink(LinkSettings(name="Intro"))))
    second = await MeetingLink.get(id=await create_link(viewer, NewLink(LinkSettings(name="Intro"))))
    assert (first.slug, first.title) == ("zazoc-ges-intro", "Intro")
    assert second.slug.startswith("zazoc-ges-intro-")


async def test_create_link_complains_of_everything_at_once(db: str) -> None:
    viewer = await a_signed_in_user()
    wrong = LinkSettings(
        name="",
        slug="Not A Slug",
        title="x" * 201,
        durations_minutes=(),
        time_zone="Nowhere",
        weekly_hours={"7": [[0, 60]]},
        date_overrides={"2026-02-30": []},
        increment_minutes=0,
        window_kind=WindowKind.DATE_RANGE,
        guests_max=51,
        locale="xx-Nowhere",
        form_fields=(FormField(ContactProperty.COMPANY), FormField(ContactProperty.COMPANY)),
        consent=Consent(boxes=(ConsentBox("processing", "x"), ConsentBox("a", " "), ConsentBox("a", "x"))),
        prefills=False,
        auto_submits=True,
        price=Price(0, "DEM"),
        redirect_url="javascript:alert(1)",
        embed_origins=("https://a.example", "https://a.example/page", "*"),
        accent_color="green",
        questions=(Question("Bad key", " ", "ESSAY"), Question("pick", "Which?", "SELECT")),
        reminders=(LeadTime(1, "YEARS"),),
    )
    assert sorted(await refused(create_link(viewer, NewLink(wrong, kind=MeetingLinkKind.GROUP)))) == sorted(
        [
            (ErrorCode.NAME_REQUIRED, ("name",)),
            (ErrorCode.TEXT_TOO_LONG, ("title",)),
            (ErrorCode.TIME_ZONE_INVALID, ("timeZone",)),
            (ErrorCode.TIME_RANGE_INVALID, ("incrementMinutes",)),
            (ErrorCode.GUEST_LIMIT, ("guestsMax",)),
            (ErrorCode.TIME_RANGE_INVALID, ("durationsMinutes",)),
            (ErrorCode.TIME_RANGE_INVALID, ("weeklyHours", "7")),
            (ErrorCode.TIME_RANGE_INVALID, ("dateOverrides", "2026-02-30")),
            (ErrorCode.SETTING_INVALID, ("locale",)),
            (ErrorCode.SETTING_INVALID, ("formFields", "1", "property")),
            (ErrorCode.SETTING_INVALID, ("formFields",)),
            (ErrorCode.SETTING_INVALID, ("consent", "boxes", "0", "key")),
            (ErrorCode.NAME_REQUIRED, ("consent", "boxes", "1", "label")),
            (ErrorCode.SETTING_INVALID, ("consent", "boxes", "1", "key")),
            (ErrorCode.SETTING_INVALID, ("consent", "boxes", "2", "key")),
            (ErrorCode.SETTING_INVALID, ("price", "currency")),
            (ErrorCode.SETTING_INVALID, ("price", "amount")),
            (ErrorCode.SETTING_INVALID, ("redirectUrl",)),
            (ErrorCode.SETTING_INVALID, ("embedOrigins", "1")),
            (ErrorCode.SETTING_INVALID, ("embedOrigins", "2")),
            (ErrorCode.SETTING_INVALID, ("accentColor",)),
            (ErrorCode.SETTING_INVALID, ("autoSubmits",)),
            (ErrorCode.SETTING_INVALID, ("autoSubmits",)),
            (ErrorCode.ANSWER_INVALID, ("questions", "0", "key")),
            (ErrorCode.ANSWER_INVALID, ("questions", "0", "kind")),
            (ErrorCode.NAME_REQUIRED, ("questions", "0", "label")),
            (ErrorCode.ANSWER_INVALID, ("questions", "1", "options")),
            (ErrorCode.TIME_RANGE_INVALID, ("reminders", "0")),
            (ErrorCode.TIME_RANGE_INVALID, ("windowEndsOn",)),
            (ErrorCode.NOT_FOUND, ("members",)),
            (ErrorCode.SETTING_INVALID, ("slug",)),
        ]
    )


@pytest.mark.capability("S1-44")
async def test_slug_stays_its_links_for_ever_and_redirects(db: str) -> None:
    viewer = await a_signed_in_user()
    first = await create_link(viewer, NewLink(LinkSettings(name="One", slug="first")))
    second = await create_link(viewer, NewLink(LinkSettings(name="Two", slug="second")))
    await edit_link(viewer, first, LinkSettings(slug="newer"))
    page = await scheduling_page_of("first")
    assert page is not None
    assert (page.link.id, page.slug) == (first, "newer")
    taken = [(ErrorCode.CONFLICT, ("slug",))]
    assert await refused(edit_link(viewer, second, LinkSettings(slug="first"))) == taken
    assert await refused(create_link(viewer, NewLink(LinkSettings(name="x", slug="newer")))) == taken
    await edit_link(viewer, first, LinkSettings(slug="first"))
    assert await LinkSlug.all().order_by("slug").values_list("slug", flat=True) == ["first", "newer", "second"]
    await retire_link(viewer, first)
    assert await scheduling_page_of("first") is None
    assert await refused(create_link(viewer, NewLink(LinkSettings(name="x", slug="first")))) == taken


async def test_edit_link_changes_what_is_said_and_takes_back_what_is_cleared(db: str) -> None:
    viewer = await a_signed_in_user()
    link_id = await create_link(viewer, NewLink(WHOLE))
    await edit_link(viewer, link_id, LinkSettings(notice_minutes=5), clear=["time_zone", "daily_limit", "name"])
    link = await MeetingLink.get(id=link_id)
    assert (link.notice_minutes, link.time_zone, link.daily_limit, link.name, link.increment_minutes) == (
        5,
        None,
        None,
        "Roof talk",
        20,
    )
    assert await refused(edit_link(viewer, link_id, LinkSettings(), clear=["window_ends_on"])) == [
        (ErrorCode.TIME_RANGE_INVALID, ("windowEndsOn",))
    ]


@pytest.mark.capability("S1-44")
async def test_what_is_taken_back_is_as_if_it_had_never_been_said(db: str) -> None:
    viewer = await a_signed_in_user()
    link_id = await create_link(viewer, NewLink(WHOLE))
    await edit_link(viewer, link_id, LinkSettings(), clear=["price", "consent", "accent_color", "reminders"])
    link = await MeetingLink.get(id=link_id)
    assert (link.price_amount, link.price_currency, link.consent, link.accent_color, link.reminders) == (
        None,
        "",
        None,
        None,
        None,
    )


async def test_restore_link_brings_a_page_back_under_its_address_switched_off(db: str) -> None:
    viewer = await a_signed_in_user()
    link_id = await create_link(viewer, NewLink(LinkSettings(name="One", slug="one")))
    await retire_link(viewer, link_id)
    await restore_link(viewer, link_id)
    await restore_link(viewer, link_id)
    page = await scheduling_page_of("one")
    assert page is not None
    assert (page.link.id, page.is_open) == (link_id, False)
    await edit_link(viewer, link_id, LinkSettings(is_active=True))
    page = await scheduling_page_of("one")
    assert page is not None
    assert page.is_open
    assert [change.data["what"] for change in await Change.all().order_by("number")] == [
        "created",
        "retired",
        "restored",
        "edited",
    ]


async def test_default_link_is_one_an_owner(db: str) -> None:
    viewer = await a_signed_in_user()
    first = await create_link(viewer, NewLink(LinkSettings(name="One", is_default=True)))
    second = await create_link(viewer, NewLink(LinkSettings(name="Two", is_default=True)))
    assert await MeetingLink.filter(is_default=True).values_list("id", flat=True) == [second]
    await edit_link(viewer, first, LinkSettings(is_default=True))
    assert await MeetingLink.filter(is_default=True).values_list("id", flat=True) == [first]


async def test_group_and_round_robin_links_know_their_hosts(db: str) -> None:
    account = await an_account()
    ines, piotr, ada = [await a_user(account, name) for name in ("Ines", "Piotr", "Ada")]
    rotation = await a_rotation(account, ada, piotr)
    both = Members((piotr.id, ines.id))
    await create_link(
        viewer_of(ines), NewLink(LinkSettings(name="Group", slug="group"), MeetingLinkKind.GROUP, members=both)
    )
    turns = NewLink(
        LinkSettings(name="Turns", slug="turns"), MeetingLinkKind.ROUND_ROBIN, members=Members(rotation_id=rotation.id)
    )
    turns_id = await create_link(viewer_of(ines), turns)
    hosts = {}
    for slug in ("group", "turns"):
        page = await scheduling_page_of(slug)
        assert page is not None
        hosts[slug] = [host.id for host in page.hosts]
    assert hosts == {"group": [piotr.id, ines.id], "turns": [ada.id, piotr.id]}
    await edit_link(viewer_of(ines), turns_id, LinkSettings(), kind=MeetingLinkKind.GROUP, members=Members((ada.id,)))
    assert await LinkMember.filter(link_id=turns_id).values_list("user_id", flat=True) == [ada.id]


async def test_page_of_a_group_with_a_member_who_was_put_out_is_closed(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    new = NewLink(LinkSettings(name="Group", slug="group"), MeetingLinkKind.GROUP, members=Members((piotr.id, ines.id)))
    await create_link(viewer_of(ines), new)
    piotr.is_active = False
    await piotr.save()
    page = await scheduling_page_of("group")
    assert page is not None
    assert (page.is_open, page.hosts) == (False, ())


async def test_link_of_somebody_else_is_an_administrators_business(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    admin, stranger = await a_user(account, "Ada", role=Role.ADMIN), await a_user(await an_account(), role=Role.ADMIN)
    link = await a_link(ines)
    new = NewLink(LinkSettings(name="For Ines"), owner_id=ines.id)
    assert await refused(edit_link(viewer_of(piotr), link.id, LinkSettings(name="x"))) == [
        (ErrorCode.FORBIDDEN, ("meetingLink",))
    ]
    assert await refused(create_link(viewer_of(piotr), new)) == [(ErrorCode.FORBIDDEN, ("meetingLink",))]
    assert await refused(retire_link(viewer_of(stranger), link.id)) == [(ErrorCode.NOT_FOUND, ("meetingLink",))]
    assert await refused(create_link(viewer_of(stranger), new)) == [(ErrorCode.NOT_FOUND, ("owner",))]
    await create_link(viewer_of(admin), new)
    await edit_link(viewer_of(admin), link.id, LinkSettings(name="Renamed"))
    assert await MeetingLink.all().order_by("name").values_list("name", flat=True) == ["For Ines", "Renamed"]


async def test_duplicate_link_is_the_same_page_elsewhere_and_not_open_yet(db: str) -> None:
    viewer = await a_signed_in_user()
    link = await MeetingLink.get(id=await create_link(viewer, NewLink(replace(WHOLE, slug="whole"))))
    copy = await MeetingLink.get(id=await duplicate_link(viewer, link.id))
    different = {"id", "created_at", "slug", "name", "is_default", "is_active"}
    names = MeetingLink._meta.db_fields - different
    assert {name: getattr(copy, name) for name in names} == {name: getattr(link, name) for name in names}
    assert (copy.name, copy.is_default, copy.is_active, copy.slug != link.slug) == ("Roof talk (2)", False, False, True)


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2027, 1, 1), date(2029, 1, 1)),
        (date(1, 1, 1), date(2, 1, 1)),
        (date(9999, 1, 1), date(9999, 12, 31)),
        (date(2027, 2, 1), date(2027, 1, 31)),
    ],
)
async def test_window_of_dates_is_no_longer_than_can_be_looked_through(db: str, starts_on: date, ends_on: date) -> None:
    viewer = await a_signed_in_user()
    window = {"window_kind": WindowKind.DATE_RANGE, "window_starts_on": starts_on, "window_ends_on": ends_on}
    wanted = LinkSettings(name="Intro", **window)  # type: ignore[arg-type]  # the settings named are of several types
    assert await refused(create_link(viewer, NewLink(wanted))) == [(ErrorCode.TIME_RANGE_INVALID, ("windowEndsOn",))]


async def test_hours_are_no_more_than_the_schema_says(db: str) -> None:
    viewer = await a_signed_in_user()
    many_blocks = LinkSettings(name="Intro", weekly_hours={"0": [[0, 1]] * 21})
    days = (date(2026, 1, 1) + timedelta(days=number) for number in range(367))
    many_days = LinkSettings(name="Intro", date_overrides={day.isoformat(): [] for day in days})
    for wanted, path in ((many_blocks, "weeklyHours"), (many_days, "dateOverrides")):
        assert await refused(create_link(viewer, NewLink(wanted))) == [(ErrorCode.TIME_RANGE_INVALID, (path,))]
