"""`parley create-account`, `create-user`, `create-token`: the only way in to a fresh install (E-6)."""

from __future__ import annotations

import secrets
import sys
from datetime import timedelta
from typing import Annotated

import typer

from server import clock, ids
from server.accounts.api_tokens import NewApiToken
from server.accounts.api_tokens import create_api_token as new_token
from server.accounts.create import create_account as new_account
from server.accounts.create import create_user as new_user
from server.accounts.passwords import LEAST
from server.accounts.scopes import READ_SCOPES
from server.checks import valid_email
from server.cli.answering import Json, answer, on_terminal
from server.cli.running import on_database
from server.errors import ErrorCode, refusal
from server.models import Account, User
from server.models.enums import AccountKind, Role
from server.wording import LOCALES

AccountOption = Annotated[
    str, typer.Option("--account", help="Which account, such as acc_1; needed only when there are several.")
]


def create_account(
    name: Annotated[str, typer.Argument(help="What the company is called, as visitors will read it.")],
    time_zone: Annotated[str, typer.Option(help="Zone of the account, such as Europe/Warsaw.")] = "UTC",
    locale: Annotated[str, typer.Option(help=f"Language of the account: {', '.join(LOCALES)}.")] = "en",
    sandbox: Annotated[bool, typer.Option("--sandbox", help="A place to try things: nothing leaves it.")] = False,
    as_json: Json = False,
) -> None:
    """Make an account. An account of that name that exists is left as it is."""
    kind = AccountKind.SANDBOX if sandbox else AccountKind.STANDARD

    async def make() -> tuple[Account, bool]:
        known = await Account.get_or_none(name=name.strip())
        if known is not None:
            return known, False
        return await new_account(name, kind=kind, time_zone=time_zone, locale=locale), True

    account, is_new = on_database(make)
    public = ids.public_id("acc", account.id)
    said = f"Made account {public}, {account.name}." if is_new else f"{account.name} is there already: {public}."
    answer(
        {"account": public, "name": account.name, "created": is_new},
        sentence=f"{said} Next: parley create-user you@example.com --name 'Your Name' --account {public} --admin",
        as_json=as_json,
    )


def create_user(
    email: Annotated[str, typer.Argument(help="The address the user signs in with.")],
    name: Annotated[str, typer.Option(help="The user's name, as visitors will read it.")],
    account: AccountOption = "",
    admin: Annotated[bool, typer.Option("--admin", help="May manage the account.")] = False,
    no_seat: Annotated[
        bool, typer.Option("--no-seat", help="Schedules for nobody else, and nobody else for them.")
    ] = False,
    time_zone: Annotated[str | None, typer.Option(help="The user's zone; the account's if left out.")] = None,
    locale: Annotated[str | None, typer.Option(help="The user's language; the account's if left out.")] = None,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from input.")] = False,
    as_json: Json = False,
) -> None:
    """Make a user. A user who exists is left as they are.

    The password is asked for on a terminal, read with --password-stdin, or else made up and shown this once."""

    async def make() -> tuple[User, bool, str | None]:
        known = await User.get_or_none(email=valid_email(email, "email"))
        if known is not None:
            return known, False, None
        owner = await account_named(account)
        password, was_made_up = _password(password_stdin)
        made = await new_user(
            owner.id,
            email=email,
            name=name,
            password=password,
            role=Role.ADMIN if admin else Role.MEMBER,
            has_seat=not no_seat,
            time_zone=time_zone,
            locale=locale,
        )
        return made, True, password if was_made_up else None

    user, is_new, shown = on_database(make)
    facts = {"user": ids.public_id("usr", user.id), "email": user.email, "created": is_new}
    said = f"Made {facts['user']}, {user.name} <{user.email}>." if is_new else f"{user.email} is there already."
    answer(
        facts | ({"password": shown} if shown else {}),
        sentence=f"{said} Password, shown this once: {shown}" if shown else said,
        as_json=as_json,
    )


def create_token(
    name: Annotated[str, typer.Argument(help="What the token is for, so that it is known again in the list.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(help="What it may be used for; repeat for several. Every read scope if left out."),
    ] = None,
    account: AccountOption = "",
    user: Annotated[str | None, typer.Option(help="Address of the user it acts as; the account if left out.")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="When it expires; never if left out.")] = None,
    as_json: Json = False,
) -> None:
    """Make an API token, and show it this once. Each call makes another."""

    async def make() -> NewApiToken:
        owner = await User.get_or_none(email=user.strip().lower()) if user else None
        if user and owner is None:
            raise refusal(ErrorCode.NOT_FOUND, f"Nobody signs in with {user}. Make them with `parley create-user`.")
        return await new_token(
            owner.account_id if owner is not None else (await account_named(account)).id,
            name=name,
            scopes=scope or READ_SCOPES,
            user_id=owner.id if owner is not None else None,
            expires_at=clock.now() + timedelta(days=days) if days else None,
        )

    made = on_database(make)
    facts = {"id": ids.public_id("tok", made.token.id), "token": made.secret, "scopes": made.token.scopes}
    said = f"API token, shown this once: {made.secret}\nGood for: {', '.join(made.token.scopes)}"
    answer(facts, sentence=said, as_json=as_json)


async def account_named(public: str) -> Account:
    """The account of that public id, or the only one there is; `NOT_FOUND`, with what there are, otherwise."""
    if public:
        account = await Account.get_or_none(id=ids.number_of("acc", public) or 0)
        if account is None:
            raise refusal(ErrorCode.NOT_FOUND, f"There is no account {public}. They look like acc_1.")
        return account
    accounts = await Account.all().order_by("id").limit(20)
    if len(accounts) == 1:
        return accounts[0]
    if not accounts:
        raise refusal(ErrorCode.NOT_FOUND, "There is no account yet. Make one with `parley create-account`.")
    known = ", ".join(f"{ids.public_id('acc', one.id)} ({one.name})" for one in accounts)
    raise refusal(ErrorCode.NOT_FOUND, f"There are several accounts; say which with --account: {known}.")


def _password(from_input: bool) -> tuple[str, bool]:
    """The password to set, and whether it was made up here."""
    if from_input:
        return sys.stdin.readline().rstrip("\r\n"), False
    if on_terminal():
        question = f"Password ({LEAST} characters or more)"
        return typer.prompt(question, hide_input=True, confirmation_prompt=True, err=True), False
    return secrets.token_urlsafe(15), True
