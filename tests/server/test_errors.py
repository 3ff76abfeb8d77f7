from pathlib import Path

from server.errors import Complaint, ErrorCode, Refused, refusal

CONTRACT = """SLOT_TAKEN SLOT_NOT_OFFERED HOLD_EXPIRED LINK_NOT_FOUND LINK_INACTIVE ANSWER_MISSING ANSWER_INVALID
EMAIL_INVALID NAME_REQUIRED GUEST_LIMIT CONSENT_REQUIRED PAYMENT_REQUIRED SANDBOX_ONLY TIME_IN_PAST TIME_RANGE_INVALID
TIME_ZONE_INVALID TEXT_TOO_LONG TOO_MANY_REMINDERS NOT_FOUND FORBIDDEN CONFLICT HOST_BUSY SEAT_REQUIRED
CALENDAR_NOT_CONNECTED OUTCOME_UNKNOWN MEETING_TYPE_DISABLED IDEMPOTENCY_KEY_REUSED CREDENTIALS_INVALID TOKEN_EXPIRED
VIDEO_EMAIL_MISMATCH RATE_LIMITED"""
CHANGES = Path(__file__).parents[2] / "mobile_contract" / "CHANGES.md"


def test_the_codes_of_the_contract_are_there_and_any_other_is_told_as_a_change() -> None:
    codes, told = [code.value for code in ErrorCode], CHANGES.read_text()
    assert [code for code in codes if code in CONTRACT.split()] == CONTRACT.split()
    assert [code for code in codes if code not in CONTRACT.split() and f"`{code}`" not in told] == []


def test_a_refusal_says_what_where_and_why() -> None:
    refused = refusal(ErrorCode.EMAIL_INVALID, "That is no address.", "guests", "0")
    assert refused.complaints == (Complaint(ErrorCode.EMAIL_INVALID, "That is no address.", ("guests", "0")),)
    assert str(refused) == "EMAIL_INVALID: That is no address."


def test_a_refusal_may_hold_several_complaints() -> None:
    complaints = [Complaint(ErrorCode.NAME_REQUIRED, "No name."), Complaint(ErrorCode.EMAIL_INVALID, "No address.")]
    assert Refused(complaints).complaints == tuple(complaints)
    assert str(Refused(complaints)) == "NAME_REQUIRED: No name.; EMAIL_INVALID: No address."
