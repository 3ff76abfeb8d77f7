"""Texts that are put in by a shortcut."""

from typing import Annotated

import strawberry

from resolvers.door import query
from schema.context import Info
from schema.numbers import numbered, numbered_if
from schema.paging import After, Connection, First, page_size
from schema.types.snippet import ExpandedSnippet, Snippet, SnippetVariable
from server.accounts.scopes import Scope
from server.rich_text import plain_text
from server.snippets import expand, queries
from server.snippets.variables import VARIABLES

Search = Annotated[str | None, strawberry.argument(description="With this text in shortcut or name only; any case.")]
Archived = Annotated[bool, strawberry.argument(description="Whether those that are offered no more are among them.")]


@query(Scope.MEETINGS_READ, "Everybody's snippets and one's own, by shortcut.")
async def snippets(
    info: Info, search: Search = None, with_archived: Archived = False, first: First = 50, after: After = None
) -> Connection[Snippet]:
    rows = queries.snippets(info.context.signed_in, search=search, with_archived=with_archived)
    return await info.context.read.page(Snippet, rows, page_size(first), after)


@query(Scope.MEETINGS_READ, "What may stand in double braces in a snippet: `{{contact.name}}`. At most 100.")
async def snippet_variables(info: Info) -> list[SnippetVariable]:
    return [SnippetVariable(name=name, about=about) for name, about in VARIABLES.items()]


@query(Scope.MEETINGS_READ, "A snippet as it would be put in: filled in with what is known of a meeting and a contact.")
async def expand_snippet(
    info: Info,
    snippet: Annotated[strawberry.ID, strawberry.argument(description="The snippet.")],
    meeting: Annotated[strawberry.ID | None, strawberry.argument(description="The meeting it is put into.")] = None,
    contact: Annotated[
        strawberry.ID | None, strawberry.argument(description="Whom it is for; the meeting's contact if left out.")
    ] = None,
) -> ExpandedSnippet:
    filled = await expand.expand_snippet(
        info.context.signed_in,
        numbered("snp", snippet),
        meeting_id=numbered_if("mtg", meeting),
        contact_id=numbered_if("con", contact),
    )
    return ExpandedSnippet(html=filled.html, text=plain_text(filled.html), missing=list(filled.missing))
