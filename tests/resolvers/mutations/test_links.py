"""What colleagues do with links and rotations through the schema."""

from __future__ import annotations

from typing import Any

import pytest

from server import clock
from server.account_settings.logo import logo_url
from server.models import MeetingLink, Rotation, User
from server.models.enums import Role
from tests.factories import a_link, a_user, an_account
from tests.resolvers.asking import answer, viewer_for

LOGO = f"{'0a' * 16}-200x50.png"
SHOWN = """meetingLink { id slug url name title kind durationsMinutes timeZone location { kind text } dailyLimit
  isActive weeklyHours { weekday blocks { startsAtMinute endsAtMinute } } questions { key kind isRequired }
  members { user { name } } retiredAt } userErrors { code path }"""
CREATE = f"mutation ($i: CreateMeetingLinkInput!) {{ createMeetingLink(input: $i) {{ {SHOWN} }} }}"
EDIT = f"mutation ($i: EditMeetingLinkInput!) {{ editMeetingLink(input: $i) {{ {SHOWN} }} }}"
ROTATION = "rotation { id name members { user { name } weight isActive } } userErrors { code path }"


async def created(user: User, **fields: Any) -> Any:
    """The payload of `createMeetingLink`."""
    return (await answer(CREATE, viewer_for(user), i={"kind": "PERSONAL"} | fields))["createMeetingLink"]


async def test_a_link_is_made_with_all_that_was_said(db: str) -> None:
    ines = await a_user(await an_account(), "Ines Marek")
    settings = {
        "name": "Intro",
        "slug": "ines-intro",
        "durationsMinutes": [15, 30],
        "timeZone": "Asia/Taipei",
        "location": {"kind": "PHONE", "text": "I call you"},
        "weeklyHours": [{"weekday": "MONDAY", "blocks": [{"startsAtMinute": 540, "endsAtMinute": 720}]}],
        "questions": [{"key": "size", "label": "How many?", "kind": "NUMBER", "isRequired": True}],
        "dailyLimit": 4,
    }
    payload = await created(ines, settings=settings)
    link = await MeetingLink.get()
    assert payload == {
        "meetingLink": {
            "id": f"lnk_{link.id}",
            "slug": "ines-intro",
            "url": "https://meet.example.com/m/ines-intro",
            "name": "Intro",
            "title": "Intro",
            "kind": "PERSONAL",
            "durationsMinutes": [15, 30],
            "timeZone": "Asia/Taipei",
            "location": {"kind": "PHONE", "text": "I call you"},
            "dailyLimit": 4,
            "isActive": True,
            "weeklyHours": [{"weekday": "MONDAY", "blocks": [{"startsAtMinute": 540, "endsAtMinute": 720}]}],
            "questions": [{"key": "size", "kind": "NUMBER", "isRequired": True}],
            "members": [],
            "retiredAt": None,
        },
        "userErrors": [],
    }


async def test_what_is_wrong_with_the_settings_is_told_at_once(db: str) -> None:
    ines = await a_user(await an_account())
    await a_link(ines, slug="taken")
    payload = await created(ines, settings={"name": " ", "slug": "taken", "timeZone": "Mars/Base", "windowDays": 9999})
    told = {(one["code"], tuple(one["path"])) for one in payload["userErrors"]}
    assert payload["meetingLink"] is None
    assert told >= {
        ("NAME_REQUIRED", ("name",)),
        ("CONFLICT", ("slug",)),
        ("TIME_ZONE_INVALID", ("timeZone",)),
        ("TIME_RANGE_INVALID", ("windowDays",)),
    }


async def test_settings_are_changed_and_taken_back(db: str) -> None:
    account = await an_account()
    ines, karol = await a_user(account, "Ines"), await a_user(account, "Karol")
    link = await a_link(ines, slug="ines", daily_limit=3, time_zone="Asia/Taipei")
    given = {
        "meetingLink": f"lnk_{link.id}",
        "settings": {"slug": "ines-marek"},
        "clear": ["DAILY_LIMIT", "TIME_ZONE"],
        "kind": "GROUP",
        "members": [f"usr_{karol.id}", f"usr_{ines.id}"],
    }
    shown = (await answer(EDIT, viewer_for(ines), i=given))["editMeetingLink"]["meetingLink"]
    assert (shown["slug"], shown["dailyLimit"], shown["timeZone"], shown["kind"]) == (
        "ines-marek",
        None,
        "Europe/Warsaw",
        "GROUP",
    )
    assert shown["members"] == [{"user": {"name": "Karol"}}, {"user": {"name": "Ines"}}]
    page = await answer('{ schedulingPage(slug: "ines") { slug } }')
    assert page == {"schedulingPage": {"slug": "ines-marek"}}


