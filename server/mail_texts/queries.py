"""How an account words its mails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from server.accounts.viewer import Viewer
from server.mail_texts.placeholders import unknown_placeholders
from server.mail_texts.shipped import Words, shipped
from server.models import MailText
from server.models.enums import MailKind
from server.wording import LOCALES

OwnWords = Mapping[tuple[str, str], Words]
"""By kind and language."""


@dataclass(frozen=True, slots=True)
class Worded:
    """One kind of mail in one language: the account's own words, and those that stand where it has none. `unknown`
    are placeholders of its own words that this release does not have; a part with one is worded as usual."""

    kind: MailKind
    locale: str
    own: Words
    usual: Words
    unknown: tuple[str, ...]


async def own_words(account_id: int) -> OwnWords:
    """All that the account words itself."""
    rows = await MailText.filter(account_id=account_id)
    return {(row.kind, row.locale): Words(row.subject, row.opening, row.closing) for row in rows}


async def mail_texts(viewer: Viewer, *, kind: MailKind | None = None, locale: str | None = None) -> list[Worded]:
    """Every kind of mail in every language, or those of one kind or language, in the order in which mails come."""
    own = await own_words(viewer.account_id)
    kinds = [one for one in MailKind if kind in (None, one)]
    return [_worded(one, language, own) for one in kinds for language in LOCALES if locale in (None, language)]


def _worded(kind: MailKind, locale: str, own: OwnWords) -> Worded:
    words = own.get((kind.value, locale), Words())
    unknown = [
        name for part in (words.subject, words.opening, words.closing) for name in unknown_placeholders(part, kind)
    ]
    return Worded(kind, locale, words, shipped(kind, locale), tuple(dict.fromkeys(unknown)))
