"""What the database itself refuses, whatever the code above it does. Written by hand, once for each database.

Holds are not among it: they end by the clock, which no constraint can ask. They are checked under the host's lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from server.database.searching import add_words, expected_of_words
from server.database.sqlite_editor import KeepingSchemaEditor


@dataclass(frozen=True, slots=True)
class Check:
    """Every row of `table` satisfies `condition`. In force from the migration `since` on."""

    name: str
    table: str
    condition: str
    since: str = "0002_integrity"


@dataclass(frozen=True, slots=True)
class UniqueIndex:
    """No two rows of `table` have the same `columns`, among those that satisfy `where`."""

    name: str
    table: str
    columns: str
    where: str = ""
    since: str = "0002_integrity"
    kind = "UNIQUE INDEX"


@dataclass(frozen=True, slots=True)
class CoveringIndex:
    """It refuses nothing: these `columns` are read without looking at the rows."""

    name: str
    table: str
    columns: str
    where: str = ""
    since: str = "0002_integrity"
    kind = "INDEX"


def _one_of(column: str, *values: str) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


CHECKS = (
    Check("account_kind", "account", _one_of("kind", "STANDARD", "SANDBOX")),
    Check("account_counters", "account", "last_change_number >= 0 AND data_version >= 0"),
    Check("app_user_role", "app_user", _one_of("role", "ADMIN", "MEMBER")),
    Check("app_user_email", "app_user", "email <> ''"),
    Check("app_user_daily_limit", "app_user", "daily_limit IS NULL OR daily_limit > 0"),
    Check(
        "app_user_quiet_hours",
        "app_user",
        "(quiet_from_minute IS NULL) = (quiet_until_minute IS NULL) AND (quiet_from_minute IS NULL OR"
        " (quiet_from_minute BETWEEN 0 AND 1439 AND quiet_until_minute BETWEEN 0 AND 1439))",
    ),
    Check("webhook_state", "webhook", _one_of("state", "ACTIVE", "PAUSED", "DISABLED")),
    Check("action_token_kind", "action_token", _one_of("kind", "CONFIRM", "RUNNING_LATE", "SET_OUTCOME")),
    Check("device_platform", "device", _one_of("platform", "IOS", "ANDROID", "WEB")),
    Check("device_web_keys", "device", "(platform = 'WEB') = (web_keys IS NOT NULL)"),
    Check("record_kind", "record", _one_of("kind", "COMPANY", "DEAL", "TICKET", "CUSTOM")),
    Check("contact_email", "contact", "email <> ''"),
    Check("association_one_end", "association", "(record_id IS NULL) <> (contact_id IS NULL)"),
    Check("meeting_link_kind", "meeting_link", _one_of("kind", "PERSONAL", "GROUP", "ROUND_ROBIN")),
    Check("meeting_link_location", "meeting_link", _one_of("location_kind", "PHONE", "ADDRESS", "VIDEO", "CUSTOM")),
    Check(
        "meeting_link_window",
        "meeting_link",
        _one_of("window_kind", "ROLLING_CALENDAR", "ROLLING_BUSINESS", "DATE_RANGE")
        + " AND window_days >= 0 AND (window_starts_on IS NULL OR window_ends_on IS NULL"
        " OR window_starts_on <= window_ends_on)",
    ),
    Check(
        "meeting_link_minutes",
        "meeting_link",
        "increment_minutes > 0 AND grid_anchor_minutes >= 0 AND buffer_before_minutes >= 0"
        " AND buffer_after_minutes >= 0 AND notice_minutes >= 0",
    ),
    Check(
        "meeting_link_counts",
        "meeting_link",
        "(daily_limit IS NULL OR daily_limit > 0) AND guests_max >= 0 AND booking_count >= 0",
    ),
    Check("payment_provider", "payment", _one_of("provider", "STRIPE", "TEST")),
    Check(
        "payment_state",
        "payment",
        _one_of("state", "OPEN", "PAID", "FAILED", "EXPIRED", "REFUND_DUE", "REFUNDED") + " AND amount > 0",
    ),
    Check("hold_times", "hold", "ends_at > starts_at"),
    Check("rotation_member_counts", "rotation_member", "weight >= 0 AND assigned >= 0 AND last_assigned >= 0"),
    Check(
        "calendar_account_provider",
        "calendar_account",
        _one_of("provider", "BUILT_IN", "CALDAV", "GOOGLE", "MICROSOFT"),
    ),
    Check("meeting_times", "meeting", "ends_at > starts_at"),
    Check("meeting_location", "meeting", _one_of("location_kind", "PHONE", "ADDRESS", "VIDEO", "CUSTOM")),
    Check(
        "meeting_source",
        "meeting",
        _one_of("source", "MEETING_LINK", "CRM", "MOBILE_IOS", "MOBILE_ANDROID", "WEB", "API", "CALENDAR"),
    ),
    Check("meeting_versions", "meeting", "version > 0 AND ical_sequence >= 0"),
    Check("attendee_kind", "attendee", _one_of("kind", "CONTACT", "USER", "GUEST")),
    Check("attendee_reply", "attendee", _one_of("reply", "NEEDS_ACTION", "ACCEPTED", "DECLINED", "TENTATIVE")),
    Check("attendee_email", "attendee", "email <> ''"),
    Check("reminder_lead_time", "reminder", _one_of("unit", "MINUTES", "HOURS", "DAYS", "WEEKS") + " AND amount > 0"),
    Check("reminder_zone_rule", "reminder", _one_of("zone_rule", "CONTACT", "BOOKING", "ACCOUNT")),
    Check("reminder_state", "reminder", _one_of("state", "PLANNED", "SENT", "DROPPED")),
    Check("busy_span_times", "busy_span", "ends > starts AND buffer_before >= 0 AND buffer_after >= 0"),
    Check(
        "busy_span_source",
        "busy_span",
        "(source = 'MEETING' AND meeting_id IS NOT NULL) OR (source = 'HOLD' AND hold_id IS NOT NULL)"
        " OR (source = 'CALENDAR' AND calendar_account_id IS NOT NULL)",
    ),
    Check(
        "change_kind",
        "change",
        _one_of(
            "kind",
            "MEETING_BOOKED",
            "MEETING_SCHEDULED",
            "MEETING_MOVED",
            "MEETING_EDITED",
            "MEETING_CANCELED",
            "MEETING_DELETED",
            "OUTCOME_RECORDED",
            "REPLY_RECEIVED",
            "NOTE_ADDED",
            "LINK_CHANGED",
            "DELIVERY_FAILED",
            "PAYMENT_REFUNDED",
        ),
    ),
    Check("change_number", "change", "number > 0"),
    Check(
        "job_kind",
        "job",
        _one_of(
            "kind",
            "CONFIRMATION_MAIL",
            "HOST_NOTICE_MAIL",
            "REMINDER_MAIL",
            "WEBHOOK",
            "PUSH",
            "LATE_NOTICE_MAIL",
            "OWNER_WARNING_MAIL",
            "MENTION_MAIL",
            "REPLY_NOTICE_MAIL",
            "CALENDAR_WARNING_MAIL",
            "SAMPLE_MAIL",
            "PAYMENT_MAIL",
            "CHECKOUT_END",
            "REFUND",
            "VIDEO_ROOM",
            "VIDEO_WARNING_MAIL",
            "PASSWORD_MAIL",
        ),
    ),
    Check("job_state", "job", _one_of("state", "WAITING", "RUNNING", "DONE", "DEAD") + " AND attempts >= 0"),
)

UNIQUE_INDEXES = (
    UniqueIndex("video_account_one_default", "video_account", "user_id", "is_default"),
    UniqueIndex("app_user_email_folded", "app_user", "lower(email)"),
    UniqueIndex("contact_email_folded", "contact", "account_id, lower(email)"),
    UniqueIndex("meeting_link_one_default", "meeting_link", "owner_id", "is_default AND retired_at IS NULL"),
    UniqueIndex("meeting_one_per_payment", "meeting", "payment_id", "payment_id IS NOT NULL"),
    UniqueIndex("calendar_account_one_default", "calendar_account", "user_id", "is_default"),
)

COVERING_INDEXES = (
    # Half the time of a long list of slots went into looking up the rows of the hosts' calendars one by one.
    CoveringIndex("busy_span_by_source", "busy_span", "host_id, source, starts, ends"),
    # A report reads all that an account had in a month or more, and nothing of it but these columns.
    CoveringIndex(
        "meeting_counted",
        "meeting",
        "account_id, starts_at, ends_at, host_id, organizer_id, outcome_id, meeting_type_id, link_id, source,"
        " canceled_at, deleted_at",
    ),
    # The timeline of a company looks for the meetings of its contacts.
    CoveringIndex("contact_by_company", "contact", "company_id", "company_id IS NOT NULL"),
    # What waits for one webhook is counted often; no booking pays for it.
    CoveringIndex("job_by_webhook", "job", "lane, state", "kind = 'WEBHOOK'"),
)

# The range over the host id stands in for equality, so that no extension (btree_gist) is needed.
EXCLUSION = """
ALTER TABLE busy_span ADD CONSTRAINT busy_span_overlap EXCLUDE USING gist (
    int8range(host_id, host_id, '[]') WITH &&, int8range(starts, ends, '[)') WITH &&
) WHERE (source = 'MEETING' AND NOT is_overlap_allowed)
"""

OVERLAP_TRIGGERS = {
    f"busy_span_overlap_{moment}": f"""
