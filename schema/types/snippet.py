"""Texts that are put in by a shortcut."""

import strawberry

from schema.reading import computed, identity, reads, shown
from schema.types.user import User
from server import models


def is_without_owner(owner_id: int | None) -> bool:
    """Whether everybody uses it."""
    return owner_id is None


@reads(models.Snippet)
@strawberry.type(description="A text that is put in by its shortcut.")
class Snippet:
    id: strawberry.ID = identity("snp")
    shortcut: str = shown("What is typed behind `#` to put it in.")
    name: str = shown("What it is called.")
    body: str = shown("The text, as rich text with variables such as {{contact.firstName}} in it.")
    owner: User | None = shown("Whose it is; null for everybody's.")
    is_shared: bool = computed(is_without_owner, "owner_id", about="Whether it is everybody's.")
    is_archived: bool = shown("Whether it is no longer offered.")


@strawberry.type(description="A variable that snippets may have, written with two braces: {{contact.firstName}}.")
class SnippetVariable:
    name: str = strawberry.field(description="What stands between the braces.")
    about: str = strawberry.field(description="What it stands for, in English.")


@strawberry.type(description="A snippet with its variables filled in.")
class ExpandedSnippet:
    html: str = strawberry.field(description="As rich text.")
    text: str = strawberry.field(description="As plain text.")
    missing: list[str] = strawberry.field(
        description="Variables for which nothing is known, and which were left out. At most 100."
    )
