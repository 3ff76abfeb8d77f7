"""`python -m mobile_contract.record_examples`: each operation asked of the demo of one seed at one time, and answered.

Tokens differ from run to run, and recording takes a second or two; both are replaced by fixed values."""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from resolvers.root import schema
from schema.context import context_for
from schema.scalars import write_instant
from server import clock, database, ids, settings
from server.accounts.bearer import viewer_of
from server.accounts.password_tokens import secret_from
from server.accounts.viewer import Viewer, viewer_of_user
from server.changes import cursor
from server.changes.feed import latest_number
from server.demo.seed import Seeded, seed
from server.models import Job, VideoExtension
from server.models.enums import JobKind, NotificationActionKind
from server.notifications.action_tokens import offer
from server.outbox import enqueue
from server.video.secrets import kept
from server.webhooks.secrets import new_secret

HERE = Path(__file__).parent
AT = datetime(2026, 11, 24, 10, 7, 30, tzinfo=UTC)
SEED = 7
PASSWORD = "amber-heron-fern-linden-42"

_SECRETS = {
    "accessToken": "eyJhbGciOiJIUzI1NiJ9.an-access-token.signature",
    "refreshToken": "a-refresh-token",
    "token": "a-token-as-it-was-sent",
    "accessExpiresAt": "2026-11-24T10:22:30Z",
    "uploadEndsAt": "2026-11-24T11:07:30Z",
}
_MOMENTS = ("occurredAt", "createdAt", "editedAt", "deletedAt", "canceledAt", "verifiedAt")
_MANAGE = re.compile(r"/b/(\d+)-[\w-]+")
_FEED = re.compile(r"/calendar/(\d+)-[\w-]+")
_FILE = re.compile(r"/files/([bf]\d+|l\d+-\d+)-\d+-[\w-]+")


async def recorded(folder: Path) -> dict[str, dict[str, Any]]:
    """Variables and response of every operation, by name, from a demo that is made in `folder` for the purpose."""
    async with _demo(folder) as seeded:
        return {name: example async for name, example in _examples(seeded)}


def written(examples: Mapping[str, Any], folder: Path = HERE / "examples") -> None:
    """The examples stand in their files."""
    folder.mkdir(exist_ok=True)
    for name, example in examples.items():
        (folder / f"{name}.json").write_text(text_of(example))


def text_of(example: Mapping[str, Any]) -> str:
    """An example as its file holds it."""
    return json.dumps(example, indent=2, ensure_ascii=False) + "\n"


@asynccontextmanager
async def _demo(folder: Path) -> AsyncIterator[Seeded]:
    given = settings.read(
        demo=True,
        database_url=f"sqlite:///{folder / 'parley.sqlite3'}",
        public_url="https://meet.example.com",
        secret_key="recorded-examples-" + "k" * 32,
    )
    before = list(settings._in_use)
    settings.use(given)
    await database.connect(given.database_url)
    try:
        await database.migrate()
        with clock.travel(AT):
            yield await seed(password=PASSWORD, number=SEED)
    finally:
        await database.disconnect()
        settings._in_use[:] = before


