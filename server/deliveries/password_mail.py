"""The mail with which somebody sets their password: an invitation, or after they forgot it."""

from __future__ import annotations

from server import clock, settings
from server.accounts.password_tokens import secret_from
from server.deliveries.letters import letter_of_account
from server.deliveries.post import NOT_WANTED, post
from server.deliveries.readers import Reader, user_reader
from server.deliveries.words import company_of_account
from server.gateways.mail.rendering import Action, Content, Fact
from server.models import Job, PasswordToken
from server.wording import say


async def deliver_password_mail(job: Job) -> str:
    """The user has the link, unless a later one was sent, or it was used. Returns what there is to note about how it
    went."""
    found = PasswordToken.get_or_none(id=job.payload["token_id"], account_id=job.account_id, used_at=None)
    token = await found.select_related("user", "account")
    if token is None or not token.user.is_active or token.expires_at <= clock.now():
        return NOT_WANTED
    reader = user_reader(token.user)
    content = password_mail(token, secret_from(job.payload["seed"]), reader, inviter=job.payload["inviter"])
    letter = letter_of_account(token.account, reader, content, job, kind=kind_of(token), about=f"password.{token.id}")
    return await post(job, [letter], account=token.account)


def kind_of(token: PasswordToken) -> str:
    """Which mail it is sent with: the invitation of a new colleague, or the answer to who forgot theirs."""
    return "user_invited" if token.is_invitation else "password_forgotten"


def password_mail(token: PasswordToken, secret: str, reader: Reader, *, inviter: str) -> Content:
    """What the user reads; `inviter` is empty for a program."""
    locale, company, kind = reader.locale, token.account.public_name, kind_of(token)
    page = "invitation" if token.is_invitation else "password"
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
