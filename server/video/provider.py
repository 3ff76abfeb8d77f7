"""Who makes the rooms of a video account."""

from __future__ import annotations

from functools import partial

from server.gateways.errors import PermanentFailure
from server.gateways.video.extension import Addresses, ExtensionGateway
from server.gateways.video.port import VideoGateway
from server.models import VideoAccount, VideoExtension
from server.video.secrets import signed_with


def gateway_of(extension: VideoExtension) -> VideoGateway:
    """The provider behind an extension's addresses."""
    addresses = Addresses(
        create=extension.create_url,
        update=extension.update_url,
        delete=extension.delete_url,
        verify=extension.verify_url,
        accounts=extension.accounts_url,
    )
    return ExtensionGateway(addresses, partial(signed_with, extension.secret))


async def gateway_for(account: VideoAccount) -> VideoGateway:
    """The provider that the account is at; `PermanentFailure` if nobody here knows how to ask it."""
    extension = await VideoExtension.get_or_none(id=account.extension_id) if account.extension_id else None
    if extension is None:
        raise PermanentFailure(f"{account.kind.value} cannot be asked from here")
    if not extension.is_active:
        raise PermanentFailure(f"the extension {extension.name} is switched off")
    return gateway_of(extension)