async def _examples(seeded: Seeded) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """In an order in which each finds what it needs; what later ones need is taken from earlier answers."""
    ines = viewer_of_user(seeded.user)

    async def asked(name: str, viewer: Viewer | None, **variables: Any) -> Any:
        data = await _answer(name, viewer, variables)
        examples[name] = {"variables": _plain(variables), "response": {"data": _plain(data)}}
        return data

    examples: dict[str, dict[str, Any]] = {}
    credentials = {"email": seeded.user.email, "password": PASSWORD, "deviceName": "Phone"}
    signed_in = await asked("sign_in", None, input=credentials)
    await asked("refresh_session", None, input={"refreshToken": signed_in["signIn"]["session"]["refreshToken"]})
    today = await asked("today_tab", ines)
    ended = next(one for one in today["todayMeetings"] if _is_over(one) and one["outcome"]["key"] == "SCHEDULED")
    await asked("meeting", ines, id=ended["id"])
    await asked("meeting_links_menu", ines, first=50)
    days = {"from": "2026-11-24", "to": "2026-11-27", "timeZone": "Asia/Taipei"}
    page = (await asked("scheduling_page", None, slug=seeded.slug, **days))["schedulingPage"]
    number = await latest_number(seeded.account.id)
    synced = await _answer("today_sync", ines, {})
    await asked("book_meeting", None, input=_booking(page))
    await asked("meeting_booked", ines, after=cursor.write(number))
    outcome = {"meeting": ended["id"], "outcome": "COMPLETED", "expectedVersion": ended["version"]}
    await asked("record_outcome", ines, input=outcome | {"idempotencyKey": "3f6b0a52-outcome"})
    await asked("schedule_meeting", ines, input=_new_meeting(ended["contact"]["id"]))
    changes = {"internalNote": "Ask about the second site."}
    await asked("edit_meeting", ines, input={"meeting": ended["id"], "changes": changes})
    await asked("today_sync", ines, since=synced["todaySync"]["cursor"])
    await asked("profile", ines)
    night = {"fromMinute": 21 * 60, "untilMinute": 7 * 60}
    day_off = {"dateOverrides": [{"date": "2026-12-24", "blocks": []}]}
    await asked("edit_profile", ines, input={"changes": {"dailyLimit": 5, "quietHours": night, **day_off}})
    await asked("upload_logo", ines, input={"sizeBytes": 6_318})
    phone = await viewer_of(signed_in["signIn"]["session"]["accessToken"])
    await asked("calendar_feed", phone)
    await asked("renew_calendar_feed", phone, input={"idempotencyKey": "6a0e93b1-feed"})
    new_device = {"platform": "IOS", "pushToken": "5f" * 32, "name": "Ines's phone", "locale": "en"}
    device = (await asked("register_device", phone, input=new_device))["registerDevice"]["device"]
    await asked("unregister_device", phone, input={"device": device["id"]})
    press = {"token": await _action_token(seeded, ended["id"]), "action": "SET_OUTCOME", "outcome": "NO_SHOW"}
    await asked("perform_notification_action", None, input=press | {"idempotencyKey": "c04a11e7-tap"})
    await _links(ines, asked)
    await _records(ines, asked)
    await _meeting_acts(ines, asked)
    await _video(ines, asked)
    await _team(ines, asked)
    for name, example in examples.items():
        yield name, example


async def _meeting_acts(ines: Viewer, asked: Callable[..., Awaitable[Any]]) -> None:
    """From a contact to a meeting with notes and files, and to its end."""
    contact = (await asked("contacts", ines, search="a", first=5))["contacts"]["edges"][0]["node"]["id"]
    form = await asked("schedule_meeting_form", ines, contact=contact)
    day = {"from": "2026-12-07T00:00:00+01:00", "to": "2026-12-08T00:00:00+01:00"}
    await asked("check_availability", ines, hosts=[form["viewer"]["user"]["id"]], **day)
    new = {"input": {**_new_meeting(contact), "dryRun": False, "idempotencyKey": "e3a1c550-schedule"}}
    meeting = (await _answer("schedule_meeting", ines, new))["scheduleMeeting"]["meeting"]["id"]
    before = (await asked("contact_meetings", ines, contact=contact, first=5))["meetings"]["edges"][-1]["node"]["id"]
    named = form["users"]["edges"][0]["node"]["id"]
    note = {"meeting": meeting, "body": f"@[{named}] knows the site.", "idempotencyKey": "0d5be1f8-note"}
    number = (await asked("add_internal_note", ines, input=note))["addInternalNote"]["note"]["id"]
    await asked("edit_internal_note", ines, input={"note": number, "body": "The gate is on the left."})
    await asked("delete_internal_note", ines, input={"note": number})
    plans = {"name": "Site plan.pdf", "contentType": "application/pdf", "sizeBytes": 48_213}
    file = await asked("attach_file", ines, input={"meeting": meeting, **plans, "idempotencyKey": "77aa01b2-file"})
    await asked("delete_attachment", ines, input={"attachment": file["attachFile"]["attachment"]["id"]})
    snippet = (await asked("snippets", ines, search="dir", first=10))["snippets"]["edges"][0]["node"]["id"]
    await asked("expand_snippet", ines, snippet=snippet, meeting=before)
    ties = {"meeting": meeting, "records": [form["contact"]["company"]["id"]]}
    await asked("associate_records", ines, input=ties | {"idempotencyKey": "b7c2d1aa-tie"})
    await asked("dissociate_records", ines, input=ties | {"idempotencyKey": "b7c2d1aa-untie"})
    await asked("cancel_meeting", ines, input={"meeting": meeting, "reason": "The site is snowed in."})
    await asked("delete_meeting", ines, input={"meeting": meeting, "idempotencyKey": "19c0ffee-delete"})


