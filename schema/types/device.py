"""What is woken when something happens."""

from datetime import datetime

import strawberry

from schema.enums import DevicePlatform
from schema.reading import computed, identity, reads, shown
from server import models
from server.accounts.viewer import Viewer


def is_of_this_session(viewer: Viewer, session_id: int) -> bool:
    """Whether the device was registered by the session that asks."""
    return viewer.session_id == session_id


@reads(models.Device)
@strawberry.type(description="A phone or browser of the viewer that is woken when something happens.")
class Device:
    id: strawberry.ID = identity("dev")
    platform: DevicePlatform = shown("Which service wakes it.")
    name: str = shown("What it called itself; may be empty.")
    locale: str = shown("The language of its notices, as a BCP 47 tag.")
    hides_details: bool = shown("Whether its notices say neither with whom nor when.")
    registered_at: datetime = shown("When it registered last.")
    is_current: bool = computed(
        is_of_this_session, "session_id", with_viewer=True, about="Whether it registered in the session that asks."
    )