CREATE TRIGGER busy_span_overlap_{moment} BEFORE {statement} ON busy_span
WHEN NEW.source = 'MEETING' AND NOT NEW.is_overlap_allowed
BEGIN
    SELECT RAISE(ABORT, 'busy_span overlap') WHERE EXISTS (
        SELECT 1 FROM busy_span WHERE host_id = NEW.host_id AND starts < NEW.ends AND ends > NEW.starts
        AND source = 'MEETING' AND NOT is_overlap_allowed AND id IS NOT {other}
    );
END
"""
    for moment, statement, other in (
        ("insert", "INSERT", "NULL"),
        ("update", "UPDATE OF host_id, starts, ends, source, is_overlap_allowed", "OLD.id"),
    )
}

TIMES_TRIGGERS = {
    "attendee_times_new": """
CREATE TRIGGER attendee_times_new AFTER INSERT ON attendee WHEN NEW.user_id IS NOT NULL
BEGIN
    UPDATE attendee SET (starts_at, ends_at) = (SELECT starts_at, ends_at FROM meeting WHERE id = NEW.meeting_id)
    WHERE id = NEW.id;
END
""",
    "attendee_times_moved": """
CREATE TRIGGER attendee_times_moved AFTER UPDATE OF starts_at, ends_at ON meeting
BEGIN
    UPDATE attendee SET starts_at = NEW.starts_at, ends_at = NEW.ends_at
    WHERE meeting_id = NEW.id AND user_id IS NOT NULL;