async def _video(ines: Viewer, asked: Callable[..., Awaitable[Any]]) -> None:
    """An account at the rooms that somebody runs for the company: connected, made the usual one, let go of."""
    secret = kept([new_secret()])
    await VideoExtension.create(
        account_id=ines.account_id, name="Harbour Rooms", create_url="https://rooms.example.com/create", secret=secret
    )
    listed = await _answer("video_accounts", ines, {})
    new = {"extension": listed["videoExtensions"][0]["id"], "idempotencyKey": "2b90ce4d-video"}
    made = (await asked("connect_video", ines, input=new))["connectVideo"]["videoAccount"]["id"]
    await asked("video_accounts", ines)
    await asked("edit_video_account", ines, input={"videoAccount": made})
    await asked("disconnect_video", ines, input={"videoAccount": made})


async def _team(ines: Viewer, asked: Callable[..., Awaitable[Any]]) -> None:
    """Somebody new comes, and somebody leaves."""
    new = {"email": "nora.lis@fernhill.example", "name": "Nora", "idempotencyKey": "8e1f7a35-invite"}
    nora = (await asked("invite_user", ines, input=new))["inviteUser"]["user"]["id"]
    await asked("resend_invitation", ines, input={"user": nora, "idempotencyKey": "8e1f7a35-again"})
    mail = await Job.filter(kind=JobKind.PASSWORD_MAIL).order_by("-id").first().values("payload")
    chosen = {"token": secret_from(mail["payload"]["seed"]), "name": "Nora Lis", "password": PASSWORD}
    await asked("accept_invitation", None, input=chosen | {"deviceName": "Phone"})
    await asked("edit_user", ines, input={"user": nora, "role": "ADMIN"})
    users = (await asked("team", ines))["users"]["edges"]
    ids_by_name = {edge["node"]["name"]: edge["node"]["id"] for edge in users}
    aiko, jonas, priya = [ids_by_name[name] for name in ("Aiko Tanaka", "Jonas Weber", "Priya Raman")]
    hands = {"from": aiko, "to": jonas, "idempotencyKey": "f6c2a8d0-over"}
    leaves = {"user": priya, "handOverTo": jonas, "idempotencyKey": "f6c2a8d0-leaves"}
    await asked("hand_over_meetings", ines, input=hands)
    await asked("deactivate_user", ines, input=leaves)
    await asked("reactivate_user", ines, input={"user": priya})


async def _records(ines: Viewer, asked: Callable[..., Awaitable[Any]]) -> None:
    """A company looked for, what happened around it, somebody new in it, and the month counted."""
    company = (await asked("records", ines, kind="COMPANY", search="a", first=3))["records"]["edges"][0]["node"]["id"]
    await asked("record_timeline", ines, id=company, first=5)
    new = {"email": "wen.chiu@harbour.example", "firstName": "Wen", "lastName": "Chiu", "company": company}
    more = {"properties": [{"name": "Site", "value": "Keelung"}], "idempotencyKey": "41c6aa0e-contact"}
    await asked("upsert_contact", ines, input=new | more)
    await asked("meeting_report", ines, range={"from": "2026-11-01", "to": "2026-11-30"}, groupBy="ORGANIZER")


