"""What comes of acts on video rooms."""

import strawberry

from schema.payloads.base import Payload, result
from schema.types.video import VideoAccount, VideoExtension

_SECRET = "What requests are signed with, `whsec_` and base64; no query tells it later."


@strawberry.type(description="What `createVideoExtension` answers.")
class CreateVideoExtensionPayload(Payload):
    video_extension: VideoExtension | None = result("The extension.")
    secret: str | None = result(_SECRET)


@strawberry.type(description="What `editVideoExtension` answers.")
class EditVideoExtensionPayload(Payload):
    video_extension: VideoExtension | None = result("The extension as it is now.")
    secret: str | None = result(f"{_SECRET} Null unless it was to be another; the one before is valid for a day.")


@strawberry.type(description="What `deleteVideoExtension` answers.")
class DeleteVideoExtensionPayload(Payload):
    deleted_id: strawberry.ID | None = result("The extension that is gone.")


@strawberry.type(description="What `connectVideo` answers.")
class ConnectVideoPayload(Payload):
    video_account: VideoAccount | None = result("The account.")


@strawberry.type(description="What `editVideoAccount` answers.")
class EditVideoAccountPayload(Payload):
    video_account: VideoAccount | None = result("The account as it is now.")


@strawberry.type(description="What `disconnectVideo` answers.")
class DisconnectVideoPayload(Payload):
    disconnected_id: strawberry.ID | None = result("The account that is not used any more.")
