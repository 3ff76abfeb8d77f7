"""A video service, a mail server, and Ines, who has an account at the one and her mails at the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from server import settings
from server.accounts.viewer import Viewer
from server.models import Account, Contact, Job, Meeting, User, VideoAccount, VideoExtension
from server.models.enums import JobKind, JobState, Role, VideoKind
from server.video.secrets import kept
from server.webhooks.secrets import new_secret, secret_of
from server.worker import work_once
from tests import factories
from tests.server.gateways.mail.receiving import Receiver, receiving
from tests.server.meetings.scene import viewer_of
from tests.server.video.service import VideoService, video_service


@pytest.fixture
async def post(db: str, in_use: settings.Settings) -> AsyncIterator[Receiver]:
    """The mail server of these settings, which let services of this machine be asked."""
    async with receiving() as receiver:
        settings.use(in_use.model_copy(update={"smtp_url": receiver.url, "private_hosts": ("127.0.0.1",)}))
        yield receiver
        settings.use(in_use)


@pytest.fixture
async def service(post: Receiver) -> AsyncIterator[VideoService]:
    async with video_service() as service:
        yield service


def signed_in(user: User) -> Viewer:
    """The user on a device of theirs."""
    return replace(viewer_of(user), session_id=1)


@dataclass
class Cast:
    """One account, the service it uses, and who is in it."""

    account: Account
    admin: User
    ines: User
    contact: Contact
    extension: VideoExtension
    service: VideoService
    post: Receiver

    @property
    def viewer(self) -> Viewer:
        return signed_in(self.ines)

    async def connect(self, user: User, external_id: str = "u-1") -> VideoAccount:
        """The user has an account at the service, known there as here."""
        return await VideoAccount.create(
            account=self.account,
            user=user,
            kind=VideoKind.EXTENSION,
            extension=self.extension,
            email=user.email,
            external_id=external_id,
            is_default=True,
        )

    async def until_quiet(self) -> None:
        """Everything that is due by now was tried."""
        for _ in range(10):
            if not await work_once():
                return

    async def rooms_of(self, meeting: Meeting) -> list[tuple[JobState, str]]:
        """The promises about the meeting's room, and what came of each."""
        jobs = await Job.filter(meeting_id=meeting.id, kind=JobKind.VIDEO_ROOM).order_by("id")
        return [(job.state, job.last_error) for job in jobs]


@pytest.fixture
async def cast(service: VideoService, post: Receiver) -> Cast:
    account = await factories.an_account()
    admin = await factories.a_user(account, "Ada Admin", role=Role.ADMIN)
    ines = await factories.a_user(account, "Ines Marek")
    contact = await factories.a_contact(account)
    secret = new_secret()
    service.secret = secret_of(secret)
    service.users = {user.email: user.email for user in (admin, ines)}
    extension = await VideoExtension.create(account=account, name="Rooms", secret=kept([secret]), **service.urls)
    return Cast(account, admin, ines, contact, extension, service, post)
