"""How the account words its mails."""

import strawberry

from schema.enums import MailKind
from schema.types.meeting import Meeting
from server.mail_texts.queries import Worded

_TEMPLATE = "with `{placeholders}` for what differs from meeting to meeting"


@strawberry.type(description="How one kind of mail is worded in one language.")
class MailText:
    kind: MailKind = strawberry.field(description="Which mail it is.")
    locale: str = strawberry.field(description="The language, such as `en`, `ar` or `zh-Hant`.")
    subject: str = strawberry.field(description=f"The account's own subject, {_TEMPLATE}; empty if it has none.")
    opening: str = strawberry.field(description=f"Its own first sentence, {_TEMPLATE}; empty if it has none.")
    closing: str = strawberry.field(description=f"What it says at the end, {_TEMPLATE}; empty if nothing.")
    usual_subject: str = strawberry.field(description="The subject of mails for which the account has none of its own.")
    usual_opening: str = strawberry.field(description="The first sentence where the account has none of its own.")
    is_edited: bool = strawberry.field(description="Whether the account words any of it itself.")
    placeholders: list[str] = strawberry.field(
        description="What may stand in braces: `title` means `{title}`. At most 20. Internal notes are not among it."
    )
    unknown_placeholders: list[str] = strawberry.field(
        description="What stands in braces in the account's words although this release does not know it. A part with "
        "such a placeholder is worded as usual until it is mended. At most 20."
    )


@strawberry.type(description="A mail as it would go out.")
class MailPreview:
    sender: str = strawberry.field(description="The name it comes from.")
    subject: str = strawberry.field(description="Its subject.")
    preheader: str = strawberry.field(description="What a list of mails shows behind the subject.")
    text: str = strawberry.field(description="Its text part.")
    html: str = strawberry.field(description="Its HTML part: a whole page, to be shown in a sandboxed frame.")
    meeting: Meeting | None = strawberry.field(
        description="The meeting it tells of; null where the account has none yet, and one was made up."
    )


def mail_text_of(worded: Worded, placeholders: tuple[str, ...]) -> MailText:
    """The text as clients see it."""
    return MailText(
        kind=worded.kind,
        locale=worded.locale,
        subject=worded.own.subject,
        opening=worded.own.opening,
        closing=worded.own.closing,
        usual_subject=worded.usual.subject,
        usual_opening=worded.usual.opening,
        is_edited=any((worded.own.subject, worded.own.opening, worded.own.closing)),
        placeholders=list(placeholders),
        unknown_placeholders=list(worded.unknown[:20]),
    )
