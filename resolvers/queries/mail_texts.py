"""How the account words its mails, and how they read."""

from typing import Annotated

import strawberry

from resolvers.door import query
from schema.context import Info
from schema.enums import MailKind
from schema.numbers import numbered_if
from schema.types.mail_text import MailPreview, MailText, mail_text_of
from schema.types.meeting import Meeting
from server.accounts.scopes import Scope
from server.deliveries import sample
from server.mail_texts import queries
from server.mail_texts.edit import MailTextEdit
from server.mail_texts.placeholders import PLACEHOLDERS
from server.meetings import queries as meetings

Kind = Annotated[MailKind, strawberry.argument(description="Which mail it is.")]
OnlyKind = Annotated[MailKind | None, strawberry.argument(description="Only this kind; all if left out.")]
Locale = Annotated[str, strawberry.argument(description="The language, one of those that `mailTexts` lists.")]
OnlyLocale = Annotated[str | None, strawberry.argument(description="Only this language; all if left out.")]
Subject = Annotated[str | None, strawberry.argument(description="A subject to try; the one in force if left out.")]
Opening = Annotated[
    str | None, strawberry.argument(description="A first sentence to try; the one in force if left out.")
]
Closing = Annotated[str | None, strawberry.argument(description="A closing to try; the one in force if left out.")]
About = Annotated[
    strawberry.ID | None, strawberry.argument(description="The meeting it tells of; a recent one if left out.")
]


@query(Scope.ACCOUNT_ADMIN, "How each kind of mail is worded in each language. At most 500.")
async def mail_texts(info: Info, kind: OnlyKind = None, locale: OnlyLocale = None) -> list[MailText]:
    found = await queries.mail_texts(info.context.signed_in, kind=kind, locale=locale)
    return [mail_text_of(one, PLACEHOLDERS[one.kind]) for one in found]


@query(
    Scope.ACCOUNT_ADMIN,
    "A mail about a real meeting, as it would go out in these words. What `editMailText` would refuse is answered with "
    "`BAD_USER_INPUT`.",
)
async def preview_mail_text(
    info: Info,
    kind: Kind,
    locale: Locale,
    subject: Subject = None,
    opening: Opening = None,
    closing: Closing = None,
    meeting: About = None,
) -> MailPreview:
    viewer, draft = info.context.signed_in, MailTextEdit(kind, locale, subject, opening, closing)
    seen = await sample.preview(viewer, draft, meeting_id=numbered_if("mtg", meeting))
    told = None if seen.meeting_id is None else meetings.meeting(viewer, seen.meeting_id)
    return MailPreview(
        sender=seen.sender.name,
        subject=seen.subject,
        preheader=seen.preheader,
        text=seen.text,
        html=seen.html,
        meeting=None if told is None else await info.context.read.one(Meeting, told),
    )


async def one_mail_text(info: Info, kind: MailKind, locale: str) -> MailText | None:
    """The text of that kind and language, if there is such a language."""
    found = await queries.mail_texts(info.context.signed_in, kind=kind, locale=locale)
    return mail_text_of(found[0], PLACEHOLDERS[kind]) if found else None
