"""What administrators send about their account."""

import strawberry

from schema.inputs.given import needed, optional, several
from schema.inputs.meetings import ReminderInput, leads_from
from schema.scalars import TimeZone
from server.account_settings.edit import AccountChanges


@strawberry.input(description="What is to be otherwise; what is left out stays.")
class AccountChangesInput:
    name: str | None = optional("What it is called, at most 200 characters.")
    time_zone: TimeZone | None = optional("The zone used where nobody's own is known.")
    locale: str | None = optional("The language used where nobody's own is known, as a BCP 47 tag.")
    reminders_are_on_by_default: bool | None = optional("Whether new meetings inherit the default reminders.")
    default_reminders: list[ReminderInput] | None = several("All default reminders.", 3)
    meeting_types_are_enabled: bool | None = optional("Whether meetings have a type here.")
    sender_name: str | None = optional("From whom its mails are, at most 200 characters.")
    accent_color: str | None = optional("The colour of its pages and mails, such as #0a6a58.")
    removes_logo: bool | None = optional("True for no logo; `uploadLogo` sets one.")
    website_url: str | None = optional("Its address on the web; empty for none.")
    postal_address: str | None = optional("The postal address at the foot of its mails, at most 500 characters.")
    privacy_url: str | None = optional("Where its privacy notice is; empty for none.")
    contact_email: str | None = optional("Where visitors can write to; empty for none.")
    consent_text: str | None = optional(
        "What visitors agree to on pages without a text of their own, at most 2000 characters; empty for the usual one."
    )


@strawberry.input(description="A change to what holds for the whole account.")
class EditAccountInput:
    changes: AccountChangesInput = needed("What is to be otherwise.")


@strawberry.input(description="A logo, as it is announced.")
class UploadLogoInput:
    size_bytes: int = needed("How many bytes it has, exactly; at most 32768.")


def account_changes_from(input: AccountChangesInput) -> AccountChanges:
    """The changes as the verb takes them."""
    return AccountChanges(
        name=input.name,
        time_zone=input.time_zone,
        locale=input.locale,
        reminders_by_default=input.reminders_are_on_by_default,
        default_reminders=None if input.default_reminders is None else leads_from(input.default_reminders),
        meeting_types_enabled=input.meeting_types_are_enabled,
        sender_name=input.sender_name,
        accent_color=input.accent_color,
        removes_logo=input.removes_logo,
        website_url=input.website_url,
        postal_address=input.postal_address,
        privacy_url=input.privacy_url,
        contact_email=input.contact_email,
        consent_text=input.consent_text,
    )
