from server.errors import Complaint, ErrorCode, Refused, refusal

CONTRACT = """SLOT_TAKEN SLOT_NOT_OFFERED HOLD_EXPIRED LINK_NOT_FOUND LINK_INACTIVE ANSWER_MISSING ANSWER_INVALID
EMAIL_INVALID NAME_REQUIRED GUEST_LIMIT CONSENT_REQUIRED PAYMENT_REQUIRED SANDBOX_ONLY TIME_IN_PAST TIME_RANGE_INVALID
TIME_ZONE_INVALID TEXT_TOO_LONG SETTING_INVALID ADDRESS_REFUSED TOO_MANY_REMINDERS NOT_FOUND FORBIDDEN CONFLICT
HOST_BUSY SEAT_REQUIRED
CALENDAR_NOT_CONNECTED OUTCOME_UNKNOWN MEETING_TYPE_DISABLED IDEMPOTENCY_KEY_REUSED CREDENTIALS_INVALID TOKEN_EXPIRED
VIDEO_EMAIL_MISMATCH PUSH_TOKEN_INVALID RATE_LIMITED"""


def test_the_codes_are_those_of_the_contract() -> None:
    assert [code.value for code in ErrorCode] == CONTRACT.split()


def test_a_refusal_says_what_where_and_why() -> None:
    refused = refusal(ErrorCode.EMAIL_INVALID, "That is no address.", "guests", "0")
    assert refused.complaints == (Complaint(ErrorCode.EMAIL_INVALID, "That is no address.", ("guests", "0")),)
    assert str(refused) == "EMAIL_INVALID: That is no address."


def test_a_refusal_may_hold_several_complaints() -> None:
    complaints = [Complaint(ErrorCode.NAME_REQUIRED, "No name."), Complaint(ErrorCode.EMAIL_INVALID, "No address.")]
    assert Refused(complaints).complaints == tuple(complaints)
    assert str(Refused(complaints)) == "NAME_REQUIRED: No name.; EMAIL_INVALID: No address."
