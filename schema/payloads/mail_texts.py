"""What comes of wording a mail."""

import strawberry

from schema.payloads.base import Payload, result
from schema.types.mail_text import MailText


@strawberry.type(description="What `editMailText` answers.")
class EditMailTextPayload(Payload):
    mail_text: MailText | None = result("The text as it is now.")


@strawberry.type(description="What `resetMailText` answers.")
class ResetMailTextPayload(Payload):
    mail_text: MailText | None = result("The text, worded as usual.")


@strawberry.type(description="What `sendMailTextToMe` answers.")
class SendMailTextToMePayload(Payload):
    recipient: str | None = result("The address that the mail is on its way to.")
