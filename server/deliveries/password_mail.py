"""The mail with which somebody sets their password: an invitation, or after they forgot it."""

from __future__ import annotations

from urllib.parse import urlsplit

from server import clock, settings
from server.accounts.password_tokens import secret_from
from server.deliveries.own_words import company_name
from server.deliveries.post import post
from server.deliveries.readers import Reader, user_reader
from server.deliveries.words import company_of_account
from server.gateways.mail.messages import Letter, Mailbox
from server.gateways.mail.rendering import Action, Content, Fact, as_html, as_text
from server.models import Account, Job, PasswordToken
from server.wording import say


async def deliver_password_mail(job: Job) -> str:
    """The user has the link, unless a later one was sent, or it was used. Returns what there is to note about how it
    went."""
    found = PasswordToken.get_or_none(id=job.payload["token_id"], account_id=job.account_id, used_at=None)
    token = await found.select_related("user", "account")
    if token is None or not token.user.is_active or token.expires_at <= clock.now():
        return "no longer wanted"
    reader = user_reader(token.user)
    content = password_mail(token, secret_from(job.payload["seed"]), reader, inviter=job.payload["inviter"])
    return await post(job, [_letter(job, token.account, reader, content)], account=token.account)


def password_mail(token: PasswordToken, secret: str, reader: Reader, *, inviter: str) -> Content:
    """What the user reads; `inviter` is empty for a program."""
    locale, company = reader.locale, company_name(token.account)
    kind, page = ("user_invited", "invitation") if token.is_invitation else ("password_forgotten", "password")
    opening = say(locale, f"mail.{kind}.opening", company=company)
    return Content(
        locale=locale,
        subject=say(locale, f"mail.{kind}.subject", company=company, inviter=inviter or company),
        preheader=opening,
        opening=opening,
        facts=(Fact(say(locale, "mail.sign_in_address"), (reader.mailbox.email,), is_strong=True),),
        company=company_of_account(token.account, locale),
        why=say(locale, f"mail.why_{kind}"),
        buttons=(Action(say(locale, f"mail.{kind}.button"), settings.current().address(f"/{page}/{secret}")),),
        notes=(say(locale, f"mail.{kind}.next"),),
    )


def _letter(job: Job, account: Account, reader: Reader, content: Content) -> Letter:
    own = settings.current()
    sender = Mailbox(company_name(account), own.mail_from)
    return Letter(
        kind="password",
        message_id=f"<password.{job.payload['token_id']}.{job.id}@{urlsplit(own.public_url).hostname}>",
        sent_at=job.created_at,
        sender=sender,
        recipient=reader.mailbox,
        reply_to=Mailbox(sender.name, account.contact_email or own.mail_from),
        subject=content.subject,
        text=as_text(content),
        html=as_html(content),
        locale=content.locale,
    )
