"""What a salesperson does between two calls, tap by tap: nothing is sent but the operations of the contract."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.models import CalendarAccount, Rotation, RotationMember, User
from tests.journeys.office import Office, a_day_ahead, event_in, scheduled, to

PDF = b"%PDF-1.7 plans of the roof"


@pytest.mark.capability(
    "S2-01", "S2-02", "S2-07", "S2-08", "S2-09", "S2-10", "S2-11", "S2-12", "S2-21", "S2-22", "S2-23", "S2-24", "S2-25",
    "S2-27", "S2-28", "S2-30", "S2-31", "S2-32", "S2-33", "S2-34", "S2-35", "S2-36", "S2-38", "S2-39", "S2-40", "S2-50",
)  # fmt: skip
async def test_contacts_record_more_meetings_form_continue_and_send(office: Office) -> None:
    phone = await office.phone_of(office.ines)
    (found,) = (await phone.tap("contacts", search="tomasz", first=10))["contacts"]["edges"]
    contact = found["node"]["id"]
    assert (await phone.tap("contact_meetings", contact=contact, first=10))["meetings"]["edges"] == []

    form = await phone.tap("schedule_meeting_form", contact=contact, search="piotr")
    assert [one["label"] for one in form["meetingTypes"]] == ["Demo"]
    (colleague,) = [edge["node"]["id"] for edge in form["users"]["edges"]]
    starts_at, ends_at = a_day_ahead(22), a_day_ahead(22) + timedelta(hours=3)
    day = {"from": starts_at.isoformat(), "to": ends_at.isoformat()}
    (own,) = (await phone.tap("check_availability", hosts=[form["viewer"]["user"]["id"]], **day))["hostAvailability"]
    assert (own["busy"], own["locationKinds"]) == ([], ["PHONE", "ADDRESS", "CUSTOM"])
    (snippet,) = (await phone.tap("snippets", search="#hi", first=10))["snippets"]["edges"]
    expanded = await phone.tap("expand_snippet", snippet=snippet["node"]["id"], contact=contact)
    assert expanded["expandSnippet"]["html"] == "<p>Hello Tomasz</p>"

    filled_in = {
        "title": "Roof plans",
        "startsAt": starts_at.isoformat(),
        "endsAt": ends_at.isoformat(),
        "attendees": [{"contact": contact}, {"user": colleague}, {"address": "architect@other.example"}],
        "location": {"kind": "ADDRESS", "text": "Lipowa 3"},
        "attendeeDescription": f"{expanded['expandSnippet']['html']}<p>Bring <b>plans</b>.</p>",
        "internalNote": f"They are in a hurry, @[{colleague}].",
        "meetingType": "DEMO",
        "reminders": [{"amount": 1, "unit": "HOURS"}],
        "associations": [f"rec_{office.deal.id}"],
        "client": "MOBILE_IOS",
    }
    shown = (await phone.tap("schedule_meeting", input=filled_in | {"dryRun": True}))["preview"]
    assert [(one["email"], one["isHost"]) for one in shown["mails"]] == [
        (office.ines.email, True),
        (office.contact.email, False),
        (office.piotr.email, False),
        ("architect@other.example", False),
    ]
    assert await office.mails() == []

    sent = await phone.tap("schedule_meeting", input=filled_in | {"idempotencyKey": "continue-and-send"})
    mails = await office.mails()
    invitations = [mail for mail in mails if "Mentioned" not in str(mail["Subject"])]
    assert to(invitations) == sorted(one["email"] for one in shown["mails"])
    assert {str(mail["Subject"]) for mail in invitations} == {one["subject"] for one in shown["mails"]}
    assert to([mail for mail in mails if mail not in invitations]) == [office.piotr.email]
    for mail in invitations:
        event = event_in(mail)
        assert event.decoded("dtstart") == starts_at
        assert "Bring plans." in str(event["description"])
        assert "hurry" not in mail.as_string()

    (listed,) = (await phone.tap("contact_meetings", contact=contact, first=10))["meetings"]["edges"]
    assert listed["node"]["id"] == sent["meeting"]["id"]
    meeting = (await phone.tap("meeting", id=sent["meeting"]["id"]))["meeting"]
    assert meeting["internalNotes"].endswith(f'<span data-mention="{colleague}">@Piotr Zima</span>.')
    assert meeting["attendeeDescriptionText"] == "Hello Tomasz\n\nBring plans."
    tied = {(one["record"] or one["contact"])["id"] for one in meeting["associations"]}
    assert tied == {f"rec_{office.deal.id}", contact}


@pytest.mark.capability("S1-41", "S1-43", "S2-41", "S2-54", "S2-56", "S2-58", "S2-59")
@pytest.mark.parametrize("client", ["MOBILE_IOS", "MOBILE_ANDROID", "WEB"])
async def test_record_menu_edit_save_and_the_outcome_at_the_top(office: Office, client: str) -> None:
    phone = await office.phone_of(office.ines)
    made = await scheduled(phone, office, client=client)
    await office.mails()
    opened = await phone.tap("meeting", id=made["id"])
    keys = [one["key"] for one in opened["outcomes"] if not one["isArchived"]]
    assert keys == ["SCHEDULED", "COMPLETED", "RESCHEDULED", "NO_SHOW", "CANCELED"]
    version = opened["meeting"]["version"]

    later = {"startsAt": a_day_ahead(14).isoformat(), "location": {"kind": "PHONE", "text": "+48 600 100 200"}}
    saved = await phone.tap("edit_meeting", input={"meeting": made["id"], "expectedVersion": version, "changes": later})
    moved = await office.mails()
    assert to(moved) == sorted([office.ines.email, office.contact.email])
    assert {(event_in(mail)["sequence"], event_in(mail).decoded("dtstart")) for mail in moved} == {(1, a_day_ahead(14))}

    stale = {"meeting": made["id"], "expectedVersion": version, "changes": {"title": "Mine"}}
    refused = await phone.press("edit_meeting", input=stale)
    assert ([one["code"] for one in refused["userErrors"]], refused["meeting"]["version"]) == (
        ["CONFLICT"],
        version + 1,
    )

    given = {"meeting": made["id"], "outcome": "COMPLETED", "expectedVersion": saved["meeting"]["version"]}
    recorded = await phone.tap("record_outcome", input=given)
    assert recorded["meeting"]["outcome"]["key"] == "COMPLETED"
    assert await office.mails() == []


@pytest.mark.capability("S2-22", "S2-23", "S2-38")
async def test_notes_and_files_are_for_colleagues(office: Office) -> None:
    ines, piotr = await office.phone_of(office.ines), await office.phone_of(office.piotr)
    made = await scheduled(ines, office)
    await office.mails()
    note = {"meeting": made["id"], "body": f"@[usr_{office.ines.id}] the gate is on the left", "idempotencyKey": "n"}
    written = (await piotr.tap("add_internal_note", input=note))["note"]
    (mail,) = await office.mails()
    assert (to([mail]), "gate" in mail.as_string()) == ([office.ines.email], False)
    await piotr.tap("edit_internal_note", input={"note": written["id"], "body": "On the right"})

    file = {"meeting": made["id"], "name": "Plan.pdf", "contentType": "application/pdf", "sizeBytes": len(PDF)}
    announced = await piotr.tap("attach_file", input=file)
    address = announced["uploadUrl"].removeprefix("https://meet.example.com")
    assert (await office.client.put(address, content=PDF)).status_code == 201

    seen = (await ines.tap("meeting", id=made["id"]))["meeting"]
    assert [(one["body"], one["author"]["name"]) for one in seen["notes"]] == [("On the right", "Piotr Zima")]
    (kept,) = seen["attachments"]
    fetched = await office.client.get(kept["downloadUrl"].removeprefix("https://meet.example.com"))
    assert (fetched.content, fetched.headers["content-disposition"].split(";")[0]) == (PDF, "attachment")

    refused = await ines.press("edit_internal_note", input={"note": written["id"], "body": "Mine"})
    assert [one["code"] for one in refused["userErrors"]] == ["FORBIDDEN"]
    await piotr.tap("delete_internal_note", input={"note": written["id"]})
    await ines.tap("delete_attachment", input={"attachment": kept["id"]})
    left = (await ines.tap("meeting", id=made["id"]))["meeting"]
    assert [(one["body"], one["deletedAt"] is None) for one in left["notes"]] == [("", False)]
    assert left["attachments"] == []
    assert await office.mails() == []


@pytest.mark.capability(
    "S2-03", "S2-26", "S2-29", "S2-37", "S2-42", "S2-43", "S2-44", "S2-45", "S2-46", "S2-47", "S2-48", "S2-49", "S2-51",
    "S2-53",
)  # fmt: skip
async def test_a_colleague_is_booked_by_name_or_by_turns(office: Office) -> None:
    phone, other = await office.phone_of(office.ines), await office.phone_of(office.piotr)
    rotation = await Rotation.create(account=office.account, name="Sales")
    for place, user in enumerate((office.piotr, office.ada)):
        await RotationMember.create(rotation=rotation, user=user, position=place)
    await scheduled(other, office, title="Salary talk", attendees=[])
    await office.mails()
    day = {"from": a_day_ahead(8).isoformat(), "to": a_day_ahead(18).isoformat()}
    (piotr,) = (await phone.tap("check_availability", hosts=[f"usr_{office.piotr.id}"], **day))["hostAvailability"]
    assert [(one["title"], one["meeting"]) for one in piotr["busy"]] == [("Busy", None)]

    busy = {"title": "x", "startsAt": a_day_ahead(10).isoformat(), "endsAt": a_day_ahead(11).isoformat()}
    refused = await phone.press("schedule_meeting", input=busy | {"host": f"usr_{office.piotr.id}"})
    assert [one["code"] for one in refused["userErrors"]] == ["HOST_BUSY"]
    over = await phone.tap("schedule_meeting", input=busy | {"host": f"usr_{office.piotr.id}", "allowOverlap": True})
    assert over["meeting"]["host"]["name"] == "Piotr Zima"

    turns = f"rot_{rotation.id}"
    suggested = await phone.tap("schedule_meeting", input=busy | {"rotation": turns, "dryRun": True})
    assert suggested["preview"]["host"]["name"] == "Ada Nowak"
    later = {"startsAt": a_day_ahead(15).isoformat(), "endsAt": a_day_ahead(16).isoformat(), "rotation": turns}
    by_turn = await scheduled(phone, office, **later)
    assert by_turn["host"]["name"] == "Piotr Zima"
    chosen = await scheduled(phone, office, host=f"usr_{office.piotr.id}", **later | {"allowOverlap": True})
    assert await RotationMember.filter(user_id=office.piotr.id).values_list("assigned", flat=True) == [2]
    await phone.tap("delete_meeting", input={"meeting": chosen["id"]})
    assert await RotationMember.filter(user_id=office.piotr.id).values_list("assigned", flat=True) == [1]

    seen = (await phone.tap("meeting", id=by_turn["id"]))["meeting"]
    assert (seen["organizer"]["name"], seen["host"]["name"]) == ("Ines Marek", "Piotr Zima")
    assert office.ines.email not in [one["email"] for one in seen["attendees"]]
    wrong = {
        "VIDEO_NOT_CONNECTED": {"location": {"kind": "VIDEO"}},
        "ATTENDEE_EMAIL_INVALID": {"attendees": [{"address": "nobody"}]},
        "SEAT_REQUIRED": {"host": f"usr_{office.ada.id}"},
        "CALENDAR_NOT_CONNECTED": {"host": f"usr_{office.piotr.id}"},
    }
    await User.filter(id=office.ada.id).update(has_seat=False)
    for code, fields in wrong.items():
        if code == "CALENDAR_NOT_CONNECTED":
            await CalendarAccount.filter(user_id=office.piotr.id).delete()
        given = {"title": "x", "startsAt": a_day_ahead(17).isoformat(), "endsAt": a_day_ahead(18).isoformat()} | fields
        refused = await phone.press("schedule_meeting", input=given)
        assert [one["code"] for one in refused["userErrors"]] == [code]


@pytest.mark.capability("S2-24", "S2-39")
async def test_associations_are_ticked_and_unticked_and_a_meeting_is_called_off(office: Office) -> None:
    phone = await office.phone_of(office.ines)
    made = await scheduled(phone, office)
    await office.mails()
    ties = {"meeting": made["id"], "records": [f"rec_{office.deal.id}"]}
    ticked = (await phone.tap("associate_records", input=ties))["meeting"]["associations"]
    assert [one["record"] and one["record"]["name"] for one in ticked] == [None, "New roof"]
    unticked = (await phone.tap("dissociate_records", input=ties))["meeting"]["associations"]
    assert [one["record"] for one in unticked] == [None]
    off = await phone.tap("cancel_meeting", input={"meeting": made["id"], "reason": "Snow"})
    assert off["meeting"]["outcome"]["key"] == "CANCELED"
    (mail,) = await office.mails()
    assert (to([mail]), str(event_in(mail)["status"]), "Snow" in mail.as_string()) == (
        [office.contact.email],
        "CANCELLED",
        True,
    )
