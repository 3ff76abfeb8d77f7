"""Who makes the rooms of meetings over video."""

from datetime import datetime
from typing import Any

import strawberry

from schema.enums import VideoKind
from schema.reading import computed, identity, reads, shown
from schema.types.user import HIDDEN
from server import models
from server.accounts import policy
from server.accounts.viewer import Viewer


def shown_to_admin(viewer: Viewer, account_id: int, kept: str) -> str | None:
    """What only concerns whoever may edit the account."""
    return kept if policy.may_edit_account(viewer, account_id) else None


def of_admin(column: str, *, about: str) -> Any:
    """A text that administrators may see."""
    return computed(
        shown_to_admin, "account_id", column, with_viewer=True, about=f"{about} Null for everybody but administrators."
    )


@reads(models.VideoExtension)
@strawberry.type(description="An outside service that makes video rooms, asked through signed requests.")
class VideoExtension:
    id: strawberry.ID = identity("vex")
    name: str = shown("What it is called, for whoever chooses where to meet.")
    create_url: str | None = of_admin("create_url", about="Where it is asked to make a room.")
    update_url: str | None = of_admin("update_url", about="Where it is told that a meeting has changed; may be empty.")
    delete_url: str | None = of_admin("delete_url", about="Where it is told that a room may go; may be empty.")
    verify_url: str | None = of_admin("verify_url", about="Where it is asked who somebody is; may be empty.")
    accounts_url: str | None = of_admin("accounts_url", about="Where it is asked for accounts; may be empty.")
    is_active: bool = shown("Whether rooms are made with it.")


def provider_name(kind: VideoKind, extension: str | None) -> str:
    """What people call the provider of an account."""
    return extension or kind.value


def shown_to_owner(viewer: Viewer, account_id: int, user_id: int, kept: str) -> str | None:
    """What is nobody else's business."""
    return kept if policy.may_see_profile(viewer, account_id, user_id=user_id) else None


def of_owner(column: str, *, about: str) -> Any:
    """A text that its owner may see, and whoever may edit the account."""
    return computed(shown_to_owner, "account_id", "user_id", column, with_viewer=True, about=f"{about} {HIDDEN}")


@reads(models.VideoAccount)
@strawberry.type(description="A colleague's account at a provider of video rooms.")
class VideoAccount:
    id: strawberry.ID = identity("vac")
    kind: VideoKind = shown("What kind of provider it is at.")
    provider: str = computed(provider_name, "kind", "extension.name", about="What the provider is called.")
    is_default: bool = shown("Whether rooms are made with it where nobody chooses another.")
    email: str | None = of_owner("email", about="The address by which the provider knows them.")
    external_id: str | None = of_owner("external_id", about="What the provider calls the account.")
    verified_at: datetime | None = shown("When the provider last said that it is theirs.")
