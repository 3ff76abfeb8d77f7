"""Texts that people put in again and again."""

from resolvers.door import mutation
from schema.context import Info
from schema.inputs.given import Input
from schema.inputs.snippets import CreateSnippetInput, EditSnippetInput, new_snippet_from, snippet_edit_from
from schema.payloads.snippets import CreateSnippetPayload, EditSnippetPayload
from schema.types.snippet import Snippet
from server.accounts.scopes import Scope
from server.snippets import queries, write


@mutation(Scope.MEETINGS_WRITE, "A text can be put in by its shortcut.")
async def create_snippet(info: Info, input: Input[CreateSnippetInput]) -> CreateSnippetPayload:
    number = await write.create_snippet(info.context.signed_in, new_snippet_from(input))
    return CreateSnippetPayload(snippet=await _snippet(info, number))


@mutation(Scope.MEETINGS_WRITE, "A snippet says something else, has another shortcut, or is offered no more.")
async def edit_snippet(info: Info, input: Input[EditSnippetInput]) -> EditSnippetPayload:
    number = await write.edit_snippet(info.context.signed_in, snippet_edit_from(input))
    return EditSnippetPayload(snippet=await _snippet(info, number))


async def _snippet(info: Info, number: int) -> Snippet | None:
    return await info.context.read.one(Snippet, queries.snippet(info.context.signed_in, number))
