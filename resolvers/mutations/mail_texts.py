"""What administrators do with the words of mails."""

from resolvers.door import mutation
from resolvers.queries.mail_texts import one_mail_text
from schema.context import Info
from schema.inputs.given import Input
from schema.inputs.mail_texts import (
    EditMailTextInput,
    ResetMailTextInput,
    SendMailTextToMeInput,
    mail_text_edit_from,
)
from schema.numbers import numbered_if
from schema.payloads.mail_texts import EditMailTextPayload, ResetMailTextPayload, SendMailTextToMePayload
from server.accounts.scopes import Scope
from server.deliveries import sample
from server.mail_texts import edit


@mutation(Scope.ACCOUNT_ADMIN, "A kind of mail is worded so from the next one on, also after an upgrade.")
async def edit_mail_text(info: Info, input: Input[EditMailTextInput]) -> EditMailTextPayload:
    await edit.edit_mail_text(info.context.signed_in, mail_text_edit_from(input))
    return EditMailTextPayload(mail_text=await one_mail_text(info, input.kind, input.locale))


@mutation(Scope.ACCOUNT_ADMIN, "A kind of mail is worded as usual again.")
async def reset_mail_text(info: Info, input: Input[ResetMailTextInput]) -> ResetMailTextPayload:
    await edit.reset_mail_text(info.context.signed_in, input.kind, input.locale)
    return ResetMailTextPayload(mail_text=await one_mail_text(info, input.kind, input.locale))


@mutation(Scope.ACCOUNT_ADMIN, "The mail that `previewMailText` shows is on its way to oneself, without an invitation.")
async def send_mail_text_to_me(info: Info, input: Input[SendMailTextToMeInput]) -> SendMailTextToMePayload:
    recipient = await sample.send_to_me(
        info.context.signed_in,
        mail_text_edit_from(input),
        meeting_id=numbered_if("mtg", input.meeting),
        idempotency_key=input.idempotency_key,
    )
    return SendMailTextToMePayload(recipient=recipient)
