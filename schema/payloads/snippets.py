"""What colleagues are answered about snippets."""

import strawberry

from schema.payloads.base import Payload, result
from schema.types.snippet import Snippet


@strawberry.type(description="What `createSnippet` answers.")
class CreateSnippetPayload(Payload):
    snippet: Snippet | None = result("The snippet.")


@strawberry.type(description="What `editSnippet` answers.")
class EditSnippetPayload(Payload):
    snippet: Snippet | None = result("The snippet as it is now.")
