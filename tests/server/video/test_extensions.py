"""Services that make video rooms, as an administrator enters them."""

from __future__ import annotations

import dataclasses

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from server import clock, settings
from server.errors import ErrorCode, Refused
from server.gateways.errors import PermanentFailure
from server.models import VideoAccount, VideoExtension
from server.video.extensions import ExtensionEdit, NewExtension, create_extension, delete_extension, edit_extension
from server.video.secrets import signed_with
from tests.server.video.conftest import Cast, signed_in

NEW = NewExtension("Desk rooms", "https://1.1.1.1/rooms", idempotency_key="k-1")
BODY = b'{"type": "room.create"}'


async def refused(cast: Cast, new: NewExtension, who: str = "admin") -> list[tuple[ErrorCode, tuple[str, ...]]]:
    with pytest.raises(Refused) as caught:
        await create_extension(signed_in(getattr(cast, who)), new)
    assert await VideoExtension.all().count() == 1
    return [(one.code, one.path) for one in caught.value.complaints]


def is_verified(extension: VideoExtension, secret: str) -> bool:
    headers = {"webhook-id": "m-1", "webhook-timestamp": str(clock.now_epoch())}
    headers["webhook-signature"] = signed_with(extension.secret, "m-1", clock.now(), BODY)
    try:
        return bool(Verifier(secret).verify(BODY, headers))
    except WebhookVerificationError:
        return False


@pytest.mark.capability("S2-14")
async def test_extension_needs_one_address_and_tells_its_secret_once(cast: Cast) -> None:
    told = await create_extension(signed_in(cast.admin), NEW)
    made = await VideoExtension.get(id=told.extension_id)
    assert (made.create_url, made.update_url, made.is_active) == ("https://1.1.1.1/rooms", "", True)
    assert told.secret is not None
    assert told.secret not in made.secret
    assert is_verified(made, told.secret)
    assert await create_extension(signed_in(cast.admin), NEW) == told


@pytest.mark.capability("S2-14")
async def test_new_secret_signs_beside_the_old_one(cast: Cast) -> None:
    told = await create_extension(signed_in(cast.admin), NEW)
    rotated = await edit_extension(signed_in(cast.admin), ExtensionEdit(told.extension_id, rotates_secret=True))
    made = await VideoExtension.get(id=told.extension_id)
    assert rotated.secret is not None
    assert rotated.secret != told.secret
    assert told.secret is not None
    assert is_verified(made, told.secret)
    assert is_verified(made, rotated.secret)
    changed = await edit_extension(
        signed_in(cast.admin), ExtensionEdit(told.extension_id, name="Rooms 2", verify_url="https://1.1.1.1/who")
    )
    assert changed.secret is None
    made = await VideoExtension.get(id=told.extension_id)
    assert (made.name, made.create_url, made.verify_url) == ("Rooms 2", "https://1.1.1.1/rooms", "https://1.1.1.1/who")


async def test_table_alone_signs_nothing(cast: Cast) -> None:
    settings.use(settings.current().model_copy(update={"secret_key": "another-" + "k" * 40}))
    with pytest.raises(PermanentFailure):
        signed_with(cast.extension.secret, "m-1", clock.now(), BODY)


async def test_addresses_are_of_the_public_internet(cast: Cast) -> None:
    for name, url in {
        "create_url": "https://10.1.2.3/",
        "update_url": "http://1.1.1.1/",
        "delete_url": "https://[::1]/",
        "verify_url": "file:///etc/passwd",
        "accounts_url": "https://169.254.169.254/latest",
    }.items():
        path = name.split("_")[0] + "Url"
        assert await refused(cast, dataclasses.replace(NEW, **{name: url})) == [(ErrorCode.ADDRESS_REFUSED, (path,))]
    assert await refused(cast, dataclasses.replace(NEW, create_url="")) == [(ErrorCode.ADDRESS_REFUSED, ("createUrl",))]


async def test_extensions_are_for_administrators(cast: Cast) -> None:
    assert await refused(cast, NEW, "ines") == [(ErrorCode.FORBIDDEN, ())]
    with pytest.raises(Refused):
        await edit_extension(cast.viewer, ExtensionEdit(cast.extension.id, name="x"))
    with pytest.raises(Refused):
        await delete_extension(cast.viewer, cast.extension.id)
    assert await refused(cast, dataclasses.replace(NEW, name="Rooms")) == [(ErrorCode.ALREADY_USED, ("name",))]
    assert await refused(cast, dataclasses.replace(NEW, name=" ")) == [(ErrorCode.NAME_REQUIRED, ("name",))]


async def test_extension_goes_with_the_accounts_at_it(cast: Cast) -> None:
    await cast.connect(cast.ines)
    await delete_extension(signed_in(cast.admin), cast.extension.id)
    assert (await VideoExtension.all().count(), await VideoAccount.all().count()) == (0, 0)
    with pytest.raises(Refused) as caught:
        await delete_extension(signed_in(cast.admin), cast.extension.id)
    assert caught.value.complaints[0].code is ErrorCode.NOT_FOUND
