"""Who makes the rooms of meetings over video."""

from typing import Annotated

import strawberry

from resolvers.door import query
from schema.context import Info
from schema.numbers import numbered_if
from schema.types.video import VideoAccount, VideoExtension
from server.accounts.scopes import Scope
from server.video import queries
from server.video.extensions import MOST_EXTENSIONS

Whose = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Whose; the viewer's if left out. Any colleague's may be asked."),
]


@query(Scope.ACCOUNT_READ, f"The outside services that make video rooms, by name. At most {MOST_EXTENSIONS}.")
async def video_extensions(info: Info) -> list[VideoExtension]:
    return await info.context.read.many(VideoExtension, queries.video_extensions(info.context.signed_in))


@query(
    Scope.ACCOUNT_READ,
    "The video accounts of a colleague, the default one first: what a meeting that they host may have as its room. "
    "At most 100.",
)
async def video_accounts(info: Info, user: Whose = None) -> list[VideoAccount]:
    rows = queries.video_accounts(info.context.signed_in, numbered_if("usr", user))
    return await info.context.read.many(VideoAccount, rows)
