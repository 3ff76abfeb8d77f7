"""Where somebody is signed in, and what programs sign in with."""

from datetime import datetime

import strawberry

from schema.reading import column, computed, identity, reads, shown
from schema.types.user import User
from server import models
from server.accounts.viewer import Viewer


def is_this_one(viewer: Viewer, session_id: int) -> bool:
    """Whether the question came from that session."""
    return viewer.session_id == session_id


@reads(models.Session)
@strawberry.type(description="A device on which the viewer is signed in.")
class DeviceSession:
    id: strawberry.ID = identity("ses")
    device_name: str = shown("What the device called itself; may be empty.")
    signed_in_at: datetime = column("created_at", "When it signed in.")
    last_used_at: datetime = shown("When it last got new tokens.")
    is_current: bool = computed(is_this_one, "id", with_viewer=True, about="Whether it is the one that asks.")


@reads(models.ApiToken)
@strawberry.type(description="What a program signs in with; its secret is never shown again.")
class ApiToken:
    id: strawberry.ID = identity("tok")
    name: str = shown("What it is for.")
    user: User | None = shown("As whom it acts; null if for the account.")
    scopes: list[str] = shown("What it may be used for. At most 20.")
    created_at: datetime = shown("When it was made.")
    expires_at: datetime | None = shown("When it ends by itself.")
    revoked_at: datetime | None = shown("When somebody ended it.")
