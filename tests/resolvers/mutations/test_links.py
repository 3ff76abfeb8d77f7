"""What colleagues do with links and rotations through the schema."""

from __future__ import annotations

from typing import Any

from server.models import MeetingLink, Rotation, User
from server.models.enums import Role
from tests.factories import a_link, a_user, an_account
from tests.resolvers.asking import answer, viewer_for

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