END
""",
}

TIMES_FUNCTIONS = """
CREATE FUNCTION attendee_times_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT starts_at, ends_at INTO NEW.starts_at, NEW.ends_at FROM meeting WHERE id = NEW.meeting_id;
    RETURN NEW;
END $$;
CREATE TRIGGER attendee_times_new BEFORE INSERT ON attendee FOR EACH ROW WHEN (NEW.user_id IS NOT NULL)
    EXECUTE FUNCTION attendee_times_new();
CREATE FUNCTION attendee_times_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE attendee SET starts_at = NEW.starts_at, ends_at = NEW.ends_at
    WHERE meeting_id = NEW.id AND user_id IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER attendee_times_moved AFTER UPDATE OF starts_at, ends_at ON meeting FOR EACH ROW
    WHEN (NEW.starts_at <> OLD.starts_at OR NEW.ends_at <> OLD.ends_at) EXECUTE FUNCTION attendee_times_moved();
"""


async def add_rules(editor: Any, *, since: str) -> None:
    """The database keeps the rules that came with the migration `since`."""
    if isinstance(editor, KeepingSchemaEditor):
        await _add_to_sqlite(editor, since)
    else:
        await _add_to_postgresql(editor, since)


async def _add_to_sqlite(editor: KeepingSchemaEditor, since: str) -> None:
    by_table: dict[str, list[str]] = {}
    for check in _since(CHECKS, since):
        by_table.setdefault(check.table, []).append(_constraint(check))
    for table, definitions in by_table.items():
        await editor.add_definition(table, ", ".join(definitions))
    for index in _since(UNIQUE_INDEXES + COVERING_INDEXES, since):
        await editor.client.execute_query(_create_index(index))
    if since == "0002_integrity":
        for trigger in (OVERLAP_TRIGGERS | TIMES_TRIGGERS).values():
            await editor.client.execute_query(trigger)
        await add_words(editor.client, is_sqlite=True)


async def _add_to_postgresql(editor: Any, since: str) -> None:
    for check in _since(CHECKS, since):
        await editor.client.execute_script(f"ALTER TABLE {check.table} ADD {_constraint(check)}")
    for index in _since(UNIQUE_INDEXES + COVERING_INDEXES, since):
        await editor.client.execute_script(_create_index(index))
    if since == "0002_integrity":
        await editor.client.execute_script(EXCLUSION)
        await editor.client.execute_script(TIMES_FUNCTIONS)
        await add_words(editor.client, is_sqlite=False)


def expected_names(dialect: Literal["sqlite", "postgresql"]) -> frozenset[str]:
    """The names that checks, indexes, triggers and the exclusion have in a database of this release."""
    overlap = set(OVERLAP_TRIGGERS) if dialect == "sqlite" else {"busy_span_overlap"}
    indexes = {one.name for one in UNIQUE_INDEXES} | {one.name for one in COVERING_INDEXES}
    words = expected_of_words()
    return frozenset(overlap | set(TIMES_TRIGGERS) | indexes | words | {one.name for one in CHECKS})


def _constraint(check: Check) -> str:
    return f'CONSTRAINT "{check.name}" CHECK ({check.condition})'


def _create_index(index: UniqueIndex | CoveringIndex) -> str:
    where = f" WHERE {index.where}" if index.where else ""
    return f'CREATE {index.kind} "{index.name}" ON "{index.table}" ({index.columns}){where}'


def _since(rules: tuple[Any, ...], since: str) -> list[Any]:
    return [one for one in rules if one.since == since]
