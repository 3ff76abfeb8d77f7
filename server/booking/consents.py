"""What a visitor is asked to agree to, in their language, and what is kept of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from server.complaints import Complaints
from server.errors import ErrorCode
from server.links.consent import Consent, ConsentKind, consent_of
from server.links.pages import SchedulingPage
from server.wording import say


def asked_consent(page: SchedulingPage, locale: str) -> Consent:
    """The page's consent in the words that are shown: where neither link nor account has a text, the sentence that
    every page has; a LEGITIMATE_INTEREST says besides what follows from it."""
    consent, company = consent_of(page.link, page.account), page.account.public_name
    text = consent.text or say(locale, "form.consent", company=company)
    if consent.kind is ConsentKind.LEGITIMATE_INTEREST:
        text = f"{text} {say(locale, 'form.interest', company=company)}"
    return replace(consent, text=text)


def check_consents(consent: Consent, given: Collection[str], found: Complaints) -> None:
    """Every box without which nobody books is ticked; `CONSENT_REQUIRED` names each that is not."""
    for box in consent.missing(given):
        message = f"Please agree to this, without it nothing can be booked: {box.label}"
        found.add(ErrorCode.CONSENT_REQUIRED, message, "consents", box.key)