async def test_a_link_is_copied_and_retired(db: str) -> None:
    ines = await a_user(await an_account())
    link = await a_link(ines, "Intro", slug="ines")
    given = {"meetingLink": f"lnk_{link.id}"}
    copy = f"mutation ($i: DuplicateMeetingLinkInput!) {{ duplicateMeetingLink(input: $i) {{ {SHOWN} }} }}"
    retire = f"mutation ($i: RetireMeetingLinkInput!) {{ retireMeetingLink(input: $i) {{ {SHOWN} }} }}"
    copied = (await answer(copy, viewer_for(ines), i=given))["duplicateMeetingLink"]["meetingLink"]
    retired = (await answer(retire, viewer_for(ines), i=given))["retireMeetingLink"]["meetingLink"]
    assert (copied["name"], copied["isActive"]) == ("Intro (2)", False)
    assert (retired["isActive"], retired["retiredAt"] is not None) == (False, True)
    assert await answer('{ schedulingPage(slug: "ines") { slug } }') == {"schedulingPage": None}


async def test_only_owner_and_admin_change_a_link_and_foreign_ones_are_not_there(db: str) -> None:
    account = await an_account()
    ines, karol = await a_user(account), await a_user(account)
    stranger = await a_user(await an_account("Others"))
    link = await a_link(ines, slug="ines")
    given = {"meetingLink": f"lnk_{link.id}", "settings": {"name": "Mine now"}}
    codes = [
        [one["code"] for one in (await answer(EDIT, viewer_for(user), i=given))["editMeetingLink"]["userErrors"]]
        for user in (karol, stranger)
    ]
    assert codes == [["FORBIDDEN"], ["NOT_FOUND"]]


async def test_a_rotation_is_made_changed_and_deleted(db: str) -> None:
    account = await an_account()
    ines, karol = await a_user(account, "Ines", role=Role.ADMIN), await a_user(account, "Karol")
    create = f"mutation ($i: CreateRotationInput!) {{ createRotation(input: $i) {{ {ROTATION} }} }}"
    edit = f"mutation ($i: EditRotationInput!) {{ editRotation(input: $i) {{ {ROTATION} }} }}"
    delete = "mutation ($i: DeleteRotationInput!) { deleteRotation(input: $i) { deletedId userErrors { code } } }"
    members = [{"user": f"usr_{ines.id}"}, {"user": f"usr_{karol.id}", "weight": 2, "isActive": False}]
    refused = (await answer(create, viewer_for(karol), i={"name": "Mine", "members": []}))["createRotation"]
    made = (await answer(create, viewer_for(ines), i={"name": "Sales", "members": members}))["createRotation"]
    id = f"rot_{(await Rotation.get()).id}"
    shown = [
        {"user": {"name": "Ines"}, "weight": 1, "isActive": True},
        {"user": {"name": "Karol"}, "weight": 2, "isActive": False},
    ]
    assert refused == {"rotation": None, "userErrors": [{"code": "FORBIDDEN", "path": ["rotation"]}]}
    assert made == {"rotation": {"id": id, "name": "Sales", "members": shown}, "userErrors": []}
    changed = await answer(edit, viewer_for(ines), i={"rotation": id, "name": "Demos", "members": members[:1]})
    assert changed["editRotation"]["rotation"] == {"id": id, "name": "Demos", "members": shown[:1]}
    gone = await answer(delete, viewer_for(ines), i={"rotation": id})
    assert gone == {"deleteRotation": {"deletedId": id, "userErrors": []}}
    assert await answer("{ rotations { edges { node { id } } } }", viewer_for(ines)) == {"rotations": {"edges": []}}


SETTINGS = """attendeeDescription locale gridAnchorMinutes formFields { property isRequired } consent { kind text
  boxes { key label isRequired } } prefills autoSubmits price { amount currency } refundsOnCancel confirmationMessage
  redirectUrl redirectsWithDetails embedOrigins accentColor reminders { amount unit includesDescription }"""
PAGE = """query ($slug: String!) { schedulingPage(slug: $slug) { formFields { property isRequired } consent { kind text
  boxes { key label isRequired } } price { amount currency } confirmationMessage redirectUrl accentColor logoUrl
  privacyUrl } }"""
WHOLE: dict[str, Any] = {
    "name": "Roof talk",
    "slug": "roof",
    "attendeeDescription": "<p>Ring <b>twice</b>.</p><script>alert(1)</script>",
    "locale": "pl",
    "gridAnchorMinutes": 5,
    "formFields": [{"property": "COMPANY", "isRequired": True}, {"property": "LAST_NAME", "isRequired": False}],
    "consent": {
        "kind": "CHECKBOX",
        "text": "We keep your plans.",
        "boxes": [{"key": "news", "label": "Write to me", "isRequired": False}],
    },
    "prefills": True,
    "autoSubmits": False,
    "price": {"amount": 8000, "currency": "EUR"},
    "refundsOnCancel": False,
    "confirmationMessage": "See you on the roof.",
    "redirectUrl": "https://roofs.example/thanks",
    "redirectsWithDetails": True,
    "embedOrigins": ["https://roofs.example"],
    "accentColor": "#0a6a58",
    "reminders": [{"amount": 1, "unit": "DAYS", "includesDescription": True}],
}
UNSAID = {
    "attendeeDescription": "",
    "locale": None,
    "gridAnchorMinutes": 0,
    "formFields": [{"property": "FIRST_NAME", "isRequired": True}, {"property": "LAST_NAME", "isRequired": False}],
    "consent": None,
    "prefills": False,
    "autoSubmits": False,
    "price": None,
    "refundsOnCancel": True,
    "confirmationMessage": "",
    "redirectUrl": "",
    "redirectsWithDetails": False,
    "embedOrigins": [],
    "accentColor": None,
    "reminders": None,
}