async def _links(ines: Viewer, asked: Callable[..., Awaitable[Any]]) -> None:
    """A link from its making to its restoring, and what is handed on of the one that there was before."""
    await asked("colleagues", ines, search="a")
    wanted = {"name": "Site visit", "slug": "site-visit", "durationsMinutes": [60]}
    new = {"kind": "PERSONAL", "settings": wanted, "idempotencyKey": "5d10f2c4-link"}
    made = (await asked("create_meeting_link", ines, input=new))["createMeetingLink"]["meetingLink"]["id"]
    changes = {"prefills": True, "formFields": [{"property": "FIRST_NAME"}, {"property": "COMPANY"}]}
    await asked("edit_meeting_link", ines, input={"meetingLink": made, "settings": changes, "clear": ["PRICE"]})
    await asked("meeting_link", ines, id=made)
    tracking = {"campaign": "autumn", "source": "newsletter"}
    await asked("share_meeting_link", ines, input={"meetingLink": made, "channel": "EMAIL", "tracking": tracking})
    days = {"from": "2026-11-26", "to": "2026-11-27"}
    page = (await _answer("scheduling_page", None, {"slug": "site-visit", **days}))["schedulingPage"]
    starts = [slot["startsAt"] for day in page["slots"] for slot in day["slots"]][:2]
    await asked("propose_times", ines, input={"meetingLink": made, "startsAt": starts, "timeZone": "Asia/Taipei"})
    copy = {"meetingLink": made, "idempotencyKey": "a91b77e3-copy"}
    await asked("duplicate_meeting_link", ines, input=copy)
    await asked("retire_meeting_link", ines, input={"meetingLink": made})
    await asked("restore_meeting_link", ines, input={"meetingLink": made})


async def _action_token(seeded: Seeded, meeting: str) -> str:
    """What the notice that asks how the meeting went would carry."""
    number = ids.number_of("mtg", meeting)
    job = await Job.get(id=await enqueue(JobKind.PUSH, account_id=seeded.account.id, meeting_id=number))
    kind, until = NotificationActionKind.SET_OUTCOME, AT + timedelta(days=7)
    return (await offer(kind, job, user_id=seeded.user.id, expires_at=until)).token


def _booking(page: Any) -> dict[str, Any]:
    return {
        "slug": page["slug"],
        "startsAt": page["nextAvailable"]["startsAt"],
        "durationMinutes": page["durationsMinutes"][0],
        "email": "mei.lin@harbour.example",
        "firstName": "Mei",
        "lastName": "Lin",
        "timeZone": "Asia/Taipei",
        "locale": "zh-Hant",
        "idempotencyKey": "9f1c2a60-book",
    }


def _new_meeting(contact: str) -> dict[str, Any]:
    return {
        "title": "Second site, next steps",
        "startsAt": "2026-12-07T17:15:00+01:00",
        "endsAt": "2026-12-07T18:00:00+01:00",
        "attendees": [{"contact": contact}],
        "location": {"kind": "PHONE", "text": "+48 600 100 200"},
        "client": "MOBILE_IOS",
        "dryRun": True,
    }


async def _answer(name: str, viewer: Viewer | None, variables: dict[str, Any]) -> Any:
    document = (HERE / "operations" / f"{name}.graphql").read_text()
    context = context_for(viewer)
    if name == "meeting_booked":
        stream: Any = await schema.subscribe(document, variables, context_value=context)
        async with aclosing(stream) as results:
            result = await anext(results)
    else:
        result = await schema.execute(document, variables, context_value=context)
    if result.errors:
        raise RuntimeError(f"{name}: {result.errors}")
    return result.data


def _is_over(meeting: Mapping[str, Any]) -> bool:
    return datetime.fromisoformat(meeting["endsAt"]) <= AT


def _plain(value: Any, key: str = "") -> Any:
    """The value without what differs from run to run."""
    if isinstance(value, dict):
        return {name: _plain(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, str):
        told = _FILE.sub(r"/files/\1-1795518450-a-signature", _SECRETS.get(key, value))
        told = _FEED.sub(r"/calendar/\1-a-secret", told)
        return _just_now(value) if key in _MOMENTS else _MANAGE.sub(r"/b/\1-a-signature", told)
    return value


def _just_now(instant: str) -> str:
    """What was done while recording was done at the beginning of it."""
    is_new = timedelta() <= datetime.fromisoformat(instant) - AT < timedelta(minutes=5)
    return write_instant(AT) if is_new else instant


async def _main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        written(await recorded(Path(folder)))


if __name__ == "__main__":
    asyncio.run(_main())
