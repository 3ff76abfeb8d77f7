"""Ines in Warsaw hosts, Tomasz booked; she is signed in on an iPhone, and Apple delivers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from server import clock, settings
from server.devices.notices import NoticeKind, wake_colleagues
from server.devices.register import register
from server.gateways.push.carriers import close_carriers
from server.models import Account, Device, Job, Meeting, User
from server.models.enums import JobKind
from tests import factories
from tests.server.devices.signed_in import a_new_device, signed_in
from tests.server.gateways.push.apple import Apple, apple
from tests.server.gateways.push.trust import trusted
from tests.server.gateways.push.watch import Watch

NOW = datetime(2027, 2, 15, 12, 0, tzinfo=UTC)
STARTS_AT = datetime(2027, 2, 16, 15, 30, tzinfo=UTC)


class Story:
    """Ines in Warsaw hosts, Tomasz booked; she is signed in on an iPhone."""

    account: Account
    host: User
    meeting: Meeting
    device: Device

    async def wake(self, kind: NoticeKind, *, actor: str = "visitor", **how: Any) -> None:
        """What a verb promises, nudges apart."""
        await wake_colleagues(self.meeting, kind, actor=actor, **how)
        await Job.filter(kind=JobKind.PUSH, run_at__gt=clock.now()).delete()

    async def job(self) -> Job:
        """The notice that was promised last."""
        found = await Job.filter(kind=JobKind.PUSH).order_by("-id").first()
        assert found is not None
        return found


@pytest.fixture
def watch() -> Any:
    found = Watch(NOW)
    with found.travel(NOW):
        yield found


@pytest.fixture
async def phones(
    db: str, in_use: settings.Settings, watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Apple]:
    """Apple, with the settings of somebody who has its key."""
    async with apple(trusted(tmp_path, monkeypatch), now=watch) as service:
        settings.use(in_use.model_copy(update=service.settings))
        yield service
        await close_carriers()


@pytest.fixture
async def story(phones: Apple) -> Story:
    made = Story()
    made.account = await factories.an_account()
    made.host = await factories.a_user(made.account, "Ines Marek")
    contact = await factories.a_contact(made.account, "Tomasz", "Lis")
    made.meeting = await factories.a_meeting(made.host, STARTS_AT, contact=contact, title="Salary talk")
    made.device = await Device.get(id=await register(await signed_in(made.host), a_new_device()))
    await Job.all().delete()
    return made


def shown(phones: Apple) -> list[tuple[str, str]]:
    """Title and text of every notice that arrived."""
    return [tuple(one.payload["aps"]["alert"].values()) for one in phones.delivered]  # type: ignore[misc]  # two each
