"""An administrator words a kind of mail, or leaves it to us again."""

from __future__ import annotations

from dataclasses import dataclass

from server import clock, database
from server.accounts import policy
from server.accounts.viewer import Viewer
from server.changes.data_version import raise_data_version
from server.checks import long_text, short, short_text
from server.complaints import Complaints
from server.errors import ErrorCode, refusal
from server.mail_texts.placeholders import PLACEHOLDERS, unknown_placeholders
from server.models import MailText
from server.models.enums import MailKind
from server.wording import LOCALES

LONGEST_SUBJECT = 300
LONGEST_OPENING = 1000
LONGEST_CLOSING = 2000

_MAKE = """
    INSERT INTO mail_text (created_at, account_id, kind, locale, subject, opening, closing)
    VALUES ($1, $2, $3, $4, '', '', '') ON CONFLICT (account_id, kind, locale) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class MailTextEdit:
    """How one kind of mail is to be worded in one language. None stays as it is; an empty part is worded as usual."""

    kind: MailKind
    locale: str
    subject: str | None = None
    opening: str | None = None
    closing: str | None = None


async def edit_mail_text(viewer: Viewer, edit: MailTextEdit) -> None:
    """Mails of this kind are worded so in this language from the next one on, also after an upgrade.

    `FORBIDDEN`, or all at once what is wrong: `SETTING_INVALID` (a language that no mail is written in, a placeholder
    that this kind does not have), `TEXT_TOO_LONG`."""
    _require_admin(viewer)
    parts = checked_parts(edit)
    async with database.transaction():
        # Of two who word the same mail for the first time, the second finds the row of the first.
        await database.execute(_MAKE, clock.now_epoch(), viewer.account_id, edit.kind.value, edit.locale)
        found = MailText.filter(account_id=viewer.account_id, kind=edit.kind.value, locale=edit.locale)
        row = await found.select_for_update(no_key=True).get()
        row.update_from_dict(parts)
        if row.subject or row.opening or row.closing:
            await row.save()
        else:
            await row.delete()
        await raise_data_version(viewer.account_id)


async def reset_mail_text(viewer: Viewer, kind: MailKind, locale: str) -> None:
    """Mails of this kind are worded as usual in this language again. `FORBIDDEN`, `SETTING_INVALID`
    (language)."""
    _require_admin(viewer)
    _require_language(locale)
    async with database.transaction():
        await MailText.filter(account_id=viewer.account_id, kind=kind.value, locale=locale).delete()
        await raise_data_version(viewer.account_id)


def checked_parts(edit: MailTextEdit) -> dict[str, str]:
    """The parts that are said, cleaned; refused as `edit_mail_text` does."""
    found = Complaints()
    found.ask(_require_language, edit.locale)
    parts = {
        "subject": found.ask(short_text, edit.subject or "", LONGEST_SUBJECT, "subject"),
        "opening": found.ask(short_text, edit.opening or "", LONGEST_OPENING, "opening"),
        "closing": found.ask(long_text, edit.closing or "", LONGEST_CLOSING, "closing"),
    }
    for name, text in parts.items():
        found.ask(_require_known_placeholders, text or "", edit.kind, name)
    found.refuse_if_any()
    return {name: text for name, text in parts.items() if text is not None and getattr(edit, name) is not None}


def _require_language(locale: str) -> None:
    if locale not in LOCALES:
        message = f"No mail is written in {short(locale)!r}. Choose among {', '.join(LOCALES)}."
        raise refusal(ErrorCode.SETTING_INVALID, message, "locale")


def _require_known_placeholders(text: str, kind: MailKind, part: str) -> None:
    if unknown := unknown_placeholders(text, kind):
        wrong = ", ".join(f"{{{short(name)}}}" for name in unknown[:5])
        allowed = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS[kind])
        message = f"This mail has no {wrong}. You can use {allowed}."
        raise refusal(ErrorCode.SETTING_INVALID, message, part)


def _require_admin(viewer: Viewer) -> None:
    if not policy.may_edit_account(viewer, viewer.account_id):
        message = "Only an administrator may word the account's mails. Please ask one of them."
        raise refusal(ErrorCode.FORBIDDEN, message, "kind")