@pytest.mark.capability("S1-44")
async def test_every_setting_of_a_page_is_read_back(db: str) -> None:
    ines = await a_user(await an_account())
    document = CREATE.replace(SHOWN, f"meetingLink {{ {SETTINGS} }} userErrors {{ code path }}")
    given = {"kind": "PERSONAL", "settings": WHOLE}
    whole = (await answer(document, viewer_for(ines), i=given))["createMeetingLink"]
    read_back = {name: value for name, value in WHOLE.items() if name not in ("name", "slug")}
    shown = read_back | {"attendeeDescription": "<p>Ring <b>twice</b>.</p>"}
    assert whole == {"meetingLink": shown, "userErrors": []}
    bare = (await answer(document, viewer_for(ines), i=given | {"settings": {"name": "Bare"}}))["createMeetingLink"]
    assert bare == {"meetingLink": UNSAID, "userErrors": []}


@pytest.mark.capability("S1-25", "S1-44")
async def test_a_visitor_sees_what_is_asked_agreed_to_and_paid(db: str) -> None:
    account = await an_account(logo=LOGO, privacy_url="https://linden.example/privacy")
    ines = await a_user(account)
    settings = WHOLE | {"locale": "en", "consent": WHOLE["consent"] | {"text": ""}}
    await created(ines, settings=settings)
    assert (await answer(PAGE, slug="roof"))["schedulingPage"] == {
        "formFields": WHOLE["formFields"],
        "consent": {
            "kind": "CHECKBOX",
            "text": "By booking you share these details with Linden & Co.",
            "boxes": [
                {
                    "key": "processing",
                    "label": "By booking you share these details with Linden & Co.",
                    "isRequired": True,
                },
                {"key": "news", "label": "Write to me", "isRequired": False},
            ],
        },
        "price": {"amount": 8000, "currency": "EUR"},
        "confirmationMessage": "See you on the roof.",
        "redirectUrl": "https://roofs.example/thanks",
        "accentColor": "#0a6a58",
        "logoUrl": logo_url(LOGO),
        "privacyUrl": "https://linden.example/privacy",
    }


@pytest.mark.capability("S1-44")
async def test_each_mistake_says_where_it_is_and_contradictions_are_mistakes(db: str) -> None:
    ines = await a_user(await an_account())
    settings = {
        "name": "Roof talk",
        "autoSubmits": True,
        "price": {"amount": 0, "currency": "DEM"},
        "redirectUrl": "javascript:alert(1)",
        "embedOrigins": ["https://a.example", "https://a.example/page"],
        "accentColor": "red",
        "questions": [{"key": "roof", "label": "Which?", "kind": "SELECT", "options": []}],
        "consent": {"kind": "NOTICE", "boxes": [{"key": "a", "label": " "}]},
        "windowKind": "DATE_RANGE",
    }
    payload = await created(ines, settings=settings)
    assert payload["meetingLink"] is None
    assert [(one["code"], one["path"]) for one in payload["userErrors"]] == [
        ("ANSWER_INVALID", ["questions", "0", "options"]),
        ("NAME_REQUIRED", ["consent", "boxes", "0", "label"]),
        ("SETTING_INVALID", ["price", "currency"]),
        ("SETTING_INVALID", ["price", "amount"]),
        ("SETTING_INVALID", ["redirectUrl"]),
        ("SETTING_INVALID", ["embedOrigins", "1"]),
        ("SETTING_INVALID", ["accentColor"]),
        ("TIME_RANGE_INVALID", ["windowEndsOn"]),
        ("SETTING_INVALID", ["autoSubmits"]),
        ("SETTING_INVALID", ["autoSubmits"]),
    ]
    assert await MeetingLink.all().count() == 0


async def test_retired_links_are_listed_apart_and_brought_back(db: str) -> None:
    ines = await a_user(await an_account())
    link = await a_link(ines, "Old", slug="old", retired_at=clock.now(), is_active=False)
    await a_link(ines, "New", slug="new")
    names = "query ($r: Boolean) { meetingLinks(retired: $r) { edges { node { name } } } }"
    restore = f"mutation ($i: RestoreMeetingLinkInput!) {{ restoreMeetingLink(input: $i) {{ {SHOWN} }} }}"

    async def listed(retired: bool) -> list[str]:
        data = await answer(names, viewer_for(ines), r=retired)
        return [edge["node"]["name"] for edge in data["meetingLinks"]["edges"]]

    assert [await listed(False), await listed(True)] == [["New"], ["Old"]]
    given = {"meetingLink": f"lnk_{link.id}"}
    restored = (await answer(restore, viewer_for(ines), i=given))["restoreMeetingLink"]["meetingLink"]
    assert (restored["slug"], restored["isActive"], restored["retiredAt"]) == ("old", False, None)
    assert [await listed(False), await listed(True)] == [["New", "Old"], []]
