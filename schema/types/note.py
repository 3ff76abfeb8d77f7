"""What the team writes and keeps about a meeting."""

from datetime import datetime

import strawberry

from schema.reading import children, computed, identity, reads, shown
from schema.types.user import User
from server import models
from server.accounts.policy import may_see_internal_notes
from server.accounts.viewer import Viewer
from server.attachments.tokens import download_url
from server.rich_text import plain_text

HIDDEN = "Null for a token that may not read meetings."


def visible(viewer: Viewer, account_id: int, text: str) -> str | None:
    """What colleagues wrote, for whom it is meant."""
    return text if may_see_internal_notes(viewer, account_id) else None


def visible_plain(viewer: Viewer, account_id: int, text: str) -> str | None:
    """The same without its form."""
    return plain_text(text) if may_see_internal_notes(viewer, account_id) else None


def address_of(viewer: Viewer, account_id: int, number: int, key: str, uploaded_at: datetime | None) -> str | None:
    """Where a file can be fetched, by whom it is meant for."""
    return download_url(number, key) if uploaded_at and may_see_internal_notes(viewer, account_id) else None


@reads(models.Mention)
@strawberry.type(description="A colleague named with @.")
class Mention:
    user: User = shown("The colleague.")


@reads(models.InternalNote)
@strawberry.type(description="A note that only colleagues read; it never leaves the account.")
class InternalNote:
    id: strawberry.ID = identity("nte")
    body: str | None = computed(
        visible,
        "account_id",
        "body",
        with_viewer=True,
        about=f"What it says, as rich text; empty once deleted. {HIDDEN}",
    )
    text: str | None = computed(
        visible_plain, "account_id", "body", with_viewer=True, about=f"What it says, as plain text. {HIDDEN}"
    )
    author: User | None = shown("Who wrote it; null for a program.")
    mentions: list[Mention] = children(models.Mention, "note_id", "The colleagues that it names.", limit=20)
    created_at: datetime = shown("When it was written.")
    edited_at: datetime | None = shown("When it was last changed; null if it never was.")
    deleted_at: datetime | None = shown("When it was deleted; null while it stands.")


@reads(models.Attachment)
@strawberry.type(description="A file that only colleagues can fetch; it never leaves the account.")
class Attachment:
    id: strawberry.ID = identity("fil")
    name: str | None = computed(visible, "account_id", "name", with_viewer=True, about=f"What it is called. {HIDDEN}")
    content_type: str = shown("Its media type; application/octet-stream for what a browser would run.")
    size_bytes: int = shown("How many bytes it has.")
    uploader: User | None = shown("Who brought it; null for a program.")
    created_at: datetime = shown("When it was announced.")
    uploaded_at: datetime | None = shown("When its bytes were there; null until then.")
    download_url: str | None = computed(
        address_of,
        "account_id",
        "id",
        "storage_key",
        "uploaded_at",
        with_viewer=True,
        about="Where it can be fetched without a token, for half an hour at least; ask again for a new address. Null "
        "until its bytes are there, and for a token that may not read meetings.",
    )
