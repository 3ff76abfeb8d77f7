"""The measured part of the schema as plain strawberry types, filled from Tortoise's objects."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime
from enum import Enum
from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from benchmarks.servers import naive_tables as tables
from server.models.enums import AttendeeKind, ChangeKind, LocationKind, MeetingLinkKind, Reply

TimeZone = NewType("TimeZone", str)

for kind in (LocationKind, AttendeeKind, Reply, MeetingLinkKind, ChangeKind):
    strawberry.enum(kind)


def instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


SCALARS: dict[object, ScalarDefinition] = {
    TimeZone: strawberry.scalar(name="TimeZone", serialize=str, parse_value=str),
    datetime: strawberry.scalar(name="DateTime", serialize=lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}"),
    date: strawberry.scalar(name="Date", serialize=date.isoformat, parse_value=date.fromisoformat),
}


@strawberry.enum
class ErrorCode(Enum):
    NOT_FOUND = "NOT_FOUND"
    OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"


@strawberry.type
class User:
    id: strawberry.ID
    name: str

    @classmethod
    def of(cls, row: tables.User) -> User:
        return cls(id=strawberry.ID(f"usr_{row.id}"), name=row.name)


@strawberry.type
class Account:
    id: strawberry.ID
    name: str


@strawberry.type
class Viewer:
    user: User
    account: Account
    time_zone: TimeZone
    locale: str


@strawberry.type
class Company:
    id: strawberry.ID
    name: str


@strawberry.type
class Contact:
    id: strawberry.ID
    name: str
    email: str
    phone: str

    @classmethod
    def of(cls, row: tables.Contact) -> Contact:
        name = f"{row.first_name} {row.last_name}".strip() or row.email
        return cls(id=strawberry.ID(f"con_{row.id}"), name=name, email=row.email, phone=row.phone)


@strawberry.type
class Attendee:
    id: strawberry.ID
    kind: AttendeeKind
    name: str
    email: str
    reply: Reply

    @classmethod
    def of(cls, row: tables.Attendee) -> Attendee:
        return cls(
            id=strawberry.ID(f"att_{row.id}"),
            kind=AttendeeKind(row.kind),
            name=row.name,
            email=row.email,
            reply=Reply(row.reply),
        )


@strawberry.type
class MeetingLocation:
    kind: LocationKind
    text: str
    join_url: str | None
    provider: str | None


@strawberry.type
class Outcome:
    key: str
    label: str
    is_default: bool
    is_archived: bool

    @classmethod
    def of(cls, row: tables.Outcome) -> Outcome:
        return cls(key=row.key, label=row.label, is_default=row.is_default, is_archived=row.is_archived)


@strawberry.type
class MeetingLink:
    id: strawberry.ID
    slug: str
    url: str
    preview_url: str
    name: str
    kind: MeetingLinkKind
    durations_minutes: list[int]
    booking_count: int
    is_default: bool
    is_active: bool
    is_offline: bool
    owner: User

    @classmethod
    def of(cls, row: tables.MeetingLink, public_url: str) -> MeetingLink:
        return cls(
            id=strawberry.ID(f"lnk_{row.id}"),
            slug=row.slug,
            url=f"{public_url}/m/{row.slug}",
            preview_url=f"{public_url}/m/{row.slug}",
            name=row.name,
            kind=MeetingLinkKind(row.kind),
            durations_minutes=row.durations_minutes,
            booking_count=row.booking_count,
            is_default=row.is_default,
            is_active=row.is_active,
            is_offline=not any(calendar.syncs for calendar in row.owner.calendars),
            owner=User.of(row.owner),
        )


@strawberry.type
class LinkEdge:
    node: MeetingLink
    cursor: str


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class LinkConnection:
    edges: list[LinkEdge]
    page_info: PageInfo


@strawberry.type
class BookedThrough:
    id: strawberry.ID
    name: str


@strawberry.type
class Meeting:
    id: strawberry.ID
    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: TimeZone
    version: int
    host: User
    contact: Contact | None
    company: Company | None
    attendees: list[Attendee]
    location: MeetingLocation
    outcome: Outcome
    link: BookedThrough | None = None

    @classmethod
    def of(cls, row: tables.Meeting, link: BookedThrough | None = None) -> Meeting:
        company = row.contact.company if row.contact else None
        return cls(
            id=strawberry.ID(f"mtg_{row.id}"),
            title=row.title,
            starts_at=instant(row.starts_at),
            ends_at=instant(row.ends_at),
            time_zone=TimeZone(row.time_zone),
            version=row.version,
            host=User.of(row.host),
            contact=Contact.of(row.contact) if row.contact else None,
            company=Company(id=strawberry.ID(f"rec_{company.id}"), name=company.name) if company else None,
            attendees=[Attendee.of(one) for one in row.attendees],
            location=MeetingLocation(
                kind=LocationKind(row.location_kind),
                text=row.location_text,
                join_url=row.location_join_url,
                provider=row.location_provider,
            ),
            outcome=Outcome.of(row.outcome),
            link=link,
        )


@strawberry.type
class MeetingChange:
    cursor: str
    kind: ChangeKind
    occurred_at: datetime
    previous_starts_at: datetime | None
    meeting: Meeting


@strawberry.type
class UserError:
    code: ErrorCode
    message: str
    path: list[str]


@strawberry.type
class RecordOutcomePayload:
    meeting: Meeting | None
    user_errors: list[UserError]


@strawberry.input
class RecordOutcomeInput:
    meeting: strawberry.ID
    outcome: str


def cursor_of(*parts: object) -> str:
    text = "[" + ",".join(f'"{part}"' if isinstance(part, str) else str(part) for part in parts) + "]"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def change_cursor(number: int) -> str:
    return urlsafe_b64encode(f"change:{number}".encode()).decode().rstrip("=")
