"""What colleagues send about snippets."""

import strawberry

from schema.inputs.given import IDEMPOTENCY_KEY, needed, optional
from schema.numbers import numbered
from server.snippets.write import NewSnippet, SnippetEdit

SHORTCUT = "What is typed behind `#`: a to z, digits, - and _; at most 64, and no other snippet has it."
BODY = "Rich text of at most 10000 characters; `snippetVariables` lists what may stand in it as `{{contact.name}}`."


@strawberry.input(description="A text to be put in by a shortcut.")
class CreateSnippetInput:
    shortcut: str = needed(SHORTCUT)
    name: str = needed("What it is called, at most 200 characters.")
    body: str = needed(BODY)
    is_shared: bool | None = optional("Whether it is everybody's, which administrators decide; one's own if left out.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="What is to be otherwise about a snippet; what is left out stays.")
class EditSnippetInput:
    snippet: strawberry.ID = needed("The snippet.")
    shortcut: str | None = optional(SHORTCUT)
    name: str | None = optional("What it is called, at most 200 characters.")
    body: str | None = optional(BODY)
    is_archived: bool | None = optional("Whether it is offered no more.")


def new_snippet_from(input: CreateSnippetInput) -> NewSnippet:
    """The input as the verb takes it."""
    return NewSnippet(input.shortcut, input.name, input.body, bool(input.is_shared), input.idempotency_key)


def snippet_edit_from(input: EditSnippetInput) -> SnippetEdit:
    """The input as the verb takes it."""
    number = numbered("snp", input.snippet)
    return SnippetEdit(number, input.shortcut, input.name, input.body, input.is_archived)
