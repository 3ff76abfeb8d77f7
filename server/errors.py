"""What a person can mend, as one kind of exception: every room refuses with these codes and no others."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class ErrorCode(StrEnum):
    """Why something was refused. The list is closed: it grows only with a line in `mobile_contract/CHANGES.md`."""

    SLOT_TAKEN = "SLOT_TAKEN"
    SLOT_NOT_OFFERED = "SLOT_NOT_OFFERED"
    HOLD_EXPIRED = "HOLD_EXPIRED"
    LINK_NOT_FOUND = "LINK_NOT_FOUND"
    LINK_INACTIVE = "LINK_INACTIVE"
    ANSWER_MISSING = "ANSWER_MISSING"
    ANSWER_INVALID = "ANSWER_INVALID"
    EMAIL_INVALID = "EMAIL_INVALID"
    ATTENDEE_EMAIL_INVALID = "ATTENDEE_EMAIL_INVALID"
    NAME_REQUIRED = "NAME_REQUIRED"
    GUEST_LIMIT = "GUEST_LIMIT"
    CONSENT_REQUIRED = "CONSENT_REQUIRED"
    PAYMENT_REQUIRED = "PAYMENT_REQUIRED"
    PAYMENT_UNAVAILABLE = "PAYMENT_UNAVAILABLE"
    SANDBOX_ONLY = "SANDBOX_ONLY"
    TIME_IN_PAST = "TIME_IN_PAST"
    TIME_RANGE_INVALID = "TIME_RANGE_INVALID"
    TIME_ZONE_INVALID = "TIME_ZONE_INVALID"
    TEXT_TOO_LONG = "TEXT_TOO_LONG"
    SETTING_INVALID = "SETTING_INVALID"
    ADDRESS_REFUSED = "ADDRESS_REFUSED"
    ALREADY_USED = "ALREADY_USED"
    TOO_MANY_REMINDERS = "TOO_MANY_REMINDERS"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    CONFLICT = "CONFLICT"
    HOST_BUSY = "HOST_BUSY"
    SEAT_REQUIRED = "SEAT_REQUIRED"
    CALENDAR_NOT_CONNECTED = "CALENDAR_NOT_CONNECTED"
    VARIABLE_UNKNOWN = "VARIABLE_UNKNOWN"
    FILE_REFUSED = "FILE_REFUSED"
    STORAGE_FULL = "STORAGE_FULL"
    OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"
    MEETING_TYPE_DISABLED = "MEETING_TYPE_DISABLED"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    CREDENTIALS_INVALID = "CREDENTIALS_INVALID"
    TOKEN_EXPIRED = "TOKEN_EXPIRED"
    VIDEO_NOT_CONNECTED = "VIDEO_NOT_CONNECTED"
    VIDEO_EMAIL_MISMATCH = "VIDEO_EMAIL_MISMATCH"
    VIDEO_UNAVAILABLE = "VIDEO_UNAVAILABLE"
    PUSH_TOKEN_INVALID = "PUSH_TOKEN_INVALID"
    RATE_LIMITED = "RATE_LIMITED"


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that was wrong: a code for the program, a sentence with the next step for the person, where it was."""

    code: ErrorCode
    message: str
    path: tuple[str, ...] = ()


class Refused(Exception):
    """A verb said no; nothing was written. `complaints` holds everything that was found wrong, not just the first."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        super().__init__("; ".join(f"{one.code}: {one.message}" for one in complaints))
        self.complaints = tuple(complaints)


def refusal(code: ErrorCode, message: str, *path: str) -> Refused:
    """A refusal with one complaint, ready to be raised."""
    return Refused([Complaint(code, message, path)])


class Unauthenticated(Exception):
    """A bearer token that is wrong, ended or revoked. The message says which next step helps."""
