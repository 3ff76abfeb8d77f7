"""A declaration that reads nothing, or what does not fit, is refused by name before the server starts."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import strawberry

from schema import reading
from schema.reading import Children, Column, Relation, children, column, computed, embedded, reads, shown, via
from schema.reading_check import WronglyDeclared, check_reading, faults_of
from schema.types.contact import Record
from schema.types.location import MeetingLocation
from schema.types.meeting import Attendee, Meeting
from schema.types.user import User
from server import models


@contextmanager
def only_for_now(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Types declared inside are forgotten afterwards."""
    with monkeypatch.context() as patch:
        patch.setattr(reading, "_models", dict(reading._models))
        yield


def test_the_declarations_of_the_house_hold() -> None:
    check_reading()


def test_every_fault_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with only_for_now(monkeypatch):

        @reads(models.Meeting)
        @strawberry.type
        class Faulty:
            titel: str = shown("Misspelt.")
            canceled_at: int = shown("Another type, and may be null.")
            contact: User = shown("May be null, and another table.")
            company: Record | None = via("contact", "firm", about="No such step.")
            attendees: list[Attendee] = children(models.Attendee, "contact_id", "Another parent.", order=("id",))
            latest: list[Attendee] = children(models.Attendee, "meeting_id", "No last id.", order=("name",))
            location: MeetingLocation = embedded("place_", "No such columns.")
            short: str = computed(str, "titel", about="No such column.")
            zone: str = computed(str, "boss.time_zone", about="No such relation.")
            source: str = column("source", "An enum as text.")

        with pytest.raises(WronglyDeclared) as refused:
            check_reading()
    assert str(refused.value).splitlines() == [
        "Faulty.titel: Meeting has no column and no relation titel",
        "Faulty.canceled_at: canceled_at may be null, and the field promises a value",
        "Faulty.canceled_at: canceled_at holds datetime, and the field is something else",
        "Faulty.contact: contact may be null, and the field promises a value",
        "Faulty.contact: leads to Contact, and the field's type is not read from there",
        "Faulty.company: Contact has no relation firm",
        "Faulty.attendees: Attendee.contact_id does not lead to Meeting",
        "Faulty.latest: the order must end in the id",
        "Faulty.location: MeetingLocation.kind: Meeting has no column and no relation place_kind",
        "Faulty.location: MeetingLocation.text: Meeting has no column and no relation place_text",
        "Faulty.location: MeetingLocation.join_url: Meeting has no column and no relation place_join_url",
        "Faulty.location: MeetingLocation.provider: Meeting has no column and no relation place_provider",
        "Faulty.short: Meeting has no column titel",
        "Faulty.zone: boss.time_zone: there is no relation 'boss'",
        "Faulty.source: source holds MeetingSource, and the field is something else",
    ]


def test_an_embedded_object_without_a_promised_part_is_refused() -> None:
    faults = list(faults_of(MeetingLocation, models.MeetingLink, "location_", ("kind", "join_url", "provider")))
    assert faults == ["MeetingLocation.kind: is always null here, and promised"]


def test_a_field_reads_what_it_is_named_like_unless_it_says_otherwise() -> None:
    said = {field.python_name: reading.read_of(field, models.Meeting) for field in reading.fields_of(Meeting)}
    assert (said["title"], said["host"], said["company"]) == (
        Column("title"),
        Relation(("host",)),
        Relation(("contact", "company")),
    )
    assert said["attendees"] == Children(models.Attendee, "meeting_id", ("id",), 100, "")
