"""Plans: made once for a setting of the switches, bounded in number, and true to every bound of the declaration."""

from __future__ import annotations

import gc
import inspect
import linecache

import pytest

from resolvers.root import schema
from schema.types.meeting import Meeting
from server.database.rows import Rows
from server.models import Attendee, MeetingLink
from server.models.enums import AttendeeKind
from server.web.fastpath import operation as registry
from server.web.fastpath.completion import Completion
from server.web.fastpath.dialects import TONGUES
from server.web.fastpath.operation import PlannedOperations
from server.web.fastpath.reader import PlannedReader
from server.web.fastpath.shapes import Cell, Form, Handed, Record
from server.web.fastpath.statement import Statement
from server.web.fastpath.unusual import Unusual
from tests.factories import a_meeting, a_user, an_account
from tests.resolvers.asking import viewer_for
from tests.server.web.fastpath.asking import Both, operation_of

SWITCHED = "query ($a: Boolean!) { todayMeetings { id title @include(if: $a) } }"


async def test_a_list_of_children_ends_where_its_declaration_says(db: str) -> None:
    ines = await a_user(await an_account())
    meeting = await a_meeting(ines)
    crowd = [
        Attendee(
            account_id=ines.account_id, meeting_id=meeting.id, kind=AttendeeKind.GUEST, email=f"g{n}@client.example"
        )
        for n in range(120)
    ]
    await Attendee.bulk_create(crowd)
    document = "query ($id: ID!) { meeting(id: $id) { attendees { email } } }"
    front, reference = await Both().answers(document, viewer_for(ines), id=f"mtg_{meeting.id}")
    assert front == reference
    assert front.count(b"client.example") == 99


async def test_each_setting_of_the_switches_has_one_plan(db: str) -> None:
    ines = await a_user(await an_account())
    await a_meeting(ines)
    both = Both()
    planned = both.fast._planned.of(operation_of(SWITCHED))
    for is_asked in (True, False, True):
        (shown,) = (await both.planned(SWITCHED, viewer_for(ines), a=is_asked))["todayMeetings"]
        assert ("title" in shown) is is_asked
    assert len(planned._plans) == 2


def test_operations_asked_for_longest_ago_are_forgotten(in_use: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "MOST_OPERATIONS", 3)
    known = PlannedOperations(schema)
    for number in range(5):
        known.of(operation_of(f"{{ viewer {{ locale a{number}: locale }} }}"))
    assert len(known._known) == 3
    assert known._characters == sum(characters for _, characters in known._known.values())


@pytest.mark.parametrize(
    ("form", "cell"), [(Form.TEXT, None), (Form.TRUTH, None), (Form.WHOLE, 2**31), (Form.WHOLE, None)]
)
def test_a_cell_that_breaks_its_promise_ends_the_fast_path(form: Form, cell: object) -> None:
    record = Record((("key", Cell(0, form, is_required=True)),))
    complete = Completion(Handed({"Thing": record}, is_required=True)).function()
    with pytest.raises((Unusual, TypeError)):
        complete((cell,), None, ())


async def test_rows_of_another_table_than_the_types_are_refused() -> None:
    reader = PlannedReader(TONGUES["sqlite"], {})
    with pytest.raises(Unusual, match="rows: of meeting_link as Meeting"):
        await reader.one(Meeting, Rows(MeetingLink, "t.id = $1", (1,)))


def test_a_child_with_more_columns_than_a_json_function_takes_is_unusual() -> None:
    with pytest.raises(Unusual, match="wide: 128 columns"):
        TONGUES["sqlite"].listed(["t.id"] * 128, "FROM meeting t")


def test_the_source_of_a_plan_goes_with_it() -> None:
    complete = Completion(Handed({"Thing": Record(())}, is_required=True)).function()
    file = complete.__code__.co_filename
    assert inspect.getsource(complete).startswith("def complete(value, viewer, inner):")
    del complete
    gc.collect()
    assert file not in linecache.cache


def test_tables_that_share_a_key_are_joined_apart() -> None:
    statement = Statement(Attendee, TONGUES["sqlite"])
    meeting = statement.joined(statement.root, "meeting")
    direct, through = statement.joined(statement.root, "contact"), statement.joined(meeting, "contact")
    places = [statement.column(direct, "email"), statement.column(through, "email")]
    text = statement.text(Rows(Attendee, "t.id = $1", (1,)), 1)
    assert places == [1, 2]
    assert text == (
        'SELECT t."id", j2."email", j3."email" FROM "attendee" t LEFT JOIN "meeting" j1 ON j1."id" = t."meeting_id" '
        'LEFT JOIN "contact" j2 ON j2."id" = t."contact_id" LEFT JOIN "contact" j3 ON j3."id" = j1."contact_id" '
        'WHERE t.id = $1 ORDER BY t."id" LIMIT 1'
    )
