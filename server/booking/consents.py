"""What a visitor is asked to agree to, in their language, and what is kept of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from server.complaints import Complaints
from server.errors import ErrorCode
from server.links.consent import Consent, consent_of
from server.links.pages import SchedulingPage
from server.wording import say


def asked_consent(page: SchedulingPage, locale: str) -> Consent:
    """The page's consent; where neither link nor account has a text, the sentence that every page has."""
    consent = consent_of(page.link, page.account)
    company = page.account.sender_name or page.account.name
    return consent if consent.text else replace(consent, text=say(locale, "form.consent", company=company))


def check_consents(consent: Consent, given: Collection[str], found: Complaints) -> None:
    """Every box without which nobody books is ticked; `CONSENT_REQUIRED` names each that is not."""
    for box in consent.missing(given):
        message = f"Please agree to this, without it nothing can be booked: {box.label}"
        found.add(ErrorCode.CONSENT_REQUIRED, message, "consents", box.key)
