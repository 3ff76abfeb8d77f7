"""What wording a mail takes."""

import strawberry

from schema.enums import MailKind
from schema.inputs.given import IDEMPOTENCY_KEY, needed, optional
from server.mail_texts.edit import MailTextEdit

_KIND = "Which mail it is."
_LOCALE = "The language, one of those that `mailTexts` lists."
_LEFT_OUT = "Left out, it stays as it is; empty, it is worded as usual."


@strawberry.input(description="How one kind of mail is to be worded in one language.")
class EditMailTextInput:
    kind: MailKind = needed(_KIND)
    locale: str = needed(_LOCALE)
    subject: str | None = optional(f"The subject, up to 300 characters. {_LEFT_OUT}")
    opening: str | None = optional(f"The first sentence, up to 1,000 characters. {_LEFT_OUT}")
    closing: str | None = optional(f"What is said at the end, up to 2,000 characters. {_LEFT_OUT}")


@strawberry.input(description="Which mail is worded as usual again.")
class ResetMailTextInput:
    kind: MailKind = needed(_KIND)
    locale: str = needed(_LOCALE)


@strawberry.input(description="Which mail one sends to oneself, in which words.")
class SendMailTextToMeInput:
    kind: MailKind = needed(_KIND)
    locale: str = needed(_LOCALE)
    subject: str | None = optional("A subject to try; the one in force if left out.")
    opening: str | None = optional("A first sentence to try; the one in force if left out.")
    closing: str | None = optional("A closing to try; the one in force if left out.")
    meeting: strawberry.ID | None = optional("The meeting it tells of; a recent one if left out.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


def mail_text_edit_from(input: EditMailTextInput | SendMailTextToMeInput) -> MailTextEdit:
    """The input as the verbs take it."""
    return MailTextEdit(input.kind, input.locale, input.subject, input.opening, input.closing)
