"""New accounts and users. There is no open sign-up: only the command line and, later, an invitation lead here (E-6)."""

from __future__ import annotations

from tortoise.exceptions import IntegrityError

from server import database
from server.accounts import defaults
from server.accounts.passwords import hash_password, valid_password
from server.changes.data_version import raise_data_version
from server.checks import required_text, valid_email, valid_time_zone
from server.errors import ErrorCode, refusal
from server.models import Account, Outcome, User
from server.models.enums import AccountKind, Role


async def create_account(
    name: str, *, kind: AccountKind = AccountKind.STANDARD, time_zone: str = "UTC", locale: str = "en"
) -> Account:
    """A new tenant with the five default outcomes (S2-54). `NAME_REQUIRED`, `TEXT_TOO_LONG`, `TIME_ZONE_INVALID`."""
    name, time_zone = required_text(name, 200, "name"), valid_time_zone(time_zone, "timeZone")
    async with database.transaction():
        account = await Account.create(name=name, kind=kind, time_zone=time_zone, locale=locale, sender_name=name)
        await Outcome.bulk_create(defaults.outcomes_of(account.id))
    return account


async def create_user(
    account_id: int,
    *,
    email: str,
    name: str,
    password: str | None = None,
    role: Role = Role.MEMBER,
    has_seat: bool = True,
    time_zone: str | None = None,
    locale: str | None = None,
) -> User:
    """A user with office hours from Monday to Friday and a calendar kept here. Without a password nobody can sign in
    as them yet. Zone and locale are the account's unless given.

    `NOT_FOUND` (account), `EMAIL_INVALID`, `NAME_REQUIRED`, `CREDENTIALS_INVALID` (password), `TIME_ZONE_INVALID`;
    `CONFLICT` when somebody on this server has the address."""
    email, name = valid_email(email, "email"), required_text(name, 200, "name")
    hashed = await hash_password(valid_password(password, "password")) if password is not None else None
    try:
        async with database.transaction():
            account = await Account.get_or_none(id=account_id)
            if account is None:
                raise refusal(ErrorCode.NOT_FOUND, "There is no such account.", "account")
            user = await User.create(
                account_id=account.id,
                email=email,
                name=name,
                password_hash=hashed,
                role=role,
                has_seat=has_seat,
                time_zone=valid_time_zone(time_zone or account.time_zone, "timeZone"),
                locale=locale or account.locale,
                weekly_hours=defaults.weekly_hours(),
            )
            await defaults.calendar_of(user).save()
            await raise_data_version(account.id)
    except IntegrityError as error:
        message = f"Somebody signs in with {email} already. Use another address."
        raise refusal(ErrorCode.CONFLICT, message, "email") from error
    return user
