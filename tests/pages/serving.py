"""The real server as a process, at a Monday morning of its own, with pages to visit."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from server import clock, database, settings
from server.account_settings.bring_logo import announce_logo, receive_logo
from server.accounts.password_tokens import secret_from, send_password_link
from server.app import build_app
from server.booking.visitor_token import visitor_token_of
from server.models import Account, Job, LinkMember, MeetingLink, Rotation, RotationMember
from server.models.enums import JobKind, LocationKind, MeetingLinkKind, Role
from tests.factories import a_contact, a_link, a_user, an_account
from tests.server.account_settings.drawings import a_png, drawn
from tests.server.meetings.scene import viewer_of

MONDAY = datetime(2026, 11, 23, 7, 2, tzinfo=UTC)
PAGES = 500 if os.environ.get("PARLEY_TEST_FULL") == "1" else 100
QUESTION = {"key": "look", "label": "What should we look at?", "kind": "LONG_TEXT", "required": True}
DESCRIPTION = (
    "Half an hour to see the sorting arm at work and to talk through your line. Bring questions, drawings and whoever "
    "will stand beside it."
)
EVERY_KIND = [
    {"key": "topic", "label": "Topic", "kind": "TEXT", "required": True},
    {"key": "detail", "label": "Tell us more", "kind": "LONG_TEXT", "required": False},
    {"key": "people", "label": "How many people?", "kind": "NUMBER", "required": True},
    {"key": "arm", "label": "Which arm?", "kind": "SELECT", "options": ["Sorter", "Packer"], "required": True},
    {"key": "days", "label": "Which days?", "kind": "MULTI_SELECT", "options": ["Mon", "Tue"], "required": False},
    {"key": "visit", "label": "We may visit you", "kind": "CHECKBOX", "required": False},
    {"key": "since", "label": "Running since", "kind": "DATE", "required": False},
    {"key": "call", "label": "Whom may we call?", "kind": "PHONE", "required": False},
]
CONSENT = {
    "kind": "CHECKBOX",
    "text": "Fernhill Robotics may use these details to prepare the meeting.",
    "boxes": [{"key": "news", "label": "Send me the newsletter, four times a year.", "required": False}],
}
ASKED = [
    {"property": "first_name", "required": True},
    {"property": "last_name", "required": True},
    {"property": "company", "required": True},
    {"property": "phone", "required": False},
]
KNOWN = [{"property": "first_name", "required": True}, {"property": "phone", "required": False}]
SPECIAL: dict[str, dict[str, object]] = {
    "questions": {"questions": EVERY_KIND, "guests_max": 3},
    "asked": {"form_fields": ASKED, "consent": CONSENT, "accent_color": "#c2410c"},
    "prefill": {"form_fields": KNOWN, "prefills": True, "questions": [QUESTION]},
    "auto": {"form_fields": KNOWN, "prefills": True, "auto_submits": True},
    "paid": {"price_amount": 8000, "price_currency": "EUR"},
    "thanks": {"confirmation_message": "Bring a drawing.\nThe door is on the left."},
    "closed": {"is_active": False},
    "full": {"weekly_hours": {"6": [[0, 1]]}},
    "elsewhere": {"embed_origins": ["https://www.fernhill.example"]},
    "locked": {"locks_time_zone": True},
}


async def seed(url: str, folder: Path) -> None:
    """The hosts of one company, each with a page of their own, so that tests do not meet; and the special ones, five of
    each."""
    await database.connect(url)
    await database.migrate()
    account = await an_account(
        "Fernhill Robotics",
        website_url="https://fernhill.example",
        postal_address="Fernhill Robotics, 12 Mill Lane, Leeds",
        privacy_url="https://fernhill.example/privacy",
        contact_email="hello@fernhill.example",
    )
    for number in range(PAGES):
        await _page(account, f"walk-{number}", guests_max=2, questions=[QUESTION])
    for name, given in SPECIAL.items():
        for number in range(5):
            await _page(account, f"{name}-{number}", **given)
    for number in range(3):
        await _group(account, f"group-{number}")
        await _rotation(account, f"team-{number}")
    contact = await a_contact(account, "Tomasz", "Lis", email="tomasz@client.example")
    (folder / "token").write_text(visitor_token_of(contact, "127.0.0.1"))
    (folder / "passwords").write_text(json.dumps([await _password_link(account, number) for number in range(4)]))
    for number, logo in enumerate((drawn("logo.png"), a_png(64, 64))):
        await _page_with_a_logo(f"logo-{number}", logo)
    await database.disconnect()


async def _page(account: Account, slug: str, **fields: object) -> MeetingLink:
    host = await a_user(account, "Ines Almeida", job_title="Product specialist")
    given: dict[str, object] = {
        "slug": slug,
        "description": DESCRIPTION,
        "durations_minutes": [30, 45, 60],
        "increment_minutes": 30,
        "location_kind": LocationKind.VIDEO,
    }
    return await a_link(host, "Product walkthrough", **(given | fields))


async def _page_with_a_logo(slug: str, content: bytes) -> None:
    account = await an_account("Fernhill Robotics", website_url="https://fernhill.example")
    await _page(account, slug)
    announced = announce_logo(viewer_of(await a_user(account, role=Role.ADMIN)), size_bytes=len(content))
    await receive_logo(announced.upload_url.rpartition("/")[2], _at_once(content))


async def _at_once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _password_link(account: Account, number: int) -> dict[str, str]:
    """Somebody who was invited, or who forgot theirs, and the address in their mail."""
    user = await a_user(account, f"nora{number}", email=f"nora{number}@fernhill.example")
    async with database.transaction():
        await send_password_link(user, is_invitation=number % 2 == 0, inviter="Ada Admin")
    job = await Job.filter(kind=JobKind.PASSWORD_MAIL).order_by("-id").first()
    assert job is not None
    secret = secret_from(job.payload["seed"])
    return {"email": user.email, "path": f"/{'invitation' if number % 2 == 0 else 'password'}/{secret}"}


async def _group(account: Account, slug: str) -> None:
    link = await _page(account, slug, kind=MeetingLinkKind.GROUP, durations_minutes=[30])
    for position, name in enumerate(("Ines Almeida", "Jonas Weber", "Aiko Tanaka")):
        await LinkMember.create(link_id=link.id, user=await a_user(account, name), position=position)


async def _rotation(account: Account, slug: str) -> None:
    link = await _page(account, slug, kind=MeetingLinkKind.ROUND_ROBIN, durations_minutes=[30])
    rotation = await Rotation.create(account_id=account.id, name="Customer care")
    for position, name in enumerate(("Jonas Weber", "Aiko Tanaka")):
        user = await a_user(account, name)
        await RotationMember.create(rotation=rotation, user=user, position=position)
    link.rotation_id = rotation.id
    await link.save()


class Hurried:
    """The server, whose clock a test puts on: `POST /test/later?seconds=700`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") == "/test/later":
            seconds = int(parse_qs(scope["query_string"].decode())["seconds"][0])
            clock.set_process_time(clock.now() + timedelta(seconds=seconds))
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await self._app(scope, receive, send)


def main(folder: Path, port: int) -> None:
    """Serves on loopback until it is stopped."""
    url = f"sqlite:///{folder / 'pages.sqlite3'}"
    clock.set_process_time(MONDAY)
    chosen = settings.read(
        database_url=url,
        public_url=f"http://127.0.0.1:{port}",
        secret_key="for-tests-only-" + "k" * 32,
        demo=True,
        limit_form_seconds=0,
        limit_booking="1000/minute",
        limit_sign_in="1000/minute",
        limit_visitor_requests="100000/minute",
    )
    settings.use(chosen)
    asyncio.run(seed(url, folder))
    uvicorn.run(Hurried(build_app(chosen)), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
